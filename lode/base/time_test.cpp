// Tests of dates and instants. Oracles: known days of history, and a calendar counted forward one day at a time.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/time.h"

#include <gtest/gtest.h>

#include <limits>

#include "lode/base/must.h"

namespace lode {
namespace {

constexpr std::int64_t kHour = 3600 * kNanosPerSecond;

TEST(Date, KnownDays) {
  EXPECT_EQ(Date::from_civil(1970, 1, 1).days, 0);
  EXPECT_EQ(Date::from_civil(2000, 3, 1).days, 11'017);
  EXPECT_EQ(Date::from_civil(2024, 6, 28).days, 19'902);
  EXPECT_EQ(Date::from_civil(1969, 12, 31).days, -1);
  EXPECT_EQ(Date::from_civil(1, 1, 1).days, -719'162);  // As Python's date.toordinal() - 719163.
}

TEST(Date, KnownWeekdays) {
  EXPECT_EQ(Date::from_civil(1970, 1, 1).weekday(), 3);    // Thursday
  EXPECT_EQ(Date::from_civil(2024, 6, 28).weekday(), 4);   // Friday
  EXPECT_EQ(Date::from_civil(1987, 10, 19).weekday(), 0);  // Black Monday
  EXPECT_EQ(Date::from_civil(1969, 7, 20).weekday(), 6);   // Sunday
}

// Walks every day of 1600 .. 2400 with the rules of the calendar and nothing else.
TEST(Date, CivilPartsMatchACountedCalendar) {
  int year = 1600;
  int month = 1;
  int day = 1;
  for (Date date = Date::from_civil(1600, 1, 1); date.year() < 2401; date = date + 1) {
    ASSERT_EQ(date.year(), year);
    ASSERT_EQ(date.month(), month);
    ASSERT_EQ(date.day(), day);
    ASSERT_EQ(Date::from_civil(year, month, day), date);
    ASSERT_EQ((date + 1).weekday(), (date.weekday() + 1) % 7);
    const bool is_leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    const int length = month == 2                                                ? (is_leap ? 29 : 28)
                       : (month == 4 || month == 6 || month == 9 || month == 11) ? 30
                                                                                 : 31;
    day = day == length ? 1 : day + 1;
    month = day == 1 ? month % 12 + 1 : month;
    year += day == 1 && month == 1 ? 1 : 0;
  }
}

TEST(Date, Arithmetic) {
  const Date date = Date::from_civil(2024, 2, 28);
  EXPECT_EQ(date + 2, Date::from_civil(2024, 3, 1));
  EXPECT_EQ(date - 59, Date::from_civil(2023, 12, 31));
  EXPECT_EQ(Date::from_civil(2025, 1, 1) - Date::from_civil(2024, 1, 1), 366);
  EXPECT_LT(date, date + 1);
}

TEST(ParseDate, ReadsThreeSpellings) {
  const Date expected = Date::from_civil(2024, 6, 28);
  EXPECT_EQ(must(parse_date("2024-06-28")), expected);
  EXPECT_EQ(must(parse_date("20240628")), expected);
  EXPECT_EQ(must(parse_date("2024/06/28")), expected);
  EXPECT_EQ(must(parse_date("0001-01-01")), Date::from_civil(1, 1, 1));
  EXPECT_EQ(must(parse_date("9999-12-31")), Date::from_civil(9999, 12, 31));
  EXPECT_EQ(must(parse_date("2024-02-29")), Date::from_civil(2024, 2, 29));
}

TEST(ParseDate, RefusesWhatIsNoDate) {
  for (const std::string_view text :
       {"",           "2024",       "2024-6-28",  "2024-06-28 ", " 2024-06-28",          "2024-06/28", "28-06-2024",
        "06/28/2024", "2024-13-01", "2024-00-10", "2024-01-00",  "2024-01-32",           "2023-02-29", "1900-02-29",
        "2024-04-31", "0000-01-01", "2024-0a-01", "-024-01-01",  "2024-06-28T00:00:00Z", "abcdefgh",   "2024.06.28",
        "202406281",  "+2024-1-1",  "２０２４"}) {
    Date out = Date::from_civil(1999, 9, 9);
    EXPECT_FALSE(try_parse_date(text, out)) << text;
    EXPECT_EQ(out, Date::from_civil(1999, 9, 9)) << text;
    const auto result = parse_date(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().number(), E::E2005);
    EXPECT_NE(result.error().message().find("'" + std::string(text) + "'"), std::string::npos);
  }
}

TEST(ParseDate, ReadsBackEveryPrintedDay) {
  for (Date date = Date::from_civil(1999, 1, 1); date < Date::from_civil(2005, 1, 1); date = date + 1) {
    ASSERT_EQ(must(parse_date(to_string(date))), date);
  }
}

TEST(ParseAsOf, ADateMeansTheEndOfItsDay) {
  const Time time = must(parse_as_of("2024-06-28"));
  EXPECT_EQ(time, end_of_day(Date::from_civil(2024, 6, 28)));
  EXPECT_EQ(to_string(time), "2024-06-28T23:59:59.999999999Z");
}

TEST(ParseAsOf, InstantsWithZones) {
  const Time noon = {start_of_day(Date::from_civil(2024, 6, 28)).nanos + 12 * kHour};
  EXPECT_EQ(must(parse_as_of("2024-06-28T12:00:00Z")), noon);
  EXPECT_EQ(must(parse_as_of("2024-06-28T12:00Z")), noon);
  EXPECT_EQ(must(parse_as_of("2024-06-28 12:00:00Z")), noon);
  EXPECT_EQ(must(parse_as_of("2024-06-28T14:00:00+02:00")), noon);
  EXPECT_EQ(must(parse_as_of("2024-06-28T14:00:00+0200")), noon);
  EXPECT_EQ(must(parse_as_of("2024-06-28T06:30:00-05:30")), noon);
  EXPECT_EQ(must(parse_as_of("2024-06-29T01:00:00+13:00")), noon);
  EXPECT_EQ(must(parse_as_of("2024-06-28T12:00:00.25Z")).nanos, noon.nanos + kNanosPerSecond / 4);
  EXPECT_EQ(must(parse_as_of("2024-06-28T12:00:00.000000001Z")).nanos, noon.nanos + 1);
}

TEST(ParseAsOf, RefusesWhatIsNeither) {
  for (const std::string_view text :
       {"", "now", "2024-06-28T12:00:00", "2024-06-28T24:00:00Z", "2024-06-28T12:60:00Z", "2024-06-28T12:00:60Z",
        "2024-06-28T12Z", "2024-06-28T12:00:00.Z", "2024-06-28T12:00:00.1234567891Z", "2024-06-31T12:00:00Z",
        "2024-06-28T12:00:00+2", "2024-06-28T12:00:00Zx", "2024-06-28T1:00:00Z", "T12:00:00Z", "2024-06-28T"}) {
    const auto result = parse_as_of(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().number(), E::E5) << text;
    EXPECT_FALSE(result.error().hint().empty());
  }
}

TEST(ParseAsOf, RefusesInstantsBeyondTheRange) {
  EXPECT_FALSE(parse_as_of("2262-04-12T00:00:00Z").has_value());
  EXPECT_FALSE(parse_as_of("1600-01-01T00:00:00Z").has_value());
  EXPECT_TRUE(parse_as_of("2262-04-10T00:00:00Z").has_value());
  EXPECT_EQ(must(parse_as_of("9999-12-31")).nanos, std::numeric_limits<std::int64_t>::max());
}

TEST(Time, PrintsDecimalsInThrees) {
  const Time base = start_of_day(Date::from_civil(2024, 6, 28));
  EXPECT_EQ(to_string(Time{base.nanos + 20 * kHour}), "2024-06-28T20:00:00Z");
  EXPECT_EQ(to_string(Time{base.nanos + 500'000'000}), "2024-06-28T00:00:00.500Z");
  EXPECT_EQ(to_string(Time{base.nanos + 1'000}), "2024-06-28T00:00:00.000001Z");
  EXPECT_EQ(to_string(Time{base.nanos + 1}), "2024-06-28T00:00:00.000000001Z");
  EXPECT_EQ(to_string(Time{-1}), "1969-12-31T23:59:59.999999999Z");
}

TEST(Time, TheWholeRangePrintsAndReadsBack) {
  // The first and last instants as Python's datetime and numpy's datetime64 know them.
  EXPECT_EQ(to_string(Time{std::numeric_limits<std::int64_t>::max()}), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(to_string(Time{std::numeric_limits<std::int64_t>::min()}), "1677-09-21T00:12:43.145224192Z");
  for (const std::int64_t nanos :
       {std::int64_t{0}, std::int64_t{1'719'576'000'123'456'789}, std::int64_t{-987'654'321}}) {
    EXPECT_EQ(must(parse_as_of(to_string(Time{nanos}))).nanos, nanos);
  }
}

TEST(Time, DaysBeginAndEnd) {
  const Date date = Date::from_civil(1969, 12, 30);
  EXPECT_EQ(start_of_day(date).nanos, -2 * kNanosPerDay);
  EXPECT_EQ(end_of_day(date).nanos + 1, start_of_day(date + 1).nanos);
  EXPECT_EQ(utc_date(start_of_day(date)), date);
  EXPECT_EQ(utc_date(end_of_day(date)), date);
  EXPECT_EQ(utc_date(Time{-1}), Date::from_civil(1969, 12, 31));
}

TEST(Time, FarDaysStayAtTheEdgeOfTheRange) {
  EXPECT_EQ(start_of_day(Date::from_civil(9999, 12, 31)).nanos, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(end_of_day(Date::from_civil(9999, 12, 31)).nanos, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(start_of_day(Date::from_civil(1, 1, 1)).nanos, std::numeric_limits<std::int64_t>::min());
}

TEST(Interval, HasAShortName) {
  EXPECT_EQ(to_string(Interval::kDaily), "1d");
  EXPECT_EQ(to_string(Interval::kMinute), "1m");
  EXPECT_EQ(to_string(static_cast<Interval>(5 * static_cast<std::int64_t>(Interval::kMinute))), "5m");
}

TEST(DateDeathTest, ADayThatDoesNotExistIsOurFault) { EXPECT_DEATH(Date::from_civil(2023, 2, 29), "is_civil"); }

}  // namespace
}  // namespace lode
