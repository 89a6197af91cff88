// The rule of the eastern clock against the exchange's calendar, whose zone comes from the system's database.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/eastern.h"

#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/market/calendar.h"

namespace lode::source::edgar {
namespace {

TEST(Eastern, OpensTheExchangeAtHalfPastNineEverySessionSince2000) {
  const Calendar* calendar = must(find_calendar("XNYS"));
  int sessions = 0;
  for (const Date day : calendar->sessions(calendar->first(), calendar->last())) {
    ASSERT_EQ(eastern(day, 9 * 3600 + 1800), calendar->open(day)) << to_string(day);
    ++sessions;
  }
  EXPECT_GT(sessions, 9000);
}

TEST(Eastern, TellsTheDayOfEveryHourAsTheZoneDatabaseDoes) {
  const Calendar* calendar = must(find_calendar("XNYS"));
  const std::int64_t hour = 3600 * kNanosPerSecond;
  for (std::int64_t at = must(parse_as_of("2000-01-01T00:00:00Z")).nanos;
       at < must(parse_as_of("2012-01-01T00:00:00Z")).nanos; at += hour) {
    ASSERT_EQ(eastern_date({at}), local_date(*calendar, {at})) << to_string(Time{at});
  }
}

TEST(Eastern, GoesThereAndBackAtEveryQuarterOfAnHour) {
  for (Date day = Date::from_civil(1993, 1, 1); day < Date::from_civil(2030, 1, 1); day = day + 1) {
    for (std::int64_t seconds = 0; seconds < 86'400; seconds += 5400) {
      const Time instant = eastern(day, seconds);
      const bool skipped = eastern_seconds(instant) != seconds;
      if (skipped) {  // 02:30 on the night daylight time begins is shown as 03:30.
        ASSERT_TRUE(day.weekday() == 6 && seconds / 3600 == 2) << to_string(day) << " " << seconds;
        continue;
      }
      ASSERT_EQ(eastern_date(instant), day);
    }
  }
}

TEST(Eastern, KnowsTheRulesBefore2007And1987) {
  EXPECT_EQ(to_string(eastern(Date::from_civil(2006, 3, 20), 0)), "2006-03-20T05:00:00Z");
  EXPECT_EQ(to_string(eastern(Date::from_civil(2007, 3, 20), 0)), "2007-03-20T04:00:00Z");
  EXPECT_EQ(to_string(eastern(Date::from_civil(1995, 4, 3), 0)), "1995-04-03T04:00:00Z");
  EXPECT_EQ(to_string(eastern(Date::from_civil(1986, 4, 3), 0)), "1986-04-03T05:00:00Z");
  EXPECT_EQ(to_string(eastern(Date::from_civil(2006, 10, 30), 0)), "2006-10-30T05:00:00Z");
}

TEST(Eastern, TakesTheLaterOfTheHourThatComesTwice) {
  EXPECT_EQ(to_string(eastern(Date::from_civil(2022, 11, 6), 5400)), "2022-11-06T06:30:00Z");
}

TEST(Eastern, ABareDateLastsToItsEnd) {
  EXPECT_EQ(to_string(eastern_end(Date::from_civil(2024, 6, 14))), "2024-06-15T03:59:59.999999999Z");
}

}  // namespace
}  // namespace lode::source::edgar
