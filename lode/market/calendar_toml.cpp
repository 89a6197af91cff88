// A user's own calendar from TOML.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/market/calendar_rules.h"

namespace lode {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};
constexpr std::size_t kMicBytes = 4;  // ISO 10383.
// Days without a rule of their own end here: date-tz knows offsets to 2037.
constexpr int kFirstYear = 2000;
constexpr int kLastYear = 2035;

Failure bad(std::string_view key, std::string_view expected) {
  return fail(E::E5002, fmt::format("calendar.{} is missing or not understood, expected {}", key, expected));
}

Result<std::string> read_text(const toml::table& table, std::string_view key, std::string_view expected) {
  const std::optional<std::string> text = table[key].value<std::string>();
  if (!text || text->empty()) {
    return bad(key, expected);
  }
  return *text;
}

// "09:30", "09:30:00" or a TOML local time, to minutes of the day.
std::optional<int> minute_of(const toml::node* node) {
  if (node == nullptr) {
    return std::nullopt;
  }
  if (const auto time = node->value<toml::time>()) {
    return time->hour * 60 + time->minute;
  }
  const std::optional<std::string> text = node->value<std::string>();
  if (!text || text->size() != 5 || (*text)[2] != ':') {
    return std::nullopt;
  }
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  const std::string_view view = *text;
  if (!parse_int(view.substr(0, 2), hour) || !parse_int(view.substr(3), minute) || hour < 0 || hour > 23 ||
      minute < 0 || minute > 59) {
    return std::nullopt;
  }
  return static_cast<int>(hour * 60 + minute);
}

// "2024-12-24" or a TOML local date.
std::optional<Date> date_of(const toml::node* node) {
  if (node == nullptr) {
    return std::nullopt;
  }
  if (const auto date = node->value<toml::date>()) {
    return Date::from_civil(date->year, date->month, date->day);
  }
  const std::optional<std::string> text = node->value<std::string>();
  Date date;
  return text && try_parse_date(*text, date) ? std::optional(date) : std::nullopt;
}

Result<void> read_weekdays(const toml::table& table, CalendarRules& rules) {
  constexpr std::string_view kExpected = "a list of days such as \"monday\"";
  if (!table.contains("weekdays")) {
    return {};
  }
  const toml::array* list = table["weekdays"].as_array();
  if (list == nullptr || list->empty()) {
    return bad("weekdays", kExpected);
  }
  std::ranges::fill(rules.weekday, false);
  for (const toml::node& node : *list) {
    const std::optional<std::string> text = node.value<std::string>();
    const auto* found = std::ranges::find(kWeekdays, lower(text.value_or("")));
    if (found == kWeekdays.end()) {
      return bad("weekdays", kExpected);
    }
    rules.weekday[found - kWeekdays.begin()] = true;
  }
  return {};
}

Result<void> read_holidays(const toml::table& table, CalendarRules& rules) {
  if (!table.contains("holidays")) {
    return {};
  }
  const toml::array* list = table["holidays"].as_array();
  if (list == nullptr) {
    return bad("holidays", "a list of dates");
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::optional<Date> date = date_of(list->get(i));
    if (!date) {
      return bad(fmt::format("holidays[{}]", i), "a date such as 2024-12-25");
    }
    rules.closures.push_back({*date, "holiday"});
  }
  return {};
}

Result<void> read_early_closes(const toml::table& table, CalendarRules& rules) {
  if (!table.contains("early_closes")) {
    return {};
  }
  const toml::array* list = table["early_closes"].as_array();
  if (list == nullptr) {
    return bad("early_closes", "a list of {date, close}");
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const toml::table* row = list->get(i)->as_table();
    const std::optional<Date> date = row == nullptr ? std::nullopt : date_of(row->get("date"));
    const std::optional<int> minute = row == nullptr ? std::nullopt : minute_of(row->get("close"));
    if (!date || !minute || *minute <= rules.open_minute || *minute >= rules.close_minute) {
      return bad(fmt::format("early_closes[{}]", i), "{date = 2024-12-24, close = \"13:00\"} between open and close");
    }
    rules.early_closes.push_back({*date, *minute});
  }
  return {};
}

Result<void> check_keys(const toml::table& table) {
  static const std::vector<std::string> known = {"mic",   "name",     "zone",     "open",
                                                 "close", "weekdays", "holidays", "early_closes"};
  for (const auto& [key, node] : table) {
    if (std::ranges::find(known, key.str()) == known.end()) {
      return fail(
          E::E5002,
          fmt::format("calendar.{} is not a key of a calendar, expected one of {}", key.str(), join(known, ", ")),
          did_you_mean(key.str(), known));
    }
  }
  return {};
}

Result<CalendarRules> read_rules(const toml::table& table) {
  CalendarRules rules;
  LODE_CHECK(check_keys(table));
  LODE_TRY(rules.mic, read_text(table, "mic", "a code of four letters or digits"));
  if (rules.mic.size() != kMicBytes) {
    return bad("mic", "a code of four letters or digits");
  }
  rules.name = table["name"].value_or(rules.mic);
  LODE_TRY(rules.zone, read_text(table, "zone", "a time zone such as \"Europe/Berlin\""));
  const std::optional<int> open = minute_of(table.get("open"));
  const std::optional<int> close = minute_of(table.get("close"));
  if (!open) {
    return bad("open", "a local time such as \"09:00\"");
  }
  if (!close || *close <= *open) {
    return bad("close", "a local time after the open such as \"17:30\"");
  }
  rules.open_minute = *open;
  rules.close_minute = *close;
  rules.first = Date::from_civil(kFirstYear, 1, 1);
  rules.last = Date::from_civil(kLastYear, 12, 31);
  LODE_CHECK(read_weekdays(table, rules));
  LODE_CHECK(read_holidays(table, rules));
  LODE_CHECK(read_early_closes(table, rules));
  return rules;
}

}  // namespace

Result<std::unique_ptr<Calendar>> parse_calendar(std::string_view toml) {
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    return fail(E::E5003, fmt::format("the calendar is not TOML: {} in line {}", parsed.error().description(),
                                      parsed.error().source().begin.line));
  }
  const toml::table* table = parsed.table()["calendar"].as_table();
  if (table == nullptr) {
    return fail(E::E5002, "the file has no table [calendar]");
  }
  LODE_TRY(CalendarRules rules, read_rules(*table));
  auto calendar = make_calendar(std::move(rules));
  if (!calendar) {
    return bad("zone", "a time zone of the system such as \"Europe/Berlin\"");
  }
  return calendar;
}

}  // namespace lode
