// max: the larger of x and y.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_max() {
  using namespace expr;
  static const Operator op = ops::elementwise(
      {.name = "max",
       .summary = "the larger of x and y",
       .definition = "max(x, y), cell by cell. Missing where an operand is missing. Profiles paper and street read a "
                     "literal y as a window: ts_max.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .parameters = {ops::kX, ops::kY},
       .commutative = true,
       .examples = {{"max(x, y)", "x: 1 5 nan ; y: 2 3 1", "2 5 nan"}}},
      kernels::max());
  return op;
}

}  // namespace lode
