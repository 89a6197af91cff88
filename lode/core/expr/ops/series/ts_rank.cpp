// ts_rank: rank of today's value among the last `days`.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_rank() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_rank",
       .summary = "rank of today's value among the last `days`",
       .definition =
           "(values below today + (ties with today, itself included, + 1) / 2) / days, in (0, 1]. "
           "ties=min|max|first and pct=false (1..days) as in rank. Missing unless all `days` values are valid, "
           "or, with min_periods=m, m of them: then over the valid ones. With min_periods today must be valid "
           "and the divisor is their number.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A; average ranks of ties: M. G. Kendall, "
                 "Biometrika 33 (1945)",
       .unit = UnitRule::kRank,
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods(), ops::ties(), ops::pct()},
       .examples = {{"ts_rank(x, 3)", "x: 1 | 3 | 2 | 2", "nan | nan | 0.6666666666666666 | 0.5"},
                    {"ts_rank(x, 3, pct=false, ties=max)", "x: 1 | 3 | 2 | 2", "nan | nan | 2 | 2"}}},
      kernels::ts_rank());
  return op;
}

}  // namespace lode
