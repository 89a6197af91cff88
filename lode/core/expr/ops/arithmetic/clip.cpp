// clip: x kept between low and high.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_clip() {
  using namespace expr;
  static const Operator op = ops::elementwise(
      {.name = "clip",
       .summary = "x kept between low and high",
       .definition = "min(max(x, low), high); low may not be above high. Missing where an operand is missing.",
       .parameters = {ops::kX, {.name = "low", .at_most = "high"}, {"high"}},
       .mine = false,
       .examples = {{"clip(x, 0, 2)", "x: -1 1 5 nan", "0 1 2 nan"}}},
      kernels::clip());
  return op;
}

}  // namespace lode
