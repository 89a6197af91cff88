// The plan of an evaluation: nodes sorted into stages, and every stage a list of actions over tiles.
//
// Stages alternate: even ones are series stages (a task is one block of instruments over a stretch of sessions), odd
// ones are cross stages (a task is a few whole rows). A stage reads only what earlier stages, or earlier actions of the
// same task, have written, so its tasks are independent. Sessions pass through all stages in stretches; what a later
// stretch must remember is a history (the last rows of a series operand) or the state of a recursive operator. Values
// live in
//   slots      tiles of one task, reused as soon as their last reader is done;
//   histories  operands of series operators that look back, and what one series stage leaves to another (histories.h);
//   slabs      [stretch][column]: what crosses between series and cross stages; reused once the last stage has read it;
//   literals   one row each, stride 0;
//   outputs    what a cross stage computes for them alone, in place.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lode/core/expr/program.h"

namespace lode::expr::engine {

inline constexpr std::uint32_t kNone = UINT32_MAX;

// Where a value of the running task is found.
struct Place {
  enum class Kind : std::uint8_t { kSlot, kHistory, kSlab, kLiteral, kOutput };
  Kind kind = Kind::kSlot;
  std::uint32_t index = kNone;  // kLiteral: the node.
  std::uint32_t slot = kNone;   // kOutput: the slot that serves while nothing is put out.
};

struct Action {
  enum class Kind : std::uint8_t {
    kKeep,   // The history `to` moves its last rows to the front, before the stretch is written behind them.
    kLoad,   // The field, literal or slab of `node` is copied to `to`.
    kMask,   // `from` is copied to `to`, missing outside the universe.
    kRun,    // The operator of `node` computes `to`.
    kSpill,  // `from` of a series stage is copied to the slab `to`.
    kEmit,   // `from` becomes rows of output `output`.
  };
  Kind kind = Kind::kRun;
  std::uint32_t node = kNone;
  Place from;
  Place to;
  std::vector<Place> operands;        // kRun: number and bool operands
  std::vector<std::uint32_t> groups;  // kRun: nodes of the group operands
  std::uint32_t output = kNone;       // kEmit
};

struct Stage {
  bool is_series = false;
  std::size_t slots = 0;
  std::vector<Action> actions;
};

struct Plan {
  std::vector<Stage> stages;              // Even: series, odd: cross.
  std::vector<std::size_t> history_rows;  // Rows each history keeps.
  std::size_t slabs = 0;
  std::vector<std::uint32_t> state_of;  // By node: index of its state, or kNone.
  std::size_t states = 0;
  std::vector<std::uint32_t> outputs;         // Root nodes, each once.
  std::vector<std::uint32_t> output_of_root;  // By root: index into outputs.
  bool reads_ahead = false;                   // Some lag is negative: all sessions must go as one stretch.
};

// What the kernel of an operator's node is called with.
KernelArguments arguments_of(const Node& node, const Profile* profile);

// The operator is recursive: it reads no earlier rows, but what it made of them.
bool carries_state(const Operator& op);

// Rows of history that a node's kernel reads. 0 for recursive operators, which carry state instead.
std::size_t kept_rows(const Node& node, const Profile* profile);

// `is_masked`: there is a universe, so cross-section operators must not see cells outside it; under a profile that
// keeps infinite cells they do not see those either.
Plan make_plan(const Program& program, bool is_masked);

}  // namespace lode::expr::engine
