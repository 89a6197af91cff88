// Ranking factors: the order, the luck taken off, the trials counted, and what cannot be judged.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "lode/core/stat/distribution.h"
#include "lode/core/stat/overfit/multiple_tests.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Rank : public testing::Research {
 protected:
  Rank() { import_market(); }
  static double number(const Outcome& outcome, const std::string& path) {
    return outcome.data.at_path(path)->as_double();
  }
};

TEST_F(Rank, PutsTheStrongestFirstAndAgreesWithEval) {
  const Outcome out =
      good("factor", "rank", R"j({"formula": ["rank(volume)", "rank(-ts_delta(close,5))", "rank(open/close)"]})j");
  const auto& rows = out.data.at_path("factors")->as_array();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_GE(std::abs(number(out, "factors.0.t")), std::abs(number(out, "factors.1.t")));
  EXPECT_GE(std::abs(number(out, "factors.1.t")), std::abs(number(out, "factors.2.t")));
  for (const Value& row : rows) {
    const Outcome eval =
        good("factor", "eval", R"j({"formula": ")j" + row.at_path("factor")->as_text() + R"j(", "again": true})j");
    const Value* of_eval = eval.data.at_path("numbers")->at_path("rank_ic.5d.t_no_overlap.value");
    ASSERT_NE(of_eval, nullptr);
    EXPECT_EQ(row.at_path("t")->as_double(), of_eval->as_double());
  }
}

// q by its definition over all trials of the universe, those of other commands too.
TEST_F(Rank, CountsEveryTrialOfTheUniverse) {
  const Outcome other = good("factor", "eval", R"j({"formula": "rank(high/low)"})j");
  const Outcome out = good("factor", "rank", R"j({"formula": ["rank(volume)", "rank(open/close)"]})j");
  EXPECT_EQ(out.data.at_path("trials")->as_int(), 3);
  std::vector<double> p;
  for (const char* row : {"factors.0", "factors.1"}) {
    p.push_back(number(out, std::string(row) + ".p"));
    EXPECT_EQ(p.back(), stat::normal_two_sided_p(number(out, std::string(row) + ".t")));
  }
  p.push_back(stat::normal_two_sided_p(number(other, "numbers.rank_ic.5d.t_no_overlap.value")));
  const std::vector<double> q = stat::adjusted_p(p, stat::Adjustment::kBenjaminiHochberg, 3);
  EXPECT_EQ(number(out, "factors.0.q_bh"), q[0]);
  EXPECT_EQ(number(out, "factors.1.q_bh"), q[1]);
  EXPECT_THAT(out.text, HasSubstr("with 3 trials ever tried on this universe"));
  // The same again teaches nothing new.
  EXPECT_EQ(
      good("factor", "rank", R"j({"formula": ["rank(volume)", "rank(open/close)"]})j").data.at_path("trials")->as_int(),
      3);
}

TEST_F(Rank, NamesWhatCannotBeJudgedAndGoesOn) {
  const Outcome out =
      good("factor", "rank", R"j({"formula": ["rank(volume)", "rank(clsoe)", "rank(cap)", "close - close"]})j");
  EXPECT_EQ(out.data.at_path("factors")->as_array().size(), 1U);
  EXPECT_EQ(out.data.at_path("left_out")->as_array().size(), 3U);
  EXPECT_THAT(out.data.at_path("left_out.0.reason")->as_text(), HasSubstr("no field called 'clsoe'"));
  EXPECT_THAT(out.data.at_path("left_out.1.reason")->as_text(), HasSubstr("this lake has no cap"));
  EXPECT_THAT(mistake("factor", "rank", R"j({"formula": ["rank(clsoe)"]})j"), HasSubstr("none of 1 factor"));
  EXPECT_THAT(mistake("factor", "rank", "{}"), HasSubstr("nothing to rank"));
  EXPECT_THAT(mistake("factor", "rank", R"j({"library": "alpha11"})j"), HasSubstr("alpha101"));
}

TEST_F(Rank, RanksALibraryAndShowsItsTop) {
  const Outcome out = good("factor", "rank", R"j({"library": "alpha158", "top": 3, "horizons": "5"})j");
  EXPECT_GT(out.data.at_path("factors")->as_array().size(), 100U);
  EXPECT_THAT(out.text, HasSubstr("3 of "));
  EXPECT_THAT(out.text, HasSubstr("alpha158/"));
  EXPECT_THAT(out.next, StartsWith("lode factor report alpha158/"));
}

TEST_F(Rank, RowsComeInOtherFormats) {
  const Outcome out = good("factor", "rank", R"j({"formula": ["rank(volume)"], "format": "csv"})j");
  EXPECT_THAT(out.text,
              StartsWith("factor,rank_ic,t,p,q_bh,spread_net_annual,dsr,dsr_across_trials,dsr_null,coverage,verdict,"
                         "run\nrank(volume),"));
}

}  // namespace
}  // namespace lode::flow
