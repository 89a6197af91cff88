// tanh: squashes a signal into -1 .. 1, so that no single name dominates a weight.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/math.h"
#include "lode/core/expr/kernels/plain.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_tanh() {
  using namespace expr;
  static const Operator op = ops::elementwise(
      {.name = "tanh",
       .summary = "hyperbolic tangent, between -1 and 1",
       .definition = "(e^x - e^-x) / (e^x + e^-x). Missing where x is missing.",
       .source =
           "IEEE 754-2019, section 9; computed by SLEEF (N. Shibata, F. Petrogalli, IEEE TPDS 31, 2020) within 1 ulp",
       .unit = UnitRule::kNeedsRatio,
       .parameters = {ops::kX},
       .examples = {{"tanh(x)", "x: 0 1 -1000 nan", "0 0.7615941559557649 -1 nan"}}},
      kernels::plain<math::tanh>());
  return op;
}

}  // namespace lode
