// Column and Batch: typed vectors beside an Arrow validity bitmap. Sorting is in sort.cpp.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/batch.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"

namespace lode {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Bits behind the last row are always set, so that a bitmap grows without being patched.
constexpr std::uint8_t kAllValid = 0xFF;

std::size_t bitmap_bytes(std::size_t rows) { return (rows + 7) / 8; }

bool bit(std::span<const std::uint8_t> bitmap, std::size_t row) { return ((bitmap[row >> 3] >> (row & 7)) & 1) != 0; }

void clear_bit(std::vector<std::uint8_t>& bitmap, std::size_t row) {
  bitmap[row >> 3] = static_cast<std::uint8_t>(bitmap[row >> 3] & ~(1U << (row & 7)));
}

// The bitmap of a float column whose NaN are nulls; empty when there are none.
std::vector<std::uint8_t> nan_bitmap(std::span<const double> values) {
  std::vector<std::uint8_t> valid;
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (values[row] != values[row]) {
      if (valid.empty()) {
        valid.assign(bitmap_bytes(values.size()), kAllValid);
      }
      clear_bit(valid, row);
    }
  }
  return valid;
}

// Adds `count` bits of `from` behind the `rows` bits of `to`; an empty bitmap stands for all valid.
void append_bits(std::vector<std::uint8_t>& to, std::size_t rows, std::span<const std::uint8_t> from,
                 std::size_t count) {
  if (to.empty() && from.empty()) {
    return;
  }
  to.resize(bitmap_bytes(rows), kAllValid);
  to.resize(bitmap_bytes(rows + count), kAllValid);
  if (from.empty()) {
    return;
  }
  if (rows % 8 == 0) {
    std::copy_n(from.begin(), bitmap_bytes(count), to.begin() + static_cast<std::ptrdiff_t>(rows / 8));
    return;
  }
  for (std::size_t row = 0; row < count; ++row) {
    if (!bit(from, row)) {
      clear_bit(to, rows + row);
    }
  }
}

template <class T>
std::vector<T> take_values(const std::vector<T>& values, std::span<const std::uint32_t> rows) {
  std::vector<T> out(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out[i] = values[rows[i]];
  }
  return out;
}

TextData take_values(const TextData& values, std::span<const std::uint32_t> rows) {
  TextData out;
  out.offsets.resize(rows.size() + 1);
  std::int64_t total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    total += values.offsets[rows[i] + 1] - values.offsets[rows[i]];
    out.offsets[i + 1] = total;
  }
  out.bytes.resize(static_cast<std::size_t>(total));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string_view text = values[rows[i]];
    std::memcpy(out.bytes.data() + out.offsets[i], text.data(), text.size());
  }
  return out;
}

template <class T>
void append_values(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append_values(TextData& to, const TextData& from) {
  const auto base = static_cast<std::int64_t>(to.bytes.size());
  const std::size_t added = from.size();  // Read before growing: `from` may be `to`.
  to.offsets.reserve(to.offsets.size() + added);
  for (std::size_t row = 1; row <= added; ++row) {
    to.offsets.push_back(base + from.offsets[row]);
  }
  to.bytes.append(from.bytes);
}

}  // namespace

std::string_view to_string(ColumnType type) {
  constexpr std::string_view kNames[] = {"int64", "uint64", "float64", "date", "time", "text", "bool"};
  return kNames[static_cast<std::size_t>(type)];
}

Column::Column(std::string name, ColumnType type) : name_(std::move(name)), type_(type) {
  switch (type) {
    case ColumnType::kInt64:
    case ColumnType::kTime:
      data_ = std::vector<std::int64_t>();
      break;
    case ColumnType::kUint64:
      data_ = std::vector<std::uint64_t>();
      break;
    case ColumnType::kFloat64:
      data_ = std::vector<double>();
      break;
    case ColumnType::kDate:
      data_ = std::vector<std::int32_t>();
      break;
    case ColumnType::kText:
      data_ = TextData();
      break;
    case ColumnType::kBool:
      data_ = std::vector<std::uint8_t>();
      break;
  }
}

Column Column::int64(std::string name, std::vector<std::int64_t> values) {
  Column column(std::move(name), ColumnType::kInt64);
  column.data_ = std::move(values);
  return column;
}

Column Column::uint64(std::string name, std::vector<std::uint64_t> values) {
  Column column(std::move(name), ColumnType::kUint64);
  column.data_ = std::move(values);
  return column;
}

Column Column::float64(std::string name, std::vector<double> values) {
  Column column(std::move(name), ColumnType::kFloat64);
  column.valid_ = nan_bitmap(values);
  column.data_ = std::move(values);
  return column;
}

Column Column::date(std::string name, std::vector<std::int32_t> days) {
  Column column(std::move(name), ColumnType::kDate);
  column.data_ = std::move(days);
  return column;
}

Column Column::time(std::string name, std::vector<std::int64_t> nanos) {
  Column column(std::move(name), ColumnType::kTime);
  column.data_ = std::move(nanos);
  return column;
}

Column Column::text(std::string name, TextData values) {
  Column column(std::move(name), ColumnType::kText);
  column.data_ = std::move(values);
  return column;
}

Column Column::boolean(std::string name, std::vector<std::uint8_t> values) {
  Column column(std::move(name), ColumnType::kBool);
  column.data_ = std::move(values);
  return column;
}

std::size_t Column::size() const {
  return std::visit([](const auto& values) { return values.size(); }, data_);
}

std::size_t Column::null_count() const {
  if (valid_.empty()) {
    return 0;
  }
  const std::size_t rows = size();
  std::size_t valid = 0;
  for (std::size_t byte = 0; byte < rows / 8; ++byte) {
    valid += static_cast<std::size_t>(std::popcount(valid_[byte]));
  }
  for (std::size_t row = rows / 8 * 8; row < rows; ++row) {
    valid += bit(valid_, row) ? 1 : 0;
  }
  return rows - valid;
}

std::span<const std::int64_t> Column::int64s() const {
  LODE_ASSERT(type_ == ColumnType::kInt64);
  return std::get<std::vector<std::int64_t>>(data_);
}

std::span<const std::uint64_t> Column::uint64s() const {
  LODE_ASSERT(type_ == ColumnType::kUint64);
  return std::get<std::vector<std::uint64_t>>(data_);
}

std::span<const double> Column::float64s() const {
  LODE_ASSERT(type_ == ColumnType::kFloat64);
  return std::get<std::vector<double>>(data_);
}

std::span<const std::int32_t> Column::dates() const {
  LODE_ASSERT(type_ == ColumnType::kDate);
  return std::get<std::vector<std::int32_t>>(data_);
}

std::span<const std::int64_t> Column::times() const {
  LODE_ASSERT(type_ == ColumnType::kTime);
  return std::get<std::vector<std::int64_t>>(data_);
}

const TextData& Column::texts() const {
  LODE_ASSERT(type_ == ColumnType::kText);
  return std::get<TextData>(data_);
}

std::span<const std::uint8_t> Column::bools() const {
  LODE_ASSERT(type_ == ColumnType::kBool);
  return std::get<std::vector<std::uint8_t>>(data_);
}

// Records whether the row just pushed is valid; the bitmap appears with the first null.
void Column::mark(bool valid) {
  if (valid && valid_.empty()) {
    return;
  }
  const std::size_t row = size() - 1;
  valid_.resize(bitmap_bytes(row + 1), kAllValid);
  if (!valid) {
    clear_bit(valid_, row);
  }
}

void Column::push(std::int64_t value) {
  LODE_ASSERT(type_ == ColumnType::kInt64 || type_ == ColumnType::kTime);
  std::get<std::vector<std::int64_t>>(data_).push_back(value);
  mark(true);
}

void Column::push(std::uint64_t value) {
  LODE_ASSERT(type_ == ColumnType::kUint64);
  std::get<std::vector<std::uint64_t>>(data_).push_back(value);
  mark(true);
}

void Column::push(double value) {
  LODE_ASSERT(type_ == ColumnType::kFloat64);
  std::get<std::vector<double>>(data_).push_back(value);
  mark(value == value);
}

void Column::push(Date value) {
  LODE_ASSERT(type_ == ColumnType::kDate);
  std::get<std::vector<std::int32_t>>(data_).push_back(value.days);
  mark(true);
}

void Column::push(Time value) {
  LODE_ASSERT(type_ == ColumnType::kTime);
  std::get<std::vector<std::int64_t>>(data_).push_back(value.nanos);
  mark(true);
}

void Column::push(std::string_view value) {
  LODE_ASSERT(type_ == ColumnType::kText);
  std::get<TextData>(data_).push(value);
  mark(true);
}

void Column::push(bool value) {
  LODE_ASSERT(type_ == ColumnType::kBool);
  std::get<std::vector<std::uint8_t>>(data_).push_back(value ? 1 : 0);
  mark(true);
}

void Column::push_null() {
  switch (type_) {
    case ColumnType::kInt64:
    case ColumnType::kTime:
      std::get<std::vector<std::int64_t>>(data_).push_back(0);
      break;
    case ColumnType::kUint64:
      std::get<std::vector<std::uint64_t>>(data_).push_back(0);
      break;
    case ColumnType::kFloat64:
      std::get<std::vector<double>>(data_).push_back(kNan);
      break;
    case ColumnType::kDate:
      std::get<std::vector<std::int32_t>>(data_).push_back(0);
      break;
    case ColumnType::kText:
      std::get<TextData>(data_).push({});
      break;
    case ColumnType::kBool:
      std::get<std::vector<std::uint8_t>>(data_).push_back(0);
      break;
  }
  mark(false);
}

void Column::reserve(std::size_t rows) {
  std::visit(
      [rows](auto& values) {
        if constexpr (requires { values.offsets; }) {
          values.offsets.reserve(rows + 1);
        } else {
          values.reserve(rows);
        }
      },
      data_);
}

Column Column::take(std::span<const std::uint32_t> rows) const {
  LODE_ASSERT(std::ranges::all_of(rows, [size = size()](std::uint32_t row) { return row < size; }));
  Column out(name_, type_);
  std::visit([&](const auto& values) { out.data_ = take_values(values, rows); }, data_);
  if (null_count() == 0) {
    return out;
  }
  out.valid_.assign(bitmap_bytes(rows.size()), kAllValid);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!bit(valid_, rows[i])) {
      clear_bit(out.valid_, i);
    }
  }
  return out;
}

void Column::append(const Column& other) {
  LODE_ASSERT(type_ == other.type_);
  if (&other == this) {
    append(Column(other));
    return;
  }
  append_bits(valid_, size(), other.valid_, other.size());
  std::visit(
      [&](auto& values) { append_values(values, std::get<std::remove_reference_t<decltype(values)>>(other.data_)); },
      data_);
}

std::string Column::cell(std::size_t row) const {
  if (is_null(row)) {
    return "";
  }
  switch (type_) {
    case ColumnType::kInt64:
      return std::to_string(int64s()[row]);
    case ColumnType::kUint64:
      return hex(uint64s()[row]);
    case ColumnType::kFloat64:
      return shortest(float64s()[row]);
    case ColumnType::kDate:
      return to_string(Date{dates()[row]});
    case ColumnType::kTime:
      return to_string(Time{times()[row]});
    case ColumnType::kText:
      return std::string(texts()[row]);
    case ColumnType::kBool:
      return bools()[row] != 0 ? "true" : "false";
  }
  return "";
}

bool Column::same(std::size_t row, const Column& other, std::size_t other_row) const {
  LODE_ASSERT(type_ == other.type_);
  if (is_null(row) || other.is_null(other_row)) {
    return is_null(row) && other.is_null(other_row);
  }
  return std::visit(
      [&](const auto& values) {
        const auto& others = std::get<std::remove_cvref_t<decltype(values)>>(other.data_);
        // A valid float is never NaN, so == is equality of bits with -0 equal to 0.
        return values[row] == others[other_row];
      },
      data_);
}

Batch::Batch(std::vector<Column> columns) {
  columns_.reserve(columns.size());
  for (Column& column : columns) {
    add(std::move(column));
  }
}

std::size_t Batch::rows() const { return columns_.empty() ? 0 : columns_.front().size(); }

const Column* Batch::find(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name, &Column::name);
  return found == columns_.end() ? nullptr : &*found;
}

const Column& Batch::column(std::string_view name) const {
  const Column* found = find(name);
  LODE_ASSERT(found != nullptr);
  return *found;
}

Column& Batch::column(std::string_view name) {
  const auto found = std::ranges::find(columns_, name, &Column::name);
  LODE_ASSERT(found != columns_.end());
  return *found;
}

void Batch::add(Column column) {
  LODE_ASSERT(columns_.empty() || column.size() == rows());
  LODE_ASSERT(find(column.name()) == nullptr);
  columns_.push_back(std::move(column));
}

void Batch::remove(std::string_view name) {
  std::erase_if(columns_, [name](const Column& column) { return column.name() == name; });
}

Batch Batch::take(std::span<const std::uint32_t> rows) const {
  Batch out;
  out.columns_.reserve(columns_.size());
  for (const Column& column : columns_) {
    out.columns_.push_back(column.take(rows));
  }
  return out;
}

void Batch::append(const Batch& other) {
  LODE_ASSERT(columns_.size() == other.columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    LODE_ASSERT(columns_[i].name() == other.columns_[i].name());
    columns_[i].append(other.columns_[i]);
  }
}

}  // namespace lode
