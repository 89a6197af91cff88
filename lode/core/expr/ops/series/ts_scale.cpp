// ts_scale: today's place between the least and largest of the last `days`.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_scale() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_scale",
       .summary = "today's place between the least and largest of the last `days`",
       .definition =
           "(today - least) / (largest - least); a constant window is missing. Missing unless all `days` values "
           "are valid, or, with min_periods=m, m of them: then over the valid ones. With min_periods today must "
           "be valid.",
       .source = "operator pages of WorldQuant BRAIN",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_scale(x, 3)", "x: 1 | 5 | 2 | 2", "nan | nan | 0.25 | 0"}}},
      kernels::ts_scale());
  return op;
}

}  // namespace lode
