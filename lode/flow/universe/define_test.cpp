// Universes defined by a formula: membership that never looks ahead.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using Universe = testing::Verbs;
using testing::number_of;

// UP rises over 15 on 2024-01-03 and stays; DOWN falls under it on 2024-01-04.
constexpr std::string_view kCrossing =
    "date,symbol,open,high,low,close,volume\n"
    "2024-01-02,UP,10,99,1,10,1\n2024-01-03,UP,10,99,1,20,1\n2024-01-04,UP,10,99,1,20,1\n2024-01-05,UP,10,99,1,20,1\n"
    "2024-01-02,DOWN,20,99,1,20,1\n2024-01-03,DOWN,20,99,1,20,1\n2024-01-04,DOWN,20,99,1,10,1\n2024-01-05,DOWN,20,99,1,"
    "10,1\n";

TEST_F(Universe, HoldsFromTheSessionAfterTheDecision) {
  import("bars", kCrossing);
  const Outcome out =
      good("universe", "define", R"j({"name": "dear", "formula": "close > 15", "rebalance": "daily"})j");
  EXPECT_EQ(testing::shape(out.data), "{universe,formula,rebalance,names_ever,members_now,spells,stored,commit}");
  EXPECT_EQ(out.data.at_path("names_ever")->as_int(), 2);
  EXPECT_EQ(out.data.at_path("members_now")->as_int(), 1);
  EXPECT_EQ(
      sql("select symbol, valid_from, valid_to from universe u join instruments using (instrument_id) order by all"),
      "DOWN,2024-01-03,2024-01-04\n"  // Decided at the close of the 2nd; out from the 5th, decided on the 4th.
      "UP,2024-01-04,\n");
}

TEST_F(Universe, IsListedWithItsMembers) {
  import("bars", kCrossing);
  good("universe", "define", R"j({"name": "dear", "formula": "close > 15", "rebalance": "daily"})j");
  const Outcome out = good("universe", "list", "{}");
  EXPECT_THAT(out.text, HasSubstr("\nall "));
  EXPECT_THAT(out.text, HasSubstr("\ndear "));
  EXPECT_EQ(testing::shape(out.data), "{universes:[{universe,names_ever,members_now,from,survivor_biased}]}");
  EXPECT_EQ(out.data.at_path("universes.0.names_ever")->as_int(), 2);
}

TEST_F(Universe, MarksTodaysListsAsSurvivorBiased) {
  import("bars", kCrossing);
  import("universe", "name,symbol,valid_from\ntoday:mine,UP,2024-01-02\n");
  EXPECT_THAT(good("universe", "list", "{}").text, HasSubstr("survivor-biased"));
}

TEST_F(Universe, WarnsOfAFormulaThatIsNoCondition) {
  import("bars", kCrossing);
  const Outcome number = good("universe", "define", R"j({"name": "n", "formula": "close", "rebalance": "daily"})j");
  EXPECT_THAT(number.warnings, ::testing::ElementsAre(HasSubstr("warning: 'close' is a number, no condition: ")));
  for (const char* formula :
       {"close > 15", "!(close > 15)", "close > 15 && volume > 0", "is_nan(close) || close > 15"}) {
    const Outcome out =
        good("universe", "define", fmt::format(R"j({{"name": "c", "formula": "{}", "rebalance": "daily"}})j", formula));
    EXPECT_THAT(out.warnings, ::testing::IsEmpty()) << formula;
  }
}

TEST_F(Universe, RefusesNamesAndFormulasThatCannotBe) {
  import("bars", kCrossing);
  EXPECT_EQ(number_of(call("universe", "define", R"j({"name": "all", "formula": "close > 15"})j")), E::E4);
  EXPECT_EQ(number_of(call("universe", "define", R"j({"name": "a b", "formula": "close > 15"})j")), E::E4);
  EXPECT_EQ(
      number_of(call("universe", "define", R"j({"name": "none", "formula": "close > 99", "rebalance": "daily"})j")),
      E::E2101);
  EXPECT_EQ(number_of(call("universe", "define", R"j({"name": "x", "formula": "clsoe > 15"})j")), E::E1106);
  EXPECT_EQ(number_of(call("universe", "define", R"j({"name": "x", "formula": "close > 15", "universe": "nope"})j")),
            E::E2103);
}

}  // namespace
}  // namespace lode::flow
