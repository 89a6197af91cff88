// ts_mad: mean absolute deviation over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_mad() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_mad",
       .aliases = {"mad"},
       .summary = "mean absolute deviation over the last `days` sessions",
       .definition =
           "Mean of |x - mean|. Missing unless all `days` values are valid, or, with min_periods=m, m of them: "
           "then over the valid ones.",
       .source = "Microsoft Qlib (MIT licence), qlib.data.ops.Mad",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_mad(x, 2)", "x: 1 | 4 | 4", "nan | 1.5 | 0"}}},
      kernels::ts_mad());
  return op;
}

}  // namespace lode
