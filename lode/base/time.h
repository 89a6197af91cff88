// Date (a calendar day without a zone) and Time (an instant, UTC nanoseconds): the two time types of the house.
// A session is a Date in its exchange's calendar, never a midnight in some zone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "lode/base/result.h"

namespace lode {

// A proleptic Gregorian day. Default: 1970-01-01.
struct Date {
  std::int32_t days = 0;  // Since 1970-01-01.

  static Date from_civil(int year, int month, int day);  // The day must exist.
  int year() const;
  int month() const;    // 1..12
  int day() const;      // 1..31
  int weekday() const;  // 0 = Monday .. 6 = Sunday

  auto operator<=>(const Date&) const = default;
  friend Date operator+(Date d, int count) { return {d.days + count}; }
  friend Date operator-(Date d, int count) { return {d.days - count}; }
  friend int operator-(Date a, Date b) { return a.days - b.days; }
};

// An instant. Default: the Unix epoch.
struct Time {
  std::int64_t nanos = 0;  // Since 1970-01-01T00:00:00Z.

  auto operator<=>(const Time&) const = default;
};
inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;

Time start_of_day(Date date);  // 00:00 UTC.
Time end_of_day(Date date);    // The last nanosecond of that UTC day: what `--as-of DATE` means.
Date utc_date(Time time);      // The UTC day the instant falls on, also before 1970.

// "2024-06-28" (also "20240628" and "2024/06/28"); E2005 for anything else, and for a day that does not exist. `text`
// is not trimmed. No allocation on success: import calls this a million times.
Result<Date> parse_date(std::string_view text);

// The same without the error's text, for parsers that count: false when it is not a date.
bool try_parse_date(std::string_view text, Date& out);

// An ISO date (read as the end of that UTC day) or an instant "2024-06-28T16:00:00Z" / "+02:00"; E0005 otherwise.
Result<Time> parse_as_of(std::string_view text);

std::string to_string(Date date);  // "2024-06-28"
std::string to_string(Time time);  // "2024-06-28T20:00:00Z", with as many decimals as the value has, in threes.

// Minutes to nanoseconds in a bar's length; kDaily is one session.
enum class Interval : std::int64_t { kDaily = 0, kMinute = 60 * kNanosPerSecond };
std::string to_string(Interval interval);  // "1d", "1m"

}  // namespace lode
