// The doubles that recursive operators carry from one session to the next.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/engine/state.h"

namespace lode::expr::engine {

class RecursiveStates {
 public:
  // One a recursive node of the plan, all missing at first. `stride`: columns in whole blocks.
  RecursiveStates(const Program& program, const Plan& plan, std::size_t stride);

  // Those of `columns` instruments from `first` on.
  std::span<double> of(std::size_t state, std::size_t first, std::size_t columns);

  std::size_t saved_bytes(std::size_t columns) const;
  void save(StateWriter& to, std::size_t columns) const;
  // Saved column i is column_of[i] here, or kNone where it is gone.
  void restore(StateReader& from, std::span<const std::uint32_t> column_of);
  // Column `to` carries what column 0 of `other` does.
  void adopt(const RecursiveStates& other, std::size_t to);

 private:
  struct State {
    std::vector<double> values;  // `per_lane` an instrument.
    std::size_t per_lane = 0;
  };
  std::vector<State> states_;
};

}  // namespace lode::expr::engine
