// Calendars by hand: holidays as the exchanges published them, UTC instants on both sides of each clock change.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "lode/market/calendar_rules.h"

namespace lode {
namespace {

using testing::ElementsAre;

Date day(std::string_view text) {
  Date date;
  EXPECT_TRUE(try_parse_date(text, date)) << text;
  return date;
}

const Calendar& calendar(std::string_view mic) { return **find_calendar(mic); }

std::vector<std::string> closed_weekdays(const Calendar& exchange, int year) {
  std::vector<std::string> out;
  for (Date date = Date::from_civil(year, 1, 1); date.year() == year; date = date + 1) {
    if (date.weekday() < 5 && !exchange.is_session(date)) {
      out.push_back(to_string(date));
    }
  }
  return out;
}

std::vector<std::string> early_closes(const Calendar& exchange, int year) {
  std::vector<std::string> out;
  for (Date date = Date::from_civil(year, 1, 1); date.year() == year; date = date + 1) {
    if (exchange.is_early_close(date)) {
      out.push_back(to_string(date));
    }
  }
  return out;
}

TEST(Easter, IsTheSundayOfTheChurchTables) {
  EXPECT_EQ(to_string(easter(2000)), "2000-04-23");
  EXPECT_EQ(to_string(easter(2008)), "2008-03-23");  // Nearly the earliest.
  EXPECT_EQ(to_string(easter(2011)), "2011-04-24");  // Nearly the latest.
  EXPECT_EQ(to_string(easter(2024)), "2024-03-31");
  EXPECT_EQ(to_string(easter(2030)), "2030-04-21");
}

TEST(NthWeekday, CountsFromEitherEnd) {
  EXPECT_EQ(to_string(nth_weekday(2024, 11, 3, 4)), "2024-11-28");
  EXPECT_EQ(to_string(nth_weekday(2024, 1, 0, 1)), "2024-01-01");
  EXPECT_EQ(to_string(nth_weekday(2021, 5, 0, -1)), "2021-05-31");
  EXPECT_EQ(to_string(nth_weekday(2023, 12, 6, -1)), "2023-12-31");
}

TEST(NewYork, ClosesOnThePublishedHolidays) {
  EXPECT_THAT(closed_weekdays(calendar("XNYS"), 2024),
              ElementsAre("2024-01-01", "2024-01-15", "2024-02-19", "2024-03-29", "2024-05-27", "2024-06-19",
                          "2024-07-04", "2024-09-02", "2024-11-28", "2024-12-25"));
  // Published for 2027: Juneteenth on Friday the 18th, 4 July on Monday the 5th, Christmas on Friday the 24th.
  EXPECT_THAT(closed_weekdays(calendar("XNAS"), 2027),
              ElementsAre("2027-01-01", "2027-01-18", "2027-02-15", "2027-03-26", "2027-05-31", "2027-06-18",
                          "2027-07-05", "2027-09-06", "2027-11-25", "2027-12-24"));
}

TEST(NewYork, KeepsASundayHolidayOnMondayAndOpensBeforeASaturdayNewYear) {
  EXPECT_FALSE(calendar("XNYS").is_session(day("2023-01-02")));
  EXPECT_TRUE(calendar("XNYS").is_session(day("2021-12-31")));  // 1 January 2022 was a Saturday.
  EXPECT_TRUE(calendar("XNYS").is_session(day("2004-12-31")));
}

TEST(NewYork, KeepsJuneteenthFrom2022) {
  EXPECT_TRUE(calendar("XNYS").is_session(day("2020-06-19")));
  EXPECT_TRUE(calendar("XNYS").is_session(day("2021-06-18")));
  EXPECT_EQ(calendar("XNYS").closed_because(day("2022-06-20")), "Juneteenth");
}

TEST(NewYork, NamesWhyItIsClosed) {
  const Calendar& exchange = calendar("XNYS");
  EXPECT_EQ(exchange.closed_because(day("2012-10-29")), "Hurricane Sandy");
  EXPECT_EQ(exchange.closed_because(day("2001-09-14")), "attacks of 11 September 2001");
  EXPECT_EQ(exchange.closed_because(day("2007-01-02")), "mourning for President Ford");
  EXPECT_EQ(exchange.closed_because(day("2024-11-28")), "Thanksgiving Day");
  EXPECT_EQ(exchange.closed_because(day("2024-11-30")), "weekend");
  EXPECT_EQ(exchange.closed_because(day("2024-11-29")), "");
}

TEST(NewYork, ClosesEarlyOnThePublishedDays) {
  EXPECT_THAT(early_closes(calendar("XNYS"), 2024), ElementsAre("2024-07-03", "2024-11-29", "2024-12-24"));
  EXPECT_THAT(early_closes(calendar("XNYS"), 2002), ElementsAre("2002-07-05", "2002-11-29", "2002-12-24"));
  EXPECT_THAT(early_closes(calendar("XNYS"), 2003),
              ElementsAre("2003-07-03", "2003-11-28", "2003-12-24", "2003-12-26"));
  EXPECT_THAT(early_closes(calendar("XNYS"), 2021), ElementsAre("2021-11-26"));
}

TEST(NewYork, OpensAndClosesInUtcOnBothSidesOfAClockChange) {
  const Calendar& exchange = calendar("XNYS");
  EXPECT_EQ(to_string(exchange.open(day("2024-03-08"))), "2024-03-08T14:30:00Z");  // Standard time, UTC-5.
  EXPECT_EQ(to_string(exchange.close(day("2024-03-08"))), "2024-03-08T21:00:00Z");
  EXPECT_EQ(to_string(exchange.close(day("2024-03-11"))), "2024-03-11T20:00:00Z");  // Daylight time, UTC-4.
  EXPECT_EQ(to_string(exchange.close(day("2024-11-29"))), "2024-11-29T18:00:00Z");  // 13:00 local.
  // Until 2006 daylight time began on the first Sunday of April.
  EXPECT_EQ(to_string(exchange.close(day("2006-03-31"))), "2006-03-31T21:00:00Z");
  EXPECT_EQ(to_string(exchange.close(day("2006-04-03"))), "2006-04-03T20:00:00Z");
  EXPECT_EQ(to_string(exchange.close(day("2035-07-10"))), "2035-07-10T20:00:00Z");
  EXPECT_EQ(to_string(exchange.close(day("2035-12-10"))), "2035-12-10T21:00:00Z");
}

TEST(Sydney, ClosesOnThePublishedHolidays) {
  EXPECT_THAT(closed_weekdays(calendar("XASX"), 2022),
              ElementsAre("2022-01-03", "2022-01-26", "2022-04-15", "2022-04-18", "2022-04-25", "2022-06-13",
                          "2022-09-22", "2022-12-26", "2022-12-27"));
  EXPECT_THAT(closed_weekdays(calendar("XASX"), 2011),
              ElementsAre("2011-01-03", "2011-01-26", "2011-04-22", "2011-04-25", "2011-04-26", "2011-06-13",
                          "2011-12-26", "2011-12-27"));
  EXPECT_THAT(
      closed_weekdays(calendar("XASX"), 2021),
      ElementsAre("2021-01-01", "2021-01-26", "2021-04-02", "2021-04-05", "2021-06-14", "2021-12-27", "2021-12-28"));
}

TEST(Sydney, ClosesInUtcWithTheAuctionOfTheDay) {
  const Calendar& exchange = calendar("XASX");
  EXPECT_EQ(to_string(exchange.open(day("2024-01-02"))), "2024-01-01T23:00:00Z");  // Daylight time, UTC+11.
  EXPECT_EQ(to_string(exchange.close(day("2024-01-02"))), "2024-01-02T05:10:00Z");
  EXPECT_EQ(to_string(exchange.close(day("2024-06-28"))), "2024-06-28T06:10:00Z");  // Standard time, UTC+10.
  EXPECT_EQ(to_string(exchange.close(day("2024-12-24"))), "2024-12-24T03:10:00Z");  // 14:10 local.
  EXPECT_THAT(early_closes(exchange, 2024), ElementsAre("2024-12-24", "2024-12-31"));
  EXPECT_THAT(early_closes(exchange, 2023), ElementsAre("2023-12-22", "2023-12-29"));
}

TEST(Calendar, WalksSessions) {
  const Calendar& exchange = calendar("XNYS");
  EXPECT_EQ(to_string(exchange.next(day("2024-11-27"))), "2024-11-29");
  EXPECT_EQ(to_string(exchange.previous(day("2024-01-02"))), "2023-12-29");
  EXPECT_EQ(to_string(exchange.at_or_after(day("2024-11-28"))), "2024-11-29");
  EXPECT_EQ(to_string(exchange.at_or_before(day("2024-11-28"))), "2024-11-27");
  EXPECT_EQ(exchange.at_or_after(day("2024-11-27")), day("2024-11-27"));
  EXPECT_EQ(exchange.sessions(day("2024-01-01"), day("2024-12-31")).size(), 252U);
  EXPECT_EQ(exchange.sessions_between(day("2023-12-31"), day("2024-12-31")), 252);
  EXPECT_EQ(exchange.sessions_between(day("2024-01-05"), day("2024-01-05")), 0);
  EXPECT_EQ(exchange.sessions_between(day("2024-01-08"), day("2024-01-05")), -1);
  EXPECT_TRUE(exchange.sessions(day("2024-01-06"), day("2024-01-07")).empty());
  EXPECT_EQ(to_string(exchange.sessions(day("1970-01-01"), day("2000-01-04")).front()), "2000-01-03");
}

TEST(FindCalendar, KnowsThreeExchangesAndNone) {
  EXPECT_THAT(calendar_mics(), ElementsAre("XNYS", "XNAS", "XASX"));
  EXPECT_EQ(*find_calendar("XXXX"), nullptr);
  EXPECT_EQ(*find_calendar("XNYS"), *find_calendar("XNYS"));
  const auto unknown = find_calendar("XNYZ");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().number(), E::E2019);
  EXPECT_THAT(unknown.error().message(), testing::HasSubstr("'XNYZ'"));
  EXPECT_THAT(unknown.error().hint(), testing::HasSubstr("XNYS"));
}

TEST(Calendar, IsMadeOnceForManyThreads) {
  std::vector<const Calendar*> found(8, nullptr);
  {
    std::vector<std::jthread> threads;
    for (const Calendar*& slot : found) {
      threads.emplace_back([&slot] { slot = *find_calendar("XASX"); });
    }
  }
  EXPECT_THAT(found, testing::Each(&calendar("XASX")));
}

TEST(Calendar, KeepsOpenBeforeCloseOnEverySession) {
  for (const std::string& mic : calendar_mics()) {
    const Calendar& exchange = calendar(mic);
    Time before{0};
    for (const Date session : exchange.sessions(exchange.first(), exchange.last())) {
      EXPECT_LT(before, exchange.open(session)) << mic << " " << to_string(session);
      EXPECT_LT(exchange.open(session), exchange.close(session));
      EXPECT_LE(exchange.close(session).nanos - exchange.open(session).nanos, 7 * 3600 * kNanosPerSecond);
      before = exchange.close(session);
    }
  }
}

TEST(SessionClose, IsTheEndOfTheDayWithoutACalendar) {
  EXPECT_EQ(session_close(nullptr, day("2024-06-28")), end_of_day(day("2024-06-28")));
  EXPECT_EQ(session_close(&calendar("XNYS"), day("2024-06-28")), calendar("XNYS").close(day("2024-06-28")));
}

TEST(CalendarDeath, RefusesADayItDoesNotCover) {
  EXPECT_DEATH(calendar("XNYS").is_session(day("1999-12-31")), "assertion failed");
  EXPECT_DEATH(calendar("XNYS").close(day("2024-12-25")), "assertion failed");
}

TEST(LocalDate, IsTheDayOnTheExchangesClock) {
  const Calendar& sydney = **find_calendar("XASX");
  const Calendar& new_york = **find_calendar("XNYS");
  const auto at = [](const char* text) { return *parse_as_of(text); };
  EXPECT_EQ(to_string(local_date(sydney, at("2020-01-06T23:00:00Z"))), "2020-01-07");    // 10:00, summer time
  EXPECT_EQ(to_string(local_date(sydney, at("2020-01-06T12:59:59Z"))), "2020-01-06");    // a second before midnight
  EXPECT_EQ(to_string(local_date(sydney, at("2020-07-06T13:30:00Z"))), "2020-07-06");    // 23:30, winter time
  EXPECT_EQ(to_string(local_date(new_york, at("2020-01-07T02:00:00Z"))), "2020-01-06");  // 21:00
  EXPECT_EQ(to_string(local_date(new_york, at("2020-07-07T03:59:59Z"))), "2020-07-06");
  EXPECT_EQ(to_string(local_date(new_york, at("2020-07-07T04:00:00Z"))), "2020-07-07");
}

}  // namespace
}  // namespace lode
