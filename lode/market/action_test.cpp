// Adjustment by hand, and against the adjusted closes a vendor publishes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/action.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "lode/base/text.h"
#include "lode/market/test_data.h"

namespace lode {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Date day(std::string_view text) {
  Date date;
  EXPECT_TRUE(try_parse_date(text, date)) << text;
  return date;
}

Action action(std::string_view ex_date, ActionKind kind, double number, std::string_view known = "2020-01-01") {
  Action out;
  out.ex_date = day(ex_date);
  out.kind = kind;
  (kind == ActionKind::kSplit ? out.ratio : out.amount) = number;
  out.known_time = start_of_day(day(known));
  return out;
}

// Monday to Friday; the closes make every factor below a short decimal.
const std::vector<Date> kWeek = {day("2024-06-03"), day("2024-06-04"), day("2024-06-05"), day("2024-06-06"),
                                 day("2024-06-07")};
const std::vector<double> kCloses = {400.0, 404.0, 100.0, 102.0, 101.0};
const Time kLater = end_of_day(day("2024-12-31"));

Adjustment adjusted(const std::vector<Action>& actions, Time as_of = kLater, Adjust mode = Adjust::kAll) {
  return adjust(kWeek, kCloses, actions, as_of, mode);
}

TEST(Adjust, DividesPricesAndMultipliesVolumesBeforeASplit) {
  const Adjustment out = adjusted({action("2024-06-05", ActionKind::kSplit, 2.0)});
  EXPECT_THAT(out.price, ElementsAre(0.5, 0.5, 1.0, 1.0, 1.0));
  EXPECT_THAT(out.volume, ElementsAre(2.0, 2.0, 1.0, 1.0, 1.0));
  EXPECT_TRUE(out.faults.empty());
}

TEST(Adjust, ScalesPricesByTheDividendsShareOfTheCloseBefore) {
  const Adjustment out = adjusted({action("2024-06-07", ActionKind::kDividend, 5.1)});  // 5.1 / 102 = 0.05
  EXPECT_THAT(out.price, ElementsAre(0.95, 0.95, 0.95, 0.95, 1.0));
  EXPECT_THAT(out.volume, ElementsAre(1.0, 1.0, 1.0, 1.0, 1.0));
}

TEST(Adjust, ReadsADividendOnTheDayOfASplitAsPerShareBeforeIt) {
  // 4-for-1 and 40.4 on the old share: 40.4 / 404 = 0.1.
  const Adjustment out =
      adjusted({action("2024-06-05", ActionKind::kSplit, 4.0), action("2024-06-05", ActionKind::kDividend, 40.4)});
  EXPECT_THAT(out.price, ElementsAre(0.9 / 4.0, 0.9 / 4.0, 1.0, 1.0, 1.0));
  EXPECT_THAT(out.volume, ElementsAre(4.0, 4.0, 1.0, 1.0, 1.0));
}

TEST(Adjust, MultipliesEventsAndKeepsReturnsContinuous) {
  const Adjustment out =
      adjusted({action("2024-06-07", ActionKind::kDividend, 5.1), action("2024-06-05", ActionKind::kSplit, 4.0),
                action("2024-06-04", ActionKind::kSpecial, 40.0)});
  EXPECT_THAT(out.price, ElementsAre(DoubleEq(0.9 * 0.95 / 4.0), DoubleEq(0.95 / 4.0), DoubleEq(0.95), DoubleEq(0.95),
                                     DoubleEq(1.0)));
  // A holder's return over the dividend day: (101 + 5.1) / 102 is near 101 / (102 x 0.95) (reinvested at the open).
  EXPECT_DOUBLE_EQ(kCloses[4] * out.price[4] / (kCloses[3] * out.price[3]), 101.0 / (102.0 - 5.1));
  EXPECT_DOUBLE_EQ(kCloses[2] * out.price[2] / (kCloses[1] * out.price[1]), 100.0 * 4.0 / 404.0);
}

TEST(Adjust, AddsPaymentsOfOneDayBeforeDividing) {
  // The price falls by 10.2 + 5.1 once: 1 - 15.3 / 102.
  const Adjustment out =
      adjusted({action("2024-06-07", ActionKind::kDividend, 10.2), action("2024-06-07", ActionKind::kSpecial, 5.1)});
  EXPECT_DOUBLE_EQ(out.price[0], 0.85);
}

TEST(Adjust, CountsSpinOffsAndRightsByTheirCashValue) {
  EXPECT_DOUBLE_EQ(adjusted({action("2024-06-07", ActionKind::kSpinOff, 10.2)}).price[3], 0.9);
  EXPECT_DOUBLE_EQ(adjusted({action("2024-06-07", ActionKind::kRights, 20.4)}).price[3], 0.8);
  for (const ActionKind kind : {ActionKind::kRename, ActionKind::kMerger, ActionKind::kDelisting}) {
    EXPECT_EQ(adjusted({action("2024-06-07", kind, 10.2)}).price[0], 1.0);
  }
}

TEST(Adjust, ShowsAReaderOnlyWhatWasKnown) {
  // The split of Wednesday was learnt on Friday.
  const std::vector<Action> late = {action("2024-06-05", ActionKind::kSplit, 2.0, "2024-06-07")};
  EXPECT_EQ(adjusted(late, end_of_day(day("2024-06-06"))).price[0], 1.0);
  EXPECT_EQ(adjusted(late, start_of_day(day("2024-06-07"))).price[0], 0.5);
  // A split declared long before counts from its ex-date on.
  const std::vector<Action> early = {action("2024-06-05", ActionKind::kSplit, 2.0)};
  EXPECT_EQ(adjusted(early, end_of_day(day("2024-06-04"))).price[0], 1.0);
  EXPECT_EQ(adjusted(early, start_of_day(day("2024-06-05"))).price[0], 0.5);
}

TEST(Adjust, AppliesAnExDateAfterTheLastSession) {
  EXPECT_THAT(adjusted({action("2024-06-10", ActionKind::kSplit, 2.0)}).price, ElementsAre(0.5, 0.5, 0.5, 0.5, 0.5));
}

TEST(Adjust, UsesTheLastValidCloseBeforeTheExDate) {
  const std::vector<double> closes = {400.0, 404.0, 100.0, kNan, 101.0};
  const std::vector<Action> actions = {action("2024-06-07", ActionKind::kDividend, 20.0)};
  EXPECT_DOUBLE_EQ(adjust(kWeek, closes, actions, kLater, Adjust::kAll).price[0], 0.8);
}

TEST(Adjust, LeavesOutWhatTheModeLeavesOut) {
  const std::vector<Action> actions = {action("2024-06-05", ActionKind::kSplit, 2.0),
                                       action("2024-06-07", ActionKind::kDividend, 500.0)};
  EXPECT_THAT(adjusted(actions, kLater, Adjust::kSplit).price, ElementsAre(0.5, 0.5, 1.0, 1.0, 1.0));
  EXPECT_TRUE(adjusted(actions, kLater, Adjust::kSplit).faults.empty());
  EXPECT_THAT(adjusted(actions, kLater, Adjust::kNone).price, ElementsAre(1.0, 1.0, 1.0, 1.0, 1.0));
}

TEST(Adjust, ReportsAndSkipsActionsThatCannotBe) {
  struct Case {
    Action action;
    std::string_view reason;
  };
  const Case cases[] = {
      {action("2024-06-07", ActionKind::kDividend, 102.0), "dividend 102 is not below the close before it, 102"},
      {action("2024-06-07", ActionKind::kDividend, -1.0), "below 0"},
      {action("2024-06-07", ActionKind::kSpinOff, kNan), "cash value of the spin_off is not known"},
      {action("2024-06-05", ActionKind::kSplit, 0.0), "split ratio 0 is not above 0"},
      {action("2024-06-05", ActionKind::kSplit, kNan), "split ratio nan"},
      {action("2024-06-03", ActionKind::kSplit, 2.0), "no session with a close stands before the ex-date 2024-06-03"},
      {action("2024-06-03", ActionKind::kDividend, 1.0), "no session"},
  };
  for (const auto& [bad, reason] : cases) {
    const Adjustment out = adjusted({bad, action("2024-06-05", ActionKind::kSplit, 2.0)});
    EXPECT_THAT(out.price, ElementsAre(0.5, 0.5, 1.0, 1.0, 1.0)) << reason;
    ASSERT_EQ(out.faults.size(), 1U) << reason;
    EXPECT_THAT(out.faults[0].reason, HasSubstr(std::string(reason)));
  }
}

// Whatever happened, an adjusted return is the holder's: shares times ratio, cash at the close before. Computed here
// day by day and forwards, where the code walks once and backwards.
TEST(Adjust, GivesAHoldersReturnOnEveryDayOfRandomHistories) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    std::mt19937_64 random(seed);
    std::vector<Date> sessions;
    std::vector<double> closes;
    std::vector<Action> actions;
    std::vector<double> expected = {1.0};  // Growth of a holding from each session to the next.
    for (int i = 0; i < 400; ++i) {
      sessions.push_back(Date{18000 + i});
      closes.push_back(50.0 + static_cast<double>(random() % 1000) / 10.0);
      if (i == 0) {
        continue;
      }
      const double ratio = random() % 40 == 0 ? 0.5 + static_cast<double>(random() % 8) : 1.0;
      const double paid = random() % 20 == 0 ? static_cast<double>(random() % 100) / 10.0 : 0.0;
      if (ratio != 1.0) {
        actions.push_back(action(to_string(sessions.back()), ActionKind::kSplit, ratio, "2000-01-01"));
      }
      if (paid > 0.0) {
        actions.push_back(action(to_string(sessions.back()), ActionKind::kDividend, paid, "2000-01-01"));
      }
      expected.push_back(closes[closes.size() - 1] * ratio / (closes[closes.size() - 2] - paid));
    }
    std::ranges::shuffle(actions, random);
    const Adjustment out = adjust(sessions, closes, actions, end_of_day(day("2030-01-01")), Adjust::kAll);
    ASSERT_TRUE(out.faults.empty());
    for (std::size_t i = 1; i < sessions.size(); ++i) {
      const double growth = closes[i] * out.price[i] / (closes[i - 1] * out.price[i - 1]);
      EXPECT_NEAR(growth / expected[i], 1.0, 1e-12) << "seed " << seed << " session " << i;
    }
  }
}

// Bars first, then a 4-for-1 split and a dividend that a reader learns of a week late.
TEST(Adjust, RebuildsTheSeriesBackToItsStartWhenActionsArriveLate) {
  const std::vector<Action> late = {action("2024-06-05", ActionKind::kSplit, 4.0, "2024-06-14"),
                                    action("2024-06-07", ActionKind::kDividend, 5.1, "2024-06-14")};
  const std::vector<double> raw = kCloses;
  EXPECT_THAT(adjusted(late, end_of_day(day("2024-06-13"))).price, ElementsAre(1.0, 1.0, 1.0, 1.0, 1.0));
  EXPECT_THAT(adjusted(late, end_of_day(day("2024-06-14"))).price,
              ElementsAre(0.95 / 4.0, 0.95 / 4.0, 0.95, 0.95, 1.0));
  EXPECT_EQ(raw, kCloses);
}

TEST(Adjust, TakesNoSessionsAtAll) {
  EXPECT_TRUE(adjust({}, {}, std::vector<Action>{action("2024-06-05", ActionKind::kSplit, 2.0)}, kLater, Adjust::kAll)
                  .price.empty());
}

// A vendor's adjusted closes are its closes times the same product of (1 - dividend / close before), kept in single
// precision: the 24 dividends of these four tables agree to 3e-7.
TEST(Adjust, AgreesWithAVendorsAdjustedCloses) {
  LODE_NEEDS_DATA("yahoo-price-repair");
  constexpr double kSinglePrecision = 5e-7;
  std::size_t dividends = 0;
  for (const std::string name : {"CALM", "EWG", "IBE-MC", "TISG-MI"}) {
    const std::string bytes = read_test_data("yahoo-price-repair/" + name + "-1d-no-bad-divs.csv");
    std::vector<Date> sessions;
    std::vector<double> closes;
    std::vector<double> vendor;
    std::vector<Action> actions;
    for (const std::string_view line : split(bytes, '\n')) {
      const std::vector<std::string_view> fields = split(line, ',');
      Date date;
      double dividend = 0.0;
      if (fields.size() < 9 || !try_parse_date(fields[0].substr(0, 10), date)) {
        continue;
      }
      sessions.push_back(date);
      ASSERT_TRUE(parse_double(fields[4], closes.emplace_back()) && parse_double(fields[5], vendor.emplace_back()) &&
                  parse_double(fields[7], dividend));
      if (dividend > 0.0) {
        actions.push_back(action(to_string(date), ActionKind::kDividend, dividend));
      }
    }
    dividends += actions.size();
    const Adjustment out = adjust(sessions, closes, actions, end_of_day(day("2030-01-01")), Adjust::kAll);
    EXPECT_TRUE(out.faults.empty());
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      EXPECT_NEAR(closes[i] * out.price[i] / vendor[i], 1.0, kSinglePrecision) << name << " " << to_string(sessions[i]);
    }
  }
  EXPECT_GE(dividends, 24U);
}

TEST(ActionKind, RoundTripsItsNames) {
  for (const ActionKind kind :
       {ActionKind::kSplit, ActionKind::kDividend, ActionKind::kSpecial, ActionKind::kSpinOff, ActionKind::kRights,
        ActionKind::kRename, ActionKind::kMerger, ActionKind::kDelisting}) {
    ActionKind read = ActionKind::kSplit;
    EXPECT_TRUE(parse_action_kind(to_string(kind), read));
    EXPECT_EQ(read, kind);
  }
  ActionKind read = ActionKind::kSplit;
  EXPECT_FALSE(parse_action_kind("bonus", read));
}

TEST(ParseAdjust, NamesTheThreeWays) {
  EXPECT_EQ(*parse_adjust("all"), Adjust::kAll);
  EXPECT_EQ(*parse_adjust("split"), Adjust::kSplit);
  EXPECT_EQ(*parse_adjust("none"), Adjust::kNone);
  EXPECT_EQ(parse_adjust("splits").error().number(), E::E4);
  EXPECT_THAT(parse_adjust("splits").error().hint(), HasSubstr("split"));
}

}  // namespace
}  // namespace lode
