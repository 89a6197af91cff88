// Bars from files: each row is parsed and judged on its own, in one pass and without an allocation; what cannot be
// right is set aside with its reason, the rest is kept as plain columns.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/source/columns.h"
#include "lode/io/source/date_format.h"
#include "lode/io/source/rejected.h"
#include "lode/market/batch.h"
#include "lode/market/calendar.h"
#include "lode/market/quality.h"

namespace lode::source {

// Accepted rows of one file or of a piece of it, in its order.
struct ParsedBars {
  std::vector<std::string> symbols;  // As stored; rows refer to them.
  std::vector<std::string> raised;   // Spellings of the symbol column that were stored in upper case and are not in it.
  std::vector<std::uint32_t> symbol;
  std::vector<std::int32_t> session;  // Days since 1970-01-01.
  std::vector<std::int64_t> line;
  std::vector<double> open, high, low, close, volume;      // NaN = missing; close never is.
  std::vector<double> amount, vwap, trades, close_vendor;  // Empty when the file has no such column.
  std::vector<Rejected> rejected;
  std::int64_t rows = 0;  // Accepted and rejected.

  std::size_t accepted() const { return session.size(); }
};

// How rows are judged.
struct BarGates {
  const Calendar* calendar = nullptr;  // nullptr: sessions are not checked.
  QualityLimits limits;
  std::string symbol;     // Of files without a symbol column.
  DateFormat dates = {};  // Of the file.
};

// Reads the rows of `range`. Never fails: a row that does not fit is a Rejected (E2004, E2005, E2006, E2007, E2008,
// E2009, E2010, E2011, E2013).
ParsedBars parse_bars(std::string_view bytes, const Dialect& dialect, const Layout& layout, const RowRange& range,
                      const BarGates& gates);

// The header of a Batch, so that find_layout judges a Parquet file as it does a CSV.
Dialect dialect_of(const Batch& batch);
// The same from a Parquet file's rows; dates may be dates, instants (their UTC day) or text, prices any number or text.
ParsedBars parse_bars(const Batch& batch, const Layout& layout, const BarGates& gates);

}  // namespace lode::source
