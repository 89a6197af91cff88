// Units of results: a small algebra of price and share exponents, which finds a price added to a volume
// (factors.md 1.3).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>

#include "lode/core/expr/program.h"

namespace lode::expr {

// One operand as the unit rules see it.
struct UnitOperand {
  Unit unit;
  std::optional<double> literal;  // A bare number: free in products, only 0 free in a sum with a price.
};

struct UnitResult {
  Unit unit;
  std::string breach;  // What is wrong, as words for W1301 ("price and shares"); empty when nothing is.
};

// Unit of an operator's result. Pure; a breach still has a unit (that of the first operand that has one).
UnitResult result_unit(UnitRule rule, std::span<const UnitOperand> operands);

// True for a result that a split moves: its level depends on the adjustment base (W1302). Money is price times shares,
// where the ratio of a split cancels: not a level.
bool is_level(const Unit& unit);

}  // namespace lode::expr
