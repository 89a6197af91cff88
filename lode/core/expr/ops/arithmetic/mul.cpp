// mul: x * y, cell by cell.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_mul() {
  using namespace expr;
  static const Operator op =
      ops::elementwise({.name = "mul",
                        .aliases = {"multiply"},
                        .summary = "x * y, cell by cell",
                        .definition = "x * y. Missing where an operand is missing or the result is infinite.",
                        .source = "IEEE 754-2019",
                        .unit = UnitRule::kMultiply,
                        .parameters = {ops::kX, ops::kY},
                        .commutative = true,
                        .examples = {{"mul(x, y)", "x: 2 nan ; y: 3 0", "6 nan"}}},
                       kernels::mul());
  return op;
}

}  // namespace lode
