// A user's own factor values on a lake's axis.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/values_file.h"

#include <fmt/format.h>

#include <unordered_map>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/data_file.h"
#include "lode/flow/files.h"

namespace lode::flow {

namespace {

// The column of the values: `value`, else `score`, else `factor`, else the only column of numbers.
Result<const source::LongColumn*> value_column(const source::LongTable& table) {
  for (const std::string_view name : {"value", "score", "factor"}) {
    const source::LongColumn* column = table.find(name);
    if (column != nullptr && !column->is_text) {
      return column;
    }
  }
  const source::LongColumn* only = nullptr;
  int numbers = 0;
  std::vector<std::string> names;
  for (const source::LongColumn& column : table.columns) {
    names.push_back(column.name);
    if (!column.is_text) {
      only = &column;
      ++numbers;
    }
  }
  if (numbers == 1) {
    return only;
  }
  return fail(E::E2001, fmt::format("{} has {} columns of numbers and none is called 'value'", table.path, numbers),
              fmt::format("found: {}    needed: date, symbol, value", join(names, ", ")));
}

}  // namespace

Result<ValuesFile> read_values_file(const std::string& path, std::shared_ptr<const Axis> axis) {
  LODE_TRY(const source::LongTable table, read_long_file(path));
  LODE_TRY(const source::LongColumn* values, value_column(table));
  std::unordered_map<std::string, int> column_of;
  for (std::size_t column = 0; column < axis->columns(); ++column) {
    column_of.emplace(axis->symbols[column], static_cast<int>(column));
  }
  ValuesFile out{file_name(path), table.hash, Panel(axis, Precision::kFloat64),
                 static_cast<std::int64_t>(table.dates.size()), 0};
  for (std::size_t i = 0; i < table.dates.size(); ++i) {
    const auto column = column_of.find(table.symbols[table.symbol_of[i]]);
    const int row = axis->row_of(table.dates[i]);
    if (column == column_of.end() || row < 0) {
      ++out.unmatched;
      continue;
    }
    double& cell = out.panel.mutable_row64(static_cast<std::size_t>(row))[static_cast<std::size_t>(column->second)];
    const double value = values->numbers[i];
    if (!math::is_nan(cell) && cell != value) {
      return fail(E::E2012, fmt::format("{} line {}: {} on {} was {} before and is {} here", path, table.lines[i],
                                        column->first, to_string(table.dates[i]), shortest(cell), shortest(value)),
                  "keep the right one; Lode does not choose");
    }
    cell = value;
  }
  if (out.unmatched == out.rows) {
    return fail(E::E2101, fmt::format("none of the {} values in {} falls on a symbol and session of this universe",
                                      grouped(out.rows), path),
                fmt::format("this universe has {} names, {} .. {}; symbols are matched as written in the lake",
                            axis->columns(), to_string(axis->sessions.front()), to_string(axis->sessions.back())));
  }
  return out;
}

}  // namespace lode::flow
