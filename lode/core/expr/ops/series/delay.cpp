// delay: x as it was `days` sessions ago.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/lag.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_delay() {
  using namespace expr;
  static const Operator op =
      ops::lag({.name = "delay",
                .aliases = {"ref", "ts_delay"},
                .summary = "x as it was `days` sessions ago",
                .definition = "x at panel row t - days. Missing where that row is missing or before the first.",
                .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
                .parameters = {ops::kX, ops::kDays},
                .examples = {{"delay(x, 1)", "x: 1 2 | 3 nan | 5 6", "nan nan | 1 2 | 3 nan"}}},
               kernels::delay());
  return op;
}

}  // namespace lode
