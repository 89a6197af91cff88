// group_zscore: distance from the mean of the group, in deviations.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_group_zscore() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "group_zscore",
       .summary = "distance from the mean of the group, in deviations",
       .definition = "(x - mean) / std with n - 1, with n under brain; missing where all are equal. Over the valid "
                     "cells of the group on that "
                     "date inside the universe; missing without a group.",
       .source = "operator pages of WorldQuant BRAIN; divisor of its zscore",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX, ops::kGroup},
       .examples = {{"group_zscore(x, g)", "x: 1 3 5 nan 7 4; g: 0 0 0 1 -1 1", "-1 0 1 nan nan nan"}}},
      kernels::by_group<kernels::zscore_section>());
  return op;
}

}  // namespace lode
