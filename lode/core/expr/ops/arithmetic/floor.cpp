// floor: the next whole number at or below.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_floor() {
  using namespace expr;
  static const Operator op =
      ops::elementwise({.name = "floor",
                        .summary = "the next whole number at or below",
                        .definition = "The largest whole number <= x. Missing where x is missing.",
                        .source = "IEEE 754-2019",
                        .parameters = {ops::kX},
                        .mine = false,
                        .examples = {{"floor(x)", "x: 1.5 -1.5 2 nan", "1 -2 2 nan"}}},
                       kernels::floor());
  return op;
}

}  // namespace lode
