// ts_beta: slope of y on x over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_beta() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_beta",
       .aliases = {"regbeta"},
       .summary = "slope of y on x over the last `days` sessions",
       .definition =
           "Least squares of y on x with intercept: the slope; a constant x is missing. Missing unless both are "
           "valid on all `days` sessions, or, with min_periods=m, on m of them: then over those.",
       .source = "Guotai Junan Securities, quantitative topics 93 (2017), its table of functions (REGBETA)",
       .unit = UnitRule::kDivide,
       .parameters = {{"y"}, {"x"}, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_beta(x, y, 3)", "x: 2 | 4 | 6 | 6 ; y: 1 | 2 | 3 | 4", "nan | nan | 2 | 1"}}},
      kernels::ts_beta());
  return op;
}

}  // namespace lode
