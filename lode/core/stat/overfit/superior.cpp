// White's reality check and Hansen's test.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/superior.h"

#include <algorithm>
#include <limits>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/bootstrap.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

// How far apart rows may be for their products to matter: beyond, less than 1e-12 of a weight is left.
constexpr double kLeastWeight = 1e-12;

// The variance of sqrt(T) times the mean of a stationary resample: gamma_0 + 2 sum_i k_i gamma_i, k_i = (n-i)/n q^i +
// i/n q^(n-i), q = 1 - 1/mean_block (Politis & Romano 1994, lemma 1).
double long_run_variance(std::span<const double> deviations, double mean_block) {
  const std::size_t n = deviations.size();
  const auto count = static_cast<double>(n);
  const double stay = 1.0 - 1.0 / mean_block;
  double total = 0.0;
  for (std::size_t lag = 0; lag < n; ++lag) {
    const auto i = static_cast<double>(lag);
    const double weight =
        lag == 0 ? 0.5 : (count - i) / count * math::pow(stay, i) + i / count * math::pow(stay, count - i);
    if (weight > kLeastWeight) {
      double product = 0.0;
      for (std::size_t t = lag; t < n; ++t) {
        product += deviations[t] * deviations[t - lag];
      }
      total += 2.0 * weight * product / count;
    }
  }
  return std::max(total, 0.0);
}

struct Candidate {
  double mean = 0.0;
  double omega = 0.0;
  double kept_lower = 0.0;  // What is taken from a resample's mean: g of the mean.
  double kept_consistent = 0.0;
  std::vector<double> running;  // running[t] = sum of the first t deviations from the mean.

  // The mean of a resample less that of the series.
  double resampled(std::span<const Block> blocks) const {
    const std::size_t n = running.size() - 1;
    double sum = 0.0;
    for (const Block& block : blocks) {
      const std::size_t end = block.start + block.length;
      sum += end <= n ? running[end] - running[block.start] : (running[n] - running[block.start]) + running[end - n];
    }
    return sum / static_cast<double>(n);
  }
};

Candidate candidate_of(std::span<const double> advantages, double mean_block) {
  Candidate candidate;
  candidate.mean = mean(advantages);
  candidate.running.push_back(0.0);
  std::vector<double> deviations;
  for (const double value : advantages) {
    LODE_ASSERT(is_valid(value));
    deviations.push_back(value - candidate.mean);
    candidate.running.push_back(candidate.running.back() + deviations.back());
  }
  const auto n = static_cast<double>(advantages.size());
  candidate.omega = is_constant(advantages) ? 0.0 : math::sqrt(long_run_variance(deviations, mean_block));
  candidate.kept_lower = std::max(candidate.mean, 0.0);
  const double poor = -candidate.omega * math::sqrt(2.0 * math::log(std::max(1.0, math::log(n))) / n);
  candidate.kept_consistent = candidate.mean > poor ? candidate.mean : 0.0;
  return candidate;
}

// The largest of one resample, by the four ways to centre.
struct Largest {
  double plain = -std::numeric_limits<double>::infinity();
  double lower = 0.0;
  double consistent = 0.0;
  double upper = 0.0;
};

Largest largest_of(std::span<const Candidate> candidates, std::span<const Block> blocks, double root) {
  Largest largest;
  for (const Candidate& candidate : candidates) {
    const double centred = candidate.resampled(blocks);
    largest.plain = std::max(largest.plain, root * centred);
    if (candidate.omega > 0.0) {
      const double scale = root / candidate.omega;
      largest.upper = std::max(largest.upper, scale * centred);
      largest.lower = std::max(largest.lower, scale * (centred + (candidate.mean - candidate.kept_lower)));
      largest.consistent =
          std::max(largest.consistent, scale * (centred + (candidate.mean - candidate.kept_consistent)));
    }
  }
  return largest;
}

}  // namespace

Superiority superiority(std::span<const std::span<const double>> advantages, const BootstrapPlan& plan) {
  LODE_ASSERT(plan.resamples > 0);
  Superiority result{kMissing, kMissing, kMissing, kMissing, kMissing, kMissing};
  const std::size_t n = advantages.empty() ? 0 : advantages[0].size();
  if (n < 2) {
    return result;
  }
  result.mean_block = plan.mean_block >= 1.0 ? plan.mean_block : default_mean_block(n);
  const double root = math::sqrt(static_cast<double>(n));
  std::vector<Candidate> candidates;
  result.studentized = 0.0;
  for (const std::span<const double> series : advantages) {
    LODE_ASSERT(series.size() == n);
    candidates.push_back(candidate_of(series, result.mean_block));
    const Candidate& candidate = candidates.back();
    result.best = candidate.mean > candidates[result.best].mean ? candidates.size() - 1 : result.best;
    if (candidate.omega > 0.0) {
      result.studentized = std::max(result.studentized, root * candidate.mean / candidate.omega);
    }
  }
  result.statistic = root * candidates[result.best].mean;
  Largest reached{0.0, 0.0, 0.0, 0.0};  // How many resamples reach the statistic.
  std::vector<Block> blocks;
  for (int resample = 0; resample < plan.resamples; ++resample) {
    stationary_blocks(n, result.mean_block, Random(plan.seed, static_cast<std::uint64_t>(resample)), blocks);
    const Largest largest = largest_of(candidates, blocks, root);
    reached.plain += largest.plain >= result.statistic ? 1.0 : 0.0;
    reached.lower += largest.lower >= result.studentized ? 1.0 : 0.0;
    reached.consistent += largest.consistent >= result.studentized ? 1.0 : 0.0;
    reached.upper += largest.upper >= result.studentized ? 1.0 : 0.0;
  }
  const auto count = static_cast<double>(plan.resamples);
  result.p = reached.plain / count;
  result.p_lower = reached.lower / count;
  result.p_consistent = reached.consistent / count;
  result.p_upper = reached.upper / count;
  return result;
}

}  // namespace lode::stat
