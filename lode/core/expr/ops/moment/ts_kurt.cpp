// ts_kurt: excess kurtosis over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_kurt() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_kurt",
       .aliases = {"kurt"},
       .summary = "excess kurtosis over the last `days` sessions",
       .definition =
           "G2 = d(d+1) / ((d-1)(d-2)(d-3)) sum z^4 - 3(d-1)^2 / ((d-2)(d-3)), z by the d-1 deviation (Joanes "
           "and Gill 1998); a constant window is missing. Missing unless all `days` values are valid, or, with "
           "min_periods=m, m of them: then over the valid ones.",
       .source = "G2 of D. N. Joanes, C. A. Gill, The Statistician 47 (1998)",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX, ops::days_from(4)},
       .options = {ops::min_periods()},
       .examples = {{"ts_kurt(x, 4)", "x: 1 | 2 | 3 | 4", "nan | nan | nan | -1.2"}}},
      kernels::ts_kurt());
  return op;
}

}  // namespace lode
