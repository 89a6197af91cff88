// lt: 1 where x < y, else 0.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_lt() {
  using namespace expr;
  static const Operator op = ops::reviving(ops::elementwise(
      {.name = "lt",
       .summary = "1 where x < y, else 0",
       .definition = "1 where x < y, 0 where not, by the stored values. Missing where an operand is missing.",
       .source = "IEEE 754-2019",
       .unit = UnitRule::kBool,
       .result = Type::kBool,
       .parameters = {ops::kX, ops::kY},
       .examples = {{"x < y", "x: 1 2 3 nan ; y: 2 2 2 2", "1 0 0 nan"}}},
      kernels::lt()));
  return op;
}

}  // namespace lode
