// signedpower: sign(x) times |x| to the power a.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_signedpower() {
  using namespace expr;
  static const Operator op = ops::elementwise(
      {.name = "signedpower",
       .aliases = {"signed_power"},
       .summary = "sign(x) times |x| to the power a",
       .definition = "sign(x) |x|^a; at x = 0 it is 0 for a >= 0 and missing for a < 0. Missing where an operand is "
                     "missing or the result overflows.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A: sign(x) |x|^a where the text prints x^a",
       .unit = UnitRule::kPower,
       .parameters = {ops::kX, {.name = "a", .alias = "y"}},
       .examples = {{"signedpower(x, 2)", "x: 3 -3 0 nan", "9 -9 0 nan"},
                    {"signedpower(x, -1)", "x: 2 -2 0", "0.5 -0.5 nan"}}},
      kernels::signedpower());
  return op;
}

}  // namespace lode
