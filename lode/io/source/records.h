// Rows of the small tables (actions, groups, universe, instruments) as text cells in the table's column order, from CSV
// or Parquet; what the cells mean is judged by the caller, row by row.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/bars.h"
#include "lode/io/source/columns.h"
#include "lode/market/batch.h"

namespace lode::source {

struct Record {
  std::int64_t line = 0;           // 1-based; row number for Parquet.
  std::string text;                // The row as it stood, at most kRejectedBytes.
  std::vector<std::string> cells;  // One a column of the ImportTable; "" = empty or the file has no such column.
};

struct Records {
  std::vector<Record> rows;        // Those with as many cells as the header.
  std::vector<Rejected> rejected;  // E2009.
};

Records parse_records(std::string_view bytes, const Dialect& dialect, const Layout& layout);
Records parse_records(const Batch& batch, const Layout& layout);

}  // namespace lode::source
