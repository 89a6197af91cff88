// where: a where c is true, else b.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_where() {
  using namespace expr;
  static const Operator op = ops::reviving(ops::elementwise(
      {.name = "where",
       .aliases = {"if", "ifelse", "if_else"},
       .summary = "a where c is true, else b",
       .definition =
           "a where c is nonzero, b where c is 0, missing where c is missing. A missing value in the branch not "
           "taken does not matter.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .unit = UnitRule::kSecond,
       .parameters = {ops::kCondition, {"a"}, {"b"}},
       .examples = {{"where(x, y, 7)", "x: 1 0 nan 1 ; y: 5 nan 5 nan", "5 7 nan nan"},
                    {"x > 1 ? x : y", "x: 1 2 nan ; y: 5 6 7", "5 2 nan"}}},
      kernels::where()));
  return op;
}

}  // namespace lode
