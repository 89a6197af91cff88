// Fetching ahead: what the tasks of a series stage read of histories is known before they run, so it is asked for while
// they still compute with what came before. A single session reads whole windows for one row of results: without this
// its kernels wait for memory most of the time.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lode/core/expr/engine/histories.h"
#include "lode/core/expr/engine/plan.h"

namespace lode::expr::engine {

// The reads of a series stage's tasks in the order of its actions, every row of a history once.
class Reads {
 public:
  // By node: `back`, the rows of history its kernel reads, and `is_noting`, whether it needs the oldest of them alone.
  Reads(const Stage& stage, const std::vector<std::size_t>& back, const std::vector<bool>& is_noting, const Cut& cut);

 private:
  template <class T>
  friend class Fetcher;

  // Rows (from, to] before today's.
  struct Reach {
    std::uint32_t history = kNone;
    std::size_t from = 0;
    std::size_t to = 0;
  };
  // An action that reads rows nobody has read before it.
  struct Step {
    std::size_t first = 0;  // Of its reaches.
    std::size_t last = 0;
  };

  std::size_t groups_;
  std::vector<Reach> reaches_;
  std::vector<Step> steps_;
  std::vector<std::size_t> next_step_;  // By action: its own step, or the next one's.
};

// One task's reads.
template <class T>
class Fetcher {
 public:
  Fetcher(const Reads& reads, const Histories<T>& histories, std::size_t block)
      : reads_(reads), histories_(histories), block_(block) {}

  // Action `action` runs next, for one group: its rows are asked for, and those of the group after it.
  void before(std::size_t action, std::size_t group);

 private:
  void fetch(std::size_t place) const;

  const Reads& reads_;
  const Histories<T>& histories_;
  std::size_t block_;
  std::size_t fetched_ = 0;  // Places: step x group.
};

}  // namespace lode::expr::engine
