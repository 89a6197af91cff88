// exp: exponential.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_exp() {
  using namespace expr;
  static const Operator op =
      ops::elementwise({.name = "exp",
                        .summary = "exponential",
                        .definition = "e^x; missing where it overflows and where x is missing.",
                        .unit = UnitRule::kNeedsRatio,
                        .parameters = {ops::kX},
                        .examples = {{"exp(x)", "x: 0 1 1000 nan", "1 2.718281828459045 nan nan"}}},
                       kernels::exp());
  return op;
}

}  // namespace lode
