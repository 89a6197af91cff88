// Kernels that look at single earlier rows: lags, filling, and recursive means.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::kernels {

// Literal 0 is the lag in rows; a negative one looks ahead, as far as the operand has rows.
Kernel delay();
Kernel delta();

// Option 0 is `limit`: the last valid value of the last `limit` rows, or of this one. Without options literal 0 is a
// window, this row included.
Kernel ffill();

// Literal 0 is days: y + 2 / (days + 1) (x - y). Two doubles a lane of state: y and the number of values seen. Under a
// profile that skips missing values pandas' ewm, days below 1 being its alpha.
Kernel ema();

// The first valid value so far. One double a lane of state.
Kernel first();

// Literals n and m: (m x + (n - m) y) / n, with state as ema.
Kernel sma();
inline constexpr std::size_t kRecursiveState = 2;

}  // namespace lode::expr::kernels
