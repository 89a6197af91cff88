// ts_backfill: the newest valid value of the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/lag.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_backfill() {
  using namespace expr;
  static const Operator op = ops::series(
      {.name = "ts_backfill",
       .summary = "the newest valid value of the last `days` sessions",
       .definition = "x where it is valid, else the newest valid value of the window, today included: "
                     "ts_backfill(x, d) is ffill(x, limit=d-1). Missing where the window has none.",
       .source = "operator pages of WorldQuant BRAIN",
       .parameters = {ops::kX, ops::kDays},
       .mine = false,
       .examples = {{"ts_backfill(x, 2)", "x: 1 | nan | nan | 4", "1 | 1 | nan | 4"}}},
      kernels::ffill(), [](const KernelArguments& arguments) { return kernels::window_days(arguments) - 1; });
  return op;
}

}  // namespace lode
