// ts_first: the first valid value so far.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/lag.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_ts_first() {
  using namespace expr;
  static const Operator op = [] {
    Operator first =
        ops::series({.name = "ts_first",
                     .summary = "the first valid value so far",
                     .definition = "The first valid x of the instrument, from its session on; missing before it. "
                                   "Ref(x, 0) of profile qlib.",
                     .source = "Microsoft Qlib (MIT licence), qlib.data.ops.Ref(x, 0)",
                     .parameters = {ops::kX},
                     .recursive = true,
                     .mine = false,
                     .examples = {{"ts_first(x)", "x: nan 4 | 3 nan | 5 6", "nan 4 | 3 4 | 3 4"}}},
                    kernels::first(), nullptr);
    first.state = 1;
    return first;
  }();
  return op;
}

}  // namespace lode
