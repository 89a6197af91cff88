// The session of each instrument's first bar, for profiles that read a missing cell as a value: before that session
// there is no row to read it from.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lode/core/expr/engine/state.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/kernels/kernel.h"

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

  // By field, in the order of their names, and column.
  std::size_t saved_bytes() const;
  void save(StateWriter& to) const;
  // Saved column i is column_of[i] here, or kNone where it is gone.
  void restore(StateReader& from, std::span<const std::uint32_t> column_of);

 private:
  struct Entry {
    std::vector<std::string> fields;
    std::vector<std::int32_t> sessions;
    std::int32_t last = kNotYet;
  };
  void follow_fields();

  static constexpr std::size_t kNothing = SIZE_MAX;

  std::map<std::string, std::vector<std::int32_t>> by_field_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> entry_of_;  // By node.
};

// Makes the results of a call missing before its lanes' first bars.
template <class T>
void blank_before_first_bars(const KernelCall<T>& call) {
  for (std::size_t row = 0; row < call.out.rows; ++row) {
    const std::int32_t session = call.session + static_cast<std::int32_t>(row);
    for (std::size_t i = 0; i < std::min(call.out.width, call.first_bars.size()); ++i) {
      T& cell = call.out.row(row)[i];
      cell = session < call.first_bars[i] ? kernels::kMissing<T> : cell;
    }
  }
}

}  // namespace lode::expr::engine
