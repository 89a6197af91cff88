// ts_cov: covariance over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_cov() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_cov",
       .aliases = {"cov", "covariance", "ts_covariance"},
       .summary = "covariance over the last `days` sessions",
       .definition =
           "Sum of products of deviations / (days - 1), under brain too, whose page names no divisor; exactly 0 where "
           "either is constant, missing for one "
           "value. Missing unless both are valid on all `days` sessions, or, with min_periods=m, on m of them: "
           "then over those.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .unit = UnitRule::kMultiply,
       .parameters = {ops::kX, ops::kY, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_cov(x, y, 3)", "x: 1 | 2 | 3 | 4 ; y: 2 | 4 | 6 | 6", "nan | nan | 2 | 1"}}},
      kernels::ts_cov());
  return op;
}

}  // namespace lode
