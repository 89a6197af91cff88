// demean: x less the mean of its date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_demean() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "demean",
       .aliases = {"normalize"},
       .summary = "x less the mean of its date",
       .definition = "x - mean; exactly 0 where all are equal. Over the valid cells of the date inside the universe; "
                     "missing elsewhere.",
       .source = "mean zero; operator pages of WorldQuant BRAIN",
       .parameters = {ops::kX},
       .examples = {{"demean(x)", "x: 1 3 nan 5", "-2 0 nan 2"}}},
      kernels::by_row<kernels::demean_section>());
  return op;
}

}  // namespace lode
