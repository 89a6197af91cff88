// ts_product: product over the last `days` sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/window.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_product() {
  using namespace expr;
  static const Operator op = ops::window(
      {.name = "ts_product",
       .aliases = {"product"},
       .summary = "product over the last `days` sessions",
       .definition =
           "Product, oldest first. Missing where it overflows. Missing unless all `days` values are valid, or, "
           "with min_periods=m, m of them: then over the valid ones.",
       .source = "Z. Kakushadze, \"101 Formulaic Alphas\" (2015), appendix A",
       .unit = UnitRule::kAny,
       .parameters = {ops::kX, ops::kDays},
       .options = {ops::min_periods()},
       .examples = {{"ts_product(x, 2)", "x: 2 | 3 | nan | 4", "nan | 6 | nan | nan"}}},
      kernels::ts_product());
  return op;
}

}  // namespace lode
