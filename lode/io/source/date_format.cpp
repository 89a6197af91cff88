// Reading dates as a file writes them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/date_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "lode/base/text.h"
#include "lode/io/source/rejected.h"

namespace lode::source {

namespace {

using Kind = DateFormat::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 6> kWords = {{{"ymd", Kind::kYmd},
                                                                      {"dmy", Kind::kDmy},
                                                                      {"mdy", Kind::kMdy},
                                                                      {"excel", Kind::kExcel},
                                                                      {"epoch", Kind::kEpoch},
                                                                      {"epoch_ms", Kind::kEpochMillis}}};
constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes between `least` and `most` digits from the front of `text`.
bool take_number(std::string_view& text, std::size_t least, std::size_t most, int& out) {
  std::size_t count = 0;
  out = 0;
  while (count < most && count < text.size() && is_digit(text[count])) {
    out = out * 10 + (text[count] - '0');
    ++count;
  }
  text.remove_prefix(count);
  return count >= least;
}

bool make_date(int year, int month, int day, Date& out) {
  return try_parse_date(fmt::format("{:04}-{:02}-{:02}", year, month, day), out);
}

// Where the offset of a time of day begins ("Z", "+10:00", "-0500"); npos when it names none.
std::size_t offset_place(std::string_view time) { return time.find_first_of("Zz+-"); }

// An instant written as a date, a time of day and an offset; false when it is not one.
bool read_instant(std::string_view day, std::string_view time, std::size_t offset, Time& out) {
  std::string zone(time.substr(offset));
  std::string clock(time.substr(0, offset));
  if (clock.size() == 5) {
    clock += ":00";
  }
  if (zone.size() == 3) {
    zone += ":00";
  } else if (zone.size() == 5) {
    zone = fmt::format("{}:{}", zone.substr(0, 3), zone.substr(3));
  }
  const Result<Time> instant = parse_as_of(fmt::format("{}T{}{}", day, clock, zone == "z" ? "Z" : zone));
  out = instant ? *instant : Time();
  return instant.has_value();
}

bool is_midnight(std::string_view time) { return time.find_first_not_of("0:.") == std::string_view::npos; }

// Takes a number below `limit` written with two digits.
bool take_two(std::string_view& text, int limit) {
  int number = 0;
  return take_number(text, 2, 2, number) && number < limit;
}

// Takes a mark from the front of `text`, when it stands there.
bool take_mark(std::string_view& text, char mark) {
  const bool found = text.starts_with(mark);
  text.remove_prefix(found ? 1 : 0);
  return found;
}

// 9:30, 16:00, 1600, 16:00:00, 160000 or 16:00:00.000; a leap second is a time too.
bool is_clock(std::string_view time) {
  if (time.find(':') == 1) {
    return is_digit(time[0]) && is_clock("0" + std::string(time));
  }
  if (!take_two(time, 24)) {
    return false;
  }
  const bool has_marks = take_mark(time, ':');
  if (!take_two(time, 60)) {
    return false;
  }
  if (time.empty()) {
    return true;
  }
  if (has_marks != take_mark(time, ':') || !take_two(time, 61)) {
    return false;
  }
  return time.empty() || (take_mark(time, '.') && std::ranges::all_of(time, is_digit));
}

// Z, +10, +1000 or +10:00; nothing is the exchange's own time.
bool is_offset(std::string_view zone) {
  if (zone.empty() || zone == "Z" || zone == "z") {
    return true;
  }
  zone.remove_prefix(1);
  if (!take_two(zone, 16)) {
    return false;
  }
  take_mark(zone, ':');
  return zone.empty() || (take_two(zone, 60) && zone.empty());
}

// A day that is known, and the time of day behind it.
bool with_time(std::string_view time, const Calendar* calendar, Date& out) {
  const std::size_t offset = offset_place(time);
  if (!is_clock(time.substr(0, offset)) ||
      !is_offset(offset == std::string_view::npos ? std::string_view() : time.substr(offset))) {
    return false;
  }
  if (offset == std::string_view::npos || is_midnight(time.substr(0, offset)) || calendar == nullptr) {
    return true;
  }
  Time instant;
  if (!read_instant(to_string(out), time, offset, instant)) {
    return false;
  }
  out = local_date(*calendar, instant);
  return true;
}

bool begins_time(std::string_view text) { return text[0] == ' ' || text[0] == 'T'; }

// A year, month and day between equal marks, the latter two of one digit or two: 2024/1/3, 2024.01.03. Nobody writes
// the day second there, so it can be read one way only.
struct YearFirst {
  int year = 0, month = 0, day = 0;
  std::string_view rest;  // Empty, or a time of day with what parts it.
};
std::optional<YearFirst> read_year_first(std::string_view text) {
  YearFirst out;
  if (!take_number(text, 4, 4, out.year) || text.empty() || (text[0] != '/' && text[0] != '.' && text[0] != '-')) {
    return std::nullopt;
  }
  const char mark = text[0];
  text.remove_prefix(1);
  if (!take_number(text, 1, 2, out.month) || !take_mark(text, mark) || !take_number(text, 1, 2, out.day)) {
    return std::nullopt;
  }
  out.rest = text;
  return text.empty() || begins_time(text) ? std::optional(out) : std::nullopt;
}

bool read_iso(std::string_view text, const Calendar* calendar, Date& out) {
  // The spelling of nearly every file first; then the same without marks, and with others.
  for (const std::size_t size : {std::size_t{10}, std::size_t{8}}) {
    const bool has_time = text.size() > size && begins_time(text.substr(size));
    if (try_parse_date(has_time ? text.substr(0, size) : text, out)) {
      return !has_time || with_time(text.substr(size + 1), calendar, out);
    }
  }
  const std::optional<YearFirst> found = read_year_first(text);
  return found && make_date(found->year, found->month, found->day, out) &&
         (found->rest.empty() || with_time(found->rest.substr(1), calendar, out));
}

bool read_ordered(std::string_view text, bool day_first, const Calendar* calendar, Date& out) {
  const std::optional<SlashedDate> found = read_slashed(text);
  if (!found || found->year_digits != 4 ||
      !make_date(found->year, day_first ? found->second : found->first, day_first ? found->first : found->second,
                 out)) {
    return false;
  }
  return found->rest.empty() || with_time(found->rest.substr(1), calendar, out);
}

// Day 1 of a spreadsheet is 1900-01-01, and its day 60 is the 29 February 1900 that never was: so days from 61 on count
// from 1899-12-30. A fraction is the time of day.
bool read_excel(std::string_view text, Date& out) {
  constexpr double kFirst = 61.0;
  constexpr double kLast = 2'958'465.0;  // 9999-12-31
  double days = 0.0;
  if (!parse_double(text, days) || !(days >= kFirst) || !(days < kLast + 1.0)) {
    return false;
  }
  out = Date::from_civil(1899, 12, 30) + static_cast<int>(days);
  return true;
}

bool read_epoch(std::string_view text, std::int64_t nanos_each, const Calendar* calendar, Date& out) {
  constexpr std::int64_t kMost = 9'000'000'000'000'000'000;  // Of 64 bits.
  std::int64_t count = 0;
  if (!parse_int(text, count) || count > kMost / nanos_each || count < -kMost / nanos_each) {
    return false;
  }
  const Time instant{count * nanos_each};
  out = utc_date(instant);
  if (calendar != nullptr && instant != start_of_day(out)) {
    out = local_date(*calendar, instant);
  }
  return true;
}

// Month of a name in full or of its first three letters, taken from the front; 0 when there is none.
int take_month(std::string_view& text) {
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    for (const std::size_t size : {kMonths[month].size(), std::size_t{3}}) {
      if (lower(text.substr(0, size)) == kMonths[month].substr(0, size)) {
        text.remove_prefix(size);
        return static_cast<int>(month) + 1;
      }
    }
  }
  return 0;
}

struct CivilParts {
  int year = 0, month = 0, day = 0, day_of_year = 0;
};

bool take_part(char what, std::string_view& text, CivilParts& parts) {
  int ignored = 0;
  switch (what) {
    case 'Y':
      return take_number(text, 4, 4, parts.year);
    case 'y':
      if (!take_number(text, 2, 2, parts.year)) {
        return false;
      }
      parts.year += parts.year >= 69 ? 1900 : 2000;
      return true;
    case 'm':
      return take_number(text, 1, 2, parts.month);
    case 'b':
    case 'B':
      parts.month = take_month(text);
      return parts.month != 0;
    case 'd':
      return take_number(text, 1, 2, parts.day);
    case 'j':
      return take_number(text, 1, 3, parts.day_of_year);
    case 'H':
    case 'M':
    case 'S':
      return take_number(text, 1, 2, ignored);
    default:
      return false;
  }
}

bool read_pattern(std::string_view text, std::string_view pattern, Date& out) {
  CivilParts parts;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '%' && pattern[at + 1] != '%') {
      if (!take_part(pattern[++at], text, parts)) {
        return false;
      }
      continue;
    }
    at += pattern[at] == '%' ? 1U : 0U;
    if (text.empty() || text[0] != pattern[at]) {
      return false;
    }
    text.remove_prefix(1);
  }
  if (!text.empty()) {
    return false;
  }
  if (parts.day_of_year == 0) {
    return make_date(parts.year, parts.month, parts.day, out);
  }
  Date first;
  if (!make_date(parts.year, 1, 1, first)) {
    return false;
  }
  Date last;
  out = first + (parts.day_of_year - 1);
  return make_date(parts.year, 12, 31, last) && out <= last;
}

// What a pattern lacks; "" when it is whole.
std::string pattern_fault(std::string_view pattern) {
  std::string parts;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '%') {
      continue;
    }
    if (++at == pattern.size() || std::string_view("YymbBdjHMS%").find(pattern[at]) == std::string_view::npos) {
      return fmt::format("%{} is none of %Y %y %m %b %B %d %j %H %M %S %%",
                         pattern.substr(std::min(at, pattern.size()), 1));
    }
    parts += pattern[at];
  }
  const auto has = [&](std::string_view any) { return parts.find_first_of(any) != std::string::npos; };
  if (!has("Yy")) {
    return "it tells no year (%Y)";
  }
  if (!has("j") && !(has("mbB") && has("d"))) {
    return "it tells no day and month (%m or %b, and %d)";
  }
  return {};
}

// The option that would read a cell; "" when none would.
std::string option_for(std::string_view cell) {
  if (read_slashed(cell)) {
    return "--date-format dmy or mdy";
  }
  Date date;
  const bool is_number = !cell.empty() && std::ranges::all_of(cell, is_digit);
  if (is_number && cell.size() == 5) {
    return "--date-format excel";
  }
  if (is_number && (cell.size() == 10 || cell.size() == 13)) {
    return cell.size() == 10 ? "--date-format epoch" : "--date-format epoch_ms";
  }
  for (const std::string_view pattern : {"%d-%b-%Y", "%d %b %Y", "%d-%b-%y", "%b %d, %Y", "%b %d %Y", "%d%b%Y",
                                         "%Y-%b-%d", "%Y %b %d", "%Y%b%d", "%Y-%j", "%Y年%m月%d日"}) {
    if (read_pattern(cell, pattern, date)) {
      return fmt::format("--date-format {}", pattern.find(' ') == std::string_view::npos
                                                 ? std::string(pattern)
                                                 : fmt::format("'{}'", pattern));
    }
  }
  return {};
}

// Digits where a date has them, whatever day they make.
bool is_shaped(std::string_view cell, const DateFormat& format) {
  if (format.kind == Kind::kDmy || format.kind == Kind::kMdy) {
    const std::optional<SlashedDate> found = read_slashed(cell);
    return found && found->year_digits == 4;
  }
  return read_year_first(cell) || (cell.size() == 8 && std::ranges::all_of(cell, is_digit));
}

}  // namespace

Result<DateFormat> parse_date_format(std::string_view text) {
  const auto* const found = std::ranges::find(kWords, text, &std::pair<std::string_view, Kind>::first);
  if (found != kWords.end()) {
    return DateFormat{found->second};
  }
  constexpr std::string_view kHint = "ymd, dmy, mdy, excel, epoch, epoch_ms, or a pattern such as %d-%b-%Y";
  if (text.find('%') == std::string_view::npos) {
    return fail(E::E4, fmt::format("--date-format {} is no way to write dates", quote(text)), std::string(kHint));
  }
  if (const std::string wrong = pattern_fault(text); !wrong.empty()) {
    return fail(E::E4, fmt::format("--date-format {} is no whole pattern: {}", quote(text), wrong), std::string(kHint));
  }
  return DateFormat{Kind::kPattern, std::string(text)};
}

std::string to_string(const DateFormat& format) {
  const auto* const found = std::ranges::find(kWords, format.kind, &std::pair<std::string_view, Kind>::second);
  return found == kWords.end() ? format.pattern : std::string(found->first);
}

bool read_date(std::string_view cell, const DateFormat& format, const Calendar* calendar, Date& out) {
  switch (format.kind) {
    case Kind::kYmd:
      return read_iso(cell, calendar, out);
    case Kind::kPattern:
      return read_pattern(cell, format.pattern, out);
    case Kind::kDmy:
    case Kind::kMdy:
      return read_ordered(cell, format.kind == Kind::kDmy, calendar, out) || read_iso(cell, calendar, out);
    case Kind::kExcel:
      return read_excel(cell, out) || read_iso(cell, calendar, out);
    case Kind::kEpoch:
      return read_epoch(cell, kNanosPerDay / 86'400, calendar, out) || read_iso(cell, calendar, out);
    case Kind::kEpochMillis:
      return read_epoch(cell, kNanosPerDay / 86'400'000, calendar, out) || read_iso(cell, calendar, out);
  }
  return false;
}

DateFault date_fault(std::string_view cell, const DateFormat& format) {
  std::string shown = shown_cell(cell);
  const bool shaped = is_shaped(cell, format);
  Date exists;
  const std::optional<YearFirst> found = format.kind == Kind::kYmd ? read_year_first(cell) : std::nullopt;
  if (found && !found->rest.empty() && make_date(found->year, found->month, found->day, exists)) {
    return {fmt::format("{} is an instant whose session depends on its time zone, expected YYYY-MM-DD", quote(cell)),
            std::move(shown), "date format"};
  }
  if (shaped) {
    return {fmt::format("{} is a day that does not exist", quote(cell)), std::move(shown), "date"};
  }
  const std::string expected = format.kind == Kind::kYmd ? "YYYY-MM-DD" : to_string(format);
  const std::string option = option_for(cell);
  if (option.empty()) {
    return {fmt::format("{} is not understood as a date, expected {}", quote(cell), expected), std::move(shown),
            "date format"};
  }
  return {fmt::format("{} is not understood as a date, expected {}; {} would read it", quote(cell), expected, option),
          fmt::format("{}: {}", shown, option), "date format"};
}

std::optional<SlashedDate> read_slashed(std::string_view text) {
  SlashedDate out;
  if (!take_number(text, 1, 2, out.first) || text.empty() || (text[0] != '/' && text[0] != '.' && text[0] != '-')) {
    return std::nullopt;
  }
  const char mark = text[0];
  text.remove_prefix(1);
  if (!take_number(text, 1, 2, out.second) || text.empty() || text[0] != mark) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const std::size_t before = text.size();
  if (!take_number(text, 2, 4, out.year)) {
    return std::nullopt;
  }
  out.year_digits = before - text.size();
  out.rest = text;
  const bool ends = text.empty() || text[0] == ' ' || text[0] == 'T';
  return out.year_digits != 3 && ends ? std::optional(out) : std::nullopt;
}

}  // namespace lode::source
