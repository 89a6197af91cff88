// ts_sum: sum over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/noted_sum.h"
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_sum() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_sum",
       .aliases = {"sum"},
       .summary = "sum over the last `days` sessions",
       .definition =
           "Sum, oldest first. Missing unless all `days` values are valid, or, with min_periods=m, m of them: "
           "then over the valid ones.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_sum(x, 2)", "x: 1 2 | nan 4 | 3 6", "nan nan | nan 6 | nan 10"},
                    {"ts_sum(x, 2, min_periods=1)", "x: 1 2 | nan 4 | 3 6", "1 2 | 1 6 | 3 10"}}},
      kernels::ts_sum());
  static const Operator noting = ops::noting(op, kernels::noted_sum_bytes, kernels::run_noted_sum);
  return noting;
}

}  // namespace lode
