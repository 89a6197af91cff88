// The session of each instrument's first bar, for profiles that read a missing cell as a value: before that session
// there is no row to read it from.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "lode/core/expr/evaluate.h"

namespace lode::expr::engine {

// A node stands on the fields it is made of: its instruments begin with the first finite cell of any of these, whatever
// else is evaluated beside it.
class FirstBars {
 public:
  FirstBars(const Program& program, const Fields& fields);

  // By column; empty where nothing depends on it: other profiles, nodes without fields.
  std::span<const std::int32_t> of(std::uint32_t node) const;
  // The session from which on every instrument is there.
  std::int32_t last_of(std::uint32_t node) const;

 private:
  struct Entry {
    std::vector<std::int32_t> sessions;
    std::int32_t last = 0;
  };
  static constexpr std::size_t kNothing = SIZE_MAX;

  std::vector<Entry> entries_;
  std::vector<std::size_t> entry_of_;  // By node.
};

}  // namespace lode::expr::engine
