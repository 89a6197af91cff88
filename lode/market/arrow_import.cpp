// The Arrow C data interface to a Batch, by copy: formats are widened to the house's types, offsets and nulls honoured.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <limits>

#include "lode/market/arrow.h"

namespace lode {
namespace {

bool bit_at(const void* bits, std::int64_t row) {
  return ((static_cast<const std::uint8_t*>(bits)[row >> 3] >> (row & 7)) & 1) != 0;
}

bool is_valid(const ArrowArray& array, std::int64_t row) {
  return array.null_count == 0 || array.n_buffers == 0 || array.buffers[0] == nullptr ||
         bit_at(array.buffers[0], array.offset + row);
}

// One field under its struct. A struct's offset and nulls apply to its children too.
struct Field {
  const ArrowSchema& schema;
  const ArrowArray& array;
  const ArrowArray& parent;

  std::string_view name() const { return schema.name == nullptr ? "" : schema.name; }
  std::string_view format() const { return schema.format == nullptr ? "" : schema.format; }
  std::int64_t rows() const { return parent.length; }
  bool valid(std::int64_t row) const { return is_valid(parent, row) && is_valid(array, parent.offset + row); }
  // Position of a row in the buffers.
  std::int64_t at(std::int64_t row) const { return array.offset + parent.offset + row; }
  template <class T>
  const T* buffer(int index) const {
    return static_cast<const T*>(array.buffers[index]);
  }
};

template <class T, class Push>
Column copy_values(const Field& field, ColumnType type, Push push) {
  Column column(std::string(field.name()), type);
  column.reserve(static_cast<std::size_t>(field.rows()));
  const T* values = field.buffer<T>(1);
  for (std::int64_t row = 0; row < field.rows(); ++row) {
    field.valid(row) ? push(column, values[field.at(row)]) : column.push_null();
  }
  return column;
}

template <class T>
Column copy_integers(const Field& field) {
  return copy_values<T>(field, ColumnType::kInt64, [](Column& c, T value) { c.push(std::int64_t{value}); });
}

template <class Offset>
Column copy_texts(const Field& field) {
  Column column(std::string(field.name()), ColumnType::kText);
  column.reserve(static_cast<std::size_t>(field.rows()));
  const Offset* offsets = field.buffer<Offset>(1);
  const char* bytes = field.buffer<char>(2);
  for (std::int64_t row = 0; row < field.rows(); ++row) {
    if (!field.valid(row)) {
      column.push_null();
      continue;
    }
    const Offset begin = offsets[field.at(row)];
    const Offset end = offsets[field.at(row) + 1];
    column.push(begin == end ? std::string_view()
                             : std::string_view(bytes + begin, static_cast<std::size_t>(end - begin)));
  }
  return column;
}

Column copy_bools(const Field& field) {
  Column column(std::string(field.name()), ColumnType::kBool);
  column.reserve(static_cast<std::size_t>(field.rows()));
  for (std::int64_t row = 0; row < field.rows(); ++row) {
    field.valid(row) ? column.push(bit_at(field.array.buffers[1], field.at(row))) : column.push_null();
  }
  return column;
}

// Instants counted in units of `nanos`; one that leaves the range of nanoseconds (1677 to 2262) fails.
Result<Column> copy_times(const Field& field, std::int64_t nanos) {
  const std::int64_t limit = std::numeric_limits<std::int64_t>::max() / nanos;
  bool fits = true;
  Column column = copy_values<std::int64_t>(field, ColumnType::kTime, [&](Column& c, std::int64_t value) {
    fits = fits && value <= limit && value >= -limit;
    c.push(Time{fits ? value * nanos : 0});
  });
  if (!fits) {
    return fail(E::E2004, fmt::format("column '{}' holds an instant outside the years 1678 to 2261", field.name()));
  }
  return column;
}

Result<Column> copy_timestamps(const Field& field) {
  switch (field.format()[2]) {
    case 's':
      return copy_times(field, 1'000'000'000);
    case 'm':
      return copy_times(field, 1'000'000);
    case 'u':
      return copy_times(field, 1'000);
    default:
      return copy_times(field, 1);
  }
}

bool is_timestamp(std::string_view format) {
  return format.size() >= 4 && format.starts_with("ts") && format[3] == ':' &&
         std::string_view("smun").find(format[2]) != std::string_view::npos;
}

Result<Column> copy_numbers(const Field& field, char format) {
  switch (format) {
    case 'c':
      return copy_integers<std::int8_t>(field);
    case 'C':
      return copy_integers<std::uint8_t>(field);
    case 's':
      return copy_integers<std::int16_t>(field);
    case 'S':
      return copy_integers<std::uint16_t>(field);
    case 'i':
      return copy_integers<std::int32_t>(field);
    case 'I':
      return copy_integers<std::uint32_t>(field);
    case 'l':
      return copy_integers<std::int64_t>(field);
    case 'L':
      return copy_values<std::uint64_t>(field, ColumnType::kUint64, [](Column& c, std::uint64_t v) { c.push(v); });
    case 'f':
      return copy_values<float>(field, ColumnType::kFloat64, [](Column& c, float v) { c.push(double{v}); });
    default:
      return copy_values<double>(field, ColumnType::kFloat64, [](Column& c, double v) { c.push(v); });
  }
}

Result<Column> copy_column(const Field& field) {
  const std::string_view format = field.format();
  if (field.schema.dictionary != nullptr) {
    return fail(E::E2004, fmt::format("column '{}' is dictionary-encoded, expected plain values", field.name()));
  }
  if (format.size() == 1 && std::string_view("cCsSiIlLfg").find(format[0]) != std::string_view::npos) {
    return copy_numbers(field, format[0]);
  }
  if (format == "tdD") {
    return copy_values<std::int32_t>(field, ColumnType::kDate, [](Column& c, std::int32_t v) { c.push(Date{v}); });
  }
  if (is_timestamp(format)) {
    return copy_timestamps(field);
  }
  if (format == "u") {
    return copy_texts<std::int32_t>(field);
  }
  if (format == "U") {
    return copy_texts<std::int64_t>(field);
  }
  if (format == "b") {
    return copy_bools(field);
  }
  return fail(E::E2004, fmt::format("column '{}' has the Arrow format '{}', expected a number, date, timestamp, text "
                                    "or bool",
                                    field.name(), format));
}

Result<Batch> copy_batch(const ArrowSchema& schema, const ArrowArray& array) {
  if (schema.format == nullptr || std::string_view(schema.format) != "+s" || schema.n_children != array.n_children) {
    return fail(E::E2004,
                fmt::format("the Arrow data has the format '{}' and {} columns for {} names, expected a struct",
                            schema.format == nullptr ? "" : schema.format, array.n_children, schema.n_children));
  }
  Batch batch;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const Field field{*schema.children[i], *array.children[i], array};
    if (batch.find(field.name()) != nullptr) {
      return fail(E::E2002, fmt::format("column '{}' stands twice in the Arrow data", field.name()));
    }
    LODE_TRY(Column column, copy_column(field));
    batch.add(std::move(column));
  }
  return batch;
}

}  // namespace

Result<Batch> import_arrow(ArrowSchema& schema, ArrowArray& array) {
  Result<Batch> batch = copy_batch(schema, array);
  if (schema.release != nullptr) {
    schema.release(&schema);
  }
  if (array.release != nullptr) {
    array.release(&array);
  }
  return batch;
}

}  // namespace lode
