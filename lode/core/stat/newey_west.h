// The mean of a series with honest errors: ordinary for independent observations, Newey and West (1987) for series
// whose neighbours share data, as overlapping returns do.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace lode::stat {

// A mean with its standard error. Missing fields are NaN.
struct MeanTest {
  double mean;
  double standard_error;
  double t;           // mean / standard_error; NaN when the error is 0 or unknown.
  int lag = 0;        // Of Newey-West; 0 for the ordinary test.
  std::size_t n = 0;  // Valid observations.
};

// Ordinary: standard error = standard deviation (n - 1) / sqrt(n). NaN cells are skipped; n < 2 has no error.
MeanTest mean_test(std::span<const double> series);

// Newey-West with Bartlett weights: gamma_l = (1/T) sum (x_t - m)(x_{t-l} - m); V = (gamma_0 + 2 sum_{l=1..L}
// (1 - l/(L+1)) gamma_l) / T; no small-sample factor, so L = 0 is the 1/T variance. NaN cells are taken out first: the
// valid observations count as neighbours. L above T - 1 is cut to it.
MeanTest newey_west(std::span<const double> series, int lag);

// The lag for returns of `horizon` sessions over `n` observations: max(horizon - 1, floor(4 (n / 100)^(2/9))), the
// overlap or the rule of Newey and West (1994), whichever is longer.
int newey_west_lag(int horizon, std::size_t n);

}  // namespace lode::stat
