// decay_linear: mean over the last `days` sessions, newest heaviest.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_decay_linear() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "decay_linear",
       .aliases = {"wma", "decaylinear", "ts_decay_linear"},
       .summary = "mean over the last `days` sessions, newest heaviest",
       .definition =
           "Weights 1 (oldest) .. days (today), divided by their sum. Missing unless all `days` values are "
           "valid, or, with min_periods=m, m of them: weights keep their position and are divided by the sum of "
           "those used.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"decay_linear(x, 2)", "x: 3 | 6 | nan | 1", "nan | 5 | nan | nan"},
                    {"decay_linear(x, 3, min_periods=2)", "x: 4 | nan | 8", "nan | nan | 7"}}},
      kernels::decay_linear());
  return op;
}

}  // namespace lode
