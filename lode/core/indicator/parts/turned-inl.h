// Blocks of one series side by side: row k holds the k-th bar of every block, so that one register walks as many blocks
// as it holds. Each block's operations stay in their order, and so do its bits.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_TURNED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_TURNED_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_TURNED_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_TURNED_INL_H_
#endif

#include <algorithm>
#include <array>
#include "lode/core/indicator/engine/machine-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// A square of cells that is turned in registers.
using Edge = hn::CappedTag<double, 4>;
inline constexpr std::size_t kEdge = hn::MaxLanes(Edge());

HWY_INLINE void turn_square(const double* from, std::size_t from_pitch, double* to, std::size_t to_pitch) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  const Edge edge;
  const auto a = hn::LoadU(edge, from);
  const auto b = hn::LoadU(edge, from + from_pitch);
  const auto c = hn::LoadU(edge, from + 2 * from_pitch);
  const auto d = hn::LoadU(edge, from + 3 * from_pitch);
  const auto ab_even = hn::InterleaveLower(edge, a, b);
  const auto ab_odd = hn::InterleaveUpper(edge, a, b);
  const auto cd_even = hn::InterleaveLower(edge, c, d);
  const auto cd_odd = hn::InterleaveUpper(edge, c, d);
  hn::StoreU(hn::ConcatLowerLower(edge, cd_even, ab_even), edge, to);
  hn::StoreU(hn::ConcatLowerLower(edge, cd_odd, ab_odd), edge, to + to_pitch);
  hn::StoreU(hn::ConcatUpperUpper(edge, cd_even, ab_even), edge, to + 2 * to_pitch);
  hn::StoreU(hn::ConcatUpperUpper(edge, cd_odd, ab_odd), edge, to + 3 * to_pitch);
#else
  for (std::size_t row = 0; row < kEdge; ++row) {
    for (std::size_t column = 0; column < kEdge; ++column) {
      to[column * to_pitch + row] = from[row * from_pitch + column];
    }
  }
#endif
}

// to[column][row] = from[row][column], of kEdge rows and columns at least. The last squares overlap those before; one
// last row or column is cheaper cell by cell.
HWY_INLINE void turn(const double* from, std::size_t from_pitch, std::size_t rows, std::size_t columns, double* to,
                     std::size_t to_pitch) {
  const std::size_t single_row = rows % kEdge == 1 ? 1 : 0;
  const std::size_t single_column = columns % kEdge == 1 ? 1 : 0;
  for (std::size_t row = 0; row < rows - single_row; row += kEdge) {
    const std::size_t top = std::min(row, rows - kEdge);
    for (std::size_t column = 0; column < columns - single_column; column += kEdge) {
      const std::size_t left = std::min(column, columns - kEdge);
      turn_square(from + top * from_pitch + left, from_pitch, to + left * to_pitch + top, to_pitch);
    }
  }
  for (std::size_t column = 0; single_row > 0 && column < columns; ++column) {
    to[column * to_pitch + rows - 1] = from[(rows - 1) * from_pitch + column];
  }
  for (std::size_t row = 0; single_column > 0 && row < rows; ++row) {
    to[(columns - 1) * to_pitch + row] = from[row * from_pitch + columns - 1];
  }
}

// Rows of as many blocks of n bars as are walked at once; in front of each row stands the cell of the block before.
class Turned {
 public:
  static constexpr std::size_t kLeastBlocks = 4;
  static constexpr std::size_t kFront = Register::kLanes;
  static constexpr std::size_t kMostBars = 128;  // Of a block, so that a stretch holds the least.

  // Whether blocks of n bars can be walked so, `bars` of them all together.
  static bool can(std::size_t n, std::size_t bars) {
    return Register::kLanes > 1 && n >= kEdge && n <= kMostBars && bars / n >= kLeastBlocks;
  }

  Turned(std::size_t n, std::size_t blocks)
      : n_(n),
        blocks_(blocks),
        pitch_((blocks + Register::kLanes - 1) / Register::kLanes * Register::kLanes + kFront) {}
  HWY_INLINE double* at(std::size_t k, std::size_t block) { return cells_.data() + k * pitch_ + kFront + block; }
  // The cell of the block in front of the first.
  HWY_INLINE double& before(std::size_t k) { return *(at(k, 0) - 1); }
  HWY_INLINE double last(std::size_t k) { return *at(k, blocks_ - 1); }

  void turn_in(const double* bars) {
    turn(bars, n_, blocks_, n_, at(0, 0), pitch_);
    const std::size_t rest = pitch_ - kFront - blocks_;
    for (std::size_t k = 0; rest > 0 && k < n_; ++k) {
      std::fill_n(at(k, blocks_), rest, 0.0);
    }
  }
  void turn_out(double* bars) { turn(at(0, 0), pitch_, n_, blocks_, bars, n_); }

  // f(block, W) of as many blocks at a time as two registers hold, or one.
  template <class F>
  HWY_INLINE void walk(F f) const {
    using Pair = Two<Register>;
    const std::size_t blocks = pitch_ - kFront;
    std::size_t block = 0;
    for (; block + Pair::kLanes <= blocks; block += Pair::kLanes) {
      f(block, Pair(0.0));
    }
    for (; block < blocks; block += Register::kLanes) {
      f(block, Register(0.0));
    }
  }

 private:
  std::size_t n_;
  std::size_t blocks_;
  std::size_t pitch_;
  alignas(64) std::array<double, kStretch<double> + kMostBars * 2 * Register::kLanes> cells_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_TURNED_INL_H_
