// ts_rsquare: how well a line fits the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_rsquare() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_rsquare",
       .aliases = {"rsquare"},
       .summary = "how well a line fits the last `days` sessions",
       .definition =
           "R squared of least squares of x on positions 1..days; a constant window is missing. Missing unless "
           "all `days` values are valid, or, with min_periods=m, m of them: then over the valid ones. Positions "
           "stay calendar positions.",
       .source = "Microsoft Qlib (MIT licence), qlib.data.ops.Rsquare",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_rsquare(x, 3)", "x: 1 | 3 | 5 | 5", "nan | nan | 1 | 0.75"}}},
      kernels::ts_rsquare());
  return op;
}

}  // namespace lode
