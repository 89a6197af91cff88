// Sydney time by rule.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/asx/sydney.h"

namespace lode::source::asx {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kStandard = 10 * kHour;
constexpr std::int64_t kDaylight = 11 * kHour;
constexpr int kSunday = 6;

Date sunday_from(Date day) { return day + (kSunday - day.weekday() + 7) % 7; }
Date last_sunday(Date last_of_month) { return last_of_month - (last_of_month.weekday() + 1) % 7; }

Date begins(int year) {
  return year >= 2008 ? sunday_from(Date::from_civil(year, 10, 1)) : last_sunday(Date::from_civil(year, 10, 31));
}
Date ends(int year) {
  return year >= 2008 || year == 2006 ? sunday_from(Date::from_civil(year, 4, 1))
                                      : last_sunday(Date::from_civil(year, 3, 31));
}

std::int64_t offset_at(Date day, std::int64_t seconds) {
  const Date end = ends(day.year());
  const Date begin = begins(day.year());
  // 02:00 becomes 03:00; 03:00 becomes 02:00, so that 02:00 to 03:00 comes twice.
  const bool before_end = day < end || (day == end && seconds < 2 * kHour);
  const bool after_begin = day > begin || (day == begin && seconds >= 3 * kHour);
  return before_end || after_begin ? kDaylight : kStandard;
}

}  // namespace

Time sydney(Date day, std::int64_t seconds) {
  return {(std::int64_t{day.days} * 86'400 + seconds - offset_at(day, seconds)) * kNanosPerSecond};
}

Date sydney_date(Time instant) {
  // The day by standard time is right or, in the last hour before midnight of the summer, one too early.
  const Date standard = utc_date(Time{instant.nanos + kStandard * kNanosPerSecond});
  return sydney(standard + 1, 0) <= instant ? standard + 1 : standard;
}

}  // namespace lode::source::asx
