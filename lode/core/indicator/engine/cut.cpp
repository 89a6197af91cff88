// Copies at each target's width, which look at what they copy, and ask for the rows to come: a panel's rows are pages
// apart, and no processor guesses the next page.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/engine/cut.h"

#include <algorithm>
#include <array>

#include "hwy/cache_control.h"
#include "lode/base/assert.h"
#include "lode/core/indicator/engine/block.h"
#include "lode/core/indicator/engine/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/engine/cut.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kLine = 8;   // Doubles of a cache line.
constexpr std::size_t kAhead = 4;  // Rows asked for before they are read.
using Some = hn::CappedTag<double, kLine>;

// A whole group's row. `sums` grow by x - x: 0, unless an x is NaN or infinite.
HWY_INLINE void cut_lanes(const double* from, double* to, double* sums) {
  for (std::size_t k = 0; k < kBlockLanes; k += hn::MaxLanes(Some())) {
    const auto x = hn::LoadU(Some(), from + k);
    hn::Store(x, Some(), to + k);
    hn::Store(hn::Add(hn::Load(Some(), sums + k), hn::Sub(x, x)), Some(), sums + k);
  }
}

// The same of a group that is not full.
HWY_INLINE void cut_some(const double* from, std::size_t count, double* to, double* sums) {
  std::copy_n(from, count, to);
  std::fill(to + count, to + kBlockLanes, from[count - 1]);
  for (std::size_t k = 0; k < kBlockLanes; ++k) {
    sums[k] += to[k] - to[k];
  }
}

void cut_block(const PanelPart& part, double* to, std::size_t group_stride, std::span<bool> is_whole) {
  const std::size_t groups = (part.columns + kBlockLanes - 1) / kBlockLanes;
  const std::size_t full = part.columns / kBlockLanes;
  struct alignas(64) Sums {
    std::array<double, kBlockLanes> cells{};
  };
  std::array<Sums, kCutGroups> sums;
  for (std::size_t bar = 0; bar < part.rows; ++bar) {
    const double* const row = part.cells + bar * part.stride;
    const std::size_t ahead = std::min(kAhead, part.rows - 1 - bar) * part.stride;
    double* group = to + bar * kBlockLanes;
    for (std::size_t g = 0; g < full; ++g, group += group_stride) {
      const double* const from = row + g * kBlockLanes;
      hwy::Prefetch(from + ahead);
      hwy::Prefetch(from + ahead + kLine);
      cut_lanes(from, group, sums[g].cells.data());
    }
    if (full < groups) {
      cut_some(row + full * kBlockLanes, part.columns - full * kBlockLanes, group, sums[full].cells.data());
    }
  }
  for (std::size_t g = 0; g < groups; ++g) {
    is_whole[g] = std::ranges::all_of(sums[g].cells, [](double sum) { return sum == 0.0; });
  }
}

}  // namespace
}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {

HWY_EXPORT(cut_block);

void cut(const PanelPart& part, double* to, std::size_t group_stride, std::span<bool> is_whole) {
  LODE_ASSERT(part.columns <= kCutGroups * kBlockLanes);
  HWY_DYNAMIC_DISPATCH(cut_block)(part, to, group_stride, is_whole);
}

}  // namespace lode::indicator
#endif  // HWY_ONCE
