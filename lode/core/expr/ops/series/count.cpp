// count: number of the last `days` sessions on which c is true.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_count() {
  using namespace expr;
  static const Operator op = ops::reviving(ops::window(
      {.name = "count",
       .summary = "number of the last `days` sessions on which c is true",
       .definition =
           "Number of nonzero values. Missing unless all `days` values are valid, or, with min_periods=m, m of "
           "them: then over the valid ones.",
       .source = "Guotai Junan Securities, quantitative topics 93 (2017), its table of functions",
       .unit = UnitRule::kDays,
       .parameters = {ops::kCondition, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"count(x > 1, 2)", "x: 1 2 | 3 4 | nan 0", "nan nan | 1 2 | nan 1"}}},
      kernels::count()));
  return op;
}

}  // namespace lode
