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
  EXPECT_EQ(testing::shape(out.data),
            "{universe,formula,rebalance,names_ever,members_now,spells,stored,voided,replaced,commit}");
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

// One name, one bar a weekday (no calendar), whose close is the day of the month.
std::string dated_bars(Date from, int days) {
  std::string text = "date,symbol,open,high,low,close,volume\n";
  for (Date day = from; day.days < from.days + days; day = day + 1) {
    if (day.weekday() < 5) {
      text += fmt::format("{},ONE,1,99,1,{},1\n", to_string(day), day.day());
    }
  }
  return text;
}

TEST_F(Universe, IsDecidedAtTheLastSessionOfEachPeriod) {
  import("bars", dated_bars(Date::from_civil(2023, 12, 1), 150), "XXXX");
  const auto spells = [&](const std::string& rebalance, const std::string& formula) {
    good("universe", "define",
         fmt::format(R"j({{"name": "{}", "formula": "{}", "rebalance": "{}"}})j", rebalance, formula, rebalance));
    return sql(fmt::format("select valid_from, valid_to from universe where name = '{}' order by all", rebalance));
  };
  // Last weekdays: Dec 29, Jan 31, Feb 29, Mar 29. 29 and 31 decide for, Jan 31 against where 29 is asked.
  EXPECT_EQ(spells("monthly", "close == 29"), "2024-01-01,2024-01-31\n2024-03-01,\n");
  EXPECT_EQ(spells("quarterly", "close == 29"), "2024-01-01,\n");
  // Fridays: Dec 1, 8, 15, 22, 29, Jan 5, ... only Dec 15 is the 15th; Jan 12, 19 are not.
  EXPECT_EQ(spells("weekly", "close == 15"), "2023-12-18,2023-12-22\n2024-03-18,2024-03-22\n");
  EXPECT_EQ(spells("daily", "close == 15"),
            "2023-12-18,2023-12-18\n2024-01-16,2024-01-16\n2024-02-16,2024-02-16\n2024-03-18,2024-03-18\n"
            "2024-04-16,2024-04-16\n");
}

TEST_F(Universe, AMissingConditionIsNoMembership) {
  import("bars", dated_bars(Date::from_civil(2024, 1, 1), 12), "XXXX");
  good("universe", "define", R"j({"name": "warm", "formula": "ts_mean(close, 5) > 0", "rebalance": "daily"})j");
  EXPECT_EQ(sql("select valid_from, valid_to from universe"), "2024-01-08,\n") << "warm on Friday the 5th";
}

TEST_F(Universe, IsChosenAmongAnotherAndUsedByNameAtOnce) {
  import("bars", kCrossing);
  good("universe", "define", R"j({"name": "dear", "formula": "close > 15", "rebalance": "daily"})j");
  good("universe", "define",
       R"j({"name": "both", "formula": "volume > 0", "universe": "dear", "rebalance": "daily"})j");
  EXPECT_EQ(
      sql("select symbol, valid_from from universe u join instruments using (instrument_id) where u.name = 'both' "
          "order by all"),
      "DOWN,2024-01-04\nUP,2024-01-05\n")
      << "one session after each is in the universe chosen from";
  const Outcome out = good("factor", "compute", R"j({"formula": ["close"], "universe": "dear"})j");
  EXPECT_EQ(out.payload,
            "date,symbol,factor,value\n2024-01-03,DOWN,close,20\n2024-01-04,DOWN,close,10\n2024-01-04,UP,close,20\n"
            "2024-01-05,UP,close,20\n");
}

TEST_F(Universe, IsKnownFromTheCloseThatDecidedIt) {
  import("bars", kCrossing);
  good("universe", "define", R"j({"name": "dear", "formula": "close > 15", "rebalance": "daily"})j");
  EXPECT_EQ(sql("select count(*) from universe where known_time >= event_time"), "0\n");
  EXPECT_EQ(sql("select count(distinct raw_hash), min(source) from universe"), "1,universe define\n");
}

TEST_F(Universe, TheSameDefinitionAgainStoresNothingTwice) {
  import("bars", kCrossing);
  const char* request = R"j({"name": "dear", "formula": "close > 15", "rebalance": "daily"})j";
  EXPECT_EQ(good("universe", "define", request).data.at_path("stored")->as_int(), 2);
  const std::string before = sql("select * exclude (known_time) from universe order by all");
  good("universe", "define", request);
  EXPECT_EQ(sql("select * exclude (known_time) from universe order by all"), before);
}

TEST_F(Universe, AnotherFormulaUnderTheNameIsRefused) {
  import("bars", kCrossing);
  good("universe", "define", R"j({"name": "uu", "formula": "close > 15", "rebalance": "daily"})j");
  const std::string before = sql("select * from universe order by all");
  const char* other = R"j({"name": "uu", "formula": "close < 15", "rebalance": "daily"})j";
  EXPECT_EQ(number_of(call("universe", "define", other)), E::E11);
  EXPECT_THAT(mistake("universe", "define", other), HasSubstr("the universe uu is defined by close > 15"));
  EXPECT_THAT(mistake("universe", "define", other), HasSubstr("--replace"));
  EXPECT_EQ(sql("select * from universe order by all"), before);
  import("universe", "name,symbol,valid_from\nmine,UP,2024-01-02\n");
  EXPECT_THAT(mistake("universe", "define",
                      R"j({"name": "mine", "formula": "close > 15", "rebalance": "daily", "replace": true})j"),
              HasSubstr("was imported"));
}

TEST_F(Universe, AReplacedDefinitionLeavesNoMemberBehindWhateverTheDayItIsReadAsOf) {
  import("bars", kCrossing);
  const Outcome first =
      good("universe", "define", R"j({"name": "uu", "formula": "close > 15", "rebalance": "daily"})j");
  const Outcome second =
      good("universe", "define", R"j({"name": "uu", "formula": "close < 15", "rebalance": "daily", "replace": true})j");
  EXPECT_TRUE(second.data.at_path("replaced")->as_bool());
  EXPECT_EQ(
      sql("select symbol, valid_from, valid_to from universe u join instruments using (instrument_id) order by all"),
      "DOWN,2024-01-05,\nUP,2024-01-03,2024-01-03\n");
  const auto members = [&](const std::string& more) {
    return good("factor", "compute", R"j({"formula": ["close"], "universe": "uu")j" + more + "}").payload;
  };
  const std::string head = "date,symbol,factor,value\n";
  EXPECT_EQ(members(""), head + "2024-01-03,UP,close,20\n2024-01-05,DOWN,close,10\n");
  EXPECT_EQ(members(R"j(, "as-of": "2024-01-04")j"), head + "2024-01-03,UP,close,20\n")
      << "none of close > 15, though that was known on the day";
  const Outcome list = good("universe", "list", "{}");
  EXPECT_EQ(list.data.at_path("universes.0.names_ever")->as_int(), 2);
  EXPECT_EQ(list.data.at_path("universes.0.members_now")->as_int(), 1);
  EXPECT_EQ(list.data.at_path("universes.1.universe")->as_text(), "all") << "the built-in one, last";
  EXPECT_TRUE(list.data.at_path("universes.1.members_now")->is_null());
  // And back again: rows equal to hidden ones are stored anew.
  good("universe", "define", R"j({"name": "uu", "formula": "close > 15", "rebalance": "daily", "replace": true})j");
  EXPECT_EQ(sql("select symbol, valid_from from universe u join instruments using (instrument_id) order by all"),
            "DOWN,2024-01-03\nUP,2024-01-04\n");
  EXPECT_EQ(
      members(fmt::format(R"j(, "commit": {})j", first.data.at_path("commit")->as_int())),
      head + "2024-01-03,DOWN,close,20\n2024-01-04,DOWN,close,10\n2024-01-04,UP,close,20\n2024-01-05,UP,close,20\n")
      << "the first definition, as a run of that day reads it";
}

TEST_F(Universe, IsDecidedByWhatWasKnownAsOfADay) {
  import("bars", kCrossing);
  good("universe", "define",
       R"j({"name": "uu", "formula": "close > 15", "rebalance": "daily", "as-of": "2024-01-04"})j");
  EXPECT_EQ(
      sql("select symbol, valid_from, valid_to from universe u join instruments using (instrument_id) order by all"),
      "DOWN,2024-01-03,\nUP,2024-01-04,\n")
      << "the close of the 4th decides nothing yet";
  EXPECT_EQ(number_of(call("universe", "define", R"j({"name": "uu", "formula": "close > 15", "rebalance": "daily"})j")),
            E::E11)
      << "another definition";
}

TEST_F(Universe, AStayThatCorrectedBarsNoLongerGiveIsVoid) {
  import("bars", kCrossing);
  const char* request = R"j({"name": "dear", "formula": "close > 15", "rebalance": "daily"})j";
  good("universe", "define", request);
  import("bars",
         "date,symbol,open,high,low,close,volume\n2024-01-02,DOWN,20,99,1,12,1\n2024-01-03,DOWN,20,99,1,12,1\n");
  const Outcome again = good("universe", "define", request);
  EXPECT_EQ(again.data.at_path("voided")->as_int(), 1);
  EXPECT_THAT(again.text, HasSubstr("1 spell of before: void, the data no longer give it."));
  EXPECT_EQ(good("universe", "list", "{}").data.at_path("universes.0.names_ever")->as_int(), 1);
  EXPECT_THAT(good("factor", "compute", R"j({"formula": ["close"], "universe": "dear"})j").payload,
              ::testing::Not(HasSubstr("DOWN")));
  EXPECT_EQ(good("universe", "define", request).data.at_path("voided")->as_int(), 0) << "void once";
}

TEST_F(Universe, AFormulaThatLooksAheadIsNotOfferedAnOptionThatIsNotThere) {
  import("bars", kCrossing);
  for (const auto& [noun, verb] : {std::pair("universe", "define"), std::pair("factor", "add")}) {
    const Result<Outcome> out = call(noun, verb, R"j({"name": "leak", "formula": "delay(close, -1) > 15"})j");
    ASSERT_FALSE(out) << noun;
    EXPECT_EQ(out.error().number(), E::E1107);
    EXPECT_EQ(out.error().hint(), "use delay(close, 1).");
  }
}

TEST_F(Universe, WarnsOfAFormulaThatIsNoCondition) {
  import("bars", kCrossing);
  const Outcome number = good("universe", "define", R"j({"name": "n", "formula": "close", "rebalance": "daily"})j");
  EXPECT_THAT(number.warnings, ::testing::ElementsAre(HasSubstr("warning: 'close' is a number, no condition: ")));
  for (const char* formula :
       {"close > 15", "!(close > 15)", "close > 15 && volume > 0", "is_nan(close) || close > 15"}) {
    const Outcome out =
        good("universe", "define",
             fmt::format(R"j({{"name": "c", "formula": "{}", "rebalance": "daily", "replace": true}})j", formula));
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
