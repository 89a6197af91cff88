// The clock of EDGAR's office, US Eastern, by the rules of law since 1976: enough for every filing there is, and pure.
// Daylight time runs from the last Sunday of April (1976-1986), the first of April (1987-2006), the second of March
// (2007 on) to the last Sunday of October (to 2006) or the first of November, each at 02:00. Source: 15 U.S.C. 260a and
// its amendments of 1986 and 2005.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lode/base/time.h"

namespace lode::source::edgar {

// The instant at which that clock showed `seconds` after midnight of `day`. Of the hour that comes twice the later, of
// the hour that is skipped as if daylight time had not begun: never too early.
Time eastern(Date day, std::int64_t seconds);
// The last nanosecond of the day on that clock: what a bare date means.
Time eastern_end(Date day);
// The day and the seconds after midnight that clock shows.
Date eastern_date(Time instant);
std::int64_t eastern_seconds(Time instant);

}  // namespace lode::source::edgar
