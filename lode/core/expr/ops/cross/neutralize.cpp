// neutralize: residual of x on y, .. across the date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_neutralize() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "neutralize",
       .summary = "residual of x on y, .. across the date",
       .definition =
           "Least squares of x on an intercept and the y given; collinear y are dropped. With g=sector, also a "
           "dummy a group: neutralize(x, y, g=sector) is group_neutralize_on(x, sector, y). Missing where x or a y is "
           "missing. A residual below 1e-13 of its x and the mean size of x is rounding, and 0.",
       .source = "collinear columns: L. Giraud, J. Langou, M. Rozloznik, Computers and Mathematics with Applications "
                 "50 (2005)",
       .unit = UnitRule::kFirst,
       .parameters = {ops::kX, ops::kY},
       .variadic = true,
       .mine = false,
       .examples = {{"neutralize(x, y)", "x: 1 3 5 8 nan ; y: 1 2 3 4 5", "0.2 -0.1 -0.4 0.3 nan"}}},
      kernels::neutralize());
  return op;
}

}  // namespace lode
