// Correlations of two aligned series or cross-sections.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "lode/core/stat/rank.h"

namespace lode::stat {

// Pearson correlation over the pairs valid in both, two-pass, clipped to [-1, 1]. NaN for fewer than 2 pairs, or when
// either side is constant (tested by max == min) or holds an infinity. Deviations are scaled when their squares would
// leave the range of a double, so the unit of a series never matters.
double pearson(std::span<const double> x, std::span<const double> y);

// The same with the number of pairs valid in both.
struct Correlation {
  double value;
  std::size_t n;
};
Correlation pearson_of(std::span<const double> x, std::span<const double> y);

// Spearman: Pearson of the average ranks over the pairs valid in both. NaN rule as above.
class Spearman {
 public:
  double operator()(std::span<const double> x, std::span<const double> y);

 private:
  RankScratch scratch_;
  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<double> rank_x_;
  std::vector<double> rank_y_;
};

}  // namespace lode::stat
