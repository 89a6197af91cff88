// ema: exponential mean with weight 2 / (days + 1).
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/lag.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ema() {
  using namespace expr;
  static const Operator op = ops::recursive(
      {.name = "ema",
       .summary = "exponential mean with weight 2 / (days + 1)",
       .definition =
           "The mean y goes to y + 2 / (days + 1) (x - y) on each session; y starts at the first valid x. Missing "
           "until `days` valid values were seen, and where x is missing: y is then kept.",
       .source = "S. W. Roberts, Technometrics 1 (1959); under qlib as pandas ewm",
       .parameters = {ops::kX, ops::kDays},
       .examples = {{"ema(x, 3)", "x: 1 | 3 | 5 | nan | 7.5", "nan | nan | 3.5 | nan | 5.5"}}},
      kernels::ema());
  return op;
}

}  // namespace lode
