// What the values of a factor look like: how they are spread, how far the ends lie out, how many are equal. Of each
// date's cross-section by itself, since a factor compares names of one date; then means over dates.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// A value is extreme beyond so many times 1.4826 median absolute deviations from its date's median: five standard
// deviations where values are normal, of which 6 in 10 million are extreme. Hampel, "The influence curve and its role
// in robust estimation", Journal of the American Statistical Association 69 (1974), for the deviation.
inline constexpr double kExtreme = 5.0;
inline constexpr double kNormalMad = 1.482602218505602;  // 1 / normal quantile of 3/4

// Sessions apart at which ranks are compared.
inline constexpr int kStabilityLags[] = {1, 5, 21, 63, 252};

// Median of |x - median| of ascending values, NaN when empty. O(log n).
double deviation_of_sorted(std::span<const double> sorted);

// Everything but stability, exposures and groups. Dates with fewer than names_needed() values take no part. Skew and
// kurtosis: G1 and G2 of stat/moments.h. A date on which more than half of the values are equal has no deviation and
// says nothing about extremes. Reasons where no date has the number.
Shape shape_of(const SortedRows& factor, std::span<const Date> sessions, const Options& options, Pool& pool);

// Rank autocorrelation at kStabilityLags; `known`: those of `horizons`, computed before; others by `at_lag`.
std::vector<std::pair<int, double>> stability(std::span<const int> horizons, std::span<const double> known,
                                              const std::function<double(int)>& at_lag);

}  // namespace lode::evaluate
