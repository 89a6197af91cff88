// days_from_last_change: sessions since x had another value.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/held.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_days_from_last_change() {
  using namespace expr;
  static const Operator op = [] {
    Operator changed = ops::series(
        {.name = "days_from_last_change",
         .summary = "sessions since x had another value",
         .definition = "How many sessions before today the newest valid value stands that differs from today's: 1 on "
                       "the day of a change. Missing where x is missing, and before the first change; a gap is none.",
         .source = "operator pages of WorldQuant BRAIN, whose example it gives: 2, 2, 2 after a 7 is 3",
         .unit = UnitRule::kDays,
         .parameters = {ops::kX},
         .recursive = true,
         .mine = false,
         .examples = {{"days_from_last_change(x)", "x: 7 | 2 | 2 | 2 | nan | 5", "nan | 1 | 2 | 3 | nan | 2"}}},
        kernels::days_from_last_change(), nullptr);
    changed.state = kernels::kChangeState;
    return changed;
  }();
  return op;
}

}  // namespace lode
