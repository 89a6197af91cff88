// Result vectors to Columns: whole-vector copies where the layout is ours already, per-value conversion elsewhere.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/duckdb/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>

#include "lode/base/assert.h"

namespace lode::lake {

std::string_view Chunk::text(std::size_t column, std::size_t row) const {
  const auto& slot = static_cast<const duckdb::RawText*>(vectors_[column].data)[row];
  const char* bytes = slot.length <= 12 ? slot.head : slot.pointer;
  return {bytes, slot.length};
}

namespace duckdb {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Sixteen bytes of a HUGEINT, or of a wide decimal.
struct Huge {
  std::uint64_t low;
  std::int64_t high;
  bool fits() const { return high == (static_cast<std::int64_t>(low) < 0 ? -1 : 0); }
  double as_double() const { return static_cast<double>(high) * 18446744073709551616.0 + static_cast<double>(low); }
};

bool valid_at(const std::uint64_t* validity, std::size_t row) {
  return validity == nullptr || ((validity[row >> 6] >> (row & 63)) & 1) != 0;
}

ColumnType column_type(int type) {
  switch (type) {
    case kUBigInt:
      return ColumnType::kUint64;
    case kFloat:
    case kDouble:
    case kDecimal:
      return ColumnType::kFloat64;
    case kDateType:
      return ColumnType::kDate;
    case kTimestamp:
    case kTimestampS:
    case kTimestampMs:
    case kTimestampNs:
    case kTimestampTz:
      return ColumnType::kTime;
    case kVarchar:
      return ColumnType::kText;
    case kBoolean:
      return ColumnType::kBool;
    default:
      return ColumnType::kInt64;
  }
}

// Nanoseconds in one tick of a timestamp type.
std::int64_t nanos_per_tick(int type) {
  switch (type) {
    case kTimestampS:
      return kNanosPerSecond;
    case kTimestampMs:
      return 1'000'000;
    case kTimestampNs:
      return 1;
    default:
      return 1'000;
  }
}

}  // namespace

bool is_readable(int type) {
  switch (type) {
    case kBoolean:
    case kTinyInt:
    case kSmallInt:
    case kInteger:
    case kBigInt:
    case kUTinyInt:
    case kUSmallInt:
    case kUInteger:
    case kUBigInt:
    case kFloat:
    case kDouble:
    case kTimestamp:
    case kDateType:
    case kHugeInt:
    case kVarchar:
    case kDecimal:
    case kTimestampS:
    case kTimestampMs:
    case kTimestampNs:
    case kTimestampTz:
    case kSqlNull:
      return true;
    default:
      return false;
  }
}

struct ColumnReader::Impl {
  std::string name;
  int type = 0;
  int scale = 0;
  int storage = 0;
  std::size_t rows = 0;
  bool overflowed = false;           // A HUGEINT that no int64 holds was met.
  std::vector<std::int64_t> int64s;  // Also times.
  std::vector<std::uint64_t> uint64s;
  std::vector<double> doubles;  // Also the double form of HUGEINT.
  std::vector<std::int32_t> days;
  std::vector<std::uint8_t> bools;
  TextData texts;
  std::vector<std::uint32_t> nulls;  // Ascending; floats carry theirs as NaN instead.

  template <class T>
  void copy(std::vector<T>& to, const void* data, std::size_t count) {
    const auto* values = static_cast<const T*>(data);
    to.insert(to.end(), values, values + count);
  }
  template <class From, class To>
  void widen(std::vector<To>& to, const void* data, std::size_t count) {
    const auto* values = static_cast<const From*>(data);
    to.reserve(to.size() + count);
    for (std::size_t i = 0; i < count; ++i) {
      to.push_back(static_cast<To>(values[i]));
    }
  }
  void note_nulls(const std::uint64_t* validity, std::size_t count) {
    if (validity == nullptr) {
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!valid_at(validity, i)) {
        nulls.push_back(static_cast<std::uint32_t>(rows + i));
      }
    }
  }
  void blank_doubles(const std::uint64_t* validity, std::size_t count) {
    if (validity == nullptr) {
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!valid_at(validity, i)) {
        doubles[rows + i] = kNan;
      }
    }
  }
  void append_times(const Chunk::Vector& vector, std::size_t count) {
    const auto* ticks = static_cast<const std::int64_t*>(vector.data);
    const std::int64_t factor = nanos_per_tick(type);
    for (std::size_t i = 0; i < count; ++i) {
      std::int64_t nanos = 0;
      const bool valid = valid_at(vector.validity, i);
      // Infinity and what nanoseconds cannot hold (before 1677, after 2262) are missing.
      if (!valid || __builtin_mul_overflow(ticks[i], factor, &nanos)) {
        nulls.push_back(static_cast<std::uint32_t>(rows + i));
        nanos = 0;
      }
      int64s.push_back(nanos);
    }
  }
  void append_huge(const Chunk::Vector& vector, std::size_t count) {
    const auto* values = static_cast<const Huge*>(vector.data);
    for (std::size_t i = 0; i < count; ++i) {
      const bool valid = valid_at(vector.validity, i);
      overflowed = overflowed || (valid && !values[i].fits());
      int64s.push_back(valid ? static_cast<std::int64_t>(values[i].low) : 0);
      doubles.push_back(valid ? values[i].as_double() : kNan);
    }
    note_nulls(vector.validity, count);
  }
  void append_decimals(const Chunk::Vector& vector, std::size_t count) {
    double divisor = 1.0;  // Exact up to 10^22; SQL decimals end at 38 digits.
    for (int digit = 0; digit < scale; ++digit) {
      divisor *= 10.0;
    }
    for (std::size_t i = 0; i < count; ++i) {
      double value = kNan;
      if (valid_at(vector.validity, i)) {
        switch (storage) {
          case kSmallInt:
            value = static_cast<const std::int16_t*>(vector.data)[i];
            break;
          case kInteger:
            value = static_cast<const std::int32_t*>(vector.data)[i];
            break;
          case kBigInt:
            value = static_cast<double>(static_cast<const std::int64_t*>(vector.data)[i]);
            break;
          default:
            value = static_cast<const Huge*>(vector.data)[i].as_double();
            break;
        }
        value /= divisor;
      }
      doubles.push_back(value);
    }
  }
  void append_texts(const Chunk::Vector& vector, std::size_t count) {
    const Chunk chunk(count, std::span(&vector, 1));
    for (std::size_t i = 0; i < count; ++i) {
      texts.push(valid_at(vector.validity, i) ? chunk.text(0, i) : std::string_view());
    }
    note_nulls(vector.validity, count);
  }
  void append_integers(const Chunk::Vector& vector, std::size_t count) {
    switch (type) {
      case kTinyInt:
        widen<std::int8_t>(int64s, vector.data, count);
        break;
      case kSmallInt:
        widen<std::int16_t>(int64s, vector.data, count);
        break;
      case kInteger:
        widen<std::int32_t>(int64s, vector.data, count);
        break;
      case kUTinyInt:
        widen<std::uint8_t>(int64s, vector.data, count);
        break;
      case kUSmallInt:
        widen<std::uint16_t>(int64s, vector.data, count);
        break;
      case kUInteger:
        widen<std::uint32_t>(int64s, vector.data, count);
        break;
      case kSqlNull:
        int64s.resize(rows + count);
        break;
      default:
        copy(int64s, vector.data, count);
        break;
    }
    note_nulls(vector.validity, count);
  }
  // Columns other than floats: fast when nothing is null, value by value otherwise.
  template <class Push>
  Column with_nulls(Column finished, ColumnType type_of, const Push& push) {
    if (nulls.empty()) {
      return finished;
    }
    Column column(name, type_of);
    column.reserve(rows);
    std::size_t next = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      if (next < nulls.size() && nulls[next] == row) {
        column.push_null();
        ++next;
      } else {
        push(column, finished, row);
      }
    }
    return column;
  }
};

ColumnReader::ColumnReader(std::string name, int type, int scale, int storage) : impl_(std::make_unique<Impl>()) {
  LODE_ASSERT(is_readable(type));
  impl_->name = std::move(name);
  impl_->type = type;
  impl_->scale = scale;
  impl_->storage = storage;
}
ColumnReader::~ColumnReader() = default;
ColumnReader::ColumnReader(ColumnReader&&) noexcept = default;

void ColumnReader::append(const Chunk::Vector& vector, std::size_t rows) {
  Impl& to = *impl_;
  switch (column_type(to.type)) {
    case ColumnType::kUint64:
      to.copy(to.uint64s, vector.data, rows);
      to.note_nulls(vector.validity, rows);
      break;
    case ColumnType::kFloat64:
      if (to.type == kDecimal) {
        to.append_decimals(vector, rows);
      } else if (to.type == kFloat) {
        to.widen<float>(to.doubles, vector.data, rows);
      } else {
        to.copy(to.doubles, vector.data, rows);
      }
      to.blank_doubles(vector.validity, rows);
      break;
    case ColumnType::kDate:
      to.copy(to.days, vector.data, rows);
      to.note_nulls(vector.validity, rows);
      break;
    case ColumnType::kTime:
      to.append_times(vector, rows);
      break;
    case ColumnType::kText:
      to.append_texts(vector, rows);
      break;
    case ColumnType::kBool:
      to.copy(to.bools, vector.data, rows);
      to.note_nulls(vector.validity, rows);
      break;
    case ColumnType::kInt64:
      if (to.type == kHugeInt) {
        to.append_huge(vector, rows);
      } else {
        to.append_integers(vector, rows);
      }
      break;
  }
  to.rows += rows;
}

std::size_t ColumnReader::bytes() const {
  const Impl& at = *impl_;
  return at.int64s.size() * 8 + at.uint64s.size() * 8 + at.doubles.size() * 8 + at.days.size() * 4 + at.bools.size() +
         at.texts.bytes.size() + at.texts.offsets.size() * 8;
}

Column ColumnReader::finish() && {
  Impl& from = *impl_;
  switch (column_type(from.type)) {
    case ColumnType::kUint64:
      return from.with_nulls(Column::uint64(from.name, std::move(from.uint64s)), ColumnType::kUint64,
                             [](Column& to, const Column& c, std::size_t row) { to.push(c.uint64s()[row]); });
    case ColumnType::kFloat64:
      return Column::float64(from.name, std::move(from.doubles));
    case ColumnType::kDate:
      return from.with_nulls(Column::date(from.name, std::move(from.days)), ColumnType::kDate,
                             [](Column& to, const Column& c, std::size_t row) { to.push(Date{c.dates()[row]}); });
    case ColumnType::kTime:
      return from.with_nulls(Column::time(from.name, std::move(from.int64s)), ColumnType::kTime,
                             [](Column& to, const Column& c, std::size_t row) { to.push(Time{c.times()[row]}); });
    case ColumnType::kText:
      return from.with_nulls(Column::text(from.name, std::move(from.texts)), ColumnType::kText,
                             [](Column& to, const Column& c, std::size_t row) { to.push(c.texts()[row]); });
    case ColumnType::kBool:
      return from.with_nulls(Column::boolean(from.name, std::move(from.bools)), ColumnType::kBool,
                             [](Column& to, const Column& c, std::size_t row) { to.push(c.bools()[row] != 0); });
    case ColumnType::kInt64:
      break;
  }
  if (from.overflowed) {
    return Column::float64(from.name, std::move(from.doubles));
  }
  return from.with_nulls(Column::int64(from.name, std::move(from.int64s)), ColumnType::kInt64,
                         [](Column& to, const Column& c, std::size_t row) { to.push(c.int64s()[row]); });
}

std::vector<Chunk::Vector> vectors_of(const Api& api, Handle chunk, std::size_t columns) {
  std::vector<Chunk::Vector> out(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    Handle vector = api.data_chunk_get_vector(chunk, i);
    out[i] = {api.vector_get_data(vector), api.vector_get_validity(vector)};
  }
  return out;
}

std::vector<ColumnReader> readers_of(const Api& api, RawResult& result) {
  std::vector<ColumnReader> out;
  std::set<std::string> taken;
  const Index columns = api.column_count(&result);
  for (Index i = 0; i < columns; ++i) {
    const std::string base = api.column_name(&result, i);
    std::string name = base;
    for (int copy = 2; !taken.insert(name).second; ++copy) {
      name = fmt::format("{}_{}", base, copy);
    }
    const int type = api.column_type(&result, i);
    int scale = 0;
    int storage = 0;
    if (type == kDecimal) {
      Handle logical = api.column_logical_type(&result, i);
      scale = api.decimal_scale(logical);
      storage = api.decimal_internal_type(logical);
      api.destroy_logical_type(&logical);
    }
    out.emplace_back(std::move(name), type, scale, storage);
  }
  return out;
}

}  // namespace duckdb
}  // namespace lode::lake
