// Pearson and Spearman.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/correlation.h"

#include <algorithm>
#include <array>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

// What the first pass over the pairs finds.
struct Pairs {
  std::size_t n = 0;
  double mean_x = 0.0;
  double mean_y = 0.0;
  double scale_x = 0.0;  // Largest deviation, so that scaled squares neither overflow nor vanish.
  double scale_y = 0.0;
  bool constant = true;
};

Pairs first_pass(std::span<const double> x, std::span<const double> y) {
  Pairs pairs;
  std::array<double, 4> sum_x{};
  std::array<double, 4> sum_y{};
  double low_x = kMissing;
  double high_x = kMissing;
  double low_y = kMissing;
  double high_y = kMissing;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (is_valid(x[i]) && is_valid(y[i])) {
      sum_x[i % 4] += x[i];
      sum_y[i % 4] += y[i];
      low_x = pairs.n == 0 ? x[i] : std::min(low_x, x[i]);
      high_x = pairs.n == 0 ? x[i] : std::max(high_x, x[i]);
      low_y = pairs.n == 0 ? y[i] : std::min(low_y, y[i]);
      high_y = pairs.n == 0 ? y[i] : std::max(high_y, y[i]);
      ++pairs.n;
    }
  }
  const auto n = static_cast<double>(pairs.n);
  pairs.mean_x = ((sum_x[0] + sum_x[1]) + (sum_x[2] + sum_x[3])) / n;
  pairs.mean_y = ((sum_y[0] + sum_y[1]) + (sum_y[2] + sum_y[3])) / n;
  pairs.scale_x = std::max(high_x - pairs.mean_x, pairs.mean_x - low_x);
  pairs.scale_y = std::max(high_y - pairs.mean_y, pairs.mean_y - low_y);
  pairs.constant = !(low_x < high_x && low_y < high_y);
  return pairs;
}

// Correlation of deviations divided by the two scales.
double second_pass(std::span<const double> x, std::span<const double> y, const Pairs& pairs, double scale_x,
                   double scale_y) {
  std::array<double, 4> xx{};
  std::array<double, 4> yy{};
  std::array<double, 4> xy{};
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (is_valid(x[i]) && is_valid(y[i])) {
      const double dx = (x[i] - pairs.mean_x) / scale_x;
      const double dy = (y[i] - pairs.mean_y) / scale_y;
      xx[i % 4] += dx * dx;
      yy[i % 4] += dy * dy;
      xy[i % 4] += dx * dy;
    }
  }
  const double sxx = (xx[0] + xx[1]) + (xx[2] + xx[3]);
  const double syy = (yy[0] + yy[1]) + (yy[2] + yy[3]);
  const double sxy = (xy[0] + xy[1]) + (xy[2] + xy[3]);
  return sxy / math::sqrt(sxx * syy);
}

}  // namespace

double pearson(std::span<const double> x, std::span<const double> y) {
  LODE_ASSERT(x.size() == y.size());
  const Pairs pairs = first_pass(x, y);
  if (pairs.n < 2 || pairs.constant || !is_finite(pairs.mean_x) || !is_finite(pairs.mean_y)) {
    return kMissing;
  }
  const double scale_x = pairs.scale_x;
  const double scale_y = pairs.scale_y;
  const bool plain = scale_x > 1e-70 && scale_x < 1e70 && scale_y > 1e-70 && scale_y < 1e70;
  const double result = plain ? second_pass(x, y, pairs, 1.0, 1.0) : second_pass(x, y, pairs, scale_x, scale_y);
  return is_valid(result) ? std::clamp(result, -1.0, 1.0) : kMissing;
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
