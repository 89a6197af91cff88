// Bootstrap intervals of any statistic of a series whose neighbours depend on each other, and the length of block that
// suits the series.
//
// Politis & Romano, "The stationary bootstrap", JASA 89 (1994); Efron, "Better bootstrap confidence intervals", JASA 82
// (1987), for BCa; Politis & White, "Automatic block-length selection for the dependent bootstrap", Econometric Reviews
// 23 (2004), with the correction of Patton, Politis & White, 28 (2009).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>

#include "lode/core/stat/overfit/superior.h"

namespace lode::stat {

// A function of a series without NaN; NaN where it has no value.
using Statistic = std::function<double(std::span<const double>)>;

struct Bounds {
  double low;
  double high;
};

// NaN: fewer than 2 valid observations, or a statistic that has no value on the series or on most resamples.
struct Interval {
  double estimate;          // On the series itself.
  double standard_error;    // Standard deviation over resamples.
  Bounds percentile;        // Quantiles of the resamples.
  Bounds bca;               // Corrected for bias and for errors that change with the value.
  double mean_block = 1.0;  // As used.
  int resamples = 0;        // That had a value.
};

// Two-sided interval of coverage `level` (0 to 1). NaN cells are taken out first. A resample without a value is left
// out. The acceleration of BCa comes from leaving out runs of mean_block observations (rounded; longer where that would
// be more than 1,000 runs), one after another; where it is too strong for a bound, that bound of BCa is NaN. A plan's
// mean_block of 0 means best_mean_block. Same bits for one seed.
Interval bootstrap_interval(std::span<const double> series, const Statistic& statistic, double level,
                            const BootstrapPlan& plan = {});

// The mean block that makes the bootstrap's variance of a mean most accurate: (2 G^2 / D)^(1/3) n^(1/3), G = sum
// lambda(k/M) |k| R(k), D = 2 (sum lambda(k/M) R(k))^2, autocovariances R by n, flat-top window lambda, M twice the lag
// after which K_N = max(5, sqrt(log10 n)) autocorrelations stay within 2 sqrt(log10(n) / n). At least 1, at most
// min(3 sqrt n, n / 3). 1 for fewer than 9 valid observations or a constant.
double best_mean_block(std::span<const double> series);

}  // namespace lode::stat
