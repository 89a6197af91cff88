// Windowed least squares on several regressors at once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::kernels {

inline constexpr std::size_t kMostRegressors = 3;

// Today's residual of operand 0 on the others and an intercept.
Kernel ts_regression_residual();
std::size_t regression_scratch_bytes(const KernelArguments& arguments, std::size_t rows, std::size_t width);

}  // namespace lode::expr::kernels
