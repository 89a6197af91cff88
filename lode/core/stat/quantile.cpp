// Quantiles and buckets.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/quantile.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {

double quantile_of_sorted(std::span<const double> sorted, double p) {
  if (sorted.empty() || !(p >= 0.0 && p <= 1.0)) {
    return kMissing;
  }
  const double position = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double share = position - static_cast<double>(below);
  if (share == 0.0 || below + 1 == sorted.size()) {
    return sorted[below];
  }
  return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

double quantile(std::span<const double> values, double p, std::vector<double>& buffer) {
  buffer.clear();
  std::copy_if(values.begin(), values.end(), std::back_inserter(buffer), [](double x) { return is_valid(x); });
  std::sort(buffer.begin(), buffer.end());
  return quantile_of_sorted(buffer, p);
}

double median(std::span<const double> values, std::vector<double>& buffer) { return quantile(values, 0.5, buffer); }

double median_absolute_deviation(std::span<const double> values, std::vector<double>& buffer) {
  const double center = median(values, buffer);
  for (double& value : buffer) {
    value = math::abs(value - center);
  }
  std::sort(buffer.begin(), buffer.end());
  return quantile_of_sorted(buffer, 0.5);
}

void quantile_buckets(std::span<const double> values, std::span<const std::uint32_t> order, int count,
                      std::span<std::uint8_t> buckets) {
  LODE_ASSERT(count >= 1 && count <= 255);
  const std::size_t n = order.size();
  const auto parts = static_cast<std::size_t>(count);
  std::size_t bucket = 1;
  for (std::size_t i = 0; i < n; ++i) {
    // The last edge is the maximum, so the loop ends at `count` at the latest.
    while (values[order[i]] > values[order[bucket * (n - 1) / parts]]) {
      ++bucket;
    }
    buckets[order[i]] = static_cast<std::uint8_t>(bucket);
  }
}

}  // namespace lode::stat
