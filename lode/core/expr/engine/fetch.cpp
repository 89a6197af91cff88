// Reads in order, and how far ahead they are fetched.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/fetch.h"

#include <algorithm>
#include <map>

namespace lode::expr::engine {

Reads::Reads(const Stage& stage, const std::vector<std::size_t>& back, const std::vector<bool>& is_noting,
             const Cut& cut)
    : groups_(cut.groups) {
  std::map<std::uint32_t, std::size_t> reached;  // By history: the rows that were read so far.
  for (const Action& action : stage.actions) {
    next_step_.push_back(steps_.size());
    if (action.kind != Action::Kind::kRun || back[action.node] == 0) {
      continue;
    }
    Step step{reaches_.size(), reaches_.size()};
    for (const Place& operand : action.operands) {
      std::size_t& depth = reached[operand.index];
      if (operand.kind == Place::Kind::kHistory && depth < back[action.node]) {
        const std::size_t to = back[action.node];
        const std::size_t from = is_noting[action.node] ? to - 1 : depth;
        reaches_.push_back({operand.index, from, to});
        depth = is_noting[action.node] ? depth : to;
      }
    }
    step.last = reaches_.size();
    if (step.last > step.first) {
      steps_.push_back(step);
    }
  }
  next_step_.push_back(steps_.size());
}

template <class T>
void Fetcher<T>::before(std::size_t action, std::size_t group) {
  const std::size_t end = reads_.steps_.size() * reads_.groups_;
  const std::size_t step = reads_.next_step_[action];
  const bool is_its_own = reads_.next_step_[action + 1] > step;
  const std::size_t here = step * reads_.groups_ + (is_its_own ? group : 0);
  fetched_ = std::max(fetched_, here);
  while (fetched_ < end && fetched_ <= here + 1) {
    fetch(fetched_++);
  }
}

template <class T>
void Fetcher<T>::fetch(std::size_t place) const {
  constexpr std::size_t kLine = 64;
  const Reads::Step& step = reads_.steps_[place / reads_.groups_];
  for (std::size_t i = step.first; i < step.last; ++i) {
    const Reads::Reach& reach = reads_.reaches_[i];
    const Tile<T> rows = histories_.window(reach.history, block_, place % reads_.groups_, reach.to, 1);
    const auto* from = reinterpret_cast<const char*>(rows.cells);
    const auto* to = reinterpret_cast<const char*>(rows.row(reach.to - reach.from));
    for (; from < to; from += kLine) {
      __builtin_prefetch(from);
    }
  }
}

template class Fetcher<float>;
template class Fetcher<double>;

}  // namespace lode::expr::engine
