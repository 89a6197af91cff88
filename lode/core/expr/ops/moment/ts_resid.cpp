// ts_resid: today's distance from the line through the last `days`.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_resid() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_resid",
       .aliases = {"resi"},
       .summary = "today's distance from the line through the last `days`",
       .definition =
           "Today less the least squares fit of x on positions 1..days; a constant window is exactly 0. Missing "
           "unless all `days` values are valid, or, with min_periods=m, m of them: then over the valid ones. "
           "With min_periods today must be valid; positions stay calendar positions.",
       .source = "Microsoft Qlib (MIT licence), qlib.data.ops.Resi",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_resid(x, 3)", "x: 1 | 3 | 5 | 5", "nan | nan | 0 | -0.3333333333333333"}}},
      kernels::ts_resid());
  return op;
}

}  // namespace lode
