// Pearson and Spearman.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/correlation.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/pair_lanes.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
double pearson(std::span<const double> x, std::span<const double> y) { return pearson_of(x, y).value; }

Correlation pearson_of(std::span<const double> x, std::span<const double> y) {
  LODE_ASSERT(x.size() == y.size());
  const PairSums sums = pair_sums(x, y);
  const auto n = static_cast<double>(sums.n);
  const double mean_x = sums.sum_x / n;
  const double mean_y = sums.sum_y / n;
  const bool is_constant = !(sums.low_x < sums.high_x && sums.low_y < sums.high_y);
  if (sums.n < 2 || is_constant || !is_finite(mean_x) || !is_finite(mean_y)) {
    return {kMissing, sums.n};
  }
  // The largest deviations, so that scaled squares neither overflow nor vanish.
  const double scale_x = std::max(sums.high_x - mean_x, mean_x - sums.low_x);
  const double scale_y = std::max(sums.high_y - mean_y, mean_y - sums.low_y);
  const bool is_plain = scale_x > 1e-70 && scale_x < 1e70 && scale_y > 1e-70 && scale_y < 1e70;
  const PairProducts products =
      is_plain ? pair_products(x, y, mean_x, mean_y, 1.0, 1.0) : pair_products(x, y, mean_x, mean_y, scale_x, scale_y);
  const double result = products.xy / math::sqrt(products.xx * products.yy);
  return {is_valid(result) ? std::clamp(result, -1.0, 1.0) : kMissing, sums.n};
}

double Spearman::operator()(std::span<const double> x, std::span<const double> y) {
  LODE_ASSERT(x.size() == y.size());
  x_.clear();
  y_.clear();
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (is_valid(x[i]) && is_valid(y[i])) {
      x_.push_back(x[i]);
      y_.push_back(y[i]);
    }
  }
  rank_x_.resize(x_.size());
  rank_y_.resize(y_.size());
  rank(x_, rank_x_, Ties::kAverage, scratch_);
  rank(y_, rank_y_, Ties::kAverage, scratch_);
  return pearson(rank_x_, rank_y_);
}

}  // namespace lode::stat
