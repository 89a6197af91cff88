// group_neutralize_on: residual of x on y, .. and dummies of the groups.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_group_neutralize_on() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "group_neutralize_on",
       .summary = "residual of x on y, .. and dummies of the groups",
       .definition =
           "Least squares of x on the y given and one dummy a group; collinear y are dropped. Missing where x, "
           "a y or the group is missing. A residual below 1e-13 of its x and the mean size of x is rounding, and 0.",
       .source = "R. Frisch, F. Waugh, Econometrica 1 (1933): groups are taken out first",
       .unit = UnitRule::kFirst,
       .parameters = {ops::kX, ops::kGroup, ops::kY},
       .variadic = true,
       .mine = false,
       .examples = {{"group_neutralize_on(x, g, y)", "x: 1 3 4 5 8; y: 1 2 1 2 9; g: 0 0 1 1 -1",
                     "-0.25 0.25 0.25 -0.25 nan"}}},
      kernels::neutralize());
  return op;
}

}  // namespace lode
