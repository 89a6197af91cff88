// delta: change of x over `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/lag.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_delta() {
  using namespace expr;
  static const Operator op =
      ops::lag({.name = "delta",
                .aliases = {"ts_delta"},
                .summary = "change of x over `days` sessions",
                .definition = "x - delay(x, days). Missing where either row is missing.",
                .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
                .parameters = {ops::kX, ops::kDays},
                .examples = {{"delta(x, 1)", "x: 1 2 | 3 nan | 5 6", "nan nan | 2 nan | 2 nan"}}},
               kernels::delta());
  return op;
}

}  // namespace lode
