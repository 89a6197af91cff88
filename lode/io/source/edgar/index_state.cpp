// Counts of index files against each other.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/index_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/io/source/edgar/index_file.h"

namespace lode::source::edgar {
namespace {

constexpr std::size_t kDaysKept = 120;  // Of counts: the eight weekdays before, and room for spans asked late.

std::map<Date, std::int64_t> read_days(const Cursor& cursor, std::string_view key) {
  std::map<Date, std::int64_t> out;
  const Value* of = cursor.state.find(key);
  for (const auto& [name, rows] : of != nullptr && of->is_object() ? of->as_object() : Value::Object{}) {
    Date day;
    if (try_parse_date(name, day) && rows.is_int()) {
      out.emplace(day, rows.as_int());
    }
  }
  return out;
}

Value days_value(const std::map<Date, std::int64_t>& days) {
  Value out = Value::object();
  for (const auto& [day, rows] : days) {
    out.set(to_string(day), rows);
  }
  return out;
}

Date quarter_start(Date day) { return Date::from_civil(day.year(), (day.month() - 1) / 3 * 3 + 1, 1); }

}  // namespace

IndexState IndexState::load(const Cursor& cursor) {
  IndexState out;
  out.days_ = read_days(cursor, "days");
  out.provisional_ = read_days(cursor, "provisional");
  const Value* quarters = cursor.state.find("quarters");
  for (const auto& [name, rows] :
       quarters != nullptr && quarters->is_object() ? quarters->as_object() : Value::Object{}) {
    if (rows.is_int()) {
      out.quarters_.emplace(name, rows.as_int());
    }
  }
  return out;
}

void IndexState::save(Cursor& cursor) const {
  Value quarters = Value::object();
  for (const auto& [name, rows] : quarters_) {
    quarters.set(name, rows);
  }
  cursor.state.set("days", days_value(days_));
  cursor.state.set("provisional", days_value(provisional_));
  cursor.state.set("quarters", std::move(quarters));
}

std::optional<double> IndexState::usual(Date day) const {
  std::vector<std::int64_t> counts;
  for (auto at = days_.lower_bound(day); at != days_.begin() && counts.size() < kIndexWeekdays;) {
    --at;
    if (at->first.weekday() == day.weekday()) {
      counts.push_back(at->second);
    }
  }
  if (counts.size() < kIndexWeekdaysLeast) {
    return std::nullopt;
  }
  std::ranges::sort(counts);
  const std::size_t middle = counts.size() / 2;
  const auto upper = static_cast<double>(counts[middle]);
  return counts.size() % 2 == 1 ? upper : (static_cast<double>(counts[middle - 1]) + upper) / 2;
}

std::string IndexState::take_day(Date day, std::int64_t rows, Date today) {
  const std::optional<double> median = usual(day);
  const bool is_start = rows == 0 && day - quarter_start(day) < kIndexStartDays;
  const bool is_short = median && static_cast<double>(rows) < kIndexShare * *median && !is_start;
  if (is_short && today - day <= kIndexSettleDays) {
    provisional_[day] = rows;
    return fmt::format("provisional: {} rows where that weekday's files have {}; it is asked again", grouped(rows),
                       grouped(static_cast<std::int64_t>(*median)));
  }
  provisional_.erase(day);
  if (!is_start) {
    days_[day] = rows;
  }
  while (days_.size() > kDaysKept) {
    days_.erase(days_.begin());
  }
  return "";
}

Result<void> IndexState::take_quarter(const std::string& quarter, std::int64_t rows) {
  const auto before = quarters_.find(quarter);
  LODE_CHECK(check_rows(kIndexContract, rows, before == quarters_.end() ? 0 : before->second));
  // The largest one: else the floor would sink with each file a little shorter.
  std::int64_t& most = quarters_[quarter];
  most = std::max(most, rows);
  return {};
}

std::vector<Date> IndexState::provisional(Date today) const {
  std::vector<Date> out;
  for (const auto& [day, rows] : provisional_) {
    if (today - day <= kIndexSettleDays) {
      out.push_back(day);
    }
  }
  return out;
}

}  // namespace lode::source::edgar
