// group_mean: mean of the group.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"
#include "lode/core/stat/any_order_sum.h"

namespace lode::expr {
namespace {

void mean_section(const kernels::Section& section) {
  std::ranges::fill(section.out, stat::any_order_mean(section.values));
}

}  // namespace
}  // namespace lode::expr

namespace lode {

const expr::Operator& operator_group_mean() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "group_mean",
       .summary = "mean of the group",
       .definition =
           "Mean; exactly c where every member is c. Over the valid cells of the group on that date inside the "
           "universe; missing without a group.",
       .source = "operator pages of WorldQuant BRAIN",
       .unit = UnitRule::kFirst,
       .parameters = {ops::kX, ops::kGroup},
       .examples = {{"group_mean(x, g)", "x: 1 3 5 nan 7; g: 0 0 1 1 -1", "2 2 5 nan nan"}}},
      kernels::by_group<mean_section>());
  return op;
}

}  // namespace lode
