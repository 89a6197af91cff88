// le: 1 where x <= y, else 0.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_le() {
  using namespace expr;
  static const Operator op = ops::reviving(ops::elementwise(
      {.name = "le",
       .summary = "1 where x <= y, else 0",
       .definition = "1 where x <= y, 0 where not, by the stored values. Missing where an operand is missing.",
       .source = "IEEE 754-2019",
       .unit = UnitRule::kBool,
       .result = Type::kBool,
       .parameters = {ops::kX, ops::kY},
       .examples = {{"x <= y", "x: 1 2 3 nan ; y: 2 2 2 2", "1 1 0 nan"}}},
      kernels::le()));
  return op;
}

}  // namespace lode
