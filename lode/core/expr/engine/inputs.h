// Inputs: the fields, groups and universe of a stretch, and how their cells come into tiles.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/program.h"

namespace lode::expr::engine {

// Columns [first_column, first_column + columns) of a stretch's rows from `first_row` on.
struct Part {
  std::size_t first_row = 0;
  std::size_t first_column = 0;
  std::size_t columns = 0;
};

template <class T>
class Inputs {
 public:
  explicit Inputs(const Program& program) : nodes_(program.nodes), profile_(program.profile) {}

  // Rows [row, row + rows) of `fields` are the stretch.
  void see(const Fields& fields, std::size_t row, std::size_t rows);

  // The cells of field node `node`, rounded to the type of tiles; infinite ones are missing, and so are the lanes of
  // the tile beyond the part's columns.
  void load(std::uint32_t node, Part part, const Tile<T>& to) const;
  // The codes of group node `node`.
  GroupTile groups(std::uint32_t node, std::size_t first_row, std::size_t rows) const;
  // copy_inside() changes no cell.
  bool are_inside() const { return fields_->universe().empty() && !profile_->keeps_infinite; }
  // The cells of a part, missing outside the universe, and where infinite under a profile that keeps those.
  void copy_inside(const Tile<T>& from, const Tile<T>& to, const Part& part) const;

 private:
  void find_repeats(const GroupPanel& group, std::size_t rows, std::vector<std::uint8_t>& repeats) const;

  const std::vector<Node>& nodes_;
  const Profile* profile_;
  const Fields* fields_ = nullptr;
  std::size_t row_ = 0;               // Where the stretch begins in them.
  std::vector<const Panel*> panels_;  // By node.
  std::vector<const GroupPanel*> groups_;
  std::vector<std::vector<std::uint8_t>> repeats_;  // By node, of the stretch's sessions.
};

}  // namespace lode::expr::engine
