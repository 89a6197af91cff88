// US Eastern time by rule.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/eastern.h"

namespace lode::source::edgar {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kStandard = -5 * kHour;
constexpr std::int64_t kDaylight = -4 * kHour;
constexpr int kSunday = 6;

Date sunday_from(Date day) { return day + (kSunday - day.weekday() + 7) % 7; }
Date last_sunday(Date last_of_month) { return last_of_month - (last_of_month.weekday() + 1) % 7; }

Date daylight_begins(int year) {
  if (year >= 2007) {
    return sunday_from(Date::from_civil(year, 3, 8));
  }
  return year >= 1987 ? sunday_from(Date::from_civil(year, 4, 1)) : last_sunday(Date::from_civil(year, 4, 30));
}

Date daylight_ends(int year) {
  return year >= 2007 ? sunday_from(Date::from_civil(year, 11, 1)) : last_sunday(Date::from_civil(year, 10, 31));
}

// Offset while the clock shows that time. In the doubled hour standard time: it comes second.
std::int64_t offset_at(Date day, std::int64_t seconds) {
  const Date begins = daylight_begins(day.year());
  const Date ends = daylight_ends(day.year());
  const bool after_start = day > begins || (day == begins && seconds >= 3 * kHour);
  const bool before_end = day < ends || (day == ends && seconds < kHour);
  return after_start && before_end ? kDaylight : kStandard;
}

std::int64_t floor_div(std::int64_t value, std::int64_t by) { return (value - ((value % by + by) % by)) / by; }

// Seconds since 1970 on that clock.
std::int64_t shown(Time instant) {
  const std::int64_t utc = floor_div(instant.nanos, kNanosPerSecond);
  const Date standard_day{static_cast<std::int32_t>(floor_div(utc + kStandard, 86'400))};
  const int year = standard_day.year();
  const std::int64_t begins = std::int64_t{daylight_begins(year).days} * 86'400 + 2 * kHour - kStandard;
  const std::int64_t ends = std::int64_t{daylight_ends(year).days} * 86'400 + 2 * kHour - kDaylight;
  return utc + (utc >= begins && utc < ends ? kDaylight : kStandard);
}

}  // namespace

Time eastern(Date day, std::int64_t seconds) {
  return {(std::int64_t{day.days} * 86'400 + seconds - offset_at(day, seconds)) * kNanosPerSecond};
}

Time eastern_end(Date day) { return {eastern(day + 1, 0).nanos - 1}; }

Date eastern_date(Time instant) { return {static_cast<std::int32_t>(floor_div(shown(instant), 86'400))}; }

std::int64_t eastern_seconds(Time instant) {
  return shown(instant) - std::int64_t{eastern_date(instant).days} * 86'400;
}

}  // namespace lode::source::edgar
