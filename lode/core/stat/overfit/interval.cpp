// Bootstrap intervals.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/interval.h"

#include <algorithm>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/bootstrap.h"
#include "lode/core/stat/distribution.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/quantile.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

// Fewer resamples with a value than this share of all say nothing of the statistic.
constexpr double kLeastWithValue = 0.9;

std::vector<double> valid_of(std::span<const double> series) {
  std::vector<double> values;
  std::ranges::copy_if(series, std::back_inserter(values), [](double value) { return is_valid(value); });
  return values;
}

std::vector<double> resample(std::span<const double> values, const Statistic& statistic, double mean_block,
                             const BootstrapPlan& plan) {
  std::vector<double> results;
  std::vector<std::size_t> indices;
  std::vector<double> drawn(values.size());
  for (int replicate = 0; replicate < plan.resamples; ++replicate) {
    stationary_indices(values.size(), mean_block, Random(plan.seed, static_cast<std::uint64_t>(replicate)), indices);
    std::ranges::transform(indices, drawn.begin(), [values](std::size_t at) { return values[at]; });
    const double result = statistic(drawn);
    if (is_valid(result)) {
      results.push_back(result);
    }
  }
  std::ranges::sort(results);
  return results;
}

// Runs left out at most: each costs a statistic of the whole series.
constexpr std::size_t kMostRuns = 1'000;

// sum (m - x_i)^3 / (6 (sum (m - x_i)^2)^1.5) over the values without one run each; 0 where these do not vary.
double acceleration(std::span<const double> values, const Statistic& statistic, std::size_t length) {
  std::vector<double> without;
  for (std::size_t begin = 0; begin < values.size(); begin += length) {
    std::vector<double> left(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(begin));
    const std::size_t end = std::min(begin + length, values.size());
    left.insert(left.end(), values.begin() + static_cast<std::ptrdiff_t>(end), values.end());
    const double value = left.empty() ? kMissing : statistic(left);
    if (is_valid(value)) {
      without.push_back(value);
    }
  }
  const double center = mean(without);
  double squares = 0.0;
  double cubes = 0.0;
  for (const double value : without) {
    const double distance = center - value;
    squares += distance * distance;
    cubes += distance * distance * distance;
  }
  return squares > 0.0 ? cubes / (6.0 * math::pow(squares, 1.5)) : 0.0;
}

// Quantiles of the resamples at the levels that bias and acceleration move alpha and 1 - alpha to. Where all resamples
// lie on one side of the estimate no correction is known.
Bounds bca_bounds(std::span<const double> sorted, double estimate, double alpha, double accelerated) {
  const auto below = static_cast<double>(std::ranges::lower_bound(sorted, estimate) - sorted.begin());
  const auto ties = static_cast<double>(std::ranges::upper_bound(sorted, estimate) - sorted.begin()) - below;
  const double bias = math::normal_quantile((below + 0.5 * ties) / static_cast<double>(sorted.size()));
  const auto bound = [&](double level) {
    const double z = bias + math::normal_quantile(level);
    const double scale = 1.0 - accelerated * z;  // Not above 0: beyond where the correction means anything.
    return scale > 0.0 ? quantile_of_sorted(sorted, normal_cdf(bias + z / scale)) : kMissing;
  };
  return math::is_finite(bias) ? Bounds{bound(alpha), bound(1.0 - alpha)} : Bounds{kMissing, kMissing};
}

// Autocovariance at `lag`, by n.
double autocovariance(std::span<const double> deviations, std::size_t lag) {
  double total = 0.0;
  for (std::size_t t = lag; t < deviations.size(); ++t) {
    total += deviations[t] * deviations[t - lag];
  }
  return total / static_cast<double>(deviations.size());
}

// 1 up to 1/2, then down to 0 at 1 (Politis & Romano 1995).
double flat_top(double x) { return x <= 0.5 ? 1.0 : std::max(0.0, 2.0 * (1.0 - x)); }

// The lag after which autocorrelations stay small; the last large one where they never do so for long enough.
std::size_t last_lag_of_weight(std::span<const double> covariances, std::size_t n) {
  const double digits = math::log(static_cast<double>(n)) / math::log(10.0);
  const auto run = static_cast<std::size_t>(std::max(5.0, math::floor(math::sqrt(digits))));
  const double least = 2.0 * math::sqrt(digits / static_cast<double>(n));
  const auto is_small = [&](std::size_t lag) { return math::abs(covariances[lag]) < least * covariances[0]; };
  std::size_t last_large = 0;
  std::size_t small = 0;
  for (std::size_t lag = 1; lag < covariances.size(); ++lag) {
    small = is_small(lag) ? small + 1 : 0;
    last_large = is_small(lag) ? last_large : lag;
    if (small == run) {
      return lag - run;
    }
  }
  return last_large;
}

}  // namespace

double best_mean_block(std::span<const double> series) {
  constexpr std::size_t kFewest = 9;
  const std::vector<double> values = valid_of(series);
  const std::size_t n = values.size();
  if (n < kFewest || is_constant(values)) {
    return 1.0;
  }
  std::vector<double> deviations;
  const double center = mean(values);
  std::ranges::transform(values, std::back_inserter(deviations), [center](double value) { return value - center; });
  const auto count = static_cast<double>(n);
  const double root = math::sqrt(count);
  const auto lags = std::min(n - 1, static_cast<std::size_t>(math::ceil(root)) + 5);
  std::vector<double> covariances;
  for (std::size_t lag = 0; lag <= lags; ++lag) {
    covariances.push_back(autocovariance(deviations, lag));
  }
  const std::size_t window = std::min(2 * std::max<std::size_t>(last_lag_of_weight(covariances, n), 1), lags);
  double weighted = 0.0;
  double total = covariances[0];
  for (std::size_t lag = 1; lag <= window; ++lag) {
    const double term = 2.0 * flat_top(static_cast<double>(lag) / static_cast<double>(window)) * covariances[lag];
    weighted += static_cast<double>(lag) * term;
    total += term;
  }
  const double most = std::min(math::ceil(3.0 * root), math::ceil(count / 3.0));
  const double length = math::pow(weighted * weighted / (total * total) * count, 1.0 / 3.0);
  return math::is_finite(length) ? std::clamp(length, 1.0, most) : most;
}

Interval bootstrap_interval(std::span<const double> series, const Statistic& statistic, double level,
                            const BootstrapPlan& plan) {
  LODE_ASSERT(level > 0.0 && level < 1.0);
  LODE_ASSERT(plan.resamples > 1);
  Interval result{kMissing, kMissing, {kMissing, kMissing}, {kMissing, kMissing}};
  const std::vector<double> values = valid_of(series);
  if (values.size() < 2) {
    return result;
  }
  result.estimate = statistic(values);
  result.mean_block = plan.mean_block >= 1.0 ? plan.mean_block : best_mean_block(values);
  const std::vector<double> sorted = resample(values, statistic, result.mean_block, plan);
  result.resamples = static_cast<int>(sorted.size());
  if (!is_valid(result.estimate) || result.resamples < kLeastWithValue * plan.resamples) {
    return result;
  }
  const double alpha = (1.0 - level) / 2.0;
  result.standard_error = standard_deviation(sorted);
  result.percentile = {quantile_of_sorted(sorted, alpha), quantile_of_sorted(sorted, 1.0 - alpha)};
  const auto block = std::max<std::size_t>(1, static_cast<std::size_t>(math::round_even(result.mean_block)));
  const std::size_t run = std::max(block, (values.size() + kMostRuns - 1) / kMostRuns);
  result.bca = bca_bounds(sorted, result.estimate, alpha, acceleration(values, statistic, run));
  return result;
}

}  // namespace lode::stat
