// The levels test: would a factor's values have been the same on their own day, before the splits and dividends that
// came later moved every earlier price?
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "lode/base/result.h"
#include "lode/base/world.h"
#include "lode/core/expr/program.h"
#include "lode/io/lake/panels.h"

namespace lode::flow {

struct LevelsTest {
  std::size_t compared = 0;  // Cells with a value
  std::size_t moved = 0;     // Those that would have stood elsewhere among the names of their day
};

// Above this share of moved cells a factor compares price levels. Below it stand names that swap places because two
// values are equal up to rounding.
inline constexpr double kMovedShare = 0.001;

inline bool moves_with_levels(const LevelsTest& test) {
  return static_cast<double>(test.moved) > kMovedShare * static_cast<double>(test.compared);
}

// Recomputes `program` over the first `end` rows with prices and volumes adjusted as they were known at the last of
// them, and compares its last `rows` rows with `whole`. A cell has moved when it differs by over 1 % of its row's
// range. Nothing is compared when no action lies behind the cut.
Result<LevelsTest> test_levels(World& world, const lake::PanelSet& set, const expr::Program& program,
                               const Panel& whole, std::size_t end, std::size_t rows);

}  // namespace lode::flow
