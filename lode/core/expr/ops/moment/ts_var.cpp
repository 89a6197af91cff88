// ts_var: variance over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_var() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_var",
       .aliases = {"var"},
       .summary = "variance over the last `days` sessions",
       .definition =
           "Sum of squared deviations / (days - 1); exactly 0 for a constant window, missing for one value. "
           "Missing unless all `days` values are valid, or, with min_periods=m, m of them: then over the valid "
           "ones.",
       .source = "Microsoft Qlib (MIT licence), qlib.data.ops.Var",
       .unit = UnitRule::kAny,
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_var(x, 2)", "x: 1 | 4 | 4", "nan | 4.5 | 0"}}},
      kernels::ts_var());
  return op;
}

}  // namespace lode
