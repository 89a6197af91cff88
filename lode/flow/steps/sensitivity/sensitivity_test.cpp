// Neighbours of a factor of a lake: as if each of them had been asked for itself.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/sensitivity/sensitivity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lode/core/evaluate/study/sensitivity.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Neighbours = testing::Research;

constexpr const char* kAsked =
    R"j({"formula": "rank(-ts_mean(returns,6))", "horizons": "5", "group": "sector", "sensitivity": true})j";

TEST_F(Neighbours, EachIsWhatItsOwnFormulaWouldBe) {
  import_market();
  const Outcome out = good("factor", "eval", kAsked);
  const double half = testing::number(out, "sensitivity.window_1_half.rank_ic");
  const Outcome own = good("factor", "eval", R"j({"formula": "rank(-ts_mean(returns,3))", "horizons": "5"})j");
  EXPECT_EQ(half, testing::number(own, "rank_ic.5d.mean"));
  EXPECT_EQ(testing::number(out, "sensitivity.window_1_half.t_no_overlap"),
            testing::number(own, "rank_ic.5d.t_no_overlap"));
  const Outcome longer = good("factor", "eval", R"j({"formula": "rank(-ts_mean(returns,9))", "horizons": "5"})j");
  EXPECT_EQ(testing::number(out, "sensitivity.window_1_longer.rank_ic"), testing::number(longer, "rank_ic.5d.mean"));
  EXPECT_EQ(testing::number(out, "sensitivity.choice.rank_ic"), testing::number(out, "rank_ic.5d.mean"));
  EXPECT_EQ(testing::number(out, "sensitivity.looked_at"), 8.0);
  EXPECT_EQ(testing::number(out, "sensitivity.neighbours"), 2.0);
  EXPECT_EQ(out.data.at_path("sensitivity")->as_array().size(), 8U);
  EXPECT_EQ(out.data.at_path("sensitivity")->as_array()[0].at_path("change")->as_text(), "ts_mean 6 -> 3");
  EXPECT_THAT(out.text, HasSubstr("ts_mean 6 -> 9"));
  EXPECT_THAT(out.text, HasSubstr("of 3 windows by rank IC"));
}

TEST_F(Neighbours, AreNoTrialsAndPartOfTheRun) {
  import_market();
  const Outcome out = good("factor", "eval", kAsked);
  EXPECT_EQ(out.data.at_path("trials")->as_int(), 1) << "variants are looked at, not chosen";
  const Outcome plain =
      good("factor", "eval", R"j({"formula": "rank(-ts_mean(returns,6))", "horizons": "5", "group": "sector"})j");
  EXPECT_NE(plain.data.at_path("hash")->as_text(), out.data.at_path("hash")->as_text());
  EXPECT_TRUE(plain.data.at_path("sensitivity")->is_null());
  EXPECT_EQ(plain.data.at_path("trials")->as_int(), 1);
  const Outcome verified = good("runs", "verify", R"j({"run": "r1"})j");
  EXPECT_FALSE(verified.finding) << "the stored run has the same neighbours again";
  EXPECT_THAT(good("", "why", R"j({"id": "r1.sensitivity.delay.rank_ic"})j").text,
              HasSubstr("with this one thing changed"));
}

TEST_F(Neighbours, AReportHasThemUnlessTold) {
  import_market();
  const Outcome report = good("factor", "report", R"j({"formula": "rank(-ts_mean(returns,6))", "horizons": "5"})j");
  EXPECT_FALSE(report.data.at_path("sensitivity")->is_null());
  const Outcome without = good(
      "factor", "report", R"j({"formula": "rank(-ts_mean(returns,6))", "horizons": "5", "no-sensitivity": true})j");
  EXPECT_TRUE(without.data.at_path("sensitivity")->is_null());
  EXPECT_FALSE(good("runs", "verify", R"j({"run": "r1"})j").finding);
  EXPECT_FALSE(good("runs", "verify", R"j({"run": "r2"})j").finding);
}

TEST_F(Neighbours, OwnNumbersHaveNoWindows) {
  import_market();
  std::string rows = "date,symbol,value\n";
  int row = 0;
  for (const Date day : sessions()) {
    for (int name = 0; name < testing::kNames; ++name) {
      rows += fmt::format("{},S{:02},{}\n", to_string(day), name, (++row * 7919) % 1009);
    }
  }
  const std::string path = write("own.csv", rows);
  const Outcome out =
      good("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "5", "sensitivity": true}})j", path));
  EXPECT_EQ(testing::number(out, "sensitivity.neighbours"), 0.0);
  EXPECT_EQ(out.data.at_path("numbers.sensitivity.place.reason")->as_text(),
            "your own numbers come without a formula whose windows could be changed");
  EXPECT_EQ(out.data.at_path("sensitivity")->as_array().size(), 5U) << "the other changes need none";
}

std::string state_of(const Outcome& out, std::string_view id) {
  for (const Value& check : out.data.at_path("checks")->as_array()) {
    if (check.at_path("id")->as_text() == id) {
      return check.at_path("state")->as_text();
    }
  }
  return "no check " + std::string(id);
}

using RedFlags = testing::Research;

TEST_F(RedFlags, AUniverseOfSurvivorsFails) {
  import_market();
  const Outcome all = good("factor", "eval", R"j({"formula": "rank(-ts_mean(returns,6))", "horizons": "5"})j");
  EXPECT_EQ(state_of(all, "survivorship"), "warning") << "nothing ever died in it";
  std::string list = "name,symbol,valid_from\n";
  for (int name = 0; name < testing::kNames; ++name) {
    list += fmt::format("today:mine,S{:02},2020-01-02\n", name);
  }
  import("universe", list);
  const Outcome survivors = good(
      "factor", "eval", R"j({"formula": "rank(-ts_mean(returns,6))", "horizons": "5", "universe": "today:mine"})j");
  EXPECT_EQ(state_of(survivors, "survivorship"), "failed");
  EXPECT_THAT(survivors.text, HasSubstr("Survivor-biased"));
  import("instruments",
         fmt::format("symbol,delisted_on,delisting_return\nS03,{},-0.5\n", to_string(sessions().back())));
  const Outcome dated = good("factor", "eval", R"j({"formula": "rank(-ts_mean(returns,7))", "horizons": "5"})j");
  EXPECT_EQ(state_of(dated, "survivorship"), "passed");
}

TEST_F(RedFlags, NeighboursAreAskedOnlyWhereLookedAt) {
  import_market();
  const Outcome with = good("factor", "eval", kAsked);
  EXPECT_EQ(state_of(with, "neighbours"), "unknown") << "a random walk has no edge to compare";
  EXPECT_EQ(state_of(with, "delayed_result"), "unknown");
  const Outcome without = good("factor", "eval", R"j({"formula": "rank(-ts_mean(returns,6))", "horizons": "5"})j");
  EXPECT_EQ(state_of(without, "neighbours"), "no check neighbours");
}

}  // namespace
}  // namespace lode::flow
