// trade_when: a value that is renewed and dropped on conditions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/held.h"
#include "lode/core/expr/ops/parts.h"

namespace lode {

const expr::Operator& operator_trade_when() {
  using namespace expr;
  static const Operator op = [] {
    Operator held =
        ops::series({.name = "trade_when",
                     .summary = "x as it was when `enter` was last true, until `leave` is",
                     .definition = "Missing where `leave` is above 0, which is asked first; x of today "
                                   "where `enter` is above 0, else what stood "
                                   "the session before. Not every nonzero number counts: -1 is never. A missing "
                                   "condition is not above 0. Held from the "
                                   "instrument's first bar on, so a value may be of long ago.",
                     .source = "operator pages of WorldQuant BRAIN",
                     .unit = UnitRule::kAny,
                     .parameters = {{"enter", Type::kBool}, ops::kX, {"leave", Type::kBool}},
                     .recursive = true,
                     .mine = false,
                     .examples = {{"trade_when(x > 2, x, x < 0)", "x: 1 | 3 | 2 | 5 | nan | -1 | 1",
                                   "nan | 3 | 3 | 5 | 5 | nan | nan"}}},
                    kernels::trade_when(), nullptr);
    held.state = kernels::kTradeState;
    return held;
  }();
  return op;
}

}  // namespace lode
