// Reads schema.def into TableSpecs, once.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/text.h"

namespace lode {
namespace {

// Collects the rows of schema.def; each names its table, so a row in the wrong place is caught.
class Builder {
 public:
  void table(TableSpec spec) { tables_.push_back(std::move(spec)); }
  void column(std::string_view table, ColumnSpec spec) {
    LODE_ASSERT(!tables_.empty() && tables_.back().name == table);
    LODE_ASSERT(tables_.back().find(spec.name) == nullptr);
    tables_.back().columns.push_back(spec);
  }
  // What every ingested row carries: its two times and where it came from.
  void ingested(std::string_view table) {
    column(table, {"event_time", ColumnType::kTime, "UTC", true, "when it was true"});
    column(table, {"known_time", ColumnType::kTime, "UTC", false, "when a reader could have known it"});
    column(table, {"known_assumed", ColumnType::kBool, "", false, "true when known_time is a rule's, not observed"});
    column(table, {"source", ColumnType::kText, "", false, "source that delivered the row"});
    column(table, {"raw_hash", ColumnType::kText, "", false, "SHA-256 of the raw bytes it was read from"});
    column(table, {"raw_line", ColumnType::kInt64, "", true, "line in those bytes, from 1"});
  }
  std::vector<TableSpec> finish() {
    for (const TableSpec& table : tables_) {
      LODE_ASSERT(std::ranges::all_of(table.key, [&](std::string_view key) { return table.find(key) != nullptr; }));
      LODE_ASSERT(table.date_column.empty() || table.find(table.date_column)->type == ColumnType::kDate);
    }
    return std::move(tables_);
  }

 private:
  std::vector<TableSpec> tables_;
};

std::vector<TableSpec> read_schema() {
  Builder builder;
#define TABLE(name, meaning, date, partition, ...) \
  builder.table({#name, meaning, {__VA_ARGS__}, #date, Partition::partition, {}});
#define COLUMN(table, name, type, unit, nullable, meaning) \
  builder.column(#table, {#name, ColumnType::type, unit, nullable, meaning});
#define ADDED_COLUMN(table, name, type, unit, nullable, meaning) \
  builder.column(#table, {#name, ColumnType::type, unit, nullable, meaning, true});
#define INGESTED(table) builder.ingested(#table);
#include "lode/market/schema.def"
#undef TABLE
#undef COLUMN
#undef ADDED_COLUMN
#undef INGESTED
  return builder.finish();
}

const std::vector<TableSpec>& schema() {
  static const std::vector<TableSpec> tables = read_schema();
  return tables;
}

std::string nearest_column(std::string_view name, const Batch& batch) {
  std::vector<std::string> names;
  for (const Column& column : batch.columns()) {
    names.push_back(column.name());
  }
  return did_you_mean(name, names);
}

}  // namespace

const ColumnSpec* TableSpec::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &ColumnSpec::name);
  return found == columns.end() ? nullptr : &*found;
}

bool TableSpec::has_added_columns() const { return std::ranges::any_of(columns, &ColumnSpec::added); }

std::span<const TableSpec> tables() { return schema(); }

const TableSpec* find_table(std::string_view name) {
  const auto found = std::ranges::find(schema(), name, &TableSpec::name);
  return found == schema().end() ? nullptr : &*found;
}

Batch empty_batch(const TableSpec& table) {
  std::vector<Column> columns;
  for (const ColumnSpec& spec : table.columns) {
    columns.emplace_back(std::string(spec.name), spec.type);
  }
  return Batch(std::move(columns));
}

Result<void> check_batch(const TableSpec& table, const Batch& batch) {
  for (const ColumnSpec& spec : table.columns) {
    const Column* column = batch.find(spec.name);
    if (column == nullptr) {
      return fail(E::E2001,
                  fmt::format("table {} needs column '{}', which the rows do not have", table.name, spec.name),
                  nearest_column(spec.name, batch));
    }
    if (column->type() != spec.type) {
      return fail(E::E2004, fmt::format("column '{}' of table {} is {}, expected {}", spec.name, table.name,
                                        to_string(column->type()), to_string(spec.type)));
    }
    if (!spec.nullable && column->null_count() > 0) {
      std::size_t row = 0;
      while (!column->is_null(row)) {
        ++row;
      }
      return fail(E::E2004, fmt::format("column '{}' of table {} is missing in {} of {} rows, first in row {}",
                                        spec.name, table.name, column->null_count(), batch.rows(), row + 1));
    }
  }
  return {};
}

}  // namespace lode
