// group_count: number of valid members of the group.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode::expr {
namespace {

void count_section(const kernels::Section& section) {
  std::ranges::fill(section.out, static_cast<double>(section.values.size()));
}

}  // namespace
}  // namespace lode::expr

namespace lode {

const expr::Operator& operator_group_count() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "group_count",
       .summary = "number of valid members of the group",
       .definition =
           "Number of valid cells. Over the valid cells of the group on that date inside the universe; missing "
           "without a group.",
       .source = "operator pages of WorldQuant BRAIN",
       .unit = UnitRule::kAny,
       .parameters = {ops::kX, ops::kGroup},
       .examples = {{"group_count(x, g)", "x: 1 3 5 nan 7; g: 0 0 1 1 -1", "2 2 1 nan nan"}}},
      kernels::by_group<count_section>());
  return op;
}

}  // namespace lode
