// The stationary bootstrap has the block lengths and coverage of its definition, and depends on nothing but its seed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace lode::stat {
namespace {

TEST(StationaryBootstrap, BlocksFillTheSeriesExactly) {
  std::vector<Block> blocks;
  for (std::uint64_t replicate = 0; replicate < 50; ++replicate) {
    stationary_blocks(97, 5.0, Random(1, replicate), blocks);
    std::size_t total = 0;
    for (const Block& block : blocks) {
      EXPECT_LT(block.start, 97U);
      EXPECT_GE(block.length, 1U);
      total += block.length;
    }
    EXPECT_EQ(total, 97U);
  }
}

TEST(StationaryBootstrap, DrawsKeptGiveTheSameBlocks) {
  std::vector<Block> expected;
  std::vector<Block> found;
  for (std::uint64_t replicate = 0; replicate < 20; ++replicate) {
    BlockDraws draws(9, replicate);
    for (const std::size_t n : {97U, 30U, 500U, 1U}) {
      for (const double mean : {5.0, 1.0, 40.0}) {
        stationary_blocks(n, mean, Random(9, replicate), expected);
        draws.blocks(n, mean, found);
        ASSERT_EQ(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
          ASSERT_EQ(found[i].start, expected[i].start);
          ASSERT_EQ(found[i].length, expected[i].length);
        }
      }
    }
  }
}

TEST(StationaryBootstrap, LengthsAreGeometricWithTheMeanAsked) {
  std::vector<Block> blocks;
  stationary_blocks(400'000, 10.0, Random(2, 0), blocks);
  const double count = static_cast<double>(blocks.size());
  // Mean 10, standard deviation sqrt(90): five standard errors either side.
  EXPECT_NEAR(400'000.0 / count, 10.0, 5.0 * std::sqrt(90.0 / count));
  double ones = 0;
  for (const Block& block : blocks) ones += block.length == 1 ? 1 : 0;
  EXPECT_NEAR(ones / count, 0.1, 5.0 * std::sqrt(0.09 / count));
}

TEST(StationaryBootstrap, EveryObservationIsEquallyLikely) {
  std::vector<std::size_t> indices;
  std::vector<double> counts(20, 0.0);
  for (std::uint64_t replicate = 0; replicate < 2'000; ++replicate) {
    stationary_indices(20, 3.0, Random(3, replicate), indices);
    ASSERT_EQ(indices.size(), 20U);
    for (const std::size_t index : indices) counts.at(index) += 1.0;
  }
  for (const double count : counts) EXPECT_NEAR(count, 2'000.0, 400.0);
}

TEST(StationaryBootstrap, WrapsAroundTheEnd) {
  std::vector<Block> blocks;
  std::vector<std::size_t> indices;
  stationary_blocks(7, 4.0, Random(4, 1), blocks);
  stationary_indices(7, 4.0, Random(4, 1), indices);
  std::size_t at = 0;
  for (const Block& block : blocks) {
    for (std::size_t i = 0; i < block.length; ++i) EXPECT_EQ(indices[at++], (block.start + i) % 7);
  }
}

TEST(StationaryBootstrap, MeanBlockOneIsTheOrdinaryBootstrap) {
  std::vector<Block> blocks;
  stationary_blocks(30, 1.0, Random(5, 0), blocks);
  EXPECT_EQ(blocks.size(), 30U);
  EXPECT_EQ(default_mean_block(1), 1.0);
  EXPECT_NEAR(default_mean_block(1'000), 10.0, 1e-12);
}

}  // namespace
}  // namespace lode::stat
