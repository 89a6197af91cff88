// log: natural logarithm.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_log() {
  using namespace expr;
  static const Operator op = ops::elementwise(
      {.name = "log",
       .aliases = {"ln"},
       .summary = "natural logarithm",
       .definition = "ln x; missing for x <= 0 and where x is missing.",
       .source =
           "IEEE 754-2019, section 9; computed by SLEEF (N. Shibata, F. Petrogalli, IEEE TPDS 31, 2020) within 1 ulp",
       .unit = UnitRule::kNeedsRatio,
       .parameters = {ops::kX},
       .examples = {{"log(x)", "x: 1 0 -1 nan", "0 nan nan nan"}}},
      kernels::log());
  return op;
}

}  // namespace lode
