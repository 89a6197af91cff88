// Exchange calendars: which days are sessions and when they open and close, by rules (holidays, early closes, special
// closures listed with their source) from 2000 on. A bar on a non-session is bad data; a session without a bar is a
// gap.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"

namespace lode {

// One exchange. Immutable, shared, thread-safe. Covers [first(), last()]; outside it every query asserts.
class Calendar {
 public:
  virtual ~Calendar() = default;

  virtual std::string_view mic() const = 0;   // "XNYS"
  virtual std::string_view name() const = 0;  // "New York Stock Exchange"
  virtual std::string_view zone() const = 0;  // "America/New_York"
  virtual Date first() const = 0;
  virtual Date last() const = 0;

  virtual bool is_session(Date date) const = 0;
  // Why a weekday is closed: "Thanksgiving Day", "Hurricane Sandy"; "weekend"; empty for a session.
  virtual std::string_view closed_because(Date date) const = 0;
  virtual bool is_early_close(Date date) const = 0;
  virtual Time open(Date session) const = 0;   // UTC instant of the regular open.
  virtual Time close(Date session) const = 0;  // UTC instant of the (early) close: event_time of its daily bar.

  // Sessions in [from, to], ascending; days the calendar does not cover hold none.
  std::vector<Date> sessions(Date from, Date to) const;
  // The nearest session at or after / before `date`, strictly after / before for next / previous.
  Date at_or_after(Date date) const;
  Date at_or_before(Date date) const;
  Date next(Date date) const;
  Date previous(Date date) const;
  // Number of sessions in (from, to] when to >= from, negative otherwise. Outside the calendar's years weekdays count.
  int sessions_between(Date from, Date to) const;
};

// XNYS, XNAS, XASX from 2000 to 2035; "XXXX" (no exchange) has none: nullptr. E2019 with the nearest codes for anything
// else, E5004 without the system's time zone data. A close of XASX is its closing auction, 16:10 Sydney time.
Result<const Calendar*> find_calendar(std::string_view mic);
std::vector<std::string> calendar_mics();

// The instant known for a daily bar without a calendar (mic XXXX): the end of that UTC day.
// Likewise for a session outside the calendar's years.
Time session_close(const Calendar* calendar, Date session);

// The day it was on the exchange's clock at an instant. 23:00 UTC is the next day in Sydney and the same in New York.
Date local_date(const Calendar& calendar, Time instant);

}  // namespace lode
