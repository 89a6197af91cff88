// Factor values as rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/values_output.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "lode/base/math.h"
#include "lode/base/value.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

namespace {

// Columns in the order people read: by symbol.
std::vector<std::size_t> by_symbol(const Axis& axis) {
  std::vector<std::size_t> order(axis.columns());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return axis.symbols[a] != axis.symbols[b] ? axis.symbols[a] < axis.symbols[b] : a < b;
  });
  return order;
}

bool inside(const Computed& computed, std::size_t row, std::size_t column) {
  return computed.universe.empty() || computed.universe[row * computed.axis->columns() + column] != 0;
}

void append_number(std::string& out, const Panel& panel, std::size_t row, std::size_t column) {
  char buffer[32];
  std::to_chars_result end{};
  if (panel.precision() == Precision::kFloat32) {
    const float value = panel.row32(row)[column];
    if (math::is_nan(static_cast<double>(value))) return;
    end = std::to_chars(buffer, buffer + sizeof(buffer), value);
  } else {
    const double value = panel.row64(row)[column];
    if (math::is_nan(value)) return;
    end = std::to_chars(buffer, buffer + sizeof(buffer), value);
  }
  out.append(buffer, end.ptr);
}

// A name with a delimiter or a quote is quoted; one that a spreadsheet would run as a formula gets a leading quote mark.
std::string csv_text(const std::string& text) {
  std::string safe = text;
  if (!safe.empty() && (safe.front() == '=' || safe.front() == '+' || safe.front() == '@' || safe.front() == '\t')) {
    safe.insert(safe.begin(), '\'');
  }
  if (safe.find_first_of(",\"\n\r") == std::string::npos) {
    return safe;
  }
  std::string out = "\"";
  for (const char c : safe) {
    out += c;
    if (c == '"') out += '"';
  }
  return out + "\"";
}

template <class Visit>
void for_each_cell(const Computed& computed, std::size_t row, const std::vector<std::size_t>& order, Visit visit) {
  for (const std::size_t column : order) {
    if (inside(computed, row, column)) {
      for (std::size_t factor = 0; factor < computed.panels.size(); ++factor) {
        visit(column, factor);
      }
    }
  }
}

std::string csv_rows(const Computed& computed, Pool& pool) {
  const std::vector<std::size_t> order = by_symbol(*computed.axis);
  std::vector<std::string> names;
  for (const std::string& name : computed.names) {
    names.push_back(csv_text(name));
  }
  const std::size_t rows = computed.axis->rows() - computed.first_row;
  std::vector<std::string> parts(rows);
  pool.for_each(rows, [&](std::size_t i) {
    const std::size_t row = computed.first_row + i;
    const std::string date = to_string(computed.axis->sessions[row]);
    for_each_cell(computed, row, order, [&](std::size_t column, std::size_t factor) {
      parts[i].append(date).append(1, ',').append(computed.axis->symbols[column]).append(1, ',').append(names[factor]);
      parts[i] += ',';
      append_number(parts[i], computed.panels[factor], row, column);
      parts[i] += '\n';
    });
  });
  std::string out = "date,symbol,factor,value\n";
  std::size_t total = out.size();
  for (const std::string& part : parts) {
    total += part.size();
  }
  out.reserve(total);
  for (std::string& part : parts) {
    out += part;
    std::string().swap(part);
  }
  return out;
}

std::string json_rows(const Computed& computed) {
  const std::vector<std::size_t> order = by_symbol(*computed.axis);
  std::string out = "[";
  for (std::size_t row = computed.first_row; row < computed.axis->rows(); ++row) {
    const std::string date = to_string(computed.axis->sessions[row]);
    for_each_cell(computed, row, order, [&](std::size_t column, std::size_t factor) {
      out += out.size() == 1 ? "\n" : ",\n";
      out += "{\"date\":\"" + date + "\",\"symbol\":" + to_json(Value(computed.axis->symbols[column])) +
             ",\"factor\":" + to_json(Value(computed.names[factor])) + ",\"value\":";
      const std::size_t before = out.size();
      append_number(out, computed.panels[factor], row, column);
      out += out.size() == before ? "null}" : "}";
    });
  }
  return out + "\n]\n";
}

Result<void> write_rows(const Computed& computed, const std::string& path) {
  const std::vector<std::size_t> order = by_symbol(*computed.axis);
  std::vector<std::int32_t> dates;
  TextData symbols;
  TextData factors;
  std::vector<double> values;
  for (std::size_t row = computed.first_row; row < computed.axis->rows(); ++row) {
    for_each_cell(computed, row, order, [&](std::size_t column, std::size_t factor) {
      dates.push_back(computed.axis->sessions[row].days);
      symbols.push(computed.axis->symbols[column]);
      factors.push(computed.names[factor]);
      values.push_back(computed.panels[factor].at(row, column));
    });
  }
  std::vector<Column> columns;
  columns.push_back(Column::date("date", std::move(dates)));
  columns.push_back(Column::text("symbol", std::move(symbols)));
  columns.push_back(Column::text("factor", std::move(factors)));
  columns.push_back(Column::float64("value", std::move(values)));
  return lake::write_parquet(path, Batch(std::move(columns)));
}

}  // namespace

Result<std::string> format_values(const Computed& computed, const std::string& format, const std::string& path,
                                  Pool& pool) {
  if (format == "json") {
    return json_rows(computed);
  }
  if (format == "parquet") {
    if (path.empty()) {
      return fail(E::E3, "--format parquet needs a file to write", "lode factor compute ... --format parquet -o out.parquet");
    }
    LODE_CHECK(write_rows(computed, path));
    return std::string();
  }
  return csv_rows(computed, pool);
}

}  // namespace lode::flow
