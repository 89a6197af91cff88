// Holiday rules of New York and Sydney, with every special closure and its source.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/calendar_rules.h"

#include <utility>

namespace lode {
namespace {

constexpr int kMonday = 0;
constexpr int kThursday = 3;
constexpr int kFriday = 4;
constexpr int kSaturday = 5;
constexpr int kSunday = 6;

constexpr int kFirstYear = 2000;
// The system's zone files and date-tz know offsets to 2037; rules announced today need not hold longer.
constexpr int kLastYear = 2035;

constexpr int minute_of(int hour, int minute) { return hour * 60 + minute; }

Date monday_if_sunday(Date date) { return date.weekday() == kSunday ? date + 1 : date; }

Date monday_if_weekend(Date date) { return date.weekday() == kSaturday ? date + 2 : monday_if_sunday(date); }

// NYSE Rule 7.2: a holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after.
Date nearest_weekday(Date date) { return date.weekday() == kSaturday ? date - 1 : monday_if_sunday(date); }

void add_new_york_holidays(int year, std::vector<Closure>& out) {
  // New Year's Day on a Saturday is not kept on Friday: that is the end of a yearly accounting period (Rule 7.2).
  out.push_back({monday_if_sunday(Date::from_civil(year, 1, 1)), "New Year's Day"});
  out.push_back({nth_weekday(year, 1, kMonday, 3), "Martin Luther King Jr. Day"});
  out.push_back({nth_weekday(year, 2, kMonday, 3), "Washington's Birthday"});
  out.push_back({easter(year) - 2, "Good Friday"});
  out.push_back({nth_weekday(year, 5, kMonday, -1), "Memorial Day"});
  if (year >= 2022) {  // A federal holiday since June 2021, kept by the exchanges from 2022.
    out.push_back({nearest_weekday(Date::from_civil(year, 6, 19)), "Juneteenth"});
  }
  out.push_back({nearest_weekday(Date::from_civil(year, 7, 4)), "Independence Day"});
  out.push_back({nth_weekday(year, 9, kMonday, 1), "Labor Day"});
  out.push_back({nth_weekday(year, 11, kThursday, 4), "Thanksgiving Day"});
  out.push_back({nearest_weekday(Date::from_civil(year, 12, 25)), "Christmas Day"});
}

// Unscheduled closures, from the NYSE's list "Special Closings" (nyse.com, history of trading days).
void add_new_york_specials(std::vector<Closure>& out) {
  for (int day = 11; day <= 14; ++day) {
    out.push_back({Date::from_civil(2001, 9, day), "attacks of 11 September 2001"});
  }
  out.push_back({Date::from_civil(2004, 6, 11), "mourning for President Reagan"});
  out.push_back({Date::from_civil(2007, 1, 2), "mourning for President Ford"});
  out.push_back({Date::from_civil(2012, 10, 29), "Hurricane Sandy"});
  out.push_back({Date::from_civil(2012, 10, 30), "Hurricane Sandy"});
  out.push_back({Date::from_civil(2018, 12, 5), "mourning for President G. H. W. Bush"});
  out.push_back({Date::from_civil(2025, 1, 9), "mourning for President Carter"});
}

// 13:00 on the day after Thanksgiving, on 24 December from Monday to Thursday, and before Independence Day.
void add_new_york_early_closes(int year, std::vector<EarlyClose>& out) {
  constexpr int kClose = minute_of(13, 0);
  out.push_back({nth_weekday(year, 11, kThursday, 4) + 1, kClose});
  const Date eve = Date::from_civil(year, 12, 24);
  if (eve.weekday() <= kThursday) {  // A Friday is the kept holiday itself.
    out.push_back({eve, kClose});
  }
  const Date fourth = Date::from_civil(year, 7, 4);
  if (fourth.weekday() == kThursday && year < 2013) {
    out.push_back({fourth + 1, kClose});  // To 2012 a Thursday holiday shortened the Friday after it (2002).
  } else if (fourth.weekday() > kMonday && fourth.weekday() <= kFriday) {
    out.push_back({fourth - 1, kClose});
  }
  if (year == 2003) {
    out.push_back({Date::from_civil(2003, 12, 26), kClose});  // Once, by NYSE announcement.
  }
}

void add_sydney_holidays(int year, std::vector<Closure>& out) {
  out.push_back({monday_if_weekend(Date::from_civil(year, 1, 1)), "New Year's Day"});
  out.push_back({monday_if_weekend(Date::from_civil(year, 1, 26)), "Australia Day"});
  out.push_back({easter(year) - 2, "Good Friday"});
  out.push_back({easter(year) + 1, "Easter Monday"});
  out.push_back({Date::from_civil(year, 4, 25), "Anzac Day"});  // No substitute on a weekend; 2010 and 2011 below.
  out.push_back({nth_weekday(year, 6, kMonday, 2), year < 2023 ? "Queen's Birthday" : "King's Birthday"});
  const Date christmas = Date::from_civil(year, 12, 25);
  out.push_back({christmas, "Christmas Day"});
  out.push_back({christmas + 1, "Boxing Day"});
  if (christmas.weekday() == kFriday) {
    out.push_back({christmas + 3, "Boxing Day, kept on Monday"});
  } else if (christmas.weekday() == kSaturday) {
    out.push_back({christmas + 2, "Christmas Day, kept on Monday"});
    out.push_back({christmas + 3, "Boxing Day, kept on Tuesday"});
  } else if (christmas.weekday() == kSunday) {
    out.push_back({christmas + 2, "Christmas Day, kept on Tuesday"});
  }
}

// From the ASX's trading calendars of those years (asx.com.au, cash market trading hours).
void add_sydney_specials(std::vector<Closure>& out) {
  out.push_back({Date::from_civil(2010, 4, 26), "Anzac Day, kept on Monday"});
  out.push_back({Date::from_civil(2011, 4, 26), "Anzac Day, kept on Tuesday after Easter"});
  out.push_back({Date::from_civil(2022, 9, 22), "National Day of Mourning for Queen Elizabeth II"});
}

// 14:10 on the last session before Christmas and the last of the year, where these fall on 24 and 31 December or, when
// those are weekend days, on the Friday before. Not in 2022, when both Fridays were full days. Kept since 2010.
void add_sydney_early_closes(int year, std::vector<EarlyClose>& out) {
  if (year < 2010 || year == 2022) {
    return;
  }
  for (const int day : {24, 31}) {
    const Date date = Date::from_civil(year, 12, day);
    const int past_friday = date.weekday() > kFriday ? date.weekday() - kFriday : 0;
    out.push_back({date - past_friday, minute_of(14, 10)});
  }
}

}  // namespace

Date easter(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int f = (b + 8) / 25;
  const int g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return Date::from_civil(year, n / 31, n % 31 + 1);
}

Date nth_weekday(int year, int month, int weekday, int n) {
  if (n < 0) {
    const Date last = (month == 12 ? Date::from_civil(year + 1, 1, 1) : Date::from_civil(year, month + 1, 1)) - 1;
    return last - (last.weekday() - weekday + 7) % 7;
  }
  const Date first = Date::from_civil(year, month, 1);
  return first + (weekday - first.weekday() + 7) % 7 + 7 * (n - 1);
}

CalendarRules new_york_rules(std::string mic, std::string name) {
  CalendarRules rules;
  rules.mic = std::move(mic);
  rules.name = std::move(name);
  rules.zone = "America/New_York";
  rules.first = Date::from_civil(kFirstYear, 1, 1);
  rules.last = Date::from_civil(kLastYear, 12, 31);
  rules.open_minute = minute_of(9, 30);
  rules.close_minute = minute_of(16, 0);
  add_new_york_specials(rules.closures);
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    add_new_york_holidays(year, rules.closures);
    add_new_york_early_closes(year, rules.early_closes);
  }
  return rules;
}

CalendarRules sydney_rules() {
  CalendarRules rules;
  rules.mic = "XASX";
  rules.name = "Australian Securities Exchange";
  rules.zone = "Australia/Sydney";
  rules.first = Date::from_civil(kFirstYear, 1, 1);
  rules.last = Date::from_civil(kLastYear, 12, 31);
  rules.open_minute = minute_of(10, 0);
  // Continuous trading ends at 16:00, but the closing price is made by the single-price auction at 16:10.
  rules.close_minute = minute_of(16, 10);
  add_sydney_specials(rules.closures);
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    add_sydney_holidays(year, rules.closures);
    add_sydney_early_closes(year, rules.early_closes);
  }
  return rules;
}

}  // namespace lode
