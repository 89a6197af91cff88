// plain(): a kernel from a function of one cell, the short way to an operator. It runs cell by cell; an operator whose
// speed matters gets a vector kernel in this folder, with the plain one as its oracle.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::kernels {

template <double (*kFunction)(double), class T>
void plain_cells(const KernelCall<T>& call) {
  const T most = most_stored<T>(call.arguments);
  for (std::size_t row = 0; row < call.out.rows; ++row) {
    const T* const from = call.operands[0].row(row + call.history);
    for (std::size_t lane = 0; lane < call.out.width; ++lane) {
      call.out.row(row)[lane] = stored<T>(kFunction(static_cast<double>(from[lane])), most);
    }
  }
}

// `kFunction` sees NaN for missing, computes in double for both precisions, and says NaN where there is no result; an
// infinite result is stored as missing.
template <double (*kFunction)(double)>
Kernel plain() {
  return {plain_cells<kFunction, float>, plain_cells<kFunction, double>};
}

}  // namespace lode::expr::kernels
