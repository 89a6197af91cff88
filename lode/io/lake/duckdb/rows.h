// A table function that hands rows of a Batch to the engine, so that COPY can write them without a table in between.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>

#include "lode/io/lake/duckdb/api.h"
#include "lode/io/lake/parquet.h"
#include "lode/market/batch.h"

namespace lode::lake::duckdb {

// `rows` of `batch` in that order; all rows when empty. Then every row of each batch that `more` gives, until it gives
// none: of the same columns, taken when the one before is written.
struct RowSet {
  const Batch* batch = nullptr;
  std::span<const std::uint32_t> rows;
  const BatchSource* more = nullptr;
  std::size_t size() const { return rows.empty() ? batch->rows() : rows.size(); }
};

// The row sets that are being written now, by number. Thread-safe.
class RowSets {
 public:
  std::uint64_t add(RowSet set);
  void remove(std::uint64_t number);
  const RowSet* find(std::uint64_t number) const;  // nullptr when absent.

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, RowSet> sets_;  // A map: addresses stay.
  std::uint64_t next_ = 1;
};

// Makes `SELECT * FROM lode_rows(number)` work for this instance. `sets` must outlive it.
Result<void> register_rows(const Api& api, Handle connection, RowSets& sets);

// SQL type of a column type: "BIGINT", "TIMESTAMP_NS".
std::string_view sql_type(ColumnType type);

}  // namespace lode::lake::duckdb
