// Rows in the format asked for.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/rows_format.h"

#include <algorithm>
#include <string>
#include <vector>

#include "lode/base/assert.h"
#include "lode/flow/steps/answer/batch_text.h"

namespace lode::flow {

namespace {

std::vector<std::string> keys_of(const Value& rows, std::span<const std::string_view> columns) {
  std::vector<std::string> keys(columns.begin(), columns.end());
  for (const Value& row : rows.as_array()) {
    for (const auto& [key, value] : row.as_object()) {
      if (std::ranges::find(keys, key) == keys.end()) {
        keys.push_back(key);
      }
    }
  }
  return keys;
}

// True when the column has a value and `holds` is true of each.
template <class Holds>
bool all_are(const Value& rows, const std::string& key, Holds holds) {
  bool any = false;
  for (const Value& row : rows.as_array()) {
    const Value* cell = row.find(key);
    if (cell != nullptr && !cell->is_null()) {
      any = true;
      if (!holds(*cell)) {
        return false;
      }
    }
  }
  return any;
}

ColumnType type_of(const Value& rows, const std::string& key) {
  if (all_are(rows, key, [](const Value& cell) { return cell.is_int(); })) {
    return ColumnType::kInt64;
  }
  if (all_are(rows, key, [](const Value& cell) { return cell.is_number(); })) {
    return ColumnType::kFloat64;
  }
  return all_are(rows, key, [](const Value& cell) { return cell.is_bool(); }) ? ColumnType::kBool : ColumnType::kText;
}

void push_cell(const Value* cell, Column& column) {
  if (cell == nullptr || cell->is_null()) {
    column.push_null();
    return;
  }
  switch (column.type()) {
    case ColumnType::kInt64:
      return column.push(cell->as_int());
    case ColumnType::kFloat64:
      return column.push(cell->as_double());
    case ColumnType::kBool:
      return column.push(cell->as_bool());
    default:
      return column.push(cell->is_text() ? std::string_view(cell->as_text()) : std::string_view(to_json(*cell)));
  }
}

}  // namespace

Parameter rows_format_parameter() {
  return {.name = "format",
          .kind = ParameterKind::kChoice,
          .summary = "how the rows are written; parquet and arrow to a file or a pipe",
          .fallback = "table",
          .choices = {std::begin(kBatchFormats), std::end(kBatchFormats)}};
}

Batch batch_of_rows(const Value& rows, std::span<const std::string_view> columns) {
  std::vector<Column> out;
  for (const std::string& key : keys_of(rows, columns)) {
    Column column(key, type_of(rows, key));
    for (const Value& row : rows.as_array()) {
      push_cell(row.find(key), column);
    }
    out.push_back(std::move(column));
  }
  return Batch(std::move(out));
}

Result<Outcome> rows_in_format(Outcome out, const Value& rows, std::span<const std::string_view> columns,
                               const Request& request) {
  const std::string format = request.text("format", "table");
  if (format == "table") {
    return out;
  }
  if (format == "json") {
    out.text = to_json(rows, 2) + "\n";
  } else if (format == "ndjson") {
    out.text.clear();
    for (const Value& row : rows.as_array()) {
      out.text += to_json(row) + "\n";
    }
  } else {
    LODE_CHECK(set_rows(out, batch_of_rows(rows, columns), format));
  }
  out.next.clear();
  return out;
}

Result<Outcome> in_format(Outcome out, std::string_view key, std::initializer_list<std::string_view> columns,
                          const Request& request) {
  const Value* rows = out.data.find(key);
  LODE_ASSERT(rows != nullptr);
  const Value kept = *rows;
  return rows_in_format(std::move(out), kept, std::span(columns.begin(), columns.size()), request);
}

Result<Outcome> row_in_format(Outcome out, std::initializer_list<std::string_view> columns, const Request& request) {
  Value row = Value::object();
  for (const std::string_view column : columns) {
    const Value* cell = out.data.find(column);
    LODE_ASSERT(cell != nullptr);
    row.set(std::string(column), *cell);
  }
  Value rows = Value::array();
  rows.push(std::move(row));
  return rows_in_format(std::move(out), rows, std::span(columns.begin(), columns.size()), request);
}

}  // namespace lode::flow
