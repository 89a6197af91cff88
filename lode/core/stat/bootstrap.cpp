// Stationary bootstrap.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/bootstrap.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"

namespace lode::stat {
namespace {

// Geometric length >= 1 by inversion; `log_stay` = log(1 - 1/mean), 0 for a mean of 1.
std::size_t geometric_length(double uniform, double log_stay, std::size_t limit) {
  if (log_stay >= 0.0) {
    return 1;
  }
  const double extra = math::floor(math::log(1.0 - uniform) / log_stay);
  return extra >= static_cast<double>(limit) ? limit : std::min(limit, 1 + static_cast<std::size_t>(extra));
}

}  // namespace

void stationary_blocks(std::size_t n, double mean_block, Random random, std::vector<Block>& blocks) {
  LODE_ASSERT(n > 0);
  LODE_ASSERT(mean_block >= 1.0);
  const double log_stay = mean_block > 1.0 ? math::log1p(-1.0 / mean_block) : 0.0;
  blocks.clear();
  for (std::size_t filled = 0; filled < n;) {
    const auto start = static_cast<std::size_t>(random.next_below(n));
    const std::size_t length = geometric_length(random.next_uniform(), log_stay, n - filled);
    blocks.push_back({start, length});
    filled += length;
  }
}

void stationary_indices(std::size_t n, double mean_block, Random random, std::vector<std::size_t>& indices) {
  std::vector<Block> blocks;
  stationary_blocks(n, mean_block, random, blocks);
  indices.clear();
  for (const Block& block : blocks) {
    for (std::size_t i = 0; i < block.length; ++i) {
      indices.push_back((block.start + i) % n);
    }
  }
}

double default_mean_block(std::size_t n) { return std::max(1.0, math::pow(static_cast<double>(n), 1.0 / 3.0)); }

}  // namespace lode::stat
