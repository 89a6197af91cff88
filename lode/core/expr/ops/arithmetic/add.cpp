// add: x + y, cell by cell.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_add() {
  using namespace expr;
  static const Operator op =
      ops::elementwise({.name = "add",
                        .summary = "x + y, cell by cell",
                        .definition = "x + y. Missing where an operand is missing or the result is infinite.",
                        .source = "IEEE 754-2019",
                        .unit = UnitRule::kSame,
                        .parameters = {ops::kX, ops::kY},
                        .commutative = true,
                        .examples = {{"add(x, y)", "x: 1 nan ; y: 2 3", "3 nan"}, {"x + 1", "x: 1 -2", "2 -1"}}},
                       kernels::add());
  return op;
}

}  // namespace lode
