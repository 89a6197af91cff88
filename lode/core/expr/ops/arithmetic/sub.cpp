// sub: x - y, cell by cell.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_sub() {
  using namespace expr;
  static const Operator op =
      ops::elementwise({.name = "sub",
                        .aliases = {"subtract"},
                        .summary = "x - y, cell by cell",
                        .definition = "x - y. Missing where an operand is missing or the result is infinite.",
                        .source = "IEEE 754-2019",
                        .unit = UnitRule::kSame,
                        .parameters = {ops::kX, ops::kY},
                        .examples = {{"sub(x, y)", "x: 1 nan ; y: 2 3", "-1 nan"}, {"1 - x", "x: 1 -2", "0 3"}}},
                       kernels::sub());
  return op;
}

}  // namespace lode
