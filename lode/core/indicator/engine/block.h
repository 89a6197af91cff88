// The memory indicators work on: aligned cells of their own, and what one call of a machine reads and writes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace lode::indicator {

inline constexpr std::size_t kBlockLanes = 16;  // Instruments side by side in one call of a lane machine.

// Doubles that begin on a cache line. Copies are deep: a machine's copy is a machine of its own.
class Cells {
 public:
  Cells() = default;
  explicit Cells(std::size_t count) : count_(count), lines_((count + kPerLine - 1) / kPerLine) {}
  double* data() { return reinterpret_cast<double*>(lines_.data()); }
  const double* data() const { return reinterpret_cast<const double*>(lines_.data()); }
  std::size_t size() const { return count_; }

 private:
  static constexpr std::size_t kPerLine = 8;
  struct alignas(64) Line {
    double cells[kPerLine] = {};
  };
  std::size_t count_ = 0;
  std::vector<Line> lines_;
};

class Shelf;

// Bars of one call: `rows` of one instrument, or of kBlockLanes side by side; those of bar t stand `stride * t` cells
// behind the first.
struct Call {
  const double* const* inputs = nullptr;  // One pointer an input.
  double* const* outputs = nullptr;       // One pointer an output.
  std::size_t rows = 0;
  std::size_t input_stride = 0;
  std::size_t output_stride = 0;
  bool is_whole = false;   // Whoever calls has looked: no input of it is missing.
  Shelf* shelf = nullptr;  // Of lanes: what they share with other machines over the same instruments.
};

}  // namespace lode::indicator
