// ts_median: median of the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_median() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_median",
       .aliases = {"med"},
       .summary = "median of the last `days` sessions",
       .definition =
           "The middle of the sorted values, the mean of the two middle ones for an even number. Missing unless "
           "all `days` values are valid, or, with min_periods=m, m of them: then over the valid ones.",
       .source = "quantiles as type 7 of R. J. Hyndman, Y. Fan, The American Statistician 50 (1996)",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_median(x, 2)", "x: 1 | 3 | nan | 6", "nan | 2 | nan | nan"},
                    {"ts_median(x, 3, min_periods=1)", "x: 1 | 3 | nan | 6", "1 | 2 | 2 | 4.5"}}},
      kernels::ts_median());
  return op;
}

}  // namespace lode
