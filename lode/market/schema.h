// The lake's tables as data: schema.def lists every table and column once; SQL views, documentation, import checks and
// foreign types come from it. A new column is a minor version; a changed meaning is a new column.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "lode/market/batch.h"

namespace lode {

struct ColumnSpec {
  std::string_view name;
  ColumnType type;
  std::string_view unit;  // "USD a share", "shares", "" for names
  bool nullable;
  std::string_view meaning;  // One line.
  // True for a column that joined the table after lakes were written without it. Parts from before lack it, and their
  // rows read as null there, whatever `nullable` asks of new rows.
  bool added = false;
};

// How a table's parts are cut into folders.
enum class Partition : std::uint8_t { kNone, kYear, kMonth };

struct TableSpec {
  std::string_view name;  // "bars"
  std::string_view meaning;
  std::vector<std::string_view> key;  // Natural key, in sort order.
  std::string_view date_column;       // Column that partitions and that --from/--to select; "" = none.
  Partition partition;
  std::vector<ColumnSpec> columns;  // Own columns first, then event_time, known_time, known_assumed,
                                    // source, raw_hash, raw_line where the table is ingested.
  const ColumnSpec* find(std::string_view column) const;
  bool has_added_columns() const;
};

// The one table that no batch is ever appended to: what runs computed, stored as io/lake/values says and read as its
// columns here.
inline constexpr std::string_view kFactorValues = "factor_values";

// Rows that runs made of other rows. They are no part of any import, nothing is computed of them, and taking them away
// leaves every commit readable.
bool is_computed(std::string_view table);

// How another system's users call the rows of a table: a view of its own in SQL, as schema.name.
struct NamedView {
  std::string_view schema;   // "fm"
  std::string_view name;     // "factor_summary"
  std::string_view meaning;  // One line.
  std::string_view sql;      // A SELECT over the tables.
};
std::span<const NamedView> named_views();

std::span<const TableSpec> tables();
const TableSpec* find_table(std::string_view name);  // nullptr when unknown.

// An empty Batch with the table's columns.
Batch empty_batch(const TableSpec& table);

// Checks names, types and nulls of `batch` against `table`: E2001 column missing, E2004 wrong type or a null where none
// may be.
Result<void> check_batch(const TableSpec& table, const Batch& batch);

}  // namespace lode
