// exp: exponential.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_exp() {
  using namespace expr;
  static const Operator op = ops::elementwise(
      {.name = "exp",
       .summary = "exponential",
       .definition = "e^x; missing where it overflows and where x is missing.",
       .source =
           "IEEE 754-2019, section 9; computed by SLEEF (N. Shibata, F. Petrogalli, IEEE TPDS 31, 2020) within 1 ulp",
       .unit = UnitRule::kNeedsRatio,
       .parameters = {ops::kX},
       .examples = {{"exp(x)", "x: 0 1 1000 nan", "1 2.718281828459045 nan nan"}}},
      kernels::exp());
  return op;
}

}  // namespace lode
