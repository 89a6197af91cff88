// Weighing the cells.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/date_order.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::source {

namespace {

constexpr std::int64_t kFirstRows = 100;  // Without an open date there, a file is taken to have none.

// Calls see(cell, line) for the date cells of the rows, until it says false.
template <class See>
void walk_dates(std::string_view bytes, const Dialect& dialect, std::span<const int> columns, See see) {
  RowReader rows(bytes, dialect);
  while (rows.next()) {
    for (const int column : columns) {
      if (column >= 0 && static_cast<std::size_t>(column) < rows.fields().size()) {
        if (!see(rows.fields()[static_cast<std::size_t>(column)], rows.line())) {
          return;
        }
      }
    }
  }
}

}  // namespace

void DateEvidence::keep(Seen& seen, std::string_view cell, std::int64_t line) {
  if (seen.cell.empty()) {
    seen = {std::string(cell), line};
  }
}

void DateEvidence::see(std::string_view cell, std::int64_t line) {
  const std::optional<SlashedDate> found = read_slashed(cell);
  if (!found) {
    Date date;
    is_mixed_ = is_mixed_ || read_date(cell, {}, nullptr, date);
    return;
  }
  keep(found->year_digits == 4 ? open_ : short_year_, cell, line);
  if (found->first > 12 && found->first <= 31 && found->second <= 12) {
    keep(day_first_, cell, line);
  } else if (found->second > 12 && found->second <= 31 && found->first <= 12) {
    keep(month_first_, cell, line);
  }
}

Result<DateFormat> DateEvidence::settle(const std::string& path) const {
  if (is_mixed_ && !is_settled()) {
    return DateFormat();  // A few odd rows among others: each is set aside by itself.
  }
  if (!short_year_.cell.empty()) {
    return fail(
        E::E2025,
        fmt::format("{}: the year of {} (line {}) has two digits", path, quote(short_year_.cell), short_year_.line),
        "--date-format %d/%m/%y, %m/%d/%y or %y/%m/%d, with the marks of the file, says which number is which");
  }
  if (open_.cell.empty()) {
    return DateFormat();
  }
  if (!day_first_.cell.empty() && !month_first_.cell.empty()) {
    return fail(
        E::E2025,
        fmt::format("{}: {} on line {} has the day first, {} on line {} the month", path, quote(day_first_.cell),
                    day_first_.line, quote(month_first_.cell), month_first_.line),
        "the file mixes two ways to write dates; --date-format dmy or mdy takes one and sets the other rows aside");
  }
  if (is_undecided()) {
    return fail(E::E2025,
                fmt::format("{}: {} on line {}, and every other date, can be read two ways", path, quote(open_.cell),
                            open_.line),
                "--date-format dmy when the day stands first, --date-format mdy when the month does");
  }
  return DateFormat{day_first_.cell.empty() ? DateFormat::Kind::kMdy : DateFormat::Kind::kDmy};
}

std::string DateEvidence::proof() const {
  return is_settled() ? day_first_.cell + month_first_.cell : std::string();  // One of them is empty.
}

DateEvidence date_evidence(std::string_view bytes, const Dialect& dialect, std::span<const int> columns) {
  DateEvidence out;
  bool is_open = false;
  std::int64_t last = 0;
  walk_dates(bytes, dialect, columns, [&](std::string_view cell, std::int64_t line) {
    is_open = is_open || read_slashed(cell).has_value();
    last = last == 0 ? line + kFirstRows : last;
    return !is_open && line < last;
  });
  if (is_open) {
    walk_dates(bytes, dialect, columns, [&](std::string_view cell, std::int64_t line) {
      out.see(cell, line);
      return true;
    });
  }
  return out;
}

DateEvidence date_evidence(const Batch& batch, std::span<const int> columns) {
  DateEvidence out;
  for (const int index : columns) {
    if (index < 0 || batch.columns()[static_cast<std::size_t>(index)].type() != ColumnType::kText) {
      continue;
    }
    const Column& column = batch.columns()[static_cast<std::size_t>(index)];
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (!column.is_null(row)) {
        out.see(column.texts()[row], static_cast<std::int64_t>(row) + 1);
      }
    }
  }
  return out;
}

}  // namespace lode::source
