// Packing of the embedded data.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/data_block.h"

#include <zlib.h>

#include <array>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/report/html.h"

namespace lode::report {
namespace {

// Beyond this a double no longer holds every integer: such a value travels as missing rather than wrong.
constexpr double kExactInteger = 9007199254740992.0;

double power_of_ten(int decimals) {
  double out = 1.0;
  for (int i = 0; i < decimals; ++i) {
    out *= 10.0;
  }
  return out;
}

struct Packed {
  Value::Array values;
  double cost = 0.0;  // Sum of sizes: what the differences are worth.
};

Packed pack(const Column& column, bool differences) {
  const double scale = power_of_ten(column.decimals);
  Packed out;
  double last = 0.0;
  for (const double value : column.values) {
    const double step = math::round_even(value * scale);
    if (!math::is_finite(step) || math::abs(step) > kExactInteger) {
      out.values.emplace_back();
      continue;
    }
    const double stored = differences ? step - last : step;
    last = step;
    out.cost += math::abs(stored);
    out.values.emplace_back(static_cast<std::int64_t>(stored));
  }
  return out;
}

Value column_value(const Column& column) {
  static constexpr std::array<std::string_view, 3> kKinds{"number", "date", "text"};
  Value out = Value::object();
  out.set("n", column.name);
  out.set("k", kKinds[static_cast<std::size_t>(column.kind)]);
  if (column.kind == Column::Kind::kText) {
    Value texts = Value::array();
    for (const std::string& text : column.texts) {
      texts.push(text);
    }
    out.set("v", std::move(texts));
    return out;
  }
  Packed plain = pack(column, false);
  Packed differences = pack(column, true);
  const bool smaller = differences.cost < plain.cost;
  out.set("f", static_cast<int>(column.style));
  out.set("p", column.decimals);
  out.set("d", smaller ? 1 : 0);
  out.set("v", Value(std::move(smaller ? differences.values : plain.values)));
  return out;
}

}  // namespace

void DataBlock::add(std::string_view chart_id, const Table& table) {
  Value columns = Value::array();
  for (const Column& column : table.columns) {
    columns.push(column_value(column));
  }
  charts_.set(chart_id, std::move(columns));
}

void DataBlock::add(std::span<const evaluate::Number> numbers) {
  std::vector<std::string_view> seen;
  for (const evaluate::Number& number : numbers) {
    std::size_t definition = 0;
    while (definition < seen.size() && seen[definition] != number.definition) {
      ++definition;
    }
    if (definition == seen.size()) {
      seen.push_back(number.definition);
      definitions_.push(number.definition);
    }
    numbers_.set(number.path, Value(Value::Array{number.value, number.lower, number.upper, number.n, number.unit,
                                                 static_cast<std::int64_t>(definition), number.reason}));
  }
}

std::string DataBlock::json() const {
  Value out = Value::object();
  out.set("charts", charts_);
  out.set("numbers", numbers_);
  out.set("definitions", definitions_);
  return to_json(out);
}

std::string DataBlock::packed() const { return base64(deflated(json())); }

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  const int done = compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                             static_cast<uLong>(bytes.size()), Z_BEST_COMPRESSION);
  LODE_ASSERT(done == Z_OK);
  out.resize(size);
  return out;
}

}  // namespace lode::report
