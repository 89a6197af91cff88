// ts_regresi: today's residual of y on x over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_regresi() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_regresi",
       .aliases = {"regresi"},
       .summary = "today's residual of y on x over the last `days` sessions",
       .definition = "Least squares of y on x with intercept: today's y less the fit; a constant x is missing. Missing "
                     "unless both are valid on all `days` sessions, or, with min_periods=m, on m of them: then over "
                     "those. With min_periods today must be valid. Two or three regressors: ts_regresi(y, x1, x2, "
                     "days) is ts_regresi2, with x3 ts_regresi3.",
       .source = "Guotai Junan Securities, quantitative topics 93 (2017), its table of functions (REGRESI)",
       .unit = UnitRule::kFirst,
       .parameters = {{"y"}, {"x"}, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_regresi(x, y, 3)", "x: 2 | 4 | 6 | 6 ; y: 1 | 2 | 3 | 4",
                     "nan | nan | 0 | -0.3333333333333333"}}},
      kernels::ts_regresi());
  return op;
}

}  // namespace lode
