// not: 1 where x is 0, else 0.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_not() {
  using namespace expr;
  static const Operator op =
      ops::reviving(ops::elementwise({.name = "not",
                                      .summary = "1 where x is 0, else 0",
                                      .definition = "1 where x is 0, else 0. Missing where x is missing.",
                                      .unit = UnitRule::kBool,
                                      .result = Type::kBool,
                                      .parameters = {{"x", Type::kBool}},
                                      .examples = {{"!x", "x: 1 0 -2 nan", "0 1 0 nan"}}},
                                     kernels::not_true()));
  return op;
}

}  // namespace lode
