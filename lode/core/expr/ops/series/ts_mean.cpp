// ts_mean: mean over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/noted_sum.h"
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_mean() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_mean",
       .aliases = {"mean", "ma"},
       .summary = "mean over the last `days` sessions",
       .definition = "Mean; exactly c where every value is c. Missing unless all `days` values are valid, or, with "
                     "min_periods=m, m of them: then over the valid ones.",
       .source = "Microsoft Qlib (MIT licence), qlib.data.ops.Mean; adv of Z. Kakushadze, \"101 Formulaic Alphas\" "
                 "(2015), appendix A",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_mean(x, 2)", "x: 1 2 | nan 4 | 3 6", "nan nan | nan 3 | nan 5"},
                    {"ts_mean(x, 3, min_periods=2)", "x: 1 | nan | 3 | nan", "nan | nan | 2 | nan"}}},
      kernels::ts_mean());
  static const Operator noting = ops::noting(op, kernels::noted_mean_bytes, kernels::run_noted_mean);
  return noting;
}

}  // namespace lode
