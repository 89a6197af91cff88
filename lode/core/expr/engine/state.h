// The bytes of a saved state: little-endian, the same on every CPU and compiler, read back with bounds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "lode/base/machine.h"

namespace lode::expr::engine {

inline constexpr bool kIsLittleEndian = std::endian::native == std::endian::little;

class StateWriter {
 public:
  // Room for `bytes` in all, so that writing them moves none.
  explicit StateWriter(std::size_t bytes = 0) {
    bytes_.reserve(bytes);
    prefer_large_pages(std::as_writable_bytes(std::span(bytes_.data(), bytes_.capacity())));
  }

  void number(std::uint64_t value) { cells(std::span<const std::uint64_t>(&value, 1)); }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  // Numbers side by side.
  template <class T>
  void cells(std::span<const T> values) {
    if constexpr (kIsLittleEndian) {
      bytes_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    } else {
      for (const T& value : values) {
        const auto* byte = reinterpret_cast<const char*>(&value) + sizeof(T);
        for (std::size_t left = sizeof(T); left > 0; --left) {
          bytes_.push_back(*--byte);
        }
      }
    }
  }
  std::string_view so_far() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// After the end everything reads as 0 or empty, and is_whole() is false.
class StateReader {
 public:
  explicit StateReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    cells(std::span<std::uint64_t>(&value, 1));
    return value;
  }
  std::string_view text() { return take(number()); }
  // The numbers that come next, as many as there is room for; none of them where fewer are left.
  template <class T>
  void cells(std::span<T> to) {
    const std::string_view from = take(to.size_bytes());
    if (from.empty()) {
      return;
    }
    std::memcpy(to.data(), from.data(), to.size_bytes());
    if constexpr (!kIsLittleEndian) {
      for (T& value : to) {
        auto* first = reinterpret_cast<unsigned char*>(&value);
        std::reverse(first, first + sizeof(T));
      }
    }
  }
  // Everything so far was there.
  bool is_whole() const { return is_whole_; }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size()) {
      is_whole_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }

  std::string_view bytes_;
  bool is_whole_ = true;
};

}  // namespace lode::expr::engine
