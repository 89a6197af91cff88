// ts_zscore: today's distance from the mean of the last `days`, in deviations.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_zscore() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_zscore",
       .summary = "today's distance from the mean of the last `days`, in deviations",
       .definition = "(today - mean) / std with days - 1, with days under brain; a constant window is missing. Missing "
                     "unless all `days` values are valid, or, "
                     "with min_periods=m, m of them: then over the valid ones. With min_periods today must be valid.",
       .source = "operator pages of WorldQuant BRAIN, whose example (100, 0, 50, 60, 25) has a deviation of 33.7, by n",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_zscore(x, 3)", "x: 1 | 3 | 5 | 5", "nan | nan | 1 | 0.5773502691896258"}}},
      kernels::ts_zscore());
  return op;
}

}  // namespace lode
