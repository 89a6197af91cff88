// Trials of a lake under every evaluation: books kept, numbers of all of them, told as of today.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/honesty.h"

#include <gmock/gmock.h>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HonestyOfALake : public testing::Research {
 protected:
  HonestyOfALake() { import_market(); }
  Outcome eval(const std::string& formula, const std::string& more = "") {
    return good("factor", "eval", fmt::format(R"j({{"formula": "{}"{}}})j", formula, more));
  }
  static std::int64_t count(const Outcome& out, const std::string& path) {
    return out.data.at_path("honesty." + path)->as_int();
  }
  std::vector<lake::TrialBook> books() {
    return must(lake::trial_books(*must(open_lake(world, Wanted::kRead)), "all"));
  }
};

TEST_F(HonestyOfALake, TheFirstFactorIsToldAsTheFirst) {
  const Outcome out = eval("rank(volume)");
  EXPECT_EQ(count(out, "trials"), 1);
  EXPECT_EQ(count(out, "ordinal"), 1);
  EXPECT_TRUE(out.data.at_path("honesty.pbo.value")->is_null());
  EXPECT_THAT(out.data.at_path("honesty.pbo.reason")->as_text(), HasSubstr("needs 2"));
  EXPECT_THAT(out.text, HasSubstr("1st factor tried on this data. False-discovery q "));
  EXPECT_TRUE(out.data.at_path("honesty.dsr_across_trials.independent")->is_null());
}

TEST_F(HonestyOfALake, EqualsTheStatisticsOfTheStoredBooks) {
  eval("rank(high/low)");
  eval("rank(close/open)");
  const Outcome out = eval("rank(volume)");
  const std::vector<lake::TrialBook> stored = books();
  ASSERT_EQ(stored.size(), 3U);
  std::vector<evaluate::TrialBook> plain;
  for (const lake::TrialBook& book : stored) {
    plain.push_back(plain_book(book));
  }
  const evaluate::TrialLaw law = evaluate::trial_law(plain, stored.back().sessions, 3);
  const double ic = testing::number(out, "rank_ic.5d.mean");
  const evaluate::Deflated own = evaluate::deflated(law, plain.back(), 10.0, ic < 0.0);
  EXPECT_EQ(out.data.at_path("honesty.dsr")->as_double(), own.dsr());
  EXPECT_EQ(out.data.at_path("honesty.dsr_null.all")->as_double(), own.null_all);
  EXPECT_EQ(out.data.at_path("honesty.q")->as_double(), law.q.back());
  EXPECT_EQ(out.data.at_path("honesty.pbo.value")->as_double(), law.pbo);
  EXPECT_EQ(count(out, "independent_trials"), law.independent);
}

TEST_F(HonestyOfALake, AVariantIsATrialMoreAndNoIdeaMore) {
  eval("rank(close/open)");
  const Outcome out = eval("rank(2*close/open)");
  EXPECT_EQ(count(out, "trials"), 2);
  EXPECT_EQ(count(out, "independent_trials"), 1);
}

TEST_F(HonestyOfALake, AStoredAnswerIsToldWithTheTrialsOfToday) {
  const Outcome first = eval("rank(volume)");
  eval("rank(high/low)");
  const Outcome again = eval("rank(volume)");
  EXPECT_EQ(again.data.at_path("run")->as_text(), "r1");
  EXPECT_EQ(count(again, "trials"), 2);
  EXPECT_EQ(count(again, "ordinal"), 1);
  EXPECT_THAT(again.text, HasSubstr("1st factor tried on this data, 2 independent of 2."));
  EXPECT_THAT(again.text, Not(HasSubstr("with a book on these sessions")));
  EXPECT_FALSE(again.data.at_path("honesty.pbo.value")->is_null());
  // The same as an evaluation that computes everything anew.
  const Outcome fresh = eval("rank(volume)", R"(, "again": true)");
  EXPECT_EQ(to_json(*fresh.data.find("honesty")), to_json(*again.data.find("honesty")));
  EXPECT_EQ(to_json(*fresh.data.find("checks")), to_json(*again.data.find("checks")));
  EXPECT_EQ(fresh.text, again.text);
}

TEST_F(HonestyOfALake, AnotherCostIsTheSameBook) {
  eval("rank(volume)", R"(, "cost-bps": 0)");
  const std::vector<lake::TrialBook> before = books();
  eval("rank(volume)", R"(, "cost-bps": 25)");
  const std::vector<lake::TrialBook> after = books();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].gross, before[0].gross);
  EXPECT_EQ(after[0].traded, before[0].traded);
}

TEST_F(HonestyOfALake, StandsInTheReportsHonestyPanel) {
  eval("rank(high/low)");
  const Outcome out = good("factor", "report", R"j({"formula": "rank(volume)"})j");
  const std::string page = must(read_file(out.data.at_path("report")->as_text()));
  EXPECT_THAT(page, HasSubstr("Deflated Sharpe ratio"));
  EXPECT_THAT(page, HasSubstr("This is the 2nd factor tried on this data."));
  EXPECT_THAT(page, HasSubstr("Backtest overfitting"));
}

TEST_F(HonestyOfALake, ARankingKeepsABookOfEachAndTellsOneLaw) {
  const Outcome out =
      good("factor", "rank", R"j({"formula": ["rank(volume)", "rank(open/close)", "rank(high/low)"]})j");
  EXPECT_EQ(books().size(), 3U);
  EXPECT_EQ(out.data.at_path("independent_trials")->as_int(), 3);
  EXPECT_FALSE(out.data.at_path("pbo.value")->is_null());
  // The last one tried is told the same by an evaluation of its own, all three being on record.
  const Outcome one = eval("rank(high/low)");
  for (const Value& row : out.data.at_path("factors")->as_array()) {
    if (row.at_path("factor")->as_text() == "rank(high/low)") {
      EXPECT_EQ(row.at_path("dsr_null")->as_double(), one.data.at_path("honesty.dsr_null.independent")->as_double());
      EXPECT_EQ(row.at_path("q_bh")->as_double(), one.data.at_path("honesty.q")->as_double());
    }
  }
}

// A named factor that is on record is held against every other, never against itself.
TEST_F(HonestyOfALake, TellsWhatIsLeftBesideTheNamedFactors) {
  good("factor", "add", R"j({"name": "heavy", "formula": "rank(volume)"})j");
  good("factor", "add", R"j({"name": "never/judged", "formula": "rank(high/low)"})j");
  EXPECT_THAT(eval("rank(2*volume)").data.at_path("kinship.reason")->as_text(), HasSubstr("no other named factor"));
  EXPECT_THAT(eval("heavy").data.at_path("kinship.reason")->as_text(), HasSubstr("no other named factor"));
  const Outcome out = eval("rank(3*volume)");
  ASSERT_EQ(out.data.at_path("kinship.factors")->as_array().size(), 1U);
  EXPECT_EQ(out.data.at_path("kinship.factors.0.factor")->as_text(), "heavy");
  EXPECT_NEAR(out.data.at_path("kinship.factors.0.correlation")->as_double(), 1.0, 1e-9);
  EXPECT_NEAR(out.data.at_path("kinship.r2")->as_double(), 1.0, 1e-9);
  const Outcome page = good("factor", "report", R"j({"formula": "rank(close/open)"})j");
  EXPECT_THAT(must(read_file(page.data.at_path("report")->as_text())), HasSubstr("most alike named factors"));
}

}  // namespace
}  // namespace lode::flow
