// ts_quantile: quantile q of the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_quantile() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_quantile",
       .summary = "quantile q of the last `days` sessions",
       .definition = "Of the sorted values s0..s(d-1), linear interpolation at q (d - 1). Missing unless all `days` "
                     "values are valid, or, with min_periods=m, m of them: then over the valid ones.",
       .source = "quantiles as type 7 of R. J. Hyndman, Y. Fan, The American Statistician 50 (1996)",
       .parameters = {ops::kX, ops::kDays, {"q", Type::kLiteral, false, 0.0, 0.0, 1.0}},
       .options = {ops::min_periods()},
       .examples = {{"ts_quantile(x, 3, 0.25)", "x: 1 | 3 | 2 | 6", "nan | nan | 1.5 | 2.5"}}},
      kernels::ts_quantile());
  return op;
}

}  // namespace lode
