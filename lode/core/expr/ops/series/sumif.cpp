// sumif: sum of x over those of the last `days` sessions on which c is true.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_sumif() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "sumif",
       .summary = "sum of x over those of the last `days` sessions on which c is true",
       .definition = "Sum of x where c is nonzero, 0 where none is. Missing unless x and c are valid on all `days` "
                     "sessions, or, with min_periods=m, both on m of them.",
       .source = "Guotai Junan Securities, quantitative topics 93 (2017), its table of functions",
       .unit = UnitRule::kFirst,
       .parameters = {ops::kX, ops::kDays, ops::kCondition},
       .options = {ops::min_periods()},
       .examples = {{"sumif(x, 2, y)", "x: 1 | 2 | 3 ; y: 1 | 0 | 1", "nan | 1 | 3"}}},
      kernels::sumif());
  return op;
}

}  // namespace lode
