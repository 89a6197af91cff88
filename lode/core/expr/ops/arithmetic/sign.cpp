// sign: -1, 0 or 1.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_sign() {
  using namespace expr;
  static const Operator op = ops::elementwise({.name = "sign",
                                               .summary = "-1, 0 or 1",
                                               .definition = "-1 below 0, 0 at 0, 1 above. Missing where x is missing.",
                                               .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
                                               .unit = UnitRule::kRatio,
                                               .parameters = {ops::kX},
                                               .examples = {{"sign(x)", "x: 3 -2 0 nan", "1 -1 0 nan"}}},
                                              kernels::sign());
  return op;
}

}  // namespace lode
