// Series side by side from a file.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/stats/series_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/store/zoned.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/lake.h"
#include "lode/io/source/delimited.h"
#include "lode/io/source/file_bytes.h"

namespace lode::flow {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Numbers further from 0 are no returns, and the fourth powers that a kurtosis adds up would leave the range of a
// double.
constexpr double kLargest = 1e60;

// One column as text, and the line each cell stands on.
struct TextColumn {
  std::string name;
  std::vector<std::string> cells;
  std::optional<Error> fault = {};  // Why it has no cells
};
struct TextTable {
  std::vector<TextColumn> columns;
  std::vector<std::int64_t> lines;
};

bool is_missing(std::string_view text) {
  const std::string word = lower(text);
  return word.empty() || word == "nan" || word == "na" || word == "n/a" || word == "null" || word == "none" ||
         word == "-";
}

// As programs write a number that is none any more.
bool is_infinite(std::string_view text) {
  const std::string word = lower(text);
  const std::string_view bare =
      word.starts_with('-') || word.starts_with('+') ? std::string_view(word).substr(1) : word;
  return bare == "inf" || bare == "infinity";
}

bool is_date_name(std::string_view name) {
  const std::string word = source::normal_name(name);
  return word == "date" || word == "session" || word == "day" || word == "time" || word == "timestamp";
}

// A file of one column has no delimiter to find.
std::optional<source::Dialect> single_column(std::string_view bytes) {
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  const std::string_view line = trim(bytes.substr(0, end));
  if (line.empty() || line.find_first_of(",;\t|") != std::string_view::npos || !is_utf8(line)) {
    return std::nullopt;
  }
  source::Dialect dialect;
  dialect.header = {std::string(line)};
  dialect.header_line = line;
  dialect.body = std::min(end + 1, bytes.size());
  return dialect;
}

Result<source::Dialect> dialect_of(std::string_view bytes, const std::string& path) {
  LODE_CHECK(source::check_encoding(bytes, path));
  const std::optional<source::Dialect> single = single_column(bytes);
  double number = 0.0;
  if (single && parse_double(single->header.front(), number)) {
    return fail(E::E2003, fmt::format("{}: the first line is a number, expected the name of the column", path),
                "the first line names the columns");
  }
  return single ? Result<source::Dialect>(*single) : source::read_dialect(bytes, path);
}

Result<TextTable> from_csv(std::string_view bytes, const std::string& path) {
  LODE_TRY(const source::Dialect dialect, dialect_of(bytes, path));
  if (source::is_row_of_values(dialect)) {
    return fail(E::E2003, fmt::format("{}: the first line holds values, expected the names of the columns", path),
                "write a first line that names the columns");
  }
  TextTable table;
  for (const std::string& name : dialect.header) {
    table.columns.push_back({name, {}});
  }
  source::RowReader rows(bytes, dialect);
  while (rows.next()) {
    if (rows.cells() != dialect.header.size()) {
      return fail(
          E::E2009,
          fmt::format("{} line {} has {} cells, expected {}", path, rows.line(), rows.cells(), dialect.header.size()),
          "mend the line, then run the same command again");
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      table.columns[i].cells.emplace_back(rows.fields()[i]);
    }
    table.lines.push_back(rows.line());
  }
  return table;
}

// Of times the day that their own clock showed; where that is a clock nobody knows, the fault.
TextColumn text_of(const Column& column, const ZonedColumns& zones, const std::string& path) {
  TextColumn out{column.name(), {}};
  if (column.type() == ColumnType::kTime) {
    Result<std::vector<std::string>> cells = cells_on_their_clock(column, zone_of(zones, column.name()), path);
    if (!cells) {
      out.fault = std::move(cells.error());
      return out;
    }
    out.cells = std::move(*cells);
    for (std::string& cell : out.cells) {
      cell.resize(std::min(cell.size(), std::size_t{10}));
    }
    return out;
  }
  for (std::size_t row = 0; row < column.size(); ++row) {
    const bool is_count = column.type() == ColumnType::kUint64 && !column.is_null(row);  // And no id.
    out.cells.push_back(is_count ? fmt::format("{}", column.uint64s()[row]) : column.cell(row));
  }
  return out;
}

TextTable from_batch(const Batch& batch, const ZonedColumns& zones, const std::string& path) {
  TextTable table;
  for (const Column& column : batch.columns()) {
    table.columns.push_back(text_of(column, zones, path));
  }
  table.lines.resize(batch.rows());
  std::iota(table.lines.begin(), table.lines.end(), std::int64_t{1});
  return table;
}

// Dates of a column that is one of dates; nothing when it is none.
Result<std::vector<Date>> dates_of(const TextColumn& column, const TextTable& table, const std::string& path) {
  std::vector<Date> dates;
  for (std::size_t row = 0; row < column.cells.size(); ++row) {
    Date date;
    if (!try_parse_date(column.cells[row], date)) {
      if (is_date_name(column.name)) {
        return fail(E::E2005,
                    fmt::format("{} line {}: {} in column {} is no date", path, table.lines[row],
                                quote(column.cells[row]), column.name),
                    "dates are YYYY-MM-DD");
      }
      return std::vector<Date>();
    }
    dates.push_back(date);
  }
  return dates;
}

// Some cell is a word and none a number: labels. A column with both is one of numbers with a mistake in it, which must
// not vanish from the strategies that were tried.
bool is_text(const TextColumn& column) {
  double number = 0.0;
  const auto is_number = [&](const std::string& cell) { return is_infinite(cell) || parse_double(cell, number); };
  const auto first = std::ranges::find_if(column.cells, [](const std::string& cell) { return !is_missing(cell); });
  return first != column.cells.end() && std::none_of(first, column.cells.end(), is_number);
}

Result<std::vector<double>> numbers_of(const TextColumn& column, const TextTable& table, const std::string& path) {
  std::vector<double> numbers;
  for (std::size_t row = 0; row < column.cells.size(); ++row) {
    double value = kMissing;
    if (!is_missing(column.cells[row]) && !parse_double(column.cells[row], value)) {
      return fail(E::E2004,
                  fmt::format("{} line {}: {} in column {} is no number", path, table.lines[row],
                              quote(column.cells[row]), column.name),
                  "leave a missing value empty; --column names the columns to use");
    }
    if (math::abs(value) > kLargest) {
      return fail(E::E2004,
                  fmt::format("{} line {}: {} in column {} is beyond {:g}, expected a return, a price or a p-value",
                              path, table.lines[row], quote(column.cells[row]), column.name, kLargest),
                  "leave a missing value empty; --column names the columns to use");
    }
    numbers.push_back(value);
  }
  return numbers;
}

// E2001 for a wanted column that the file has not.
Result<void> check_wanted(const TextTable& table, const std::string& path, std::span<const std::string> only) {
  std::vector<std::string> names;
  for (const TextColumn& column : table.columns) {
    names.push_back(column.name);
  }
  for (const std::string& name : only) {
    if (std::ranges::find(names, name) == names.end()) {
      const std::string near = did_you_mean(name, names);
      return fail(E::E2001, fmt::format("{} has no column {}", path, quote(name)),
                  near.empty() ? "it has: " + join_some(names) : near);
    }
  }
  return {};
}

// In order of the dates; E2012 where one stands twice.
Result<void> sort_by_date(SeriesFile& file) {
  std::vector<std::size_t> order(file.dates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return file.dates[a] < file.dates[b]; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (file.dates[order[i]] == file.dates[order[i - 1]]) {
      return fail(E::E2012, fmt::format("{}: {} stands twice", file.path, to_string(file.dates[order[i]])),
                  "keep one row a date; Lode does not choose");
    }
  }
  const auto sorted = [&](auto& values) {
    auto before = values;
    for (std::size_t i = 0; i < order.size(); ++i) {
      values[i] = std::move(before[order[i]]);
    }
  };
  sorted(file.dates);
  for (std::vector<double>& series : file.series) {
    sorted(series);
  }
  if (!file.labels.empty()) {
    sorted(file.labels);
  }
  return {};
}

Result<TextTable> read_text(const std::string& path, const source::FileBytes& file) {
  if (arrow::is_arrow(path)) {
    LODE_TRY(const Batch batch, arrow::read_arrow(file.bytes, path));
    LODE_TRY(const ZonedColumns zones, zones_of_arrow(file.bytes, path));
    return from_batch(batch, zones, path);
  }
  if (source::is_parquet(path)) {
    LODE_TRY(const Batch batch, lake::read_parquet(path));
    LODE_TRY(const ZonedColumns zones, zones_of_parquet(path));
    return from_batch(batch, zones, path);
  }
  return from_csv(file.bytes, path);
}

}  // namespace

Result<SeriesFile> read_series_file(const std::string& path, std::span<const std::string> only) {
  LODE_TRY(const source::FileBytes bytes, source::read_data_file(path));
  LODE_TRY(const TextTable table, read_text(path, bytes));
  LODE_CHECK(check_wanted(table, path, only));
  if (table.lines.empty()) {
    return fail(E::E2014, fmt::format("{} has no row", path), "the first line names the columns, values follow");
  }
  SeriesFile file;
  file.path = path;
  file.hash = bytes.sha256;
  const Error* fault = nullptr;  // Of a column that could have held the dates
  for (const TextColumn& column : table.columns) {
    const bool is_wanted = only.empty() || std::ranges::find(only, column.name) != only.end();
    if (column.fault && is_wanted) {
      return fail(column.fault->clone());
    }
    if (column.fault) {
      fault = &*column.fault;
      continue;
    }
    if (file.dates.empty()) {
      LODE_TRY(file.dates, dates_of(column, table, path));
      if (!file.dates.empty()) {
        continue;
      }
    }
    if (file.labels.empty() && is_text(column) && std::ranges::find(only, column.name) == only.end()) {
      file.labels = column.cells;
    } else if (is_wanted) {
      LODE_TRY(std::vector<double> numbers, numbers_of(column, table, path));
      file.names.push_back(column.name);
      file.series.push_back(std::move(numbers));
    }
  }
  if (file.dates.empty() && fault != nullptr) {
    return fail(fault->clone());
  }
  if (file.series.empty()) {
    return fail(E::E2014, fmt::format("{} has no column of numbers", path), "a column a series, a row a period");
  }
  if (!file.dates.empty()) {
    LODE_CHECK(sort_by_date(file));
  }
  return file;
}

}  // namespace lode::flow
