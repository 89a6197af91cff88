// sqrt: square root.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_sqrt() {
  using namespace expr;
  static const Operator op =
      ops::elementwise({.name = "sqrt",
                        .summary = "square root",
                        .definition = "The square root of x; missing for x < 0 and where x is missing.",
                        .source = "IEEE 754-2019",
                        .unit = UnitRule::kNeedsRatio,
                        .parameters = {ops::kX},
                        .examples = {{"sqrt(x)", "x: 4 0 -1 nan", "2 0 nan nan"}}},
                       kernels::sqrt());
  return op;
}

}  // namespace lode
