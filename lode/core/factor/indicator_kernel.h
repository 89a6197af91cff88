// The kernel behind every ta_ operator, and what it asks of the engine. Which indicator is meant stands in
// KernelArguments::op, an IndicatorOperator.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "lode/core/expr/operator.h"

namespace lode::factor {

void run_indicator32(const expr::KernelCall<float>& call);
void run_indicator64(const expr::KernelCall<double>& call);
int indicator_lookback(const expr::KernelArguments& arguments);
std::size_t indicator_scratch_bytes(const expr::KernelArguments& arguments, std::size_t rows, std::size_t width);
// The numbers of one machine's state, and one that says whether it has begun.
std::size_t indicator_state(const expr::KernelArguments& arguments);

}  // namespace lode::factor
