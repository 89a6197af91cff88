// The session of each instrument's first bar, for profiles that read a missing cell as a value: before that session
// there is no row to read it from.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lode/core/expr/evaluate.h"

namespace lode::expr::engine {

inline constexpr std::int32_t kNotYet = INT32_MAX;  // No bar so far.

// A node stands on the fields it is made of: its instruments begin with the first finite cell of any of these, whatever
// else is evaluated beside it.
class FirstBars {
 public:
  FirstBars(const Program& program, std::size_t columns);

  // Takes in rows [row, row + rows) of the fields, the first of which is session `session`. Cheap once every instrument
  // was seen.
  void see(const Fields& fields, std::size_t row, std::size_t rows, std::int32_t session);

  // By column; empty where nothing depends on it: other profiles, nodes without fields.
  std::span<const std::int32_t> of(std::uint32_t node) const;
  // The session from which on every instrument is there.
  std::int32_t last_of(std::uint32_t node) const;

  // By field and column, for a saved state; entries follow with follow_fields().
  std::map<std::string, std::vector<std::int32_t>>& by_field() { return by_field_; }
  const std::map<std::string, std::vector<std::int32_t>>& by_field() const { return by_field_; }
  void follow_fields();

 private:
  struct Entry {
    std::vector<std::string> fields;
    std::vector<std::int32_t> sessions;
    std::int32_t last = kNotYet;
  };
  static constexpr std::size_t kNothing = SIZE_MAX;

  std::map<std::string, std::vector<std::int32_t>> by_field_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> entry_of_;  // By node.
};

}  // namespace lode::expr::engine
