// Stationary bootstrap (Politis & Romano 1994): resamples of a dependent series made of blocks with random starts and
// geometric lengths, wrapping around its end. Replicate r of a seed is Random(seed, r): no order of work changes it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lode/base/random.h"

namespace lode::stat {

// `length` observations from `start` on, wrapping around the end of the series.
struct Block {
  std::size_t start = 0;
  std::size_t length = 0;
};

// The blocks of one resample of `n` > 0 observations; lengths sum to n (the last block is cut). Starts are uniform,
// lengths geometric with mean `mean_block` >= 1; 1 is the ordinary bootstrap.
void stationary_blocks(std::size_t n, double mean_block, Random random, std::vector<Block>& blocks);

// The draws behind one resample, kept so that many series of one seed share them: blocks() are those of
// stationary_blocks(n, mean_block, Random(seed, stream), blocks). Not for two threads at once.
class BlockDraws {
 public:
  BlockDraws(std::uint64_t seed, std::uint64_t stream) : random_(seed, stream) {}
  void blocks(std::size_t n, double mean_block, std::vector<Block>& out);

 private:
  Random random_;
  std::vector<std::uint64_t> starts_;  // Bits of each block's start,
  std::vector<double> logs_;           // and the logarithm its length is made from.
};

// The same resample written out: n positions in [0, n). For statistics that are no sum over blocks.
void stationary_indices(std::size_t n, double mean_block, Random random, std::vector<std::size_t>& indices);

// n^(1/3), at least 1: the mean block when nothing better is known.
double default_mean_block(std::size_t n);

}  // namespace lode::stat
