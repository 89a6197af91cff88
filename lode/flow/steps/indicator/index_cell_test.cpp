// Forms of an index that are no plain dates, against days written by hand from calendars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/index_cell.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace lode::flow {
namespace {

// "2020-01-02", with seconds of the day behind where there are any; "none".
std::string read(IndexForm form, std::string_view cell) {
  const auto place = place_of(form, cell);
  return !place              ? "none"
         : place->nanos == 0 ? to_string(place->day)
                             : fmt::format("{} {}", to_string(place->day), place->nanos / kNanosPerSecond);
}

TEST(IndexCell, ADateMayHaveAMonthThatIsAWord) {
  for (const char* cell : {"2-Jan-20", "02-Jan-2020", "02JAN2020", "2 January 2020", "Jan 2, 2020", "January 2 2020",
                           "Thu, 02 Jan 2020", "Thursday 2 Jan 2020", "2020-Jan-02", "2020 jan 2", " 2.Jan.2020 "}) {
    EXPECT_EQ(read(IndexForm::kNamedDate, cell), "2020-01-02") << cell;
  }
  EXPECT_EQ(read(IndexForm::kNamedDate, "2-Sept-1968"), "1968-09-02");
  EXPECT_EQ(read(IndexForm::kNamedDate, "2-Jan-69"), "1969-01-02");
  EXPECT_EQ(read(IndexForm::kNamedDate, "2-Jan-68"), "2068-01-02");
  EXPECT_EQ(read(IndexForm::kNamedDate, "2-Jan-20 9:30"), "2020-01-02 34200");
  EXPECT_EQ(read(IndexForm::kNamedDate, "Jan 2, 2020 9:30:15 PM"), "2020-01-02 77415");
  EXPECT_EQ(read(IndexForm::kNamedDate, "2020-Jan-02T09:30Z"), "2020-01-02 34200");
  for (const char* cell : {"30-Feb-20", "2-Jax-20", "Jan 2020", "2-Jan", "2-Jan-020", "2-Jan-20 noon", "32-Jan-20",
                           "99-Jan-04", "", "Jan", "2020-01-02", "2-Jan-20x"}) {
    EXPECT_EQ(read(IndexForm::kNamedDate, cell), "none") << cell;
  }
}

TEST(IndexCell, AMonthIsItsFirstDay) {
  for (const char* cell : {"2020-02", "2020/2", "02/2020", "2-2020", "2020M02", "2020-M2", "Feb 2020", "february-2020",
                           "2020 Feb", "Feb2020"}) {
    EXPECT_EQ(read(IndexForm::kMonth, cell), "2020-02-01") << cell;
  }
  for (const char* cell : {"2020-13", "2020-00", "Feb-20", "2020", "202002", "2020-02-01", "1000-1", "2020-", "Q1 2020",
                           "02M2020", "20-02"}) {
    EXPECT_EQ(read(IndexForm::kMonth, cell), "none") << cell;
  }
}

TEST(IndexCell, QuartersAndHalvesBeginWithTheirFirstMonth) {
  for (const char* cell : {"2020Q2", "2020-Q2", "2020 q2", "Q2 2020", "Q2-2020", "Q2/2020", "2Q2020"}) {
    EXPECT_EQ(read(IndexForm::kPart, cell), "2020-04-01") << cell;
  }
  EXPECT_EQ(read(IndexForm::kPart, "2020Q4"), "2020-10-01");
  EXPECT_EQ(read(IndexForm::kPart, "2020H1"), "2020-01-01");
  EXPECT_EQ(read(IndexForm::kPart, "H2 2020"), "2020-07-01");
  for (const char* cell : {"2020Q5", "2020Q0", "2020H3", "2020T1", "Q2", "Q2 20", "2020Q", "2020Q12x"}) {
    EXPECT_EQ(read(IndexForm::kPart, cell), "none") << cell;
  }
}

// The corners of ISO 8601: years whose first days are of the last week of the year before, and years of 53 weeks.
TEST(IndexCell, WeeksAreThoseOfIso8601) {
  EXPECT_EQ(read(IndexForm::kWeek, "2020-W01"), "2019-12-30");
  EXPECT_EQ(read(IndexForm::kWeek, "2020W01"), "2019-12-30");
  EXPECT_EQ(read(IndexForm::kWeek, "2020-W53"), "2020-12-28");
  EXPECT_EQ(read(IndexForm::kWeek, "2021-W01"), "2021-01-04");
  EXPECT_EQ(read(IndexForm::kWeek, "2009-W53-7"), "2010-01-03");
  EXPECT_EQ(read(IndexForm::kWeek, "2009W537"), "2010-01-03");
  EXPECT_EQ(read(IndexForm::kWeek, "2016-W01-5"), "2016-01-08");
  for (const char* cell :
       {"2021-W53", "2020-W00", "2020-W54", "2020-W1-8", "2020-W01-0", "2020-W01-", "2020-01", "W01"}) {
    EXPECT_EQ(read(IndexForm::kWeek, cell), "none") << cell;
  }
}

TEST(IndexCell, ATimeOfDayMayBeOfAClockOfTwelveHours) {
  const auto seconds = [](std::string_view cell) {
    const auto place = place_of(IndexForm::kTimeOfDay, cell);
    return place ? place->nanos / kNanosPerSecond : -1;
  };
  EXPECT_EQ(seconds("9:30"), 34200);
  EXPECT_EQ(seconds("09:30:15"), 34215);
  EXPECT_EQ(seconds("9:30 PM"), 77400);
  EXPECT_EQ(seconds("9:30pm"), 77400);
  EXPECT_EQ(seconds("12:00 AM"), 0);
  EXPECT_EQ(seconds("12:30 PM"), 45000);
  for (const char* cell : {"9", "25:00", "13:00 PM", "0:30 AM", "9:60", "9:30 XM", "", "9:30:15:1"}) {
    EXPECT_EQ(seconds(cell), -1) << cell;
  }
}

TEST(IndexCell, BehindADayStandsATimeOrNothing) {
  EXPECT_EQ(nanos_behind_day("2020-01-02"), 0);
  EXPECT_EQ(nanos_behind_day("2020-01-02T09:30+02:00"), 27000 * kNanosPerSecond);
  EXPECT_EQ(nanos_behind_day("1890-01-02T10:04:52+10:04:52"), 0) << "a place that had its own noon";
  EXPECT_EQ(nanos_behind_day("1/2/2020 9:30 PM"), 77400 * kNanosPerSecond);
  EXPECT_EQ(nanos_behind_day("20200102 093000"), 34200 * kNanosPerSecond);
  EXPECT_EQ(nanos_behind_day("20200102T0930"), 34200 * kNanosPerSecond);
  EXPECT_EQ(nanos_behind_day("20200102 093000.5Z"), 34200 * kNanosPerSecond + kNanosPerSecond / 2);
  for (const char* none : {"2020-01-02 noon", "20200102 096100", "20200102 0960", "20200102 09300", "20200102 93"}) {
    EXPECT_FALSE(nanos_behind_day(none)) << none;
  }
}

}  // namespace
}  // namespace lode::flow
