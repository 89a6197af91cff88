// Dates and instants: the proleptic Gregorian calendar in integers, and their texts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/time.h"

#include <fmt/format.h>

#include <limits>

#include "lode/base/assert.h"
#include "lode/base/text.h"

namespace lode {
namespace {

constexpr int kDaysPerEra = 146'097;   // 400 years.
constexpr int kDaysToEpoch = 719'468;  // 0000-03-01 to 1970-01-01.
constexpr int kMonthDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
constexpr std::int64_t kNanosMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNanosMin = std::numeric_limits<std::int64_t>::min();

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

bool is_civil(int year, int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= kMonthDays[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

int floor_divide(int a, int b) { return a / b - (a % b < 0 ? 1 : 0); }
std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Days since 1970-01-01. Years begin in March here, so the leap day is the last of its year, and the days before a
// month are (153 m + 2) / 5 with m = 0 in March.
std::int32_t civil_to_days(int year, int month, int day) {
  const int march_year = year - (month <= 2 ? 1 : 0);
  const int era = floor_divide(march_year, 400);
  const int year_of_era = march_year - era * 400;
  const int march_month = (month + 9) % 12;
  const int day_of_year = (153 * march_month + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysToEpoch;
}

struct Civil {
  int year;
  int month;
  int day;
};

Civil days_to_civil(std::int32_t days) {
  const std::int64_t shifted = std::int64_t{days} + kDaysToEpoch;
  const auto era = static_cast<int>(floor_divide(shifted, std::int64_t{kDaysPerEra}));
  const auto day_of_era = static_cast<int>(shifted - std::int64_t{era} * kDaysPerEra);
  // The corrections take out the leap days before this day: one in 4 years, less one in 100, plus one in 400.
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int march_month = (5 * day_of_year + 2) / 153;
  const int month = march_month < 10 ? march_month + 3 : march_month - 9;
  const int year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * march_month + 2) / 5 + 1};
}

// The value of `count` digits at `text`, or a negative number when one of them is no digit.
int digits(const char* text, int count) {
  int value = 0;
  unsigned bad = 0;
  for (int i = 0; i < count; ++i) {
    const unsigned digit = static_cast<unsigned>(text[i]) - unsigned{'0'};
    bad |= digit > 9 ? 1U : 0U;
    value = value * 10 + static_cast<int>(digit & 15U);
  }
  return bad != 0 ? -1 : value;
}

// "T16:00:00.5+02:00" behind a date: nanoseconds of the day in UTC; false when it is not that.
class ClockReader {
 public:
  explicit ClockReader(std::string_view text) : rest_(text) {}

  bool read(std::int64_t& nanos) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!(take('T') || take(' ')) || !number(hour, 23) || !take(':') || !number(minute, 59)) {
      return false;
    }
    std::int64_t fraction = 0;
    if (take(':') && (!number(second, 59) || (take('.') && !decimals(fraction)))) {
      return false;
    }
    int offset_minutes = 0;
    if (!zone(offset_minutes) || !rest_.empty()) {
      return false;
    }
    const std::int64_t seconds = std::int64_t{hour} * 3600 + (minute - offset_minutes) * 60 + second;
    nanos = seconds * kNanosPerSecond + fraction;
    return true;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  bool number(int& out, int most) {
    if (rest_.size() < 2) {
      return false;
    }
    out = digits(rest_.data(), 2);
    rest_.remove_prefix(2);
    return out >= 0 && out <= most;
  }

  // One to nine decimals of a second.
  bool decimals(std::int64_t& nanos) {
    std::int64_t unit = kNanosPerSecond;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9' && unit > 1) {
      unit /= 10;
      nanos += (rest_.front() - '0') * unit;
      rest_.remove_prefix(1);
    }
    return unit < kNanosPerSecond;
  }

  bool zone(int& offset_minutes) {
    if (take('Z')) {
      return true;
    }
    const bool is_east = take('+');
    int hours = 0;
    int minutes = 0;
    if (!(is_east || take('-')) || !number(hours, 23)) {
      return false;
    }
    take(':');
    if (!number(minutes, 59)) {
      return false;
    }
    offset_minutes = (is_east ? 1 : -1) * (hours * 60 + minutes);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

Date Date::from_civil(int year, int month, int day) {
  LODE_ASSERT(is_civil(year, month, day));
  return {civil_to_days(year, month, day)};
}

int Date::year() const { return days_to_civil(days).year; }
int Date::month() const { return days_to_civil(days).month; }
int Date::day() const { return days_to_civil(days).day; }

int Date::weekday() const {
  // 1970-01-01 was a Thursday.
  const int rest = (days % 7 + 3) % 7;
  return rest < 0 ? rest + 7 : rest;
}

Time start_of_day(Date date) {
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(std::int64_t{date.days}, kNanosPerDay, &nanos)) {
    return {date.days < 0 ? kNanosMin : kNanosMax};
  }
  return {nanos};
}

Time end_of_day(Date date) {
  const std::int64_t start = start_of_day(date).nanos;
  std::int64_t nanos = 0;
  return {__builtin_add_overflow(start, kNanosPerDay - 1, &nanos) ? kNanosMax : nanos};
}

Date utc_date(Time time) { return {static_cast<std::int32_t>(floor_divide(time.nanos, kNanosPerDay))}; }

bool try_parse_date(std::string_view text, Date& out) {
  int year = 0;
  int month = 0;
  int day = 0;
  const char* const at = text.data();
  if (text.size() == 10 && at[4] == at[7] && (at[4] == '-' || at[4] == '/')) {
    year = digits(at, 4);
    month = digits(at + 5, 2);
    day = digits(at + 8, 2);
  } else if (text.size() == 8) {
    year = digits(at, 4);
    month = digits(at + 4, 2);
    day = digits(at + 6, 2);
  } else {
    return false;
  }
  if (year < 1 || !is_civil(year, month, day)) {
    return false;
  }
  out = {civil_to_days(year, month, day)};
  return true;
}

Result<Date> parse_date(std::string_view text) {
  Date date;
  if (try_parse_date(text, date)) {
    return date;
  }
  return fail(E::E2005, fmt::format("{} is not a date that exists, expected YYYY-MM-DD", quote(text)));
}

Result<Time> parse_as_of(std::string_view text) {
  Date date;
  if (try_parse_date(text, date)) {
    return end_of_day(date);
  }
  const std::size_t date_length = text.find_first_of("T ");
  std::int64_t in_day = 0;
  std::int64_t nanos = 0;
  if (date_length == std::string_view::npos || !try_parse_date(text.substr(0, date_length), date) ||
      !ClockReader(text.substr(date_length)).read(in_day)) {
    return fail(
        E::E5,
        fmt::format("{} is neither a date nor an instant, expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ", quote(text)),
        "a date means the end of that day in UTC; an instant needs its zone: 2024-06-28T16:00:00Z or +02:00");
  }
  if (__builtin_mul_overflow(std::int64_t{date.days}, kNanosPerDay, &nanos) ||
      __builtin_add_overflow(nanos, in_day, &nanos)) {
    return fail(E::E5, fmt::format("{} is outside 1677-09-22 .. 2262-04-10, the range of an instant", quote(text)));
  }
  return Time{nanos};
}

std::string to_string(Date date) {
  const Civil civil = days_to_civil(date.days);
  return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
}

std::string to_string(Time time) {
  const Date date = utc_date(time);
  // Not time - start of day: that start lies outside the range for the first representable day.
  const std::int64_t rest = time.nanos % kNanosPerDay;
  const std::int64_t in_day = rest < 0 ? rest + kNanosPerDay : rest;
  const std::int64_t seconds = in_day / kNanosPerSecond;
  const std::int64_t nanos = in_day % kNanosPerSecond;
  std::string text =
      fmt::format("{}T{:02}:{:02}:{:02}", to_string(date), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (nanos % 1000 != 0) {
    text += fmt::format(".{:09}", nanos);
  } else if (nanos % 1'000'000 != 0) {
    text += fmt::format(".{:06}", nanos / 1000);
  } else if (nanos != 0) {
    text += fmt::format(".{:03}", nanos / 1'000'000);
  }
  return text + "Z";
}

std::string to_string(Interval interval) {
  const std::int64_t nanos = static_cast<std::int64_t>(interval);
  if (interval == Interval::kDaily) {
    return "1d";
  }
  const std::int64_t minute = static_cast<std::int64_t>(Interval::kMinute);
  return nanos % minute == 0 ? fmt::format("{}m", nanos / minute) : fmt::format("{}s", nanos / kNanosPerSecond);
}

}  // namespace lode
