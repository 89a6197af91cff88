// Stationary bootstrap.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/bootstrap.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"

namespace lode::stat {
namespace {

// Geometric length >= 1 by inversion, from the logarithm of 1 less a uniform; `log_stay` = log(1 - 1/mean), 0 for a
// mean of 1.
std::size_t geometric_length(double log_left, double log_stay, std::size_t limit) {
  if (log_stay >= 0.0) {
    return 1;
  }
  const double extra = math::floor(log_left / log_stay);
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
    const std::size_t length = geometric_length(math::log(1.0 - random.next_uniform()), log_stay, n - filled);
    blocks.push_back({start, length});
    filled += length;
  }
}

void BlockDraws::blocks(std::size_t n, double mean_block, std::vector<Block>& out) {
  LODE_ASSERT(n > 0);
  LODE_ASSERT(mean_block >= 1.0);
  __extension__ using Wide = unsigned __int128;
  const double log_stay = mean_block > 1.0 ? math::log1p(-1.0 / mean_block) : 0.0;
  const std::uint64_t refused = (0 - static_cast<std::uint64_t>(n)) % n;  // As Random::next_below draws.
  out.clear();
  for (std::size_t filled = 0; filled < n;) {
    const std::size_t draw = out.size();
    if (draw == starts_.size()) {
      starts_.push_back(random_.bits_at(2 * draw));
      logs_.push_back(math::log(1.0 - random_.uniform_at(2 * draw + 1)));
    }
    const Wide product = static_cast<Wide>(starts_[draw]) * n;
    if (static_cast<std::uint64_t>(product) < refused) {
      stationary_blocks(n, mean_block, random_, out);  // A draw refused, once in 2^64 / n: all later ones move on.
      return;
    }
    const std::size_t length = geometric_length(logs_[draw], log_stay, n - filled);
    out.push_back({static_cast<std::size_t>(product >> 64U), length});
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
