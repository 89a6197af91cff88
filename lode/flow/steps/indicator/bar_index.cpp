// Dates by lode/io/source's own formats; times of day by hand, as 9:30 is common and no standard has it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/bar_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/io/source/date_format.h"
#include "lode/io/source/date_order.h"

namespace lode::flow {
namespace {

using source::DateFormat;

// The next number of at most `most` digits; nullopt, with nothing taken, where there is none.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t most) {
  std::size_t count = 0;
  std::int64_t out = 0;
  while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9') {
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

// "Z", "+02:00", "-0500" as nanoseconds ahead of UTC.
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
  if (!hours) {
    return {};
  }
  return (is_behind ? -1 : 1) * (*hours * 60 + minutes) * 60 * kNanosPerSecond;
}

// What stands behind the day, as nanoseconds since its midnight; nullopt where it is no time.
std::optional<std::int64_t> nanos_of(std::string_view cell) {
  const std::size_t mark = cell.find_first_of("T ");
  if (mark == std::string_view::npos) {
    return 0;
  }
  std::string_view rest = trim(cell.substr(mark + 1));
  if (rest.empty()) {
    return 0;
  }
  const auto time = take_time(rest);
  take(rest, ' ');
  const auto offset = time ? take_offset(rest) : std::nullopt;
  return offset && rest.empty() ? std::optional(*time - *offset) : std::nullopt;
}

// The format that all dates of the index have, by what its cells say.
Result<DateFormat> format_of(const std::vector<std::string>& cells, const std::vector<std::int64_t>& lines,
                             const std::string& path) {
  source::DateEvidence evidence;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    evidence.see(cells[row], lines[row]);
  }
  return evidence.settle(path);
}

bool is_date(const std::string& cell) {
  Date date;
  return source::read_date(cell, {}, nullptr, date) || source::read_slashed(cell).has_value();
}

}  // namespace

bool BarIndex::falls_at(std::size_t row) const {
  if (row == 0 || kind == IndexKind::kLabel) {
    return false;
  }
  if (kind == IndexKind::kNumber) {
    return numbers[row] < numbers[row - 1];
  }
  const auto place = [&](std::size_t k) { return start_of_day(days[k]).nanos + nanos[k]; };
  return place(row) < place(row - 1);
}

Result<BarIndex> read_bar_index(const std::vector<std::string>& cells, const std::vector<std::int64_t>& lines,
                                const std::string& path) {
  BarIndex out;
  double number = 0.0;
  if (std::ranges::all_of(cells, [&](const std::string& text) { return parse_double(text, number); })) {
    out.kind = IndexKind::kNumber;
    for (const std::string& cell : cells) {
      parse_double(cell, number);
      out.numbers.push_back(number);
    }
    return out;
  }
  if (!is_date(cells.front())) {
    return out;
  }
  out.kind = IndexKind::kDate;
  LODE_TRY(const DateFormat format, format_of(cells, lines, path));
  for (std::size_t row = 0; row < cells.size(); ++row) {
    Date date;
    const auto nanos = nanos_of(cells[row]);
    if (!nanos || !source::read_date(cells[row], format, nullptr, date)) {
      return fail(E::E2005,
                  fmt::format("{} line {}: the index {} is no date, expected one as in line {}: {}", path, lines[row],
                              quote(cells[row]), lines.front(), quote(cells.front())),
                  "mend the cell: rows that cannot be placed in time cannot be put in order");
    }
    out.days.push_back(date);
    out.nanos.push_back(*nanos);
  }
  return out;
}

}  // namespace lode::flow
