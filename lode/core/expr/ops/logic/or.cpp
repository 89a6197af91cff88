// or: 1 where either is true, else 0.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_or() {
  using namespace expr;
  static const Operator op = ops::reviving(ops::elementwise(
      {.name = "or",
       .summary = "1 where either is true, else 0",
       .definition =
           "1 where an operand is nonzero, else 0. Missing where an operand is missing, also beside a true one.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .unit = UnitRule::kBool,
       .result = Type::kBool,
       .parameters = {{"x", Type::kBool}, {"y", Type::kBool}},
       .examples = {{"x || y", "x: 1 1 0 0 nan ; y: 2 0 3 0 1", "1 1 1 0 nan"}}},
      kernels::either_true()));
  return op;
}

}  // namespace lode
