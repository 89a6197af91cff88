// sma: recursive mean with weight m / n.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/lag.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_sma() {
  using namespace expr;
  static const Operator op = ops::recursive(
      {.name = "sma",
       .summary = "recursive mean with weight m / n",
       .definition =
           "The mean y goes to (m x + (n - m) y) / n on each session, m at most n; y starts at the first valid x. "
           "Missing until n valid values were seen, and where x is missing: y is then kept. With two arguments sma(x, "
           "n) is "
           "ts_mean(x, n).",
       .source = "Guotai Junan Securities, quantitative topics 93 (2017), its table of functions",
       .parameters = {ops::kX,
                      {"n", Type::kWindow, false, 0.0, 1.0, ops::kMostDays},
                      {.name = "m", .type = Type::kLiteral, .least = 1.0, .most = ops::kMostDays, .at_most = "n"}},
       .mine = false,
       .examples = {{"sma(x, 2, 1)", "x: 1 | 3 | 6 | nan | 8", "nan | 2 | 4 | nan | 6"}}},
      kernels::sma());
  return op;
}

}  // namespace lode
