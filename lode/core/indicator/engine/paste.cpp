// Stores past the caches, at each target's width: without AVX2 a compiler is free to make a copy through the caches of
// them, and that of GCC does.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/engine/paste.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "hwy/cache_control.h"
#include "lode/base/assert.h"
#include "lode/core/indicator/engine/block.h"
#include "lode/core/indicator/engine/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/engine/paste.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kLine = 8;  // Doubles of a cache line.
using Some = hn::CappedTag<double, kLine>;

// `cells` of a row, the first whole line of which begins `begin` cells behind the first.
HWY_INLINE void paste_row(const double* from, std::size_t begin, std::size_t count, double* row) {
  const std::size_t end = begin + (count - begin) / kLine * kLine;
  std::copy_n(from, begin, row);
  for (std::size_t k = begin; k < end; k += hn::MaxLanes(Some())) {
    hn::Stream(hn::LoadU(Some(), from + k), Some(), row + k);
  }
  std::copy(from + end, from + count, row + end);
}

void paste_block(const LaneBlock& block, double* to, std::size_t stride) {
  alignas(64) std::array<double, kPasteColumns> cells;
  for (std::size_t bar = 0; bar < block.rows; ++bar, to += stride) {
    const double* group = block.cells + bar * kBlockLanes;
    for (std::size_t at = 0; at < block.columns; at += kBlockLanes, group += block.group_stride) {
      for (std::size_t k = 0; k < kBlockLanes; k += hn::MaxLanes(Some())) {
        hn::Store(hn::LoadU(Some(), group + k), Some(), cells.data() + at + k);
      }
    }
    const std::size_t behind = reinterpret_cast<std::uintptr_t>(to) / sizeof(double) % kLine;
    paste_row(cells.data(), std::min(block.columns, (kLine - behind) % kLine), block.columns, to);
  }
}

}  // namespace
}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {

HWY_EXPORT(paste_block);

void paste(const LaneBlock& block, double* to, std::size_t stride) {
  LODE_ASSERT(block.columns <= kPasteColumns);
  HWY_DYNAMIC_DISPATCH(paste_block)(block, to, stride);
}

void paste_done() { hwy::FlushStream(); }

}  // namespace lode::indicator
#endif  // HWY_ONCE
