// ts_argmax: when the largest value of the last `days` sessions was.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_argmax() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_argmax",
       .aliases = {"idxmax", "ts_arg_max"},
       .summary = "when the largest value of the last `days` sessions was",
       .definition = "Position of the largest value: 1 = oldest, days = today; the oldest of ties. from=newest counts "
                     "days back: 0 = today. Missing unless all `days` values are valid, or, with min_periods=m, m of "
                     "them: then over the valid ones.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A; the origin is open there, profile brain "
                 "counts days ago",
       .unit = UnitRule::kDays,
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods(), {"from", {"oldest", "newest"}, 0.0}},
       .examples = {{"ts_argmax(x, 3)", "x: 1 | 5 | 5 | 2", "nan | nan | 2 | 1"},
                    {"ts_argmax(x, 3, from=newest)", "x: 1 | 5 | 5 | 2", "nan | nan | 1 | 2"}}},
      kernels::ts_argmax());
  return op;
}

}  // namespace lode
