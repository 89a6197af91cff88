// group_rank: rank of x within its group.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_group_rank() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "group_rank",
       .summary = "rank of x within its group",
       .definition = "As rank. Over the valid cells of the group on that date inside the universe; missing without a "
                     "group.",
       .source = "average ranks of ties: M. G. Kendall, Biometrika 33 (1945)",
       .unit = UnitRule::kRank,
       .parameters = {ops::kX, ops::kGroup},
       .options = {ops::ties(), ops::pct()},
       .examples = {{"group_rank(x, g)", "x: 1 3 5 nan 7 9; g: 0 0 1 1 -1 0",
                     "0.3333333333333333 0.6666666666666666 1 nan nan 1"}}},
      kernels::group_rank());
  return op;
}

}  // namespace lode
