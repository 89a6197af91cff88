// Histories: the last rows of every operand that windows look back on, and what one series stage leaves to another.
//
// A task computes a block of instruments. Where a stretch is many sessions, a history's rows stand as the task computes
// them, [block][row][lane]: new rows are appended, and once the room is full the kept ones move to the front.
// Where a stretch is one session, a window is many rows for one result, and reading them is all the work. So a block is
// cut into groups of a few registers, [block][group][row][lane], which makes the window of a group one run of memory
// that can be fetched ahead; today's row stands apart as well, whole, for operators that read it alone. Rows are
// written twice while they will be the kept ones of the next round, so that no session has to move any:
//
//   position   0 .. kept-1 | kept .. spare-1 | spare .. spare+kept-1
//              the past     new rows ......................   and again at position - spare
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lode/core/expr/engine/memory.h"
#include "lode/core/expr/engine/state.h"
#include "lode/core/expr/operator.h"

namespace lode::expr::engine {

// How columns and sessions are cut.
struct Cut {
  std::size_t columns = 0;
  std::size_t lanes = 0;         // Instruments of a block.
  std::size_t groups = 1;        // Of a block; above 1 only where stretches are single sessions.
  std::size_t stretch_rows = 1;  // Most sessions of one stretch.

  std::size_t blocks() const { return (columns + lanes - 1) / lanes; }
  std::size_t stride() const { return blocks() * lanes; }  // Cells of a row: whole blocks.
  std::size_t group_lanes() const { return lanes / groups; }
  bool is_single() const { return stretch_rows == 1; }
};

// Of so many columns and sessions a stretch: few sessions at a time go through wide blocks, or the calls of kernels
// would cost more than their work.
Cut make_cut(std::size_t columns, std::size_t stretch_rows);

template <class T>
class Histories {
 public:
  // Rows that each history keeps. `spare_rows`: sessions taken in before rows move, where stretches are longer than
  // one; at least a stretch. Their past is whatever stands there until forget() or
  // restore().
  Histories(std::span<const std::size_t> kept, const Cut& cut, std::size_t spare_rows);

  // Everything before the first session is missing.
  void forget();

  // A stretch of `rows` sessions begins, and is over.
  void begin(std::size_t rows);
  void end(std::size_t rows);

  // Within a stretch, in this order: room for its rows, the place where they are to be written, and that they are.
  void make_room(std::size_t history, std::size_t block) const;
  Tile<T> today(std::size_t history, std::size_t block, std::size_t rows) const;
  void written(std::size_t history, std::size_t block) const;
  // The stretch's rows with `back` rows in front of them.
  Tile<T> window(std::size_t history, std::size_t block, std::size_t group, std::size_t back, std::size_t rows) const;

  // The rows kept before this stretch's, as cells [history][row][column].
  std::size_t saved_bytes() const;
  void save(StateWriter& to) const;
  // Saved column i is column_of[i] here, or kNone where it is gone.
  void restore(StateReader& from, std::span<const std::uint32_t> column_of);
  // Column `to` remembers what column 0 of `other` does.
  void adopt(const Histories& other, std::size_t to);

 private:
  struct History {
    std::size_t kept = 0;
    std::size_t spare = 0;  // Further rows of its room.
    std::size_t at = 0;     // Where the stretch's first row goes.
    bool moves = false;     // In this stretch.
    std::size_t from = 0;   // Where the kept rows stood before.
    std::size_t start = 0;  // Of its cells.

    std::size_t capacity() const { return kept + spare; }
  };

  std::size_t first_spare(const History& history, std::size_t number) const;
  T* row(const History& history, std::size_t block, std::size_t group, std::size_t index) const;
  T& cell(const History& history, std::size_t index, std::size_t column) const;
  // Calls part(cells, how many of them columns have) for the groups of one row.
  template <class Part>
  void for_each_group(const History& history, std::size_t index, Part part) const;

  Cut cut_;
  std::vector<History> histories_;
  Block cells_;
  Block today_;  // [history][column], where stretches are single sessions.
};

}  // namespace lode::expr::engine
