// Kernels that hold or count from what one instrument showed before.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::kernels {

// x less the mean of the valid values of the newest literal 0 rows.
Kernel difference_from_mean();

// Operands enter, x and leave: missing where leave is above 0, x where enter is, else what was held. One double a lane
// of state.
Kernel trade_when();
inline constexpr std::size_t kTradeState = 1;

// Rows since the newest valid value that differs from today's. Three doubles a lane of state: the last valid value,
// rows since another stood (missing: none did), rows since the last valid one.
Kernel days_from_last_change();
inline constexpr std::size_t kChangeState = 3;

}  // namespace lode::expr::kernels
