// lode explain: the page of an error by its number, in any spelling, and the nearest of a wrong one.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/base/text.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using testing::number_of;
using ::testing::StartsWith;

class ExplainVerb : public testing::Verbs {
 protected:
  Outcome page(const std::string& code) { return good("", "explain", R"j({"code": ")j" + code + "\"}"); }
};

TEST_F(ExplainVerb, HasAPageForEveryNumberWithItsExitAndStatus) {
  for (const ErrorInfo& info : all_errors()) {
    const std::string number = to_string(info.number);
    const Outcome out = page(number);
    EXPECT_THAT(out.text, StartsWith(number + "  " + std::string(info.title) + "\n"));
    EXPECT_THAT(out.text,
                HasSubstr(fmt::format("\nExit code {}, HTTP {}, ", exit_code(info.number), http_status(info.number))));
    EXPECT_EQ(out.data.find("number")->as_text(), number);
    for (const std::string_view line : split(out.text, '\n')) {
      const bool is_fixed = line.starts_with("    ") || line.starts_with("Exit code ");  // An example, the table's row.
      EXPECT_TRUE(line.size() <= 80 || is_fixed) << line;
    }
  }
}

TEST_F(ExplainVerb, HasAPageForEveryNumberedWarning) {
  for (const char* number : {"W1104", "W1301", "W1302", "W1303", "W2104", "W2105", "W2106", "W2107"}) {
    const Outcome out = page(number);
    EXPECT_THAT(out.text, StartsWith(std::string(number) + "  "));
    EXPECT_EQ(out.data.find("number")->as_text(), number);
  }
}

TEST_F(ExplainVerb, TakesANumberAsPeopleWriteIt) {
  EXPECT_EQ(page("1102").text, page("E1102").text);
  EXPECT_EQ(page("e1102").text, page("E1102").text);
}

TEST_F(ExplainVerb, RefusesASecondWordBesideANumber) {
  const Result<Outcome> two = call("", "explain", R"j({"code": "E1102", "name": "foo"})j");
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().number(), E::E7);
  EXPECT_THAT(two.error().message(), HasSubstr("'foo' was given after 'E1102'"));
}

TEST_F(ExplainVerb, ShowsWhatFailsAndWhatWorks) {
  const std::string text = page("E1102").text;
  EXPECT_LT(text.find("\nFails\n    rank(ts_corrl("), text.find("\nWorks\n    rank(ts_corr("));
}

TEST_F(ExplainVerb, TellsWhatANumberOfAnEvaluationMeans) {
  const auto metric = [&](const std::string& name) {
    return good("", "explain", R"j({"code": "metric", "name": ")j" + name + "\"}");
  };
  const Outcome one = metric("rank_ic.5d.t_newey_west");
  EXPECT_THAT(one.text, StartsWith("rank_ic.Hd.t_newey_west\n"));
  EXPECT_THAT(one.text, HasSubstr("floor(4 (T/100)^(2/9))"));
  EXPECT_EQ(one.data.find("metrics")->as_array().size(), 1U);
  EXPECT_EQ(metric("r1.rank_ic.5d.t_newey_west").text, one.text) << "as lode why takes it";
  EXPECT_EQ(metric("last.rank_ic.5d.t_newey_west").text, one.text);
  EXPECT_THAT(metric("sharpe").text, HasSubstr("square root of sessions a year"));
  EXPECT_GT(good("", "explain", R"j({"code": "metric"})j").data.find("metrics")->as_array().size(), 60U);
  const Result<Outcome> wrong = call("", "explain", R"j({"code": "metric", "name": "sharp"})j");
  EXPECT_EQ(number_of(wrong), E::E9);
  EXPECT_THAT(wrong.error().hint(), HasSubstr("sharpe"));
  const Result<Outcome> twice = call("", "explain", R"j({"code": "metric", "name": "rank_icc"})j");
  EXPECT_EQ(twice.error().hint(), "did you mean 'rank_ic'?");
}

TEST_F(ExplainVerb, RefusesWhatIsNoNumber) {
  for (const char* wrong : {"E9999", "banana", "E11", "E11022", "-1"}) {
    const Result<Outcome> outcome = call("", "explain", std::string(R"j({"code": ")j") + wrong + "\"}");
    EXPECT_EQ(number_of(outcome), E::E9) << wrong;
    EXPECT_THAT(render(outcome.error()), HasSubstr("\nhelp: ")) << wrong;
  }
}

}  // namespace
}  // namespace lode::flow
