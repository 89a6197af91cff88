// The rules of the built-in exchanges: which days close and why, which end early. Plain data; calendar.cpp turns it
// into tables. Private to this module.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lode/base/time.h"
#include "lode/market/calendar.h"

namespace lode {

struct Closure {
  Date date;
  std::string reason;
};

struct EarlyClose {
  Date date;
  int minute = 0;  // Of the local day.
};

// Everything a calendar is made of. Closures and early closes on weekends are ignored; a closure beats an early close.
struct CalendarRules {
  std::string mic;
  std::string name;
  std::string zone;
  Date first;
  Date last;
  int open_minute = 0;  // Of the local day.
  int close_minute = 0;
  bool weekday[7] = {true, true, true, true, true, false, false};  // Monday first.
  std::vector<Closure> closures;
  std::vector<EarlyClose> early_closes;
};

// Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, 1991, chapter 8).
Date easter(int year);
// The n-th (1 = first) `weekday` (0 = Monday) of a month; n = -1 is the last.
Date nth_weekday(int year, int month, int weekday, int n);

// New York: XNYS and XNAS keep the same days and hours.
CalendarRules new_york_rules(std::string mic, std::string name);
CalendarRules sydney_rules();

// Works out every session's UTC instants, once; E5004 when the system's time zone data lacks the zone.
Result<std::unique_ptr<Calendar>> make_calendar(CalendarRules rules);

}  // namespace lode
