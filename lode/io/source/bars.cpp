// The hot path of an import: bars from text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/bars.h"

#include <algorithm>
#include <limits>

#include "lode/base/text.h"
#include "lode/io/source/bar_collector.h"

namespace lode::source {

namespace {

// Reads one row of text. False when a cell is bad; `bad` then says which.
class CsvRow {
 public:
  CsvRow(const Layout& layout, const BarGates& gates, BarCollector& collector) : collector_(collector), dates_(gates) {
    for (const BarColumn field : kBarNumbers) {
      if (collector.has(field)) {
        numbers_.push_back({field, static_cast<std::size_t>(layout.column[field])});
      }
    }
    date_ = static_cast<std::size_t>(layout.column[kDate]);
    symbol_ = collector.has(kSymbol) ? static_cast<std::size_t>(layout.column[kSymbol]) : 0;
  }

  bool read(const std::vector<std::string_view>& fields, BarCells& cells, BarColumn& bad, std::string_view& cell) {
    bool good = true;
    const auto fault = [&](BarColumn field, std::string_view text) {
      if (good) {
        bad = field;
        cell = text;
        good = false;
      }
    };
    cells.symbol = collector_.has(kSymbol) ? collector_.symbols().find(fields[symbol_], collector_.out().symbols) : 0;
    if (cells.symbol == BarSymbols::kNone) {
      fault(kSymbol, fields[symbol_]);
    }
    Date session;
    cells.session.reset();
    if (dates_.read(fields[date_], session)) {
      cells.session = session;
    } else {
      fault(kDate, fields[date_]);
    }
    for (const auto& [field, column] : numbers_) {
      const std::string_view text = fields[column];
      double value = std::numeric_limits<double>::quiet_NaN();
      if (!text.empty() && (!parse_double(text, value) || !is_possible_number(field, value))) {
        fault(field, text);
      }
      cells.number[field] = value;
    }
    return good;
  }

 private:
  struct Number {
    BarColumn field;
    std::size_t column;
  };
  BarCollector& collector_;
  std::vector<Number> numbers_;
  std::size_t date_ = 0;
  std::size_t symbol_ = 0;
  BarDates dates_;
};

// Rows the range probably holds, from the length of its first ones.
std::size_t likely_rows(std::string_view bytes, const RowRange& range) {
  constexpr std::size_t kSample = 4096;
  const std::string_view head = bytes.substr(range.begin, std::min(kSample, range.end - range.begin));
  const auto lines = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n'));
  return lines == 0 ? 1 : (range.end - range.begin) / (head.size() / lines) * 21 / 20 + 1;
}

}  // namespace

ParsedBars parse_bars(std::string_view bytes, const Dialect& dialect, const Layout& layout, const RowRange& range,
                      const BarGates& gates) {
  BarCollector collector(layout, gates);
  collector.reserve(likely_rows(bytes, range));
  CsvRow reader(layout, gates, collector);
  RowReader rows(bytes, dialect, range);
  BarCells cells = no_bar_cells();
  const std::size_t width = dialect.header.size();
  while (rows.next()) {
    if (rows.cells() != width) {
      collector.reject(bad_width(rows.cells(), width, rows.line()), no_bar_cells(), rows.text());
      continue;
    }
    BarColumn bad = kDate;
    std::string_view cell;
    if (!reader.read(rows.fields(), cells, bad, cell)) {
      collector.reject(bad_bar_cell(bad, cell, gates.dates, rows.line()), cells, rows.text());
      continue;
    }
    RowFault fault = collector.judge(cells);
    if (fault.number == 0) {
      collector.accept(cells, rows.line());
    } else {
      collector.reject(broken_bar_rule(std::move(fault), cells, rows.line()), cells, rows.text());
    }
  }
  return collector.take();
}

}  // namespace lode::source
