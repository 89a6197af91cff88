// The bytes of a saved state: little-endian, the same on every CPU and compiler, read back with bounds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace lode::expr::engine {

class StateWriter {
 public:
  void number(std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte) {
      bytes_.push_back(static_cast<char>(value >> (8 * byte)));
    }
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  template <class T>
  void cell(T value) {
    using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    const Bits bits = std::bit_cast<Bits>(value);
    for (std::size_t byte = 0; byte < sizeof(T); ++byte) {
      bytes_.push_back(static_cast<char>(bits >> (8 * byte)));
    }
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// After the end everything reads as 0 or empty, and is_whole() is false.
class StateReader {
 public:
  explicit StateReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() { return bits<std::uint64_t>(); }
  std::string text() {
    const std::uint64_t size = number();
    if (size > bytes_.size()) {
      is_whole_ = false;
      return {};
    }
    std::string value(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return value;
  }
  template <class T>
  T cell() {
    return std::bit_cast<T>(bits<std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>>());
  }
  // Everything so far was there.
  bool is_whole() const { return is_whole_; }
  std::size_t left() const { return bytes_.size(); }

 private:
  template <class Bits>
  Bits bits() {
    if (bytes_.size() < sizeof(Bits)) {
      is_whole_ = false;
      return 0;
    }
    Bits value = 0;
    for (std::size_t byte = 0; byte < sizeof(Bits); ++byte) {
      value |= static_cast<Bits>(static_cast<unsigned char>(bytes_[byte])) << (8 * byte);
    }
    bytes_.remove_prefix(sizeof(Bits));
    return value;
  }

  std::string_view bytes_;
  bool is_whole_ = true;
};

}  // namespace lode::expr::engine
