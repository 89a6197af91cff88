// A machine's state as numbers: what `state()` ties together, through all parts, each as 64 bits in a fixed order. The
// same on every machine, so a saved stream goes on anywhere.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "lode/core/indicator/engine/block.h"

namespace lode::indicator {

class StateWriter {
 public:
  explicit StateWriter(std::vector<std::uint64_t>& out) : out_(out) {}

  template <class T>
  void operator()(T& part) {
    if constexpr (std::is_same_v<T, double>) {
      put(std::bit_cast<std::uint64_t>(part));
    } else if constexpr (std::is_integral_v<T>) {
      put(static_cast<std::uint64_t>(static_cast<std::int64_t>(part)));
    } else if constexpr (std::is_same_v<T, Cells>) {
      for (std::size_t k = 0; k < part.size(); ++k) {
        (*this)(part.data()[k]);
      }
    } else if constexpr (requires { part[part.size()]; }) {
      for (std::size_t k = 0; k < part.size(); ++k) {
        (*this)(part[k]);
      }
    } else {
      std::apply([this](auto&... field) { ((*this)(field), ...); }, part.state());
    }
  }

 private:
  // Growing a vector is long code, and a state has many places that write a number.
  [[gnu::noinline]] void put(std::uint64_t word) { out_.push_back(word); }

  std::vector<std::uint64_t>& out_;
};

// Reads what StateWriter has written of a part of the same setup; ok() is false when the count differs or a whole
// number does not fit its place.
class StateReader {
 public:
  explicit StateReader(std::span<const std::uint64_t> in) : in_(in) {}
  bool ok() const { return ok_ && at_ == in_.size(); }

  template <class T>
  void operator()(T& part) {
    if constexpr (std::is_same_v<T, double>) {
      part = std::bit_cast<double>(next());
    } else if constexpr (std::is_integral_v<T>) {
      const auto value = static_cast<std::int64_t>(next());
      part = static_cast<T>(value);
      ok_ = ok_ && static_cast<std::int64_t>(part) == value && value >= 0;
    } else if constexpr (std::is_same_v<T, Cells>) {
      for (std::size_t k = 0; k < part.size(); ++k) {
        (*this)(part.data()[k]);
      }
    } else if constexpr (requires { part[part.size()]; }) {
      for (std::size_t k = 0; k < part.size(); ++k) {
        (*this)(part[k]);
      }
    } else {
      std::apply([this](auto&... field) { ((*this)(field), ...); }, part.state());
    }
  }

 private:
  std::uint64_t next() {
    ok_ = ok_ && at_ < in_.size();
    return ok_ ? in_[at_++] : 0;
  }

  std::span<const std::uint64_t> in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace lode::indicator
