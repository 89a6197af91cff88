// What is pasted stands where it belongs, and nothing beside it is touched: for every width, and wherever a row begins
// in its cache line.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/engine/paste.h"

#include <gtest/gtest.h>
#include <cstddef>
#include <numeric>
#include <vector>

#include "lode/core/indicator/engine/block.h"

namespace lode::indicator {
namespace {

constexpr double kUntouched = -1.0;
constexpr std::size_t kLine = 8;

// The panel's cells after a block of `rows` x `columns` came to the cell `first` behind a cache line.
void expect_pasted(std::size_t rows, std::size_t columns, std::size_t first, std::size_t stride) {
  SCOPED_TRACE(testing::Message() << rows << " x " << columns << " at " << first << ", stride " << stride);
  const std::size_t group_stride = rows * kBlockLanes + kLine;
  Cells block((kPasteColumns / kBlockLanes) * group_stride);
  std::iota(block.data(), block.data() + block.size(), 0.0);
  Cells panel(first + rows * stride + kLine);
  std::fill_n(panel.data(), panel.size(), kUntouched);

  paste({block.data(), group_stride, rows, columns}, panel.data() + first, stride);
  paste_done();

  std::vector<double> expected(panel.size(), kUntouched);
  for (std::size_t bar = 0; bar < rows; ++bar) {
    for (std::size_t k = 0; k < columns; ++k) {
      const std::size_t at = k / kBlockLanes * group_stride + bar * kBlockLanes + k % kBlockLanes;
      expected[first + bar * stride + k] = static_cast<double>(at);
    }
  }
  EXPECT_EQ(std::vector<double>(panel.data(), panel.data() + panel.size()), expected);
}

TEST(Paste, EveryWidth) {
  for (std::size_t columns = 1; columns <= kPasteColumns; ++columns) {
    expect_pasted(3, columns, columns % kLine, columns + columns % 3);
  }
}

TEST(Paste, EveryBeginningInALine) {
  for (std::size_t first = 0; first < kLine; ++first) {
    for (const std::size_t columns : {1, 7, 8, 9, 15, 16, 17, 31, 64, 256}) {
      for (std::size_t more = 0; more < kLine; ++more) {
        expect_pasted(4, columns, first, columns + more);
      }
    }
  }
}

TEST(Paste, NoBars) { expect_pasted(0, 40, 3, 40); }

}  // namespace
}  // namespace lode::indicator
