// ffill: x, or its last valid value of the last `limit` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/lag.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ffill() {
  using namespace expr;
  static const Operator op = ops::series(
      {.name = "ffill",
       .summary = "x, or its last valid value of the last `limit` sessions",
       .definition =
           "x where it is valid, else the newest valid value of at most `limit` (5) rows before; missing where "
           "there is none.",
       .parameters = {ops::kX},
       .options = {{"limit", {}, 5.0, 1.0, ops::kMostDays}},
       .mine = false,
       .examples = {{"ffill(x, limit=1)", "x: 1 | nan | nan | 4", "1 | 1 | nan | 4"}}},
      kernels::ffill(), [](const KernelArguments& arguments) { return static_cast<int>(arguments.options[0]); });
  return op;
}

}  // namespace lode
