// Reads in order, and how far ahead they are fetched.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/fetch.h"

#include <algorithm>
#include <map>

namespace lode::expr::engine {
namespace {

// Far enough for memory to answer, near enough to stay in the second cache until it is read.
constexpr std::size_t kBytesAhead = 0;

}  // namespace

Reads::Reads(const Stage& stage, const std::vector<std::size_t>& back, const std::vector<bool>& is_noting,
             const Cut& cut, std::size_t cell_bytes)
    : groups_(cut.groups) {
  std::map<std::uint32_t, std::size_t> reached;  // By history: the rows that were read so far.
  for (const Action& action : stage.actions) {
    next_step_.push_back(steps_.size());
    if (action.kind != Action::Kind::kRun || back[action.node] == 0) {
      continue;
    }
    Step step{reaches_.size(), reaches_.size(), 0, bytes_};
    for (const Place& operand : action.operands) {
      std::size_t& depth = reached[operand.index];
      if (operand.kind == Place::Kind::kHistory && depth < back[action.node]) {
        const std::size_t to = back[action.node];
        const std::size_t from = is_noting[action.node] ? to - 1 : depth;
        step.bytes += (to - from) * cut.group_lanes() * cell_bytes;
        reaches_.push_back({operand.index, from, to});
        depth = is_noting[action.node] ? depth : to;
      }
    }
    step.last = reaches_.size();
    if (step.last > step.first) {
      bytes_ += step.bytes;
      steps_.push_back(step);
    }
  }
  next_step_.push_back(steps_.size());
}

// Bytes that are read before a place: all groups of the steps before its own, and the groups before its own.
template <class T>
std::size_t Fetcher<T>::bytes_before(std::size_t place) const {
  const std::size_t step = place / reads_.groups_;
  if (step == reads_.steps_.size()) {
    return reads_.bytes_ * reads_.groups_;
  }
  return reads_.steps_[step].before * reads_.groups_ + reads_.steps_[step].bytes * (place % reads_.groups_);
}

template <class T>
void Fetcher<T>::before(std::size_t action, std::size_t group) {
  const std::size_t end = reads_.steps_.size() * reads_.groups_;
  const std::size_t step = reads_.next_step_[action];
  const bool is_its_own = reads_.next_step_[action + 1] > step;
  const std::size_t here = step * reads_.groups_ + (is_its_own ? group : 0);
  const std::size_t far = bytes_before(here) + kBytesAhead;
  fetched_ = std::max(fetched_, here);
  while (fetched_ < end && (fetched_ <= here + 1 || bytes_before(fetched_) < far)) {
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
