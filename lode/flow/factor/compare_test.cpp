// Factors side by side: the numbers of eval, and correlations that are what they should be.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/core/report/number_text.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Compare : public testing::Research {
 protected:
  Compare() { import_market(); }
};

TEST_F(Compare, ShowsTheNumbersOfEval) {
  const Outcome out = good("factor", "compare", R"j({"formula": ["rank(volume)", "rank(-ts_delta(close,5))"]})j");
  const Outcome eval = good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "again": true})j");
  const Value* numbers = eval.data.find("numbers");
  EXPECT_EQ(out.data.at_path("factors.1.rank_ic")->as_double(), numbers->at_path("rank_ic.5d.mean.value")->as_double());
  EXPECT_EQ(out.data.at_path("factors.1.spread_net_annual")->as_double(),
            numbers->at_path("spread.5d.net_annual.value")->as_double());
  EXPECT_THAT(out.text, StartsWith("A  rank(volume)\nB  rank(-ts_delta(close,5))\n"));
  EXPECT_EQ(out.data.at_path("trials")->as_int(), 2);
}

// The same factor the other way round has correlation -1 in both senses; under a rising function it is 1.
TEST_F(Compare, SaysHowAlikeTheyAre) {
  const Outcome out = good(
      "factor", "compare",
      R"j({"formula": ["ts_delta(close,5)/close", "-ts_delta(close,5)/close", "rank(ts_delta(close,5)/close)"]})j");
  const auto correlation = [&](const char* pair) { return out.data.at_path(pair)->as_double(); };
  EXPECT_NEAR(correlation("pairs.0.rank_correlation"), -1.0, 1e-12);
  EXPECT_NEAR(correlation("pairs.1.rank_correlation"), 1.0, 1e-12);
  EXPECT_NEAR(correlation("pairs.1.book_correlation"), 1.0, 1e-9);
  EXPECT_LT(correlation("pairs.0.book_correlation"), -0.95);
  EXPECT_THAT(out.text, HasSubstr("How alike"));
}

// What eval says of the last one tried is what the report says of it; the first is judged by as many trials.
TEST_F(Compare, WritesAReportAsAPageAndOnPaper) {
  const std::string page = parts.folder + "/compare.html";
  const std::string paper = parts.folder + "/compare.pdf";
  const Outcome out =
      good("factor", "compare",
           fmt::format(R"j({{"formula": ["rank(volume)", "rank(-ts_delta(close,5))"], "output": "{}", "pdf": "{}"}})j",
                       page, paper));
  EXPECT_EQ(out.data.at_path("report")->as_text(), page);
  EXPECT_EQ(out.data.at_path("pdf")->as_text(), paper);
  EXPECT_THAT(out.text, HasSubstr("Report  " + page));
  const std::string html = must(read_file(page));
  EXPECT_THAT(html, HasSubstr("rank(volume) and rank(-ts_delta(close,5))</h1>"));
  EXPECT_THAT(
      html, HasSubstr("lode factor compare &#39;rank(volume)&#39; &#39;rank(-ts_delta(close,5))&#39; --universe all"));
  EXPECT_THAT(html, HasSubstr("2 trials counted on this universe"));
  EXPECT_THAT(must(read_file(paper)), StartsWith("%PDF-1.7"));
  const Outcome eval = good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "again": true})j");
  const double q = eval.data.at_path("honesty.q")->as_double();
  EXPECT_THAT(html, HasSubstr(q < 0.001 ? "&lt; 0.001" : report::number_text(q, report::Style::kDecimal)));
  EXPECT_EQ(out.data.at_path("factors.1.verdict")->as_text(), eval.data.at_path("verdict")->as_text());
}

TEST_F(Compare, TheSameComparisonGivesTheSameBytes) {
  const auto written = [&](const std::string& name) {
    const std::string path = parts.folder + "/" + name;
    good("factor", "compare", fmt::format(R"j({{"formula": ["rank(volume)", "rank(close)"], "output": "{}"}})j", path));
    return must(read_file(path));
  };
  const std::string page = written("one.html");
  EXPECT_EQ(page, written("two.html"));
  EXPECT_EQ(written("one.pdf"), written("two.pdf"));
}

TEST_F(Compare, NeedsTwoThatCanBeJudged) {
  EXPECT_THAT(mistake("factor", "compare", R"j({"formula": ["rank(volume)"]})j"), HasSubstr("1 factor is given"));
  EXPECT_THAT(mistake("factor", "compare", R"j({"formula": ["rank(volum)", "rank(clsoe)"]})j"),
              HasSubstr("none of 2 factors"));
  const Outcome out = good("factor", "compare", R"j({"formula": ["rank(volume)", "rank(clsoe)"], "format": "csv"})j");
  EXPECT_THAT(out.text, StartsWith("factor,rank_ic,t,"));
  ASSERT_FALSE(out.warnings.empty());
  EXPECT_THAT(out.warnings.back(), StartsWith("rank(clsoe) left out: "));
}

}  // namespace
}  // namespace lode::flow
