// What window kernels ask of scratch memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::kernels {

std::size_t window_scratch_bytes(const KernelArguments& arguments, std::size_t rows, std::size_t /*width*/) {
  const std::size_t tile = Bump::aligned(rows * kLanes * sizeof(double));
  const std::size_t window = Bump::aligned(static_cast<std::size_t>(window_days(arguments)) * kLanes * sizeof(double));
  return (kMostWindowOperands + 1) * tile + window;
}

}  // namespace lode::expr::kernels
