// Values of Arrow columns.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/arrow/cells.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>

#include <nanoarrow/nanoarrow_ipc.h>

#include "lode/base/text.h"

namespace lode::arrow {

namespace {

constexpr std::int64_t kBitsAByte = 8;
constexpr std::int64_t kBytesARow = 16;  // Of a column whose rows take no bytes in the file.

template <class T>
T load(std::string_view bytes, std::int64_t index) {
  T value;
  std::memcpy(&value, bytes.data() + static_cast<std::size_t>(index) * sizeof(T), sizeof(T));
  return value;
}

// An integer of `bytes` bytes as 64 bits; one without sign above 2^63 keeps its bits.
std::int64_t integer_at(std::string_view values, std::int64_t row, int bytes, bool is_signed) {
  switch (bytes) {
    case 1:
      return is_signed ? load<std::int8_t>(values, row) : load<std::uint8_t>(values, row);
    case 2:
      return is_signed ? load<std::int16_t>(values, row) : load<std::uint16_t>(values, row);
    case 4:
      return is_signed ? load<std::int32_t>(values, row) : static_cast<std::int64_t>(load<std::uint32_t>(values, row));
    default:
      return load<std::int64_t>(values, row);
  }
}

// As the Parquet reader turns a decimal into a double.
double decimal_at(std::string_view values, std::int64_t row, const ValueType& type) {
  double value = 0.0;
  if (type.bytes == 16) {
    const auto low = load<std::uint64_t>(values, 2 * row);
    const auto high = load<std::int64_t>(values, 2 * row + 1);
    const bool fits = high == (static_cast<std::int64_t>(low) < 0 ? -1 : 0);
    value = fits ? static_cast<double>(static_cast<std::int64_t>(low))
                 : static_cast<double>(high) * 18446744073709551616.0 + static_cast<double>(low);
  } else {
    value = static_cast<double>(integer_at(values, row, type.bytes, true));
  }
  double divisor = 1.0;  // Exact up to 10^22.
  for (int digit = 0; digit < type.scale; ++digit) {
    divisor *= 10.0;
  }
  return value / divisor;
}

void push_time(std::int64_t ticks, std::int64_t nanos_each, Column& out) {
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(ticks, nanos_each, &nanos)) {
    out.push_null();
  } else {
    out.push(Time{nanos});
  }
}

void push_millis(std::int64_t millis, Column& out) {
  constexpr std::int64_t kMillisADay = 86'400'000;
  const std::int64_t day = millis / kMillisADay - (millis % kMillisADay < 0 ? 1 : 0);
  if (day < std::numeric_limits<std::int32_t>::min() || day > std::numeric_limits<std::int32_t>::max()) {
    out.push_null();
  } else {
    out.push(Date{static_cast<std::int32_t>(day)});
  }
}

void push_value(std::string_view values, std::int64_t row, const ValueType& type, Column& out) {
  switch (type.kind) {
    case ValueKind::kInteger:
      return out.push(integer_at(values, row, type.bytes, true));
    case ValueKind::kUnsigned:
      return type.bytes == 8 ? out.push(load<std::uint64_t>(values, row))
                             : out.push(integer_at(values, row, type.bytes, false));
    case ValueKind::kFloat:
      return out.push(type.bytes == 4 ? static_cast<double>(load<float>(values, row)) : load<double>(values, row));
    case ValueKind::kDecimal:
      return out.push(decimal_at(values, row, type));
    case ValueKind::kDays:
      return out.push(Date{load<std::int32_t>(values, row)});
    case ValueKind::kMillis:
      return push_millis(load<std::int64_t>(values, row), out);
    case ValueKind::kTime:
      return push_time(load<std::int64_t>(values, row), type.nanos_each, out);
    default:
      return out.push(((load<unsigned char>(values, row >> 3) >> (row & 7)) & 1) != 0);
  }
}

// Value `at` of a dictionary.
void push_from(const Column& values, std::size_t at, Column& out) {
  if (values.is_null(at)) {
    return out.push_null();
  }
  switch (values.type()) {
    case ColumnType::kInt64:
      return out.push(values.int64s()[at]);
    case ColumnType::kUint64:
      return out.push(values.uint64s()[at]);
    case ColumnType::kFloat64:
      return out.push(values.float64s()[at]);
    case ColumnType::kDate:
      return out.push(Date{values.dates()[at]});
    case ColumnType::kTime:
      return out.push(Time{values.times()[at]});
    case ColumnType::kText:
      return out.push(values.texts()[at]);
    case ColumnType::kBool:
      return out.push(values.bools()[at] != 0);
  }
}

}  // namespace

Result<void> Budget::take(std::int64_t bytes, const std::string& path) {
  if (bytes > left_) {
    return fail(E::E2023, fmt::format("{} unpacks to more than fits into memory", path),
                "take it in pieces, or on a machine with more memory");
  }
  left_ -= bytes;
  return {};
}

Result<ColumnType> column_type(const Field& field, const std::string& path) {
  switch (field.type.kind) {
    case ValueKind::kNull:
    case ValueKind::kInteger:
      return ColumnType::kInt64;
    case ValueKind::kUnsigned:
      return field.type.bytes == 8 ? ColumnType::kUint64 : ColumnType::kInt64;
    case ValueKind::kFloat:
    case ValueKind::kDecimal:
      return ColumnType::kFloat64;
    case ValueKind::kDays:
    case ValueKind::kMillis:
      return ColumnType::kDate;
    case ValueKind::kTime:
      return ColumnType::kTime;
    case ValueKind::kText:
    case ValueKind::kTextView:
      return ColumnType::kText;
    case ValueKind::kBool:
      return ColumnType::kBool;
    case ValueKind::kOther:
      break;
  }
  return fail(E::E2004,
              fmt::format("column '{}' of {} has the Arrow type {}, expected numbers, dates, instants, text or bool",
                          field.name, path, field.type.name),
              "write the file without that column, or with it cast to one of these");
}

Failure Cells::misfit(const Field& field, std::string_view why) const {
  return damaged(path_, fmt::format("column '{}' {}", field.name, why));
}

Result<Node> Cells::next_node(const Field& field) {
  if (node_ >= message_.nodes.size()) {
    return misfit(field, "is missing in a batch");
  }
  const Node node = message_.nodes[node_++];
  if (node.rows != message_.rows || node.nulls < 0 || node.nulls > node.rows) {
    return misfit(field,
                  fmt::format("has {} rows and {} nulls in a batch of {} rows", node.rows, node.nulls, message_.rows));
  }
  return node;
}

Result<std::string_view> Cells::next_buffer(const Field& field) {
  if (buffer_ >= message_.buffers.size()) {
    return misfit(field, "has too few buffers in a batch");
  }
  const Span span = message_.buffers[buffer_++];
  const auto room = static_cast<std::int64_t>(message_.body.size());
  if (span.offset < 0 || span.length < 0 || span.length > room || span.offset > room - span.length) {
    return misfit(field, fmt::format("has {} bytes at byte {} of a batch of {}", span.length, span.offset, room));
  }
  const std::string_view bytes =
      message_.body.substr(static_cast<std::size_t>(span.offset), static_cast<std::size_t>(span.length));
  return message_.packing == Packing::kNone || bytes.empty() ? bytes : unpack(bytes, field);
}

// A packed buffer begins with its size unpacked; -1 says that it is not packed after all.
Result<std::string_view> Cells::unpack(std::string_view packed, const Field& field) {
  // The most that one packed byte can stand for: a run of LZ4, a block of zstd.
  const std::int64_t most = message_.packing == Packing::kLz4 ? 256 : 1 << 16;
  if (packed.size() < sizeof(std::int64_t)) {
    return misfit(field, "has a packed buffer without a size");
  }
  const auto size = load<std::int64_t>(packed, 0);
  packed.remove_prefix(sizeof size);
  if (size == -1) {
    return packed;
  }
  const auto packed_size = static_cast<std::int64_t>(packed.size());
  if (size < 0 || size / most > packed_size + 1) {
    return misfit(field, fmt::format("has a buffer of {} bytes packed in {}", size, packed_size));
  }
  LODE_CHECK(budget_.take(size, path_));
  std::string& out = unpacked_.emplace_back(static_cast<std::size_t>(size), '\0');
  const auto decode = message_.packing == Packing::kLz4 ? ArrowIpcGetLZ4DecompressionFunction()
                                                        : ArrowIpcGetZstdDecompressionFunction();
  ArrowBufferView from = {};
  from.data.data = packed.data();
  from.size_bytes = packed_size;
  ArrowError error = {};
  if (decode(from, reinterpret_cast<std::uint8_t*>(out.data()), size, &error) != NANOARROW_OK) {
    return misfit(field, "does not unpack");
  }
  return std::string_view(out);
}

Result<Cells::Rows> Cells::next_rows(const Field& field, std::int64_t bits) {
  LODE_TRY(const Node node, next_node(field));
  Rows rows = {.column = field.name, .count = node.rows, .has_nulls = node.nulls > 0};
  LODE_TRY(rows.validity, next_buffer(field));
  LODE_TRY(rows.values, next_buffer(field));
  const auto held = [](std::string_view bytes) { return static_cast<std::int64_t>(bytes.size()); };
  if (rows.has_nulls && held(rows.validity) * kBitsAByte < rows.count) {
    return misfit(field, "does not say which rows are null");
  }
  // Divided, for the product of a false count could overflow.
  const std::int64_t room = bits == 1 ? held(rows.values) * kBitsAByte : held(rows.values) / (bits / kBitsAByte);
  if (room < rows.count) {
    return misfit(field, fmt::format("has values for {} rows of {}", room, rows.count));
  }
  return rows;
}

Result<void> Cells::append_nulls(const Field& field, Column& out) {
  LODE_TRY(const Node node, next_node(field));
  if (node.rows > std::numeric_limits<std::int64_t>::max() / kBytesARow) {
    return misfit(field, fmt::format("has {} rows", node.rows));
  }
  LODE_CHECK(budget_.take(node.rows * kBytesARow, path_));
  for (std::int64_t row = 0; row < node.rows; ++row) {
    out.push_null();
  }
  return {};
}

Result<void> Cells::push_text(const Field& field, std::string_view text, std::int64_t row, Column& out) {
  if (!is_utf8(text)) {
    return fail(E::E2003, fmt::format("{}: column '{}' is not UTF-8 in row {}", path_, field.name, row + 1),
                "write the column as text in UTF-8");
  }
  LODE_CHECK(budget_.take(static_cast<std::int64_t>(text.size()), path_));  // Rows may share the bytes they show.
  out.push(text);
  return {};
}

Result<void> Cells::append_texts(const Field& field, Column& out) {
  const int bytes = field.type.bytes;
  LODE_TRY(const Rows rows, next_rows(field, bytes * kBitsAByte));
  LODE_TRY(const std::string_view text, next_buffer(field));
  const std::int64_t offsets = static_cast<std::int64_t>(rows.values.size()) / bytes;
  if (rows.count > 0 && offsets <= rows.count) {
    return misfit(field, "does not say where its last text ends");
  }
  out.reserve(out.size() + static_cast<std::size_t>(rows.count));
  for (std::int64_t row = 0; row < rows.count; ++row) {
    if (rows.is_null(row)) {
      out.push_null();
      continue;
    }
    const std::int64_t begin = integer_at(rows.values, row, bytes, true);
    const std::int64_t end = integer_at(rows.values, row + 1, bytes, true);
    if (begin < 0 || end < begin || end > static_cast<std::int64_t>(text.size())) {
      return misfit(field, fmt::format("has text from byte {} to {} of {}", begin, end, text.size()));
    }
    LODE_CHECK(push_text(field, text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
                         row, out));
  }
  return {};
}

// 4 bytes of length; up to 12 bytes of text, or 4 of its beginning, 4 of a buffer's number and 4 of an offset in it.
Result<void> Cells::append_views(const Field& field, Column& out) {
  constexpr std::int32_t kInPlace = 12;
  constexpr std::int64_t kWords = 4;  // Of a view.
  LODE_TRY(const Rows rows, next_rows(field, field.type.bytes * kBitsAByte));
  const std::int64_t count = view_ < message_.views.size() ? message_.views[view_] : -1;
  ++view_;
  if (count < 0 || count > static_cast<std::int64_t>(message_.buffers.size())) {
    return misfit(field, "does not say how many buffers its text has");
  }
  std::vector<std::string_view> texts;
  for (std::int64_t i = 0; i < count; ++i) {
    LODE_TRY(texts.emplace_back(), next_buffer(field));
  }
  out.reserve(out.size() + static_cast<std::size_t>(rows.count));
  for (std::int64_t row = 0; row < rows.count; ++row) {
    if (rows.is_null(row)) {
      out.push_null();
      continue;
    }
    const auto size = load<std::int32_t>(rows.values, row * kWords);
    const auto buffer = load<std::int32_t>(rows.values, row * kWords + 2);
    const auto offset = load<std::int32_t>(rows.values, row * kWords + 3);
    std::string_view text = rows.values.substr(static_cast<std::size_t>(row) * 16 + 4);
    if (size > kInPlace) {
      if (buffer < 0 || buffer >= count || offset < 0 ||
          static_cast<std::size_t>(offset) + static_cast<std::size_t>(size) >
              texts[static_cast<std::size_t>(buffer)].size()) {
        return misfit(field, fmt::format("has text of {} bytes at byte {} of buffer {}", size, offset, buffer));
      }
      text = texts[static_cast<std::size_t>(buffer)].substr(static_cast<std::size_t>(offset));
    } else if (size < 0) {
      return misfit(field, fmt::format("has text of {} bytes", size));
    }
    LODE_CHECK(push_text(field, text.substr(0, static_cast<std::size_t>(size)), row, out));
  }
  return {};
}

Result<void> Cells::append_looked_up(const Field& field, const Dictionaries& dictionaries, Column& out) {
  const bool is_index = field.index.kind == ValueKind::kInteger || field.index.kind == ValueKind::kUnsigned;
  const auto found = dictionaries.find(*field.lookup);
  if (!is_index) {
    return misfit(field, "has a dictionary without numbers");
  }
  LODE_TRY(const Rows rows, next_rows(field, field.index.bytes * kBitsAByte));
  out.reserve(out.size() + static_cast<std::size_t>(rows.count));
  for (std::int64_t row = 0; row < rows.count; ++row) {
    if (rows.is_null(row)) {
      out.push_null();
      continue;
    }
    const std::int64_t at = integer_at(rows.values, row, field.index.bytes, field.index.kind == ValueKind::kInteger);
    const std::size_t size = found == dictionaries.end() ? 0 : found->second.size();
    if (at < 0 || static_cast<std::size_t>(at) >= size) {
      return misfit(field, fmt::format("points to value {} of a dictionary of {}", at, size));
    }
    const Column& values = found->second;
    if (values.type() == ColumnType::kText) {
      const auto length = static_cast<std::int64_t>(values.texts()[static_cast<std::size_t>(at)].size());
      LODE_CHECK(budget_.take(length, path_));
    }
    push_from(values, static_cast<std::size_t>(at), out);
  }
  return {};
}

Result<void> Cells::append_values(const Field& field, Column& out) {
  switch (field.type.kind) {
    case ValueKind::kNull:
      return append_nulls(field, out);
    case ValueKind::kText:
      return append_texts(field, out);
    case ValueKind::kTextView:
      return append_views(field, out);
    default:
      break;
  }
  LODE_TRY(const Rows rows, next_rows(field, field.type.kind == ValueKind::kBool ? 1 : field.type.bytes * kBitsAByte));
  out.reserve(out.size() + static_cast<std::size_t>(rows.count));
  for (std::int64_t row = 0; row < rows.count; ++row) {
    rows.is_null(row) ? out.push_null() : push_value(rows.values, row, field.type, out);
  }
  return {};
}

Result<void> Cells::append(const Field& field, const Dictionaries& dictionaries, Column& out) {
  return field.lookup ? append_looked_up(field, dictionaries, out) : append_values(field, out);
}

}  // namespace lode::arrow
