// Times of day by hand, as 9:30 is common and no standard has it; periods and dates with words by their parts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/index_cell.h"

#include <fmt/format.h>

#include <array>
#include <string>

#include "lode/base/text.h"

namespace lode::flow {
namespace {

constexpr std::int64_t kNanosPerHour = 3600 * kNanosPerSecond;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The next number of at most `most` digits; nullopt, with nothing taken, where there is none.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t most) {
  std::size_t count = 0;
  std::int64_t out = 0;
  while (count < most && count < text.size() && is_digit(text[count])) {
    out = out * 10 + (text[count++] - '0');
  }
  text.remove_prefix(count);
  return count > 0 ? std::optional(out) : std::nullopt;
}

bool take(std::string_view& text, char mark) {
  const bool is_there = text.starts_with(mark);
  text.remove_prefix(is_there ? 1 : 0);
  return is_there;
}

// The next letters, in lower case.
std::string take_word(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_letter(text[count])) {
    ++count;
  }
  const std::string out = lower(text.substr(0, count));
  text.remove_prefix(count);
  return out;
}

bool take_any(std::string_view& text, std::string_view marks) {
  const bool is_there = !text.empty() && marks.find(text.front()) != std::string_view::npos;
  text.remove_prefix(is_there ? 1 : 0);
  return is_there;
}

// "9:30", "09:30:00", "09:30:00.25" as nanoseconds of the day.
std::optional<std::int64_t> take_time(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 24 || !take(text, ':')) {
    return {};
  }
  const auto minute = take_digits(text, 2);
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  if (minute && take(text, ':')) {
    seconds = take_digits(text, 2).value_or(99);
    if (take(text, '.') || take(text, ',')) {
      const std::size_t before = text.size();
      nanos = take_digits(text, 9).value_or(-1);
      for (std::size_t digits = before - text.size(); digits < 9; ++digits) {
        nanos *= 10;
      }
      take_digits(text, text.size());  // Finer than a nanosecond.
    }
  }
  if (!minute || *minute > 59 || seconds > 60 || nanos < 0) {
    return {};
  }
  return ((*hour * 60 + *minute) * 60 + seconds) * kNanosPerSecond + nanos;
}

// The same of a clock of twelve hours, where AM or PM stands behind: 12 AM is midnight, 12 PM noon.
std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto time = take_time(text);
  std::string_view rest = text;
  take(rest, ' ');
  const std::string half = take_word(rest);
  if (!time || (half != "am" && half != "pm")) {
    return time;
  }
  text = rest;
  const std::int64_t hour = *time / kNanosPerHour;
  if (hour < 1 || hour > 12) {
    return {};
  }
  return *time + ((half == "pm" ? 12 : 0) - (hour == 12 ? 12 : 0)) * kNanosPerHour;
}

// "Z", "+02:00", "-0500", "+10:04:52" as nanoseconds ahead of UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (text.empty() || take(text, 'Z') || take(text, 'z')) {
    return 0;
  }
  const bool is_behind = text.starts_with('-');
  if (!take(text, '-') && !take(text, '+')) {
    return {};
  }
  const auto hours = take_digits(text, 2);
  take(text, ':');
  const std::int64_t minutes = take_digits(text, 2).value_or(0);
  const std::int64_t seconds = take(text, ':') ? take_digits(text, 2).value_or(0) : 0;
  if (!hours) {
    return {};
  }
  return (is_behind ? -1 : 1) * ((*hours * 60 + minutes) * 60 + seconds) * kNanosPerSecond;
}

// "0930" and "093000.5" as 09:30 and 09:30:00.5; other texts as they are.
std::string with_marks(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) {
    ++digits;
  }
  std::string out(text);
  if (digits == 6) {
    out.insert(4, ":");
  }
  if (digits == 4 || digits == 6) {
    out.insert(2, ":");
  }
  return out;
}

// A time of day and its offset, with nothing behind; midnight where there is no text.
std::optional<std::int64_t> whole_time(std::string_view cell) {
  const std::string marked = with_marks(trim(cell));
  std::string_view text = marked;
  if (text.empty()) {
    return 0;
  }
  const auto time = take_clock(text);
  take(text, ' ');
  const auto offset = time ? take_offset(text) : std::nullopt;
  return offset && text.empty() ? std::optional(*time - *offset) : std::nullopt;
}

// 1 to 12 of "jan", "january", "sept"; 0 of any other word.
int month_of(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kNames = {"january",   "february", "march",    "april",
                                                              "may",       "june",     "july",     "august",
                                                              "september", "october",  "november", "december"};
  for (std::size_t k = 0; k < kNames.size(); ++k) {
    if (word == kNames[k] || word == kNames[k].substr(0, 3) || (k == 8 && word == "sept")) {
      return static_cast<int>(k) + 1;
    }
  }
  return 0;
}

bool is_weekday(std::string_view word) {
  static constexpr std::array<std::string_view, 7> kNames = {"monday", "tuesday",  "wednesday", "thursday",
                                                             "friday", "saturday", "sunday"};
  for (const std::string_view name : kNames) {
    if (word.size() >= 3 && name.starts_with(word)) {
      return true;
    }
  }
  return false;
}

std::optional<Date> day_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  Date out;
  const bool may_be = year >= 1800 && year < 2200 && month >= 1 && month <= 12;  // Else 1000-1 is a label.
  return may_be && try_parse_date(fmt::format("{:04}-{:02}-{:02}", year, month, day), out) ? std::optional(out)
                                                                                           : std::nullopt;
}

// One number as it was written: 20 and 2020 are years of two kinds.
struct Number {
  std::int64_t value = 0;
  std::size_t digits = 0;
};

std::optional<Number> take_number(std::string_view& text) {
  const std::size_t before = text.size();
  const auto value = take_digits(text, 4);
  return value && (text.empty() || !is_digit(text.front())) ? std::optional(Number{*value, before - text.size()})
                                                            : std::nullopt;
}

std::optional<std::int64_t> year_of(const Number& number) {
  if (number.digits == 2) {
    return number.value + (number.value < 69 ? 2000 : 1900);
  }
  return number.digits == 4 ? std::optional(number.value) : std::nullopt;
}

void skip_marks(std::string_view& text) {
  while (take_any(text, " -/.,")) {
  }
}

// Day, month and year in any of their orders, of which the month is a word.
std::optional<Date> take_named_date(std::string_view& text) {
  std::string word = take_word(text);
  if (is_weekday(word)) {
    skip_marks(text);
    word = take_word(text);
  }
  std::optional<Number> first;
  if (word.empty()) {
    first = take_number(text);
    skip_marks(text);
    word = take_word(text);
  }
  const int month = month_of(word);
  skip_marks(text);
  const auto second = month > 0 ? take_number(text) : std::nullopt;
  if (!second) {
    return {};
  }
  if (!first) {  // Jan 2, 2020
    skip_marks(text);
    const auto year = take_number(text);
    return year && year_of(*year) && second->digits <= 2 ? day_of(*year_of(*year), month, second->value) : std::nullopt;
  }
  if (first->digits == 4) {
    return second->digits <= 2 ? day_of(first->value, month, second->value) : std::nullopt;
  }
  const auto year = year_of(*second);
  return year && first->digits <= 2 ? day_of(*year, month, first->value) : std::nullopt;
}

std::optional<IndexPlace> named_date(std::string_view text) {
  const auto day = take_named_date(text);
  if (!day || (!text.empty() && !take_any(text, " T,"))) {
    return {};
  }
  const auto nanos = whole_time(text);
  return nanos ? std::optional(IndexPlace{*day, *nanos}) : std::nullopt;
}

std::optional<IndexPlace> first_day(std::optional<std::int64_t> year, std::int64_t month) {
  const auto day = year ? day_of(*year, month, 1) : std::nullopt;
  return day ? std::optional(IndexPlace{*day}) : std::nullopt;
}

std::optional<std::int64_t> whole_year(const std::optional<Number>& number) {
  return number && number->digits == 4 ? std::optional(number->value) : std::nullopt;
}

std::optional<IndexPlace> month(std::string_view text) {
  const std::string before = take_word(text);
  if (!before.empty()) {  // Feb 2020
    take_any(text, " -/.");
    const auto year = take_number(text);
    return text.empty() ? first_day(whole_year(year), month_of(before)) : std::nullopt;
  }
  const auto first = take_number(text);
  const bool has_mark = take_any(text, " -/");
  const std::string word = take_word(text);
  if (!word.empty() && word != "m") {  // 2020 February
    return text.empty() ? first_day(whole_year(first), month_of(word)) : std::nullopt;
  }
  const auto second = take_number(text);
  if (!first || !second || !text.empty() || !(has_mark || word == "m")) {
    return {};
  }
  return first->digits == 4 && second->digits <= 2                   ? first_day(first->value, second->value)
         : first->digits <= 2 && second->digits == 4 && word.empty() ? first_day(second->value, first->value)
                                                                     : std::nullopt;
}

// The place of a part of a year: quarter or half `number`.
std::optional<IndexPlace> part_of(std::optional<std::int64_t> year, std::string_view kind,
                                  const std::optional<Number>& number) {
  const int parts = kind == "q" ? 4 : kind == "h" ? 2 : 0;
  return number && number->value >= 1 && number->value <= parts ? first_day(year, (number->value - 1) * 12 / parts + 1)
                                                                : std::nullopt;
}

std::optional<IndexPlace> part(std::string_view text) {
  std::string kind = take_word(text);
  if (!kind.empty()) {  // Q1 2020
    const auto number = take_number(text);
    take_any(text, " -/");
    const auto year = take_number(text);
    return text.empty() ? part_of(whole_year(year), kind, number) : std::nullopt;
  }
  const auto first = take_number(text);
  take_any(text, " -/");
  kind = take_word(text);
  const auto second = take_number(text);
  if (!first || !text.empty()) {
    return {};
  }
  return first->digits == 4 ? part_of(first->value, kind, second) : part_of(whole_year(second), kind, first);
}

// ISO 8601: week 1 holds 4 January, and begins on Monday.
std::optional<IndexPlace> week(std::string_view text) {
  const auto year = whole_year(take_number(text));
  take(text, '-');
  const bool has_mark = take_any(text, "Ww");
  const auto number = take_digits(text, 2);
  const bool has_day = take(text, '-') || !text.empty();
  const auto weekday = has_day ? take_digits(text, 1) : std::optional<std::int64_t>(1);
  const auto fourth = year ? day_of(*year, 1, 4) : std::nullopt;
  if (!fourth || !has_mark || !number || *number < 1 || !weekday || *weekday < 1 || *weekday > 7 || !text.empty()) {
    return {};
  }
  const Date monday = *fourth + (static_cast<int>(*number - 1) * 7 - fourth->weekday());
  return (monday + 3).year() == *year ? std::optional(IndexPlace{monday + static_cast<int>(*weekday - 1)})
                                      : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> nanos_behind_day(std::string_view cell) {
  const std::size_t mark = cell.find_first_of("T ");
  return whole_time(mark == std::string_view::npos ? std::string_view() : cell.substr(mark + 1));
}

std::optional<IndexPlace> place_of(IndexForm form, std::string_view cell) {
  cell = trim(cell);
  switch (form) {
    case IndexForm::kNamedDate:
      return named_date(cell);
    case IndexForm::kMonth:
      return month(cell);
    case IndexForm::kPart:
      return part(cell);
    case IndexForm::kWeek:
      return week(cell);
    case IndexForm::kTimeOfDay: {
      const auto time = cell.empty() ? std::nullopt : take_clock(cell);
      return time && cell.empty() ? std::optional(IndexPlace{{}, *time}) : std::nullopt;
    }
  }
  return {};
}

}  // namespace lode::flow
