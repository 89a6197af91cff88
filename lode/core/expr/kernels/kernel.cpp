// Running a double kernel on float tiles.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::kernels {

std::size_t window_scratch_bytes(const KernelArguments& arguments, std::size_t rows, std::size_t width) {
  const std::size_t tile = Bump::aligned(rows * width * sizeof(double));
  const std::size_t window = Bump::aligned(static_cast<std::size_t>(window_days(arguments)) * sizeof(double));
  return (kMostWindowOperands + 1) * (tile + window);
}

void run_widened(const KernelCall<float>& call, Run<double> run) {
  Bump bump(call.scratch);
  std::array<Tile<const double>, kMostWindowOperands> operands;
  LODE_ASSERT(call.operands.size() <= operands.size());
  const std::size_t width = call.out.width;
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    const Tile<const float>& from = call.operands[i];
    double* cells = bump.take<double>(from.rows * width);
    for (std::size_t row = 0; row < from.rows; ++row) {
      for (std::size_t lane = 0; lane < width; ++lane) {
        cells[row * width + lane] = from.row(row)[lane];
      }
    }
    operands[i] = {cells, from.rows, width, width};
  }
  const Tile<double> out{bump.take<double>(call.out.rows * width), call.out.rows, width, width};
  run({std::span(operands).first(call.operands.size()), call.groups, out, call.arguments, bump.rest(), call.history,
       call.state, call.first_bars, call.session});
  for (std::size_t row = 0; row < out.rows; ++row) {
    for (std::size_t lane = 0; lane < width; ++lane) {
      call.out.row(row)[lane] = stored<float>(out.row(row)[lane]);
    }
  }
}

}  // namespace lode::expr::kernels
