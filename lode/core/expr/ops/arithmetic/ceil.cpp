// ceil: the next whole number at or above.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ceil() {
  using namespace expr;
  static const Operator op =
      ops::elementwise({.name = "ceil",
                        .aliases = {"ceiling"},
                        .summary = "the next whole number at or above",
                        .definition = "The smallest whole number >= x. Missing where x is missing.",
                        .source = "IEEE 754-2019",
                        .parameters = {ops::kX},
                        .mine = false,
                        .examples = {{"ceil(x)", "x: 1.5 -1.5 2 nan", "2 -1 2 nan"}}},
                       kernels::ceil());
  return op;
}

}  // namespace lode
