// ts_skew: skewness over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_skew() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_skew",
       .aliases = {"skew"},
       .summary = "skewness over the last `days` sessions",
       .definition =
           "G1 = d / ((d-1)(d-2)) sum z^3, z by the d-1 deviation (Joanes and Gill 1998); a constant window is "
           "missing. Missing unless all `days` values are valid, or, with min_periods=m, m of them: then over "
           "the valid ones.",
       .source = "G1 of D. N. Joanes, C. A. Gill, The Statistician 47 (1998)",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX, ops::days_from(3)},
       .options = {ops::min_periods()},
       .examples = {{"ts_skew(x, 3)", "x: 1 | 1 | 4 | 1", "nan | nan | 1.7320508075688772 | 1.7320508075688772"}}},
      kernels::ts_skew());
  return op;
}

}  // namespace lode
