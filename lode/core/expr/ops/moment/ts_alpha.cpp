// ts_alpha: intercept of y on x over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_alpha() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_alpha",
       .summary = "intercept of y on x over the last `days` sessions",
       .definition =
           "Least squares of y on x with intercept: the intercept; a constant x is missing. Missing unless both "
           "are valid on all `days` sessions, or, with min_periods=m, on m of them: then over those.",
       .source = "least squares, as ts_beta",
       .unit = UnitRule::kFirst,
       .parameters = {{"y"}, {"x"}, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_alpha(x, y, 3)", "x: 3 | 5 | 7 | 7 ; y: 1 | 2 | 3 | 4", "nan | nan | 1 | 3.333333333333333"}}},
      kernels::ts_alpha());
  return op;
}

}  // namespace lode
