// The levels test: would a factor's values have been the same on their own day, before the splits and dividends that
// came later moved every earlier price?
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "lode/base/result.h"
#include "lode/base/world.h"
#include "lode/core/expr/program.h"
#include "lode/io/lake/panels.h"

namespace lode::flow {

struct LevelsTest {
  std::size_t compared = 0;  // Cells with a value
  std::size_t moved = 0;     // Those that would have stood elsewhere among the names of their day
  std::size_t dates = 0;     // Before which the values were recomputed; 0 = no action behind any judged session
  std::string of = {};       // Of a factor made of several: the one that moved most; "" = the factor itself
};

// Above this share of moved cells a factor compares price levels. Below it stand names that swap places because two
// values are equal up to rounding.
inline constexpr double kMovedShare = 0.001;

inline bool moves_with_levels(const LevelsTest& test) {
  return static_cast<double>(test.moved) > kMovedShare * static_cast<double>(test.compared);
}

// Recomputes `program` for the last sessions before up to 8 (3, where an average never forgets and every bar counts) of
// the days that splits and dividends took effect after `first_row`, spread evenly over them, with prices and volumes
// adjusted as they were known then, and compares up to `rows` rows in all with `whole`, the values as they are now.
// What counts is the order, as in the statistics of ranks: a cell has moved when its place among the names of its row
// has, by over 1 % of them; names that are equal up to rounding share a place. A value on one side only has moved too.
// Where that finds moves, the factors' places are taken by powers of two, which round nothing: a formula that these
// leave in place does not depend on the scale of a name's prices, only rounding broke its ties, and `moved` is 0.
Result<LevelsTest> test_levels(World& world, const lake::PanelSet& set, const expr::Program& program,
                               const Panel& whole, std::size_t first_row, std::size_t rows);

}  // namespace lode::flow
