// round: the nearest whole number, half to even.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_round() {
  using namespace expr;
  static const Operator op = ops::elementwise(
      {.name = "round",
       .summary = "the nearest whole number, half to even",
       .definition = "The nearest whole number, the even one of two as near. Missing where x is missing.",
       .source = "IEEE 754-2019, roundTiesToEven",
       .parameters = {ops::kX},
       .mine = false,
       .examples = {{"round(x)", "x: 0.5 1.5 2.5 -0.5 1.4 nan", "0 2 2 0 1 nan"}}},
      kernels::round());
  return op;
}

}  // namespace lode
