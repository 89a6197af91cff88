// ts_std: standard deviation over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_std() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_std",
       .aliases = {"std", "stddev", "ts_std_dev"},
       .summary = "standard deviation over the last `days` sessions",
       .definition =
           "sqrt(sum of squared deviations / (days - 1)); exactly 0 for a constant window, missing for one "
           "value. Missing unless all `days` values are valid, or, with min_periods=m, m of them: then over the "
           "valid ones.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_std(x, 3)", "x: 1 | 3 | 5 | 5", "nan | nan | 2 | 1.1547005383792515"}}},
      kernels::ts_std());
  return op;
}

}  // namespace lode
