// Stores past the caches, at each target's width: without AVX2 a compiler is free to make a copy through the caches of
// them, and that of GCC does.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/engine/paste.h"

#include <algorithm>
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

// The cells of a row from lane `lane` of the group at `from` on; those past its last lane are the first of the next.
// Read from where the machines left them: through a row put together first, each of these loads would take from two
// stores that are on their way, and wait for all the lines before them to have gone to memory.
HWY_INLINE hn::Vec<Some> cells_at(const double* from, std::size_t group_stride, std::size_t lane) {
  const double* const next = from + group_stride;
  if (lane >= kBlockLanes) {
    return hn::LoadU(Some(), next + (lane - kBlockLanes));
  }
  const hn::Vec<Some> here = hn::LoadU(Some(), from + lane);
  const std::size_t left = kBlockLanes - lane;
  if (left >= hn::MaxLanes(Some())) {
    return here;
  }
  return hn::IfThenElse(hn::FirstN(Some(), left), here, hn::LoadU(Some(), next - left));
}

// One row, `count` cells, the first whole line of which begins `begin` cells behind the first; `from` is its first
// group's.
HWY_INLINE void paste_row(const double* from, std::size_t group_stride, std::size_t begin, std::size_t count,
                          double* row) {
  const std::size_t end = begin + (count - begin) / kLine * kLine;
  std::copy_n(from, begin, row);
  for (std::size_t k = begin; k < end; k += kLine) {
    const double* const group = from + k / kBlockLanes * group_stride;
    for (std::size_t part = 0; part < kLine; part += hn::MaxLanes(Some())) {
      hn::Stream(cells_at(group, group_stride, k % kBlockLanes + part), Some(), row + k + part);
    }
  }
  for (std::size_t k = end; k < count; ++k) {
    row[k] = from[k / kBlockLanes * group_stride + k % kBlockLanes];
  }
}

void paste_block(const LaneBlock& block, double* to, std::size_t stride) {
  for (std::size_t bar = 0; bar < block.rows; ++bar, to += stride) {
    const std::size_t behind = reinterpret_cast<std::uintptr_t>(to) / sizeof(double) % kLine;
    const std::size_t begin = std::min(block.columns, (kLine - behind) % kLine);
    paste_row(block.cells + bar * kBlockLanes, block.group_stride, begin, block.columns, to);
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
