// For tests: Arrow files made by hand from the format's own pages (arrow.apache.org/docs/format/Columnar.html,
// flatbuffers.dev/internals), so that the reader is held to the specification and not to a library's idea of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace lode::arrow::by_hand {

template <class T>
std::string raw(std::vector<T> values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

inline std::string padded(std::string bytes, std::size_t to = 8) {
  bytes.resize((bytes.size() + to - 1) / to * to, '\0');
  return bytes;
}

// A value of a flatbuffer: a number in place, or something that is pointed to.
struct Flat {
  enum class Kind { kNumber, kText, kTable, kTables, kStructs } kind = Kind::kNumber;
  std::string bytes = {};                                  // kNumber, kText, kStructs
  std::uint32_t count = 0;                                 // kStructs
  std::vector<std::pair<std::uint16_t, Flat>> slots = {};  // kTable: by the number of the field
  std::vector<Flat> items = {};                            // kTables
};

template <class T>
Flat number(T value) {
  return {.kind = Flat::Kind::kNumber, .bytes = raw<T>({value})};
}
inline Flat text(std::string bytes) { return {.kind = Flat::Kind::kText, .bytes = std::move(bytes)}; }
inline Flat table(std::vector<std::pair<std::uint16_t, Flat>> slots) {
  return {.kind = Flat::Kind::kTable, .slots = std::move(slots)};
}
inline Flat tables(std::vector<Flat> items) { return {.kind = Flat::Kind::kTables, .items = std::move(items)}; }
template <class T>
Flat structs(std::vector<T> words, std::uint32_t count) {
  return {.kind = Flat::Kind::kStructs, .bytes = raw(std::move(words)), .count = count};
}

// Lays a flatbuffer out front to back: whatever is pointed to stands behind what points.
class Layout {
 public:
  explicit Layout(const Flat& root) : out_(8, '\0') { point(0, put(root)); }
  std::string bytes() const { return padded(out_); }

 private:
  void align(std::size_t to, std::size_t behind = 0) {
    while ((out_.size() + behind) % to != 0) out_ += '\0';
  }
  template <class T>
  void patch(std::size_t at, T value) {
    std::memcpy(out_.data() + at, &value, sizeof value);
  }
  void point(std::size_t from, std::size_t to) { patch(from, static_cast<std::uint32_t>(to - from)); }

  std::size_t put(const Flat& value) {
    if (value.kind == Flat::Kind::kTable) return put_table(value);
    align(8, 4);
    const std::size_t at = out_.size();
    const auto count = value.kind == Flat::Kind::kText     ? value.bytes.size()
                       : value.kind == Flat::Kind::kTables ? value.items.size()
                                                           : value.count;
    out_ += raw<std::uint32_t>({static_cast<std::uint32_t>(count)}) + value.bytes;
    out_.append(value.kind == Flat::Kind::kText ? 1 : value.items.size() * 4, '\0');
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      point(at + 4 + 4 * i, put(value.items[i]));
    }
    return at;
  }

  // The list of places first, then the table: its distance from that list, and every field on eight bytes of its own.
  std::size_t put_table(const Flat& value) {
    std::uint16_t last = 0;
    for (const auto& [slot, field] : value.slots) last = std::max<std::uint16_t>(last, slot);
    align(8);
    const std::size_t list = out_.size();
    const auto list_size = static_cast<std::uint16_t>(4 + 2 * (last + 1));
    out_.append(list_size, '\0');
    align(8);
    const std::size_t at = out_.size();
    const auto size = static_cast<std::uint16_t>(8 + 8 * value.slots.size());
    out_.append(size, '\0');
    patch(list, list_size);
    patch(list + 2, size);
    patch(at, static_cast<std::int32_t>(at - list));
    std::uint16_t place = 8;
    for (const auto& [slot, field] : value.slots) {
      patch(list + 4 + 2 * slot, place);
      if (field.kind == Flat::Kind::kNumber) {
        std::memcpy(out_.data() + at + place, field.bytes.data(), field.bytes.size());
      } else {
        point(at + place, put(field));
      }
      place = static_cast<std::uint16_t>(place + 8);
    }
    return at;
  }

  std::string out_;
};

// Types, by the number Schema.fbs gives their union.
struct Type {
  std::uint8_t number;
  Flat table;
};
inline Type integer(int bits, bool is_signed = true) {
  return {2, table({{0, number<std::int32_t>(bits)}, {1, number<std::uint8_t>(is_signed)}})};
}
inline Type floating(int precision) {
  return {3, table({{0, number<std::int16_t>(static_cast<std::int16_t>(precision))}})};
}
inline Type plain(int kind) { return {static_cast<std::uint8_t>(kind), table({})}; }
inline Type decimal(int scale, int bits) {
  return {7, table({{0, number<std::int32_t>(9)}, {1, number<std::int32_t>(scale)}, {2, number<std::int32_t>(bits)}})};
}
inline Type date(int unit) { return {8, table({{0, number<std::int16_t>(static_cast<std::int16_t>(unit))}})}; }
inline Type timestamp(int unit) { return {10, table({{0, number<std::int16_t>(static_cast<std::int16_t>(unit))}})}; }
inline Type timestamp(int unit, const std::string& zone) {
  return {10, table({{0, number<std::int16_t>(static_cast<std::int16_t>(unit))}, {1, text(zone)}})};
}
inline constexpr int kNullType = 1, kUtf8 = 5, kBoolType = 6, kListType = 12, kLargeUtf8 = 20, kUtf8View = 24;

inline Flat field(const std::string& name, const Type& type) {
  return table({{0, text(name)}, {2, number(type.number)}, {3, type.table}});
}
inline Flat looked_up(const std::string& name, const Type& type, std::int64_t id, const Type& index) {
  return table(
      {{0, text(name)}, {2, number(type.number)}, {3, type.table}, {4, table({{0, number(id)}, {1, index.table}})}});
}
inline Flat schema(std::vector<Flat> fields) { return table({{1, tables(std::move(fields))}}); }
// With a note of its writer under a key.
inline Flat schema(std::vector<Flat> fields, const std::string& key, const std::string& note) {
  return table({{1, tables(std::move(fields))}, {2, tables({table({{0, text(key)}, {1, text(note)}})})}});
}

// A batch: per column how many nulls, and all buffers; each stands on eight bytes in the body.
struct Rows {
  std::int64_t rows = 0;
  std::vector<std::int64_t> nulls;
  std::vector<std::string> buffers;
  int codec = -1;  // 0 LZ4, 1 zstd
  std::vector<std::int64_t> views = {};

  std::string body() const {
    std::string out;
    for (const std::string& buffer : buffers) out += padded(buffer);
    return out;
  }
  Flat header() const {
    std::vector<std::int64_t> nodes, places;
    std::int64_t at = 0;
    for (const std::int64_t count : nulls) nodes.insert(nodes.end(), {rows, count});
    for (const std::string& buffer : buffers) {
      places.insert(places.end(), {at, static_cast<std::int64_t>(buffer.size())});
      at += static_cast<std::int64_t>(padded(buffer).size());
    }
    Flat out = table({{0, number(rows)},
                      {1, structs(nodes, static_cast<std::uint32_t>(nulls.size()))},
                      {2, structs(places, static_cast<std::uint32_t>(buffers.size()))}});
    if (codec >= 0) out.slots.emplace_back(3, table({{0, number(static_cast<std::int8_t>(codec))}}));
    if (!views.empty()) out.slots.emplace_back(4, structs(views, static_cast<std::uint32_t>(views.size())));
    return out;
  }
};

inline std::string message(int kind, const Flat& header, const std::string& body = "") {
  const std::string metadata = Layout(table({{0, number<std::int16_t>(4)},
                                             {1, number(static_cast<std::uint8_t>(kind))},
                                             {2, header},
                                             {3, number(static_cast<std::int64_t>(body.size()))}}))
                                   .bytes();
  return raw<std::int32_t>({-1, static_cast<std::int32_t>(metadata.size())}) + metadata + body;
}
inline std::string columns(std::vector<Flat> fields) { return message(1, schema(std::move(fields))); }
inline std::string columns(std::vector<Flat> fields, const std::string& key, const std::string& note) {
  return message(1, schema(std::move(fields), key, note));
}
inline std::string rows(const Rows& batch) { return message(3, batch.header(), batch.body()); }
inline std::string dictionary(std::int64_t id, const Rows& values, bool adds = false) {
  return message(2, table({{0, number(id)}, {1, values.header()}, {2, number<std::uint8_t>(adds)}}), values.body());
}
inline std::string end() { return raw<std::int32_t>({-1, 0}); }

}  // namespace lode::arrow::by_hand
