// Tests of a mean.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/newey_west.h"

#include <algorithm>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

MeanTest conclude(double mean, double variance_of_mean, int lag, std::size_t n) {
  MeanTest test{.mean = mean, .standard_error = kMissing, .t = kMissing, .lag = lag, .n = n};
  if (variance_of_mean >= 0.0) {
    test.standard_error = math::sqrt(variance_of_mean);
  }
  if (test.standard_error > 0.0) {
    test.t = mean / test.standard_error;
  }
  return test;
}

// sum over t of d_t d_{t-lag}, oldest first.
double lagged_product(std::span<const double> deviations, std::size_t lag) {
  double total = 0.0;
  for (std::size_t t = lag; t < deviations.size(); ++t) {
    total += deviations[t] * deviations[t - lag];
  }
  return total;
}

}  // namespace

MeanTest mean_test(std::span<const double> series) {
  const std::size_t n = count_valid(series);
  return conclude(mean(series), variance(series) / static_cast<double>(n), 0, n);
}

MeanTest newey_west(std::span<const double> series, int lag) {
  LODE_ASSERT(lag >= 0);
  std::vector<double> deviations;
  std::copy_if(series.begin(), series.end(), std::back_inserter(deviations), [](double x) { return is_valid(x); });
  const std::size_t n = deviations.size();
  if (n < 2) {
    return conclude(mean(series), kMissing, lag, n);
  }
  const double center = mean(deviations);
  for (double& value : deviations) {
    value -= center;
  }
  const int used = std::min(lag, static_cast<int>(n - 1));
  double total = lagged_product(deviations, 0);
  for (int l = 1; l <= used; ++l) {
    const double weight = 1.0 - static_cast<double>(l) / static_cast<double>(used + 1);
    total += 2.0 * weight * lagged_product(deviations, static_cast<std::size_t>(l));
  }
  const auto count = static_cast<double>(n);
  // Bartlett weights make the sum non-negative; rounding may leave a tiny negative number.
  return conclude(center, std::max(total, 0.0) / count / count, used, n);
}

int newey_west_lag(int horizon, std::size_t n) {
  const double rule = math::floor(4.0 * math::pow(static_cast<double>(n) / 100.0, 2.0 / 9.0));
  return std::max(horizon - 1, static_cast<int>(rule));
}

}  // namespace lode::stat
