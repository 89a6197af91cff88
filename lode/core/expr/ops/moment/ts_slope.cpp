// ts_slope: slope of x per session over the last `days`.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_slope() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_slope",
       .aliases = {"slope"},
       .summary = "slope of x per session over the last `days`",
       .definition =
           "Least squares of x on positions 1..days; a constant window is exactly 0. Missing unless all `days` "
           "values are valid, or, with min_periods=m, m of them: then over the valid ones. Positions stay "
           "calendar positions.",
       .source = "Microsoft Qlib (MIT licence), qlib.data.ops.Slope",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_slope(x, 3)", "x: 1 | 3 | 5 | 5", "nan | nan | 2 | 1"}}},
      kernels::ts_slope());
  return op;
}

}  // namespace lode
