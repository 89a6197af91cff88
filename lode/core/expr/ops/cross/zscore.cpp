// zscore: distance from the mean of the date, in deviations.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_zscore() {
  using namespace expr;
  static const Operator op =
      ops::cross_section({.name = "zscore",
                          .summary = "distance from the mean of the date, in deviations",
                          .definition = "(x - mean) / std with n - 1, with n under brain; missing where all are equal. "
                                        "Over the valid cells of the date inside "
                                        "the universe; missing elsewhere.",
                          .source = "operator pages of WorldQuant BRAIN, whose example (100, 0, 50, 60, 25) of zscore "
                                    "has a deviation of 33.7, by n",
                          .unit = UnitRule::kRatio,
                          .parameters = {ops::kX},
                          .examples = {{"zscore(x)", "x: 1 3 nan 5 | 2 2 2 2", "-1 0 nan 1 | nan nan nan nan"}}},
                         kernels::by_row<kernels::zscore_section>());
  return op;
}

}  // namespace lode
