// indneutralize: x less the mean of its group.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_indneutralize() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "indneutralize",
       .aliases = {"group_demean", "group_neutralize"},
       .summary = "x less the mean of its group",
       .definition =
           "x - mean of the group; exactly 0 where all are equal, so for a lone member. Over the valid cells of "
           "the group on that date inside the universe; missing without a group.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .unit = UnitRule::kFirst,
       .parameters = {ops::kX, ops::kGroup},
       .examples = {{"indneutralize(x, g)", "x: 1 3 5 nan 7 9; g: 0 0 1 1 -1 2", "-1 1 0 nan nan 0"}}},
      kernels::by_group<kernels::demean_section>());
  return op;
}

}  // namespace lode
