// The clock of the Australian exchange, by the rules of New South Wales since 2001: daylight time from the first Sunday
// of October to the first of April at 02:00 standard time (to March 2008: from the last Sunday of October to the last
// of March, in 2006 the first of April). Source: Standard Time Act 1987 (NSW) and its orders of 2005 and 2007.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/time.h"

namespace lode::source::asx {

// The instant at which that clock showed `seconds` after midnight of `day`; of the hour that comes twice the later.
Time sydney(Date day, std::int64_t seconds);
// The day that clock shows.
Date sydney_date(Time instant);

}  // namespace lode::source::asx
