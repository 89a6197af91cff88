// Is the best of many better than the benchmark, or only the luckiest? White's reality check and Hansen's test of
// superior predictive ability, by the stationary bootstrap.
//
// White, "A reality check for data snooping", Econometrica 68 (2000); Hansen, "A test for superior predictive ability",
// Journal of Business & Economic Statistics 23 (2005), sections 2.3 and 3.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lode::stat {

struct BootstrapPlan {
  int resamples = 2'000;
  double mean_block = 0.0;  // 0: default_mean_block of the rows.
  std::uint64_t seed = 7;
};

// p-values of "no candidate beats the benchmark". NaN: no candidate, or fewer than 2 rows.
struct Superiority {
  double statistic;         // White: max over candidates of sqrt(T) mean.
  double p;                 // White's reality check.
  double studentized;       // Hansen: max of sqrt(T) mean / omega, at least 0.
  double p_lower;           // Hansen: poor candidates keep their poor means: too sure ..
  double p_consistent;      // .. those that are not too poor are centred: the one to quote ..
  double p_upper;           // .. all are centred, as White does: too careful.
  std::size_t best = 0;     // The candidate with the largest mean.
  double mean_block = 1.0;  // As used.
};

// `advantages`: of each candidate over the benchmark, one a row of time, equally long, without NaN. omega^2 is the
// variance of sqrt(T) mean that the stationary bootstrap has in the limit of resamples (Hansen 2005, page 372); a
// candidate with omega 0 (constant) takes no part in Hansen's. A resample counts against the null where its largest is
// at or above the statistic. Same bits for one seed. Time resamples x candidates x (T / mean_block).
Superiority superiority(std::span<const std::span<const double>> advantages, const BootstrapPlan& plan = {});

}  // namespace lode::stat
