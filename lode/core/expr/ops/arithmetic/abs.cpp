// abs: magnitude of x.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_abs() {
  using namespace expr;
  static const Operator op = ops::elementwise({.name = "abs",
                                               .summary = "magnitude of x",
                                               .definition = "|x|. Missing where x is missing.",
                                               .source = "IEEE 754-2019",
                                               .parameters = {ops::kX},
                                               .examples = {{"abs(x)", "x: 1 -2 nan", "1 2 nan"}}},
                                              kernels::abs());
  return op;
}

}  // namespace lode
