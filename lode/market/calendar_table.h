// A Calendar as tables with one entry a day, built once from rules. Private to this module.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "lode/market/calendar.h"
#include "lode/market/calendar_rules.h"

namespace lode {

// Works out every session's UTC instants; E5004 when the system's time zone data lacks the zone.
Result<std::unique_ptr<Calendar>> make_calendar(CalendarRules rules);

}  // namespace lode
