// ts_av_diff: x less its mean over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/held.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_av_diff() {
  using namespace expr;
  static const Operator op = ops::series(
      {.name = "ts_av_diff",
       .summary = "x less its mean over the last `days` sessions, gaps left out",
       .definition = "x less the mean of the valid values of the window, however few, under every profile; missing "
                     "where x is missing today.",
       .source = "operator pages of WorldQuant BRAIN: missing values are ignored in the mean",
       .parameters = {ops::kX, ops::kDays},
       .mine = false,
       .examples = {{"ts_av_diff(x, 3)", "x: 1 | nan | 4 | nan | 8", "0 | nan | 1.5 | nan | 2"}}},
      kernels::difference_from_mean(),
      [](const KernelArguments& arguments) { return kernels::window_days(arguments) - 1; });
  return op;
}

}  // namespace lode
