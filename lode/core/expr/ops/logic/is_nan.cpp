// is_nan: 1 where x is missing, else 0.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_is_nan() {
  using namespace expr;
  static const Operator op =
      ops::reviving(ops::elementwise({.name = "is_nan",
                                      .aliases = {"isnan"},
                                      .summary = "1 where x is missing, else 0",
                                      .definition = "1 where x is missing, else 0; never missing inside the universe.",
                                      .unit = UnitRule::kBool,
                                      .result = Type::kBool,
                                      .parameters = {ops::kX},
                                      .mine = false,
                                      .examples = {{"is_nan(x)", "x: 1 nan 0", "0 1 0"}}},
                                     kernels::is_nan()));
  return op;
}

}  // namespace lode
