// Batch: named, typed columns of equal length with explicit nulls; the rows that travel between sources, lake and
// flows. Memory layout is Arrow's, so a Batch crosses the Arrow C data interface (arrow.h) without copying numbers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"

namespace lode {

enum class ColumnType : std::uint8_t {
  kInt64,
  kUint64,  // Instrument ids and flag sets.
  kFloat64,
  kDate,  // std::int32_t days since 1970-01-01.
  kTime,  // std::int64_t UTC nanoseconds.
  kText,  // UTF-8.
  kBool,  // One byte, 0 or 1.
};
std::string_view to_string(ColumnType type);  // "int64", "uint64", "float64", "date", "time", "text", "bool"

// UTF-8 strings back to back: string i is bytes[offsets[i], offsets[i + 1]). offsets always holds size + 1 entries.
struct TextData {
  std::vector<std::int64_t> offsets{0};
  std::string bytes;

  std::size_t size() const { return offsets.size() - 1; }
  std::string_view operator[](std::size_t row) const {
    return std::string_view(bytes).substr(static_cast<std::size_t>(offsets[row]),
                                          static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
  }
  void push(std::string_view text) {
    bytes.append(text);
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
};

// One column. A null's slot holds an unspecified value of the type (empty text): ask is_null first.
class Column {
 public:
  Column(std::string name, ColumnType type);

  // From finished data, no nulls.
  static Column int64(std::string name, std::vector<std::int64_t> values);
  static Column uint64(std::string name, std::vector<std::uint64_t> values);
  static Column float64(std::string name, std::vector<double> values);  // NaN becomes null.
  static Column date(std::string name, std::vector<std::int32_t> days);
  static Column time(std::string name, std::vector<std::int64_t> nanos);
  static Column text(std::string name, TextData values);
  static Column boolean(std::string name, std::vector<std::uint8_t> values);

  const std::string& name() const { return name_; }
  ColumnType type() const { return type_; }
  std::size_t size() const;
  bool is_null(std::size_t row) const { return !valid_.empty() && ((valid_[row >> 3] >> (row & 7)) & 1) == 0; }
  std::size_t null_count() const;

  // Typed views; the type must match (LODE_ASSERT).
  std::span<const std::int64_t> int64s() const;  // kInt64
  std::span<const std::uint64_t> uint64s() const;
  std::span<const double> float64s() const;
  std::span<const std::int32_t> dates() const;
  std::span<const std::int64_t> times() const;
  const TextData& texts() const;
  std::span<const std::uint8_t> bools() const;
  std::span<const std::uint8_t> validity() const { return valid_; }  // Arrow bitmap, bit set = valid; empty = no nulls.

  // Appending; the type must match.
  void push(std::int64_t value);  // kInt64, kTime
  void push(std::uint64_t value);
  void push(double value);  // NaN becomes null.
  void push(Date value);
  void push(Time value);
  void push(std::string_view value);
  void push(const char* value) { push(std::string_view(value)); }  // Else a literal would become a bool.
  void push(bool value);
  // Any other integer by its sign: 5 and 5LL are kInt64 (or kTime), 5U is kUint64.
  template <std::integral T>
  void push(T value) {
    push(static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(value));
  }
  void push_null();
  void reserve(std::size_t rows);

  // Rows by index, in that order.
  Column take(std::span<const std::uint32_t> rows) const;
  void append(const Column& other);  // Same type.
  void rename(std::string name) { name_ = std::move(name); }

  // The value as a person reads it ("" for null): numbers shortest, dates ISO, ids as 16 hex digits for kUint64.
  std::string cell(std::size_t row) const;
  // True when both cells are null, or both hold the same value (floats by bits, -0 equal to 0).
  bool same(std::size_t row, const Column& other, std::size_t other_row) const;

 private:
  using Data = std::variant<std::vector<std::int64_t>, std::vector<std::uint64_t>, std::vector<double>,
                            std::vector<std::int32_t>, TextData, std::vector<std::uint8_t>>;
  void mark(bool valid);

  std::string name_;
  ColumnType type_;
  Data data_;
  std::vector<std::uint8_t> valid_;
};

// Columns of equal length with unique names. Immutable once handed on (pass by const& or move).
class Batch {
 public:
  Batch() = default;
  explicit Batch(std::vector<Column> columns);  // Equal sizes and unique names (LODE_ASSERT).

  std::size_t rows() const;
  std::span<const Column> columns() const { return columns_; }
  std::span<Column> columns() { return columns_; }
  const Column* find(std::string_view name) const;    // nullptr when absent.
  const Column& column(std::string_view name) const;  // LODE_ASSERT that it exists.
  Column& column(std::string_view name);
  void add(Column column);             // Same size as the others.
  void remove(std::string_view name);  // Nothing happens when absent.

  Batch take(std::span<const std::uint32_t> rows) const;
  void append(const Batch& other);  // Same names and types in the same order.
  // Row order by the named columns ascending (nulls first, text by bytes); stable.
  std::vector<std::uint32_t> sorted_rows(std::span<const std::string_view> keys) const;

 private:
  std::vector<Column> columns_;
};

}  // namespace lode
