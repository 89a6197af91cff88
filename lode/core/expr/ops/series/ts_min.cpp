// ts_min: least value of the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_min() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_min",
       .summary = "least value of the last `days` sessions",
       .definition =
           "Least value, exact. Missing unless all `days` values are valid, or, with min_periods=m, m of them: "
           "then over the valid ones.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_min(x, 2)", "x: 3 | 1 | 2 | 5", "nan | 1 | 1 | 2"}}},
      kernels::ts_min());
  return op;
}

}  // namespace lode
