// fill: x, or the value where x is missing.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_fill() {
  using namespace expr;
  static const Operator op = ops::reviving(ops::elementwise({.name = "fill",
                                                             .summary = "x, or the value where x is missing",
                                                             .definition = "x where it is valid, else `value`.",
                                                             .parameters = {ops::kX, {"value"}},
                                                             .mine = false,
                                                             .examples = {{"fill(x, 0)", "x: 1 nan 2", "1 0 2"}}},
                                                            kernels::fill()));
  return op;
}

}  // namespace lode
