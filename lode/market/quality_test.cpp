// Every rule that sets a row aside and every flag, on the smallest series that shows it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/quality.h"

#include "lode/base/must.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

const Date kFriday = Date::from_civil(2024, 6, 28);

BarRow good_row() { return {kFriday, 10.0, 11.0, 9.0, 10.5, 1000.0}; }

struct Case {
  BarRow row;
  std::uint16_t number;
  std::string_view reason;
};

TEST(CheckRow, AcceptsGoodRowsAndMissingPrices) {
  const BarRow rows[] = {
      good_row(),
      {kFriday, kNan, kNan, kNan, 10.0, kNan},
      {kFriday, 10.0, 10.0, 10.0, 10.0, 0.0},
      {kFriday, 10.0, kNan, 9.0, 12.0, 0.5},
      {kFriday, 10.0 * (1.0 + 4e-16), 10.0, 10.0, 10.0, 1.0},  // Vendors' adjustment leaves prices an ulp or two apart.
  };
  for (const BarRow& row : rows) {
    EXPECT_EQ(check_row(row, *find_calendar("XNYS"), {}).number, 0) << check_row(row, nullptr, {}).reason;
  }
}

TEST(CheckRow, NamesTheRuleAndWhatItWas) {
  const Case cases[] = {
      {{Date::from_civil(1899, 12, 31), 10, 11, 9, 10, 1}, 2013, "date 1899-12-31 is outside 1900-01-01 to 2100-01-01"},
      {{Date::from_civil(2036, 1, 2), 10, 11, 9, 10, 1}, 2013, "outside the calendar of XNYS, 2000-01-01 to 2035"},
      {{kFriday + 1, 10, 11, 9, 10, 1}, 2011, "2024-06-29 is not a session of XNYS: weekend"},
      {{Date::from_civil(2024, 7, 4), 10, 11, 9, 10, 1}, 2011, "XNYS: Independence Day"},
      {{kFriday, 10, 11, 9, kNan, 1}, 2004, "close is missing, expected a number"},
      {{kFriday, 10, 11, 9, 0, 1}, 2006, "c 0 is not above 0"},
      {{kFriday, -1, 11, 9, 10, 1}, 2006, "o -1 is not above 0"},
      {{kFriday, 10, kInfinity, 9, 10, 1}, 2006, "h is infinite"},
      {{kFriday, 10.2, 10.1, 10.4, 10.2, 1}, 2007, "h 10.1 l 10.4"},
      {{kFriday, 12, 11, 9, 10, 1}, 2007, "o 12 is above h 11"},
      {{kFriday, 10, 11, 9, 8.5, 1}, 2007, "c 8.5 is below l 9"},
      {{kFriday, 10, 11, 9, 11.001, 1}, 2007, "c 11.001 is above h 11"},
      {{kFriday, 10, 11, 9, 10, -5}, 2008, "volume -5 is negative"},
      {{kFriday, 10, 11, 9, 10, kInfinity}, 2004, "volume is infinite"},
  };
  for (const Case& c : cases) {
    const RowFault fault = check_row(c.row, *find_calendar("XNYS"), {});
    EXPECT_EQ(fault.number, c.number) << c.reason;
    EXPECT_THAT(fault.reason, HasSubstr(std::string(c.reason)));
  }
}

TEST(CheckRow, KnowsNoSessionsWithoutACalendar) {
  BarRow row = good_row();
  row.session = kFriday + 1;
  EXPECT_EQ(check_row(row, nullptr, {}).number, 0);
  row.session = Date::from_civil(1985, 1, 2);
  EXPECT_EQ(check_row(row, nullptr, {}).number, 0);
}

TEST(CheckRow, JudgesDatesByTheGivenRange) {
  QualityLimits limits;
  limits.first = kFriday;
  limits.last = kFriday;
  EXPECT_EQ(check_row(good_row(), nullptr, limits).number, 0);
  limits.last = kFriday - 1;
  limits.first = kFriday - 2;
  EXPECT_EQ(check_row(good_row(), nullptr, limits).number, 2013);
}

// Bars a day apart with these closes; open and close coincide, high and low stand around them.
std::vector<BarRow> bars(const std::vector<double>& closes) {
  std::vector<BarRow> rows;
  for (std::size_t i = 0; i < closes.size(); ++i) {
    const double close = closes[i];
    rows.push_back({Date{20000 + static_cast<int>(i)}, close, close * 1.01, close * 0.99, close, 1000.0});
  }
  return rows;
}

std::vector<std::string> flags_of(const std::vector<BarRow>& rows, const std::vector<Date>& splits = {},
                                  bool is_equity = true, const QualityLimits& limits = {}) {
  std::vector<std::string> out;
  for (const std::uint64_t flags : flag_rows(rows, splits, is_equity, limits)) {
    out.push_back(flag_names(flags));
  }
  return out;
}

TEST(FlagRows, MarksAMoveAboveTheLimitUnlessASplitExplainsIt) {
  EXPECT_THAT(flags_of(bars({10, 16, 16})), ElementsAre("", "move", ""));
  EXPECT_THAT(flags_of(bars({10, 15, 15})), ElementsAre("", "", ""));  // Exactly the limit.
  EXPECT_THAT(flags_of(bars({10, 4.9, 5})), ElementsAre("", "move", ""));
  EXPECT_THAT(flags_of(bars({10, 4.9, 5}), {Date{20001}}), ElementsAre("", "", ""));
  EXPECT_THAT(flags_of(bars({10, 4.9, 5}), {Date{20000}}), ElementsAre("", "move", ""));
  QualityLimits wide;
  wide.move_limit = 1.0;
  EXPECT_THAT(flags_of(bars({10, 16, 16}), {}, true, wide), ElementsAre("", "", ""));
}

TEST(FlagRows, MarksASpikeThatComesBack) {
  EXPECT_THAT(flags_of(bars({10, 14, 10.5})), ElementsAre("", "spike", ""));
  EXPECT_THAT(flags_of(bars({10, 6, 9})), ElementsAre("", "spike", ""));  // Back up by half of 6: at the move limit.
  EXPECT_THAT(flags_of(bars({10, 14, 13})), ElementsAre("", "", ""));     // Stayed.
  EXPECT_THAT(flags_of(bars({10, 14})), ElementsAre("", ""));             // Not yet known.
}

TEST(FlagRows, MarksAUnitErrorForAsLongAsItLasts) {
  EXPECT_THAT(flags_of(bars({89.2, 0.887, 89.0})), ElementsAre("", "move,spike,unit_error", "move"));
  EXPECT_THAT(flags_of(bars({50, 5010, 4980, 51})), ElementsAre("", "move,unit_error", "unit_error", "move"));
  // A level that stays is no unit error.
  EXPECT_THAT(flags_of(bars({50, 5000, 5000, 5000})), ElementsAre("", "move", "", ""));
  // Doubling is no power of ten.
  EXPECT_THAT(flags_of(bars({50, 100, 50})), ElementsAre("", "move,spike", ""));
}

TEST(FlagRows, MarksGapsByCalendarDays) {
  std::vector<BarRow> rows = bars({10, 10, 10});
  rows[1].session = Date{20004};
  rows[2].session = Date{20009};
  EXPECT_THAT(flags_of(rows), ElementsAre("", "", "gap_before"));
}

// The flags of two bars, the second `date`, with the calendar of New York or none.
std::string flags_after(Date before, Date date, const Calendar* calendar) {
  std::vector<BarRow> rows = bars({10, 10});
  rows[0].session = before;
  rows[1].session = date;
  return flag_names(flag_rows(rows, {}, true, {}, calendar)[1]);
}

TEST(FlagRows, DaysTheExchangeWasClosedAreNoGap) {
  const Calendar* const nyse = *find_calendar("XNYS");
  const Date before_sandy = Date::from_civil(2012, 10, 26);
  const Date after_sandy = Date::from_civil(2012, 10, 31);
  EXPECT_EQ(flags_after(before_sandy, after_sandy, nyse), "") << "no session stands between";
  EXPECT_EQ(flags_after(before_sandy, after_sandy, nullptr), "gap_before") << "five days, and nobody knows why";
  EXPECT_EQ(flags_after(Date::from_civil(2001, 9, 10), Date::from_civil(2001, 9, 17), nyse), "");
  EXPECT_EQ(flags_after(Date::from_civil(2024, 12, 24), Date::from_civil(2025, 1, 2), nyse), "") << "26, 27, 30, 31";
  EXPECT_EQ(flags_after(Date::from_civil(2024, 12, 23), Date::from_civil(2025, 1, 2), nyse), "gap_before");
  // Before the calendar's years weekdays count.
  EXPECT_EQ(flags_after(Date::from_civil(1998, 5, 1), Date::from_civil(1998, 5, 8), nyse), "");
  EXPECT_EQ(flags_after(Date::from_civil(1998, 5, 1), Date::from_civil(1998, 5, 11), nyse), "gap_before");
}

TEST(FlagRows, AGapIsMoreSessionsMissingThanTheLimit) {
  const Calendar* const nyse = *find_calendar("XNYS");
  const std::vector<Date> sessions = nyse->sessions(Date::from_civil(2012, 9, 3), Date::from_civil(2013, 1, 31));
  for (std::size_t first = 0; first < 60; ++first) {
    for (std::size_t missing = 0; missing < 12; ++missing) {
      EXPECT_EQ(flags_after(sessions[first], sessions[first + missing + 1], nyse), missing > 4 ? "gap_before" : "")
          << to_string(sessions[first]) << " and " << missing << " missing";
    }
  }
}

TEST(FlagRows, MarksVolumesOfZeroAndFractions) {
  std::vector<BarRow> rows = bars({10, 10, 10, 10});
  rows[0].volume = 0.0;
  rows[1].volume = 100.5;
  rows[2].volume = kNan;
  EXPECT_THAT(flags_of(rows), ElementsAre("zero_volume", "fractional_volume", "", ""));
  EXPECT_THAT(flags_of(rows, {}, false), ElementsAre("zero_volume", "", "", ""));  // Crypto trades fractions.
}

TEST(FlagRows, MarksALockedPrice) {
  std::vector<BarRow> rows = bars({10, 11, 11.1});
  rows[1].high = rows[1].low = 11.0;
  rows[2].high = rows[2].low = 11.1;  // One trade, no move.
  EXPECT_THAT(flags_of(rows), ElementsAre("", "price_locked", ""));
}

TEST(FlagRows, JudgesVolumeAgainstSixtySessionsThatTraded) {
  std::vector<BarRow> rows = bars(std::vector<double>(64, 10.0));
  // log volume alternates by +-0.1 around a mean: its deviation over 60 values is 0.1 x sqrt(60 / 59) = 0.10084.
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].volume = i % 2 == 0 ? 1000.0 * 1.1051709180756477 : 1000.0 * 0.9048374180359595;  // e^0.1, e^-0.1
  }
  rows[30].volume = 0.0;  // Not counted, so the window fills one session later.
  rows[60].volume = 1e9;  // Only 59 stand before it.
  EXPECT_EQ(flags_of(rows, {}, false)[60], "");
  rows[60].volume = 1000.0 * 1.1051709180756477;
  rows[62].volume = 1000.0 * 1.64;  // log 0.4947, z = 4.9
  EXPECT_EQ(flags_of(rows, {}, false)[62], "");
  rows[62].volume = 1000.0 * 1.68;  // log 0.5188, z = 5.1
  EXPECT_EQ(flags_of(rows, {}, false)[62], "volume_outlier");
  rows[62].volume = 1000.0 / 1.68;
  EXPECT_EQ(flags_of(rows, {}, false)[62], "volume_outlier");
}

TEST(FlagRows, DoesNotJudgeVolumeAgainstAConstant) {
  std::vector<BarRow> rows = bars(std::vector<double>(70, 10.0));
  rows[65].volume = 1001.0;
  EXPECT_EQ(flags_of(rows)[65], "");
}

TEST(FlagRows, TakesNoRowsAndOne) {
  EXPECT_TRUE(flag_rows({}, {}, true, {}).empty());
  EXPECT_THAT(flags_of(bars({10})), ElementsAre(""));
}

TEST(BarFlags, KeepTheirStoredBits) {
  const std::pair<std::uint64_t, std::string_view> stored[] = {
      {1, "move"},        {2, "spike"},         {4, "volume_outlier"}, {8, "zero_volume"},  {16, "fractional_volume"},
      {32, "gap_before"}, {64, "out_of_order"}, {128, "price_locked"}, {256, "unit_error"}, {512, "repaired"}};
  ASSERT_EQ(bar_flags().size(), std::size(stored));
  for (const auto& [bit, name] : stored) {
    EXPECT_EQ(flag_names(bit), name);
  }
  EXPECT_EQ(flag_names(0), "");
  EXPECT_EQ(flag_names(9), "move,zero_volume");
}

TEST(Quality, DaysBeforeTheCalendarsYearsAreNotJudgedBySession) {
  const Calendar* calendar = must(find_calendar("XNYS"));
  const BarRow saturday{Date::from_civil(1984, 9, 8), 10, 11, 9, 10, 1};
  EXPECT_EQ(check_row(saturday, calendar, {}).number, 0);
  EXPECT_EQ(session_close(calendar, saturday.session), end_of_day(saturday.session));
  EXPECT_EQ(calendar->sessions_between(Date::from_civil(1999, 12, 24), Date::from_civil(2000, 1, 4)), 5 + 2);
}

}  // namespace
}  // namespace lode
