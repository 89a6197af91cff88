// Passes over aligned series, many pairs at a time: the two behind a correlation, and the dot product. Sums go by four
// lanes, a pair's lane its position modulo 4, joined as (0 + 1) + (2 + 3): the same bits on every CPU.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace lode::stat {

// Of the pairs valid in both; the extremes are NaN without any.
struct PairSums {
  std::size_t n = 0;
  double sum_x = 0.0;
  double sum_y = 0.0;
  double low_x;
  double high_x;
  double low_y;
  double high_y;
};
PairSums pair_sums(std::span<const double> x, std::span<const double> y);

// Sums of products of the deviations from the two centers, divided by the two scales first.
struct PairProducts {
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;
};
PairProducts pair_products(std::span<const double> x, std::span<const double> y, double center_x, double center_y,
                           double scale_x, double scale_y);

// Sum of products of all pairs; no value may be missing.
double dot(std::span<const double> x, std::span<const double> y);

// A window of rows moves on by one: each sum plus what enters, rounded, less what leaves.
void move_on(std::span<double> sums, std::span<const double> plus, std::span<const double> minus);

}  // namespace lode::stat
