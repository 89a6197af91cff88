// Bars from Parquet.
//
// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "lode/base/text.h"
#include "lode/io/source/bar_collector.h"
#include "lode/io/source/bars.h"

namespace lode::source {

Dialect dialect_of(const Batch& batch) {
  Dialect out;
  for (const Column& column : batch.columns()) {
    out.header.push_back(column.name());
    out.header_line += (out.header_line.empty() ? "" : ",") + column.name();
  }
  return out;
}

namespace {

// Whether an instant of a Parquet column is UTC or the exchange's own time, the file does not always say: a day that
// both readings agree on is taken, midnight is a date.
bool day_of_instant(Time instant, const Calendar* calendar, Date& out) {
  out = utc_date(instant);
  return calendar == nullptr || instant == start_of_day(out) || local_date(*calendar, instant) == out;
}

bool batch_date(const Column& column, std::size_t row, const BarGates& gates, Date& out) {
  if (column.is_null(row)) {
    return false;
  }
  switch (column.type()) {
    case ColumnType::kDate:
      out = Date{column.dates()[row]};
      return true;
    case ColumnType::kTime:
      return day_of_instant(Time{column.times()[row]}, gates.calendar, out);
    case ColumnType::kText:
      return read_date(column.texts()[row], gates.dates, gates.calendar, out);
    default:
      return read_date(column.cell(row), gates.dates, gates.calendar, out);  // 20240628 as a number.
  }
}

bool batch_number(const Column& column, std::size_t row, double& out) {
  out = std::numeric_limits<double>::quiet_NaN();
  if (column.is_null(row)) {
    return true;
  }
  switch (column.type()) {
    case ColumnType::kFloat64:
      out = column.float64s()[row];
      return true;
    case ColumnType::kInt64:
      out = static_cast<double>(column.int64s()[row]);
      return true;
    case ColumnType::kUint64:
      out = static_cast<double>(column.uint64s()[row]);
      return true;
    case ColumnType::kText:
      return column.texts()[row].empty() || parse_double(column.texts()[row], out);
    default:
      return false;
  }
}

std::string batch_row(const Batch& batch, std::size_t row) {
  std::string out;
  for (const Column& column : batch.columns()) {
    out += (&column == batch.columns().data() ? "" : ",") + column.cell(row);
  }
  return out;
}

}  // namespace

ParsedBars parse_bars(const Batch& batch, const Layout& layout, const BarGates& gates) {
  BarCollector collector(layout, gates);
  collector.reserve(batch.rows());
  const auto column = [&](BarColumn field) -> const Column& {
    return batch.columns()[static_cast<std::size_t>(layout.column[field])];
  };
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const auto line = static_cast<std::int64_t>(row) + 1;
    BarCells cells = no_bar_cells();
    BarColumn bad = kDate;
    bool is_bad = false;
    const auto fault = [&](BarColumn field) {
      bad = is_bad ? bad : field;
      is_bad = true;
    };
    if (!collector.has(kSymbol)) {
      cells.symbol = 0;
    } else if (column(kSymbol).is_null(row)) {
      fault(kSymbol);
    } else {
      const Column& names = column(kSymbol);
      cells.symbol = names.type() == ColumnType::kText
                         ? collector.symbols().find(names.texts()[row], collector.out().symbols)
                         : collector.symbols().find(names.cell(row), collector.out().symbols);
      if (cells.symbol == BarSymbols::kNone) {
        fault(kSymbol);
      }
    }
    Date session;
    if (batch_date(column(kDate), row, gates, session)) {
      cells.session = session;
    } else {
      fault(kDate);
    }
    for (const BarColumn field : kBarNumbers) {
      if (collector.has(field) &&
          !(batch_number(column(field), row, cells.number[field]) && is_possible_number(field, cells.number[field]))) {
        fault(field);
      }
    }
    RowFault broken = is_bad ? RowFault() : collector.judge(cells);
    if (is_bad) {
      collector.reject(bad_bar_cell(bad, column(bad).cell(row), gates.dates, line), cells, batch_row(batch, row));
    } else if (broken.number != 0) {
      collector.reject(broken_bar_rule(std::move(broken), cells, line), cells, batch_row(batch, row));
    } else {
      collector.accept(cells, line);
    }
  }
  return collector.take();
}

}  // namespace lode::source
