// ts_corr: correlation over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_corr() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_corr",
       .aliases = {"corr", "correlation"},
       .summary = "correlation over the last `days` sessions",
       .definition =
           "Pearson's correlation, in [-1, 1]; where either is constant missing, or 0 with const=zero or by the "
           "profile; missing for one value. Missing unless both are valid on all `days` sessions, or, with "
           "min_periods=m, on m of them: then over those.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A (K. Pearson 1895)",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX, ops::kY, ops::kDays},
       .options = {ops::min_periods(), {"const", {"nan", "zero"}, 0.0}},
       .examples = {{"ts_corr(x, y, 3)", "x: 1 | 2 | 3 | 4 ; y: 2 | 4 | 6 | 6", "nan | nan | 1 | 0.8660254037844387"},
                    {"ts_corr(x, y, 2, const=zero)", "x: 1 | 2 | 3 ; y: 5 | 5 | 4", "nan | 0 | -1"}}},
      kernels::ts_corr());
  return op;
}

}  // namespace lode
