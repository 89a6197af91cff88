// What is cut stands where machines look for it, for every width, and a gap is seen in its group and in no other.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/engine/cut.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "lode/core/indicator/engine/block.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kLine = 8;
constexpr std::size_t kRows = 7;
constexpr std::size_t kGroupStride = kRows * kBlockLanes + kLine;

struct Block {
  Cells cells{kCutGroups * kGroupStride};
  std::array<bool, kCutGroups> is_whole{};
};

Block cut_of(const std::vector<double>& panel, std::size_t first, std::size_t columns, std::size_t stride) {
  Block out;
  cut({panel.data() + first, stride, kRows, columns}, out.cells.data(), kGroupStride, out.is_whole);
  return out;
}

TEST(Cut, EveryWidth) {
  for (std::size_t columns = 1; columns <= kCutGroups * kBlockLanes; ++columns) {
    SCOPED_TRACE(columns);
    const std::size_t stride = columns + columns % 3;
    const std::size_t first = columns % kLine;
    std::vector<double> panel(first + kRows * stride);
    std::iota(panel.begin(), panel.end(), 0.0);

    const Block block = cut_of(panel, first, columns, stride);

    const std::size_t groups = (columns + kBlockLanes - 1) / kBlockLanes;
    for (std::size_t bar = 0; bar < kRows; ++bar) {
      for (std::size_t k = 0; k < groups * kBlockLanes; ++k) {
        const std::size_t at = k / kBlockLanes * kGroupStride + bar * kBlockLanes + k % kBlockLanes;
        ASSERT_EQ(block.cells.data()[at], panel[first + bar * stride + std::min(k, columns - 1)]) << bar << " " << k;
      }
    }
    for (std::size_t group = 0; group < kCutGroups; ++group) {
      EXPECT_EQ(block.is_whole[group], group < groups);
    }
  }
}

TEST(Cut, AGapIsSeenInItsGroup) {
  constexpr std::size_t kColumns = 3 * kBlockLanes + 5;
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  for (const double gap : {std::nan(""), kInfinite, -kInfinite}) {
    for (std::size_t at = 0; at < kRows * kColumns; ++at) {
      std::vector<double> panel(kRows * kColumns, std::numeric_limits<double>::max());
      panel[at] = gap;
      const Block block = cut_of(panel, 0, kColumns, kColumns);
      for (std::size_t group = 0; group < 4; ++group) {
        ASSERT_EQ(block.is_whole[group], group != at % kColumns / kBlockLanes) << at << " " << group;
      }
    }
  }
}

}  // namespace
}  // namespace lode::indicator
