// The machine that runs a plan: it takes a stretch of sessions at a time and remembers what the next needs, so whole
// panels and single sessions go through the same kernels and give the same bits.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "lode/base/pool.h"
#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/evaluate.h"

namespace lode::expr::engine {

class StateWriter;
class StateReader;

struct Room {
  std::size_t stretch_rows = 1;          // Most sessions of one stretch.
  std::size_t history_rows = 0;          // Sessions a history takes in before it moves its rows; at least a stretch.
  std::size_t cross_bytes = 128 * 1024;  // Of one slot of a cross task.
  bool is_restored = false;              // restore() follows: the past need not be made missing before.
};

class Machine {
 public:
  virtual ~Machine() = default;

  // Sessions [row, row + rows) of `fields` are the next; their results go to the outputs' rows from `out_row` on. The
  // outputs are of the machine's precision, one an output of the plan, and as wide as the fields; none: only the
  // machine's memory moves on.
  virtual void advance(const Fields& fields, std::size_t row, std::size_t rows, std::span<Panel> outputs,
                       std::size_t out_row, Pool& pool) = 0;

  // What the machine remembers: the rows each history keeps, recursive states, first bars, the number of sessions.
  virtual void save(StateWriter& to) const = 0;
  virtual std::size_t saved_bytes() const = 0;  // What save() writes.
  // Into a machine that has seen nothing yet: saved column i is column_of[i] here, or kNone where it is gone.
  virtual void restore(StateReader& from, std::span<const std::uint32_t> column_of) = 0;
  // These columns remember what the first column of `other`, a machine of the same program, does.
  virtual void adopt(const Machine& other, std::span<const std::uint32_t> columns) = 0;
};

// `program` and `plan` must outlive the machine.
std::unique_ptr<Machine> make_machine(const Program& program, const Plan& plan, std::size_t columns,
                                      Precision precision, Room room);

}  // namespace lode::expr::engine
