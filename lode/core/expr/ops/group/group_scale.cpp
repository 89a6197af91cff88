// group_scale: x scaled so that the magnitudes of its group sum to 1.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_group_scale() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "group_scale",
       .summary = "x scaled so that the magnitudes of its group sum to 1",
       .definition = "x / sum of |x|; a sum of 0 is missing. Over the valid cells of the group on that date inside the "
                     "universe; missing without a group.",
       .source = "operator pages of WorldQuant BRAIN",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX, ops::kGroup},
       .examples = {{"group_scale(x, g)", "x: 1 -3 5 nan 7 0; g: 0 0 1 1 -1 2", "0.25 -0.75 1 nan nan nan"}}},
      kernels::by_group<kernels::scale_section>());
  return op;
}

}  // namespace lode
