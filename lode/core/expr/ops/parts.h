// What operator files are put together from: common parameters and options, and the operator around a Spec and a
// kernel.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "lode/core/expr/kernels/kernel.h"
#include "lode/core/expr/operator.h"

namespace lode::expr::ops {

inline constexpr double kMostDays = 5'040;  // 20 years of sessions.

inline constexpr Parameter kX{"x"};
inline constexpr Parameter kY{"y"};
inline constexpr Parameter kCondition{"c", Type::kBool};
inline constexpr Parameter kGroup{"group", Type::kGroup};
inline constexpr Parameter kDays{"days", Type::kWindow, false, 0.0, 1.0, kMostDays};
constexpr Parameter days_from(double least) { return {"days", Type::kWindow, false, 0.0, least, kMostDays}; }

// min_periods=m: a window with at least m valid values will do, m from 1 to the window; absent (0) asks for all.
OptionSpec min_periods();
// How ties share ranks, and whether ranks are shares of 1 or whole numbers.
OptionSpec ties();
OptionSpec pct();

// Each of these completes a Spec (family, shape) and ties it to its kernel.
// Cell by cell.
Operator elementwise(Spec spec, kernels::Kernel kernel);
// As made, and with values where operands are missing (Operator::revives).
Operator reviving(Operator op);
// One instrument's past; `lookback` as in Operator.
Operator series(Spec spec, kernels::Kernel kernel, int (*lookback)(const KernelArguments&));
// The first literal is the window; a result looks back days - 1 rows.
Operator window(Spec spec, kernels::Kernel kernel);
// With a quicker kernel for single sessions (Operator::noting32).
Operator noting(Operator op, std::size_t (*note_bytes)(const KernelArguments&),
                void (*noting32)(const KernelCall<float>&, std::span<std::byte>));
// The first literal is a lag; a result looks back as many rows.
Operator lag(Spec spec, kernels::Kernel kernel);
// State from the first valid value on; the first literal says how many values come before a result.
Operator recursive(Spec spec, kernels::Kernel kernel);
// One date at a time.
Operator cross_section(Spec spec, kernels::Kernel kernel);

}  // namespace lode::expr::ops
