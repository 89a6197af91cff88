// ts_regresi3: today's residual of y on three regressors over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window_regression.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_regresi3() {
  using namespace expr;
  static const Operator op = [] {
    Operator made = ops::window(
        {.name = "ts_regresi3",
         .summary = "today's residual of y on three regressors over the last `days` sessions",
         .definition =
             "Least squares of y on all three at once, with intercept: today's y less the fit. Missing where a "
             "regressor is constant or a combination of the others. Missing unless all are valid on all "
             "`days` sessions, or, with min_periods=m, on m of them, today among them: then over those. "
             "4 values are met exactly: 0. Also written ts_regresi(y, x1, .., days).",
         .source =
             "Guotai Junan Securities, quantitative topics 93 (2017), its table of functions (REGRESI); computed as "
             "A. Bjorck, BIT 7 (1967)",
         .unit = UnitRule::kFirst,
         .parameters = {{"y"}, {"x1"}, {"x2"}, {"x3"}, ops::days_from(4.0)},
         .options = {ops::min_periods()},
         .examples = {{"ts_regresi3(x, y, z, y * z, 5)",
                       "x: 1 | 2 | 4 | 3 | 9 | 2 ; y: 1 | 2 | 3 | 4 | 5 | 7 ; z: 1 | 0 | 0 | 1 | 2 | 1",
                       "nan | nan | nan | nan | 0.44845360824742286 | -0.4794520547945158"}}},
        kernels::ts_regression_residual());
    made.scratch_bytes = kernels::regression_scratch_bytes;
    return made;
  }();
  return op;
}

}  // namespace lode
