// div: x / y, cell by cell.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_div() {
  using namespace expr;
  static const Operator op = ops::elementwise(
      {.name = "div",
       .aliases = {"divide"},
       .summary = "x / y, cell by cell",
       .definition = "x / y. Division by 0 is missing whatever is divided. Missing where an operand is missing or the "
                     "result is infinite.",
       .source = "IEEE 754-2019",
       .unit = UnitRule::kDivide,
       .parameters = {ops::kX, ops::kY},
       .examples = {{"div(x, y)", "x: 1 1 0 -1 ; y: 2 0 0 0", "0.5 nan nan nan"}}},
      kernels::div());
  return op;
}

}  // namespace lode
