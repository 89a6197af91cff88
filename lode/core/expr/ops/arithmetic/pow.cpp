// pow: x to the power y.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_pow() {
  using namespace expr;
  static const Operator op = ops::reviving(ops::elementwise(
      {.name = "pow",
       .aliases = {"power"},
       .summary = "x to the power y",
       .definition = "x^y as in C, but missing where an operand is missing (so also missing^0), for x < 0 with a "
                     "fractional y, for 0 to a negative power, and on overflow; 0^0 is 1. x^1 is x, bit for bit.",
       .source =
           "IEEE 754-2019, section 9; computed by SLEEF (N. Shibata, F. Petrogalli, IEEE TPDS 31, 2020) within 1 ulp",
       .unit = UnitRule::kPower,
       .parameters = {ops::kX, ops::kY},
       .examples = {{"x ^ 2", "x: 3 -3 nan", "9 9 nan"},
                    {"pow(x, y)", "x: 0 0 -8 2 ; y: 0 -1 0.5 -1", "1 nan nan 0.5"}}},
      kernels::pow()));
  return op;
}

}  // namespace lode
