// Decay points from the series of each horizon, and the log-linear fit of the half-life.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/decay.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/regression.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr double kLog2 = 0.69314718055994530942;
constexpr std::size_t kFewestPoints = 3;

}  // namespace

void add_decay_point(int horizon, const std::vector<double>& rank_ic, const NoOverlap& test, const Options& options,
                     std::vector<DecayPoint>& decay) {
  const std::size_t n = stat::count_valid(rank_ic);
  const bool on_ladder = std::find(kDecayHorizons.begin(), kDecayHorizons.end(), horizon) != kDecayHorizons.end();
  if (!on_ladder) {
    return;
  }
  const bool enough = n > 0 && n >= static_cast<std::size_t>(options.min_dates);
  const Estimate mean =
      enough ? ic_estimate(stat::mean(rank_ic), test, n) : missing_estimate(n, too_few(n, options.min_dates, "dates"));
  decay.push_back({.horizon = horizon,
                   .rank_ic = mean.value,
                   .lower = mean.lower,
                   .upper = mean.upper,
                   .n = mean.n,
                   .reason = mean.reason});
}

Estimate half_life(const std::vector<DecayPoint>& decay) {
  if (decay.empty() || decay.front().horizon != 1 || !stat::is_valid(decay.front().rank_ic)) {
    return missing_estimate(0, "no IC at 1 session");
  }
  const DecayPoint& first = decay.front();
  if (!(first.lower > 0.0 || first.upper < 0.0)) {
    return missing_estimate(0, "the IC at 1 session is not distinguishable from 0");
  }
  const double sign = first.rank_ic > 0.0 ? 1.0 : -1.0;
  std::vector<double> horizons;
  std::vector<double> logs;
  for (const DecayPoint& point : decay) {
    if (sign * point.rank_ic > 0.0) {
      horizons.push_back(point.horizon);
      logs.push_back(math::log(sign * point.rank_ic));
    }
  }
  if (logs.size() < kFewestPoints) {
    return missing_estimate(
        logs.size(), fmt::format("{} horizons keep the sign of the first, needs {}", logs.size(), kFewestPoints));
  }
  const std::span<const double> columns[] = {horizons};
  const double slope = stat::ols(logs, columns, true).coefficients[1];
  if (!(slope < 0.0)) {
    return missing_estimate(logs.size(), "the IC does not fall with the horizon");
  }
  return {.value = 1.0 + kLog2 / -slope,
          .lower = kNoValue,
          .upper = kNoValue,
          .n = static_cast<std::int64_t>(logs.size()),
          .reason = ""};
}

}  // namespace lode::evaluate
