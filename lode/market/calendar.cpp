// The calendars as tables: session or not, why closed, open and close of each day. Zones are asked once, when a
// calendar is first used; after that a close is an array look-up, because an import asks for one a row.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/calendar.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/market/calendar_rules.h"
#include "lode/market/instrument.h"

namespace lode {
namespace {

constexpr std::string_view kWeekend = "weekend";
constexpr std::int64_t kSecondsPerDay = 86'400;

// Turns local minutes of a day into UTC, asking the zone only when the offset may have changed.
class ZoneClock {
 public:
  explicit ZoneClock(const date::time_zone* zone) : zone_(zone) {}

  Time utc(Date date, int minute) {
    const std::int64_t local = std::int64_t{date.days} * kSecondsPerDay + std::int64_t{minute} * 60;
    // A day's margin on either side keeps the cached offset away from the hours around a change, whatever the offset.
    if (!known_ || local - kSecondsPerDay < begin_ || local + kSecondsPerDay >= end_) {
      ask(local);
    }
    return {(local - offset_) * kNanosPerSecond};
  }

 private:
  void ask(std::int64_t local) {
    const date::local_seconds when{std::chrono::seconds(local)};
    const date::local_info info = zone_->get_info(when);
    offset_ = info.first.offset.count();
    begin_ = info.first.begin.time_since_epoch().count();
    end_ = info.first.end.time_since_epoch().count();
    known_ = true;
  }

  const date::time_zone* zone_;
  bool known_ = false;
  std::int64_t offset_ = 0;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
};

class TableCalendar final : public Calendar {
 public:
  TableCalendar(CalendarRules rules, const date::time_zone* zone) : rules_(std::move(rules)) {
    const auto days = static_cast<std::size_t>(rules_.last - rules_.first + 1);
    reason_.assign(days, kSession);
    close_minute_.assign(days, rules_.close_minute);
    mark_weekends();
    mark_rules();
    fill_times(zone);
  }

  std::string_view mic() const override { return rules_.mic; }
  std::string_view name() const override { return rules_.name; }
  std::string_view zone() const override { return rules_.zone; }
  Date first() const override { return rules_.first; }
  Date last() const override { return rules_.last; }

  bool is_session(Date date) const override { return reason_[at(date)] == kSession; }
  std::string_view closed_because(Date date) const override {
    const int reason = reason_[at(date)];
    if (reason == kSession) {
      return {};
    }
    return reason == kWeekendDay ? kWeekend : rules_.closures[static_cast<std::size_t>(reason)].reason;
  }
  bool is_early_close(Date date) const override {
    return is_session(date) && close_minute_[at(date)] != rules_.close_minute;
  }
  Time open(Date session) const override {
    LODE_ASSERT(is_session(session));
    return open_[at(session)];
  }
  Time close(Date session) const override {
    LODE_ASSERT(is_session(session));
    return close_[at(session)];
  }

 private:
  // reason_ holds the index of a closure, or one of these.
  static constexpr int kSession = -1;
  static constexpr int kWeekendDay = -2;

  std::size_t at(Date date) const {
    LODE_ASSERT(date >= rules_.first && date <= rules_.last);
    return static_cast<std::size_t>(date - rules_.first);
  }
  bool covers(Date date) const { return date >= rules_.first && date <= rules_.last; }

  void mark_weekends() {
    for (std::size_t i = 0; i < reason_.size(); ++i) {
      if (!rules_.weekday[(rules_.first + static_cast<int>(i)).weekday()]) {
        reason_[i] = kWeekendDay;
      }
    }
  }

  void mark_rules() {
    for (std::size_t i = 0; i < rules_.closures.size(); ++i) {
      const Date date = rules_.closures[i].date;
      if (covers(date) && reason_[at(date)] == kSession) {
        reason_[at(date)] = static_cast<int>(i);
      }
    }
    for (const EarlyClose& early : rules_.early_closes) {
      if (covers(early.date)) {
        close_minute_[at(early.date)] = early.minute;
      }
    }
  }

  void fill_times(const date::time_zone* zone) {
    ZoneClock clock(zone);
    open_.resize(reason_.size());
    close_.resize(reason_.size());
    for (std::size_t i = 0; i < reason_.size(); ++i) {
      if (reason_[i] == kSession) {
        const Date date = rules_.first + static_cast<int>(i);
        open_[i] = clock.utc(date, rules_.open_minute);
        close_[i] = clock.utc(date, close_minute_[i]);
      }
    }
  }

  CalendarRules rules_;
  std::vector<int> reason_;  // One entry a day from first(), as are the rest.
  std::vector<int> close_minute_;
  std::vector<Time> open_;
  std::vector<Time> close_;
};

// The built-in exchanges, each built when first asked for.
struct BuiltIn {
  std::string_view mic;
  const Result<std::unique_ptr<Calendar>>& (*get)();
};

const Result<std::unique_ptr<Calendar>>& nyse() {
  static const auto calendar = make_calendar(new_york_rules("XNYS", "New York Stock Exchange"));
  return calendar;
}

const Result<std::unique_ptr<Calendar>>& nasdaq() {
  static const auto calendar = make_calendar(new_york_rules("XNAS", "Nasdaq Stock Market"));
  return calendar;
}

const Result<std::unique_ptr<Calendar>>& asx() {
  static const auto calendar = make_calendar(sydney_rules());
  return calendar;
}

constexpr std::array<BuiltIn, 3> kBuiltIn = {{{"XNYS", nyse}, {"XNAS", nasdaq}, {"XASX", asx}}};

}  // namespace

Result<std::unique_ptr<Calendar>> make_calendar(CalendarRules rules) {
  const std::string zone_name = rules.zone;
  try {
    const date::time_zone* zone = date::locate_zone(zone_name);
    return std::make_unique<TableCalendar>(std::move(rules), zone);
  } catch (const std::runtime_error& error) {
    // Memory that ends here passes: it is no fault of the zone's, and a calendar called unreadable would be done
    // without.
    return fail(E::E5004, fmt::format("time zone '{}' cannot be read: {}", zone_name, error.what()),
                "install the time zone data of your system (package tzdata)");
  }
}

std::vector<Date> Calendar::sessions(Date from, Date to) const {
  std::vector<Date> out;
  for (Date date = std::max(from, first()); date <= std::min(to, last()); date = date + 1) {
    if (is_session(date)) {
      out.push_back(date);
    }
  }
  return out;
}

Date Calendar::at_or_after(Date date) const {
  while (!is_session(date)) {
    date = date + 1;
  }
  return date;
}

Date Calendar::at_or_before(Date date) const {
  while (!is_session(date)) {
    date = date - 1;
  }
  return date;
}

Date Calendar::next(Date date) const { return at_or_after(date + 1); }
Date Calendar::previous(Date date) const { return at_or_before(date - 1); }

int Calendar::sessions_between(Date from, Date to) const {
  if (to < from) {
    return -sessions_between(to, from);
  }
  constexpr int kSaturday = 5;
  int count = 0;
  for (Date date = from + 1; date <= to; date = date + 1) {
    const bool known = first() <= date && date <= last();
    count += (known ? is_session(date) : date.weekday() < kSaturday) ? 1 : 0;
  }
  return count;
}

Result<const Calendar*> find_calendar(std::string_view mic) {
  if (mic == kNoMic) {
    return nullptr;
  }
  for (const BuiltIn& built_in : kBuiltIn) {
    if (built_in.mic == mic) {
      const Result<std::unique_ptr<Calendar>>& calendar = built_in.get();
      if (!calendar) {
        return fail(calendar.error().clone());
      }
      return calendar->get();
    }
  }
  std::vector<std::string> known = calendar_mics();
  known.emplace_back(kNoMic);
  std::string hint = did_you_mean(mic, known);
  return fail(E::E2019,
              fmt::format("'{}' is not an exchange code known here, expected one of {}", mic, join(known, ", ")),
              std::move(hint));
}

std::vector<std::string> calendar_mics() {
  std::vector<std::string> mics;
  for (const BuiltIn& built_in : kBuiltIn) {
    mics.emplace_back(built_in.mic);
  }
  return mics;
}

Date local_date(const Calendar& calendar, Time instant) {
  const date::time_zone* zone = date::locate_zone(std::string(calendar.zone()));  // Its calendar was made with it.
  const auto when = date::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(instant.nanos));
  const auto offset = std::chrono::duration_cast<std::chrono::nanoseconds>(zone->get_info(when).offset);
  return utc_date(Time{instant.nanos + offset.count()});
}

Time session_close(const Calendar* calendar, Date session) {
  const bool known = calendar != nullptr && calendar->first() <= session && session <= calendar->last();
  return known ? calendar->close(session) : end_of_day(session);
}

}  // namespace lode
