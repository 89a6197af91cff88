// scale: x scaled so that the magnitudes of a date sum to a.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_scale() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "scale",
       .summary = "x scaled so that the magnitudes of a date sum to a",
       .definition = "a x / sum of |x|; a sum of 0 is missing. Over the valid cells of the date inside the universe; "
                     "missing elsewhere.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX,
                      {.name = "a",
                       .type = Type::kLiteral,
                       .optional = true,
                       .fallback = 1.0,
                       .most = 1e12,
                       .above = true,
                       .alias = "scale"}},
       .examples = {{"scale(x)", "x: 1 -3 nan", "0.25 -0.75 nan"}, {"scale(x, 2)", "x: 1 -3 nan", "0.5 -1.5 nan"}}},
      kernels::by_row<kernels::scale_section>());
  return op;
}

}  // namespace lode
