// rank: rank of x among all instruments of the date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_rank() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "rank",
       .summary = "rank of x among all instruments of the date",
       .definition = "(cells below + (ties, itself included, + 1) / 2) / n, in (0, 1]. ties=min|max|first share ranks "
                     "otherwise (first: by column); pct=false gives 1..n. Over the valid cells of the date inside the "
                     "universe; missing elsewhere.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A; average ranks of ties: M. G. Kendall, "
                 "Biometrika 33 (1945)",
       .unit = UnitRule::kRank,
       .parameters = {ops::kX},
       .options = {ops::ties(), ops::pct()},
       .examples = {{"rank(x)", "x: 10 nan 30 20 | 1 1 1 5",
                     "0.3333333333333333 nan 1 0.6666666666666666 | 0.5 0.5 0.5 1"},
                    {"rank(x, ties=min, pct=false)", "x: 7 7 9 1", "2 2 4 1"}}},
      kernels::rank());
  return op;
}

}  // namespace lode
