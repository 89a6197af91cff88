// days_since: sessions since c was last true, within `days`.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_days_since() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "days_since",
       .summary = "sessions since c was last true, within `days`",
       .definition =
           "0 where c is true today, 1 where it was yesterday ..; missing where it was not true within the last "
           "`days` sessions or one of them is missing.",
       .unit = UnitRule::kDays,
       .parameters = {ops::kCondition, ops::kDays},
       .mine = false,
       .examples = {{"days_since(x, 3)", "x: 1 | 0 | 0 | 0 | 1", "nan | nan | 2 | nan | 0"}}},
      kernels::days_since());
  return op;
}

}  // namespace lode
