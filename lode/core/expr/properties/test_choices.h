// The choices that make a random formula, as a list of numbers: what rapidcheck shortens and makes smaller when it
// looks for the least input that breaks a law. A list that is used up goes on with zeros, and every maker reads zero as
// the simplest choice.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lode::expr::testing {

class Choices {
 public:
  explicit Choices(std::vector<std::uint32_t> list) : list_(std::move(list)) {}

  std::uint64_t next_below(std::uint64_t bound) { return next_ < list_.size() ? list_[next_++] % bound : 0; }

 private:
  std::vector<std::uint32_t> list_;
  std::size_t next_ = 0;
};

}  // namespace lode::expr::testing
