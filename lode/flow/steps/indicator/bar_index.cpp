// Dates by lode/io/source's own formats, all else by index_cell.h.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/bar_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/indicator/index_cell.h"
#include "lode/io/source/date_format.h"
#include "lode/io/source/date_order.h"

namespace lode::flow {
namespace {

using source::DateFormat;

// The format that all dates of the index have, by what its cells say.
Result<DateFormat> format_of(const std::vector<std::string>& cells, const std::vector<std::int64_t>& lines,
                             const std::string& path) {
  source::DateEvidence evidence;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    evidence.see(cells[row], lines[row]);
  }
  return evidence.settle(path);
}

// A time of a clock of twelve hours is no part of a date's format; what stands before it is.
bool read_day(std::string_view cell, const DateFormat& format, Date& out) {
  const bool has_half = (cell.ends_with('M') || cell.ends_with('m')) && nanos_behind_day(cell);
  const std::size_t day =
      has_half && format.kind != DateFormat::Kind::kPattern ? cell.find_first_of("T ") : cell.size();
  return source::read_date(cell.substr(0, day), format, nullptr, out);
}

bool is_date(const std::string& cell) {
  Date date;
  return read_day(cell, {}, date) || source::read_slashed(cell).has_value();
}

}  // namespace

int BarIndex::compared_with_before(std::size_t row) const {
  const auto compared = [](auto before, auto now) { return now < before ? -1 : now > before ? 1 : 0; };
  if (row == 0 || kind == IndexKind::kLabel) {
    return 1;
  }
  if (kind == IndexKind::kNumber) {
    return wholes.empty() ? compared(numbers[row - 1], numbers[row]) : compared(wholes[row - 1], wholes[row]);
  }
  const auto place = [&](std::size_t k) { return start_of_day(days[k]).nanos + nanos[k]; };
  return compared(place(row - 1), place(row));
}

bool BarIndex::falls_at(std::size_t row) const { return compared_with_before(row) < 0; }

bool BarIndex::repeats_at(std::size_t row) const { return compared_with_before(row) == 0; }

namespace {

// How programs write a number that is none.
bool is_no_value(const std::string& cell) {
  static constexpr std::string_view kWords[] = {"", "nan", "na", "n/a", "null", "none", "inf", "-inf", "+inf"};
  return std::ranges::find(kWords, lower(cell)) != std::end(kWords);
}

Result<BarIndex> read_numbers(const std::vector<std::string>& cells, const std::vector<std::int64_t>& lines,
                              const std::string& path) {
  BarIndex out;
  out.kind = IndexKind::kNumber;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    double number = 0.0;
    if (!parse_double(cells[row], number) || !math::is_finite(number)) {
      return fail(E::E2005,
                  fmt::format("{} line {}: the index {} is no place in an order, expected a number as in the others",
                              path, lines[row], quote(cells[row])),
                  "mend the cell, or leave the row out");
    }
    out.numbers.push_back(number);
    std::int64_t whole = 0;
    if (out.wholes.size() == row && parse_int(cells[row], whole)) {
      out.wholes.push_back(whole);
    }
  }
  if (out.wholes.size() != cells.size()) {
    out.wholes.clear();
  }
  return out;
}

// What a cell adds to its day, by how dates are written. The time of day of a pattern is not read: rows of one day are
// taken to stand in their order, so each counts one more.
std::optional<std::int64_t> nanos_as(const DateFormat& format, const std::string& cell, std::size_t row) {
  using Kind = DateFormat::Kind;
  double number = 0.0;
  switch (format.kind) {
    case Kind::kPattern:
      return static_cast<std::int64_t>(row);
    case Kind::kExcel:
    case Kind::kEpoch:
    case Kind::kEpochMillis: {
      if (!parse_double(cell, number)) {
        return nanos_behind_day(cell);
      }
      const double per_day = format.kind == Kind::kExcel ? 1.0 : format.kind == Kind::kEpoch ? 86'400.0 : 86'400'000.0;
      const double days = number / per_day;
      return static_cast<std::int64_t>((days - math::floor(days)) * static_cast<double>(kNanosPerDay));
    }
    default:
      return nanos_behind_day(cell);
  }
}

Result<BarIndex> read_dates(const std::vector<std::string>& cells, const std::vector<std::int64_t>& lines,
                            const std::string& path, const DateFormat& format, const std::string& expected) {
  BarIndex out;
  out.kind = IndexKind::kDate;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    Date date;
    const auto nanos = nanos_as(format, cells[row], row);
    if (!nanos || !read_day(cells[row], format, date)) {
      return fail(E::E2005,
                  fmt::format("{} line {}: the index {} is no date, expected {}", path, lines[row], quote(cells[row]),
                              expected),
                  "mend the cell: rows that cannot be placed in time cannot be put in order");
    }
    out.days.push_back(date);
    out.nanos.push_back(*nanos);
  }
  return out;
}

// The form that most cells have, or the first and half of them: of 11-2020 to 19-2020 the first two alone are months.
std::optional<IndexForm> form_of(const std::vector<std::string>& cells) {
  for (const IndexForm form : kIndexForms) {
    const auto is_of_it = [&](const std::string& cell) { return place_of(form, cell).has_value(); };
    const std::ptrdiff_t twice = 2 * std::ranges::count_if(cells, is_of_it);
    if (twice > std::ssize(cells) || (twice == std::ssize(cells) && is_of_it(cells.front()))) {
      return form;
    }
  }
  return {};
}

Result<BarIndex> read_places(const std::vector<std::string>& cells, const std::vector<std::int64_t>& lines,
                             const std::string& path, IndexForm form) {
  BarIndex out;
  out.kind = form == IndexForm::kTimeOfDay ? IndexKind::kTimeOfDay : IndexKind::kDate;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const auto place = place_of(form, cells[row]);
    if (!place) {
      const auto other =
          std::ranges::find_if(cells, [&](const auto& cell) { return place_of(form, cell).has_value(); });
      return fail(E::E2005,
                  fmt::format("{} line {}: the index {} is no {}, expected one as in line {}: {}", path, lines[row],
                              quote(cells[row]), form == IndexForm::kTimeOfDay ? "time of day" : "date",
                              lines[static_cast<std::size_t>(other - cells.begin())], quote(*other)),
                  "mend the cell; or --date-format labels takes the index as it stands, and no order is checked");
    }
    out.days.push_back(place->day);
    out.nanos.push_back(place->nanos);
  }
  return out;
}

}  // namespace

Result<IndexWish> parse_index_wish(std::string_view text) {
  if (text == "labels") {
    return IndexWish{.is_labels = true};
  }
  LODE_TRY(DateFormat dates, source::parse_date_format(text));
  return IndexWish{.dates = std::move(dates)};
}

Result<BarIndex> read_bar_index(const std::vector<std::string>& cells, const std::vector<std::int64_t>& lines,
                                const std::string& path, const IndexWish& wish) {
  if (wish.is_labels) {
    return BarIndex();
  }
  if (wish.dates) {
    return read_dates(cells, lines, path, *wish.dates, "one of --date-format " + to_string(*wish.dates));
  }
  double number = 0.0;
  const auto is_number = [&](const std::string& text) { return parse_double(text, number); };
  const auto numbers = std::ranges::count_if(cells, is_number);
  const bool are_numbers = numbers > 0 && std::ranges::all_of(cells, [&](const std::string& text) {
                             return is_number(text) || is_no_value(text);
                           });
  const auto dates = is_date(cells.front()) || are_numbers ? 0 : std::ranges::count_if(cells, is_date);
  if (are_numbers || (numbers > std::max(std::ssize(cells) / 2, std::ptrdiff_t{dates}) && !is_date(cells.front()))) {
    return read_numbers(cells, lines, path);
  }
  const auto first = std::ranges::find_if(cells, is_date);
  if (first != cells.begin() && dates <= std::ssize(cells) / 2) {
    const std::optional<IndexForm> form = form_of(cells);
    return form ? read_places(cells, lines, path, *form) : BarIndex();
  }
  LODE_TRY(const DateFormat found, format_of(cells, lines, path));
  return read_dates(
      cells, lines, path, found,
      fmt::format("one as in line {}: {}", lines[static_cast<std::size_t>(first - cells.begin())], quote(*first)));
}

}  // namespace lode::flow
