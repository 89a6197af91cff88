// Quantiles by linear interpolation, medians, and the quantile buckets of a cross-section.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lode::stat {

// Quantile p in [0, 1] of ascending, NaN-free values: linear interpolation at position p * (n - 1) (Hyndman & Fan 1996,
// type 7). NaN when empty or p is outside [0, 1].
double quantile_of_sorted(std::span<const double> sorted, double p);

// The same over the valid values; NaN is skipped. `buffer` is scratch.
double quantile(std::span<const double> values, double p, std::vector<double>& buffer);

// Quantile 1/2 of the valid values.
double median(std::span<const double> values, std::vector<double>& buffer);

// Median of |x - median(x)| over the valid values, unscaled (multiply by 1.4826 for a normal's standard deviation). For
// winsorizing a factor in its preparation.
double median_absolute_deviation(std::span<const double> values, std::vector<double>& buffer);

// Buckets 1..count of the cells named by `order` (ascending by value, from sort_order): the edges are the interpolated
// quantiles k / count, a cell belongs to the smallest k with value <= edge_k. Equal values share a bucket and
// coinciding edges leave buckets empty. Exact: no edge is rounded, since value <= edge_k is value <= sorted[floor(k (n
// - 1) / count)]. Cells not named by `order` are left as they are. count: 1..255.
void quantile_buckets(std::span<const double> values, std::span<const std::uint32_t> order, int count,
                      std::span<std::uint8_t> buckets);

}  // namespace lode::stat
