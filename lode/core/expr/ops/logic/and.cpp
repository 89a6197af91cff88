// and: 1 where both are true, else 0.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_and() {
  using namespace expr;
  static const Operator op = ops::reviving(
      ops::elementwise({.name = "and",
                        .summary = "1 where both are true, else 0",
                        .definition = "1 where both operands are nonzero, else 0. Missing where an operand is missing.",
                        .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
                        .unit = UnitRule::kBool,
                        .result = Type::kBool,
                        .parameters = {{"x", Type::kBool}, {"y", Type::kBool}},
                        .examples = {{"x && y", "x: 1 1 0 0 nan ; y: 2 0 3 0 0", "1 0 0 0 nan"}}},
                       kernels::both_true()));
  return op;
}

}  // namespace lode
