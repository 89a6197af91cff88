// Ways of making blocks of values: all at once, session by session, and along a course that computes some sessions and
// takes others from values that are stored.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/core/expr/stream.h"
#include "lode/flow/steps/values/computation.h"
#include "lode/flow/steps/values/feeds.h"

namespace lode::flow {

// One way of making blocks.
class Maker {
 public:
  virtual ~Maker() = default;
  virtual Result<bool> next(ValueBlock& block) = 0;  // False: none is left.
  virtual std::vector<std::string> warnings() const = 0;
  virtual std::string state() const { return {}; }   // After the last session, where the course wanted it.
  virtual bool may_be_kept() const { return true; }  // Blocks together are no more than the budget allows.
  virtual bool writes_over() const { return true; }  // The next block has the cells of the one before.
};

std::unique_ptr<Maker> make_whole(Computed computed);
std::unique_ptr<Maker> make_of(BlockSource next, std::function<std::vector<std::string>()> warnings, bool may_be_kept);

// A stream through a feed of so many sessions. `notes` stand behind the warnings.
struct Steps {
  expr::Stream stream;
  std::unique_ptr<Feed> feed;
  std::int64_t sessions = 0;
  bool may_be_kept = false;
  std::vector<std::string> notes = {};
};
std::unique_ptr<Maker> make_steps(World& world, const ComputeRequest& request, Compiled compiled, Steps steps);

// Along the stretches of `course` over the fields of `prepared`.
std::unique_ptr<Maker> make_course(World& world, const ComputeRequest& request, Prepared prepared, Course course,
                                   std::size_t step_rows);

// Sessions a step, so that its fields and values take a quarter of the budget at most.
std::size_t step_rows(std::int64_t budget, std::size_t columns, std::size_t fields, std::size_t factors,
                      Precision precision);
std::size_t cell_bytes(Precision precision);
// Names of columns for a stream; two instruments may share a symbol, so it is told by their ids.
std::vector<std::string> column_names(const Axis& axis);

}  // namespace lode::flow
