// What recursive operators carry.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/recursive_states.h"

#include <algorithm>

#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::engine {

RecursiveStates::RecursiveStates(const Program& program, const Plan& plan, std::size_t stride) : states_(plan.states) {
  for (std::size_t node = 0; node < program.nodes.size(); ++node) {
    if (plan.state_of[node] != kNone) {
      const Node& of = program.nodes[node];
      const std::size_t per_lane = state_doubles(*of.op, arguments_of(of, program.profile));
      states_[plan.state_of[node]] = {std::vector<double>(stride * per_lane, kernels::kMissing<double>), per_lane};
    }
  }
}

std::span<double> RecursiveStates::of(std::size_t state, std::size_t first, std::size_t columns) {
  const std::size_t per_lane = states_[state].per_lane;
  return std::span(states_[state].values).subspan(first * per_lane, columns * per_lane);
}

std::size_t RecursiveStates::saved_bytes(std::size_t columns) const {
  std::size_t doubles = 0;
  for (const State& state : states_) {
    doubles += columns * state.per_lane;
  }
  return doubles * sizeof(double);
}

void RecursiveStates::save(StateWriter& to, std::size_t columns) const {
  for (const State& state : states_) {
    to.cells(std::span(state.values).first(columns * state.per_lane));
  }
}

void RecursiveStates::restore(StateReader& from, std::span<const std::uint32_t> column_of) {
  for (State& state : states_) {
    std::vector<double> saved(state.per_lane);
    for (const std::uint32_t column : column_of) {
      from.cells(std::span(saved));
      if (column != kNone) {
        std::ranges::copy(saved, state.values.begin() + static_cast<std::ptrdiff_t>(column * state.per_lane));
      }
    }
  }
}

void RecursiveStates::adopt(const RecursiveStates& other, std::size_t to) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const std::size_t per_lane = states_[i].per_lane;
    std::copy_n(other.states_[i].values.begin(), per_lane,
                states_[i].values.begin() + static_cast<std::ptrdiff_t>(to * per_lane));
  }
}

}  // namespace lode::expr::engine
