// neg: the negative of x.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_neg() {
  using namespace expr;
  static const Operator op = ops::elementwise({.name = "neg",
                                               .aliases = {"reverse"},
                                               .summary = "the negative of x",
                                               .definition = "-x. Missing where x is missing.",
                                               .source = "IEEE 754-2019",
                                               .parameters = {ops::kX},
                                               .examples = {{"-x", "x: 1 -2 nan", "-1 2 nan"}}},
                                              kernels::neg());
  return op;
}

}  // namespace lode
