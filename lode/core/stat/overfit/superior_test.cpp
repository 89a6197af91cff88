// White's and Hansen's tests against a literal reading, resample by resample, and their sizes on noise.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/superior.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lode/core/stat/bootstrap.h"

namespace lode::stat {
namespace {

using Series = std::vector<std::vector<double>>;

std::vector<std::span<const double>> spans_of(const Series& series) { return {series.begin(), series.end()}; }

// AR(1) noise about a mean of its own.
Series candidates(std::size_t count, std::size_t rows, std::uint64_t seed, double rho,
                  const std::vector<double>& means) {
  Series series;
  for (std::size_t k = 0; k < count; ++k) {
    Random random(seed, k);
    double level = 0.0;
    std::vector<double> column;
    for (std::size_t t = 0; t < rows; ++t) {
      level = rho * level + random.next_normal();
      column.push_back(level + (k < means.size() ? means[k] : 0.0));
    }
    series.push_back(column);
  }
  return series;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Hansen (2005): omega by the weights of the stationary bootstrap, g by the three rules, resamples written out.
Superiority literal(const Series& series, const BootstrapPlan& plan) {
  const std::size_t n = series[0].size();
  const double root = std::sqrt(static_cast<double>(n));
  const double q = 1.0 - 1.0 / plan.mean_block;
  std::vector<double> omega;
  Superiority result{-1e300, 0.0, 0.0, 0.0, 0.0, 0.0};
  for (const std::vector<double>& d : series) {
    double variance = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      double gamma = 0.0;
      for (std::size_t t = i; t < n; ++t) {
        gamma += (d[t] - mean_of(d)) * (d[t - i] - mean_of(d)) / static_cast<double>(n);
      }
      const double share = static_cast<double>(i) / static_cast<double>(n);
      const double kernel =
          (1.0 - share) * std::pow(q, static_cast<double>(i)) + share * std::pow(q, static_cast<double>(n - i));
      variance += i == 0 ? gamma : 2.0 * kernel * gamma;
    }
    omega.push_back(std::sqrt(variance));
    result.statistic = std::max(result.statistic, root * mean_of(d));
    result.studentized = std::max(result.studentized, root * mean_of(d) / omega.back());
  }
  std::vector<std::size_t> rows;
  for (int b = 0; b < plan.resamples; ++b) {
    stationary_indices(n, plan.mean_block, Random(plan.seed, static_cast<std::uint64_t>(b)), rows);
    double largest[4] = {-1e300, 0.0, 0.0, 0.0};
    for (std::size_t k = 0; k < series.size(); ++k) {
      const double average = mean_of(series[k]);
      double drawn = 0.0;
      for (const std::size_t row : rows) {
        drawn += series[k][row] / static_cast<double>(n);
      }
      const double threshold =
          -std::sqrt(omega[k] * omega[k] / static_cast<double>(n) * 2.0 * std::log(std::log(static_cast<double>(n))));
      const double g[4] = {average, std::max(average, 0.0), average >= threshold ? average : 0.0, average};
      largest[0] = std::max(largest[0], root * (drawn - g[0]));
      for (int rule = 1; rule < 4; ++rule) {
        largest[rule] = std::max(largest[rule], root * (drawn - g[rule]) / omega[k]);
      }
    }
    const double one = 1.0 / plan.resamples;
    result.p += largest[0] >= result.statistic ? one : 0.0;
    result.p_lower += largest[1] >= result.studentized ? one : 0.0;
    result.p_consistent += largest[2] >= result.studentized ? one : 0.0;
    result.p_upper += largest[3] >= result.studentized ? one : 0.0;
  }
  return result;
}

TEST(Superiority, IsThatOfTheLiteralReading) {
  const BootstrapPlan plan{.resamples = 200, .mean_block = 6.0, .seed = 3};
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    // Good, bad, very bad and worthless candidates, so that the three centrings differ.
    const Series series = candidates(6, 150, seed, 0.4, {0.2, -0.3, -2.0, 0.0, 0.1, -0.1});
    const Superiority found = superiority(spans_of(series), plan);
    const Superiority expected = literal(series, plan);
    EXPECT_NEAR(found.statistic, expected.statistic, 1e-10);
    EXPECT_NEAR(found.studentized, expected.studentized, 1e-9);
    EXPECT_NEAR(found.p, expected.p, 1e-9);
    EXPECT_NEAR(found.p_lower, expected.p_lower, 1e-9);
    EXPECT_NEAR(found.p_consistent, expected.p_consistent, 1e-9);
    EXPECT_NEAR(found.p_upper, expected.p_upper, 1e-9);
    EXPECT_LE(found.p_lower, found.p_consistent);
    EXPECT_LE(found.p_consistent, found.p_upper);
  }
}

// Ten worthless candidates with memory: rejected at 5 % in about that share of histories, where a t-test of the best
// rejects in most.
TEST(Superiority, HoldsItsSizeOnNoise) {
  constexpr int kRuns = 200;
  int white = 0;
  int hansen = 0;
  int naive = 0;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const Series series = candidates(10, 250, run, 0.3, {});
    const Superiority found = superiority(spans_of(series), {.resamples = 300, .mean_block = 8.0, .seed = run});
    white += found.p <= 0.05 ? 1 : 0;
    hansen += found.p_consistent <= 0.05 ? 1 : 0;
    naive += found.statistic / 1.05 > 1.645 ? 1 : 0;  // The deviation of the noise, had it no memory.
  }
  // The bootstrap of short series with memory is known to reject somewhat more than it promises.
  EXPECT_LE(white, kRuns * 12 / 100);
  EXPECT_LE(hansen, kRuns * 12 / 100);
  EXPECT_GT(naive, kRuns * 40 / 100);
}

TEST(Superiority, FindsAGoodCandidateAmongPoorOnes) {
  const Series series = candidates(12, 300, 4, 0.0, {0.25, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});
  const Superiority found = superiority(spans_of(series), {.resamples = 500});
  EXPECT_EQ(found.best, 0U);
  EXPECT_LT(found.p_consistent, 0.01);
  EXPECT_EQ(found.mean_block, default_mean_block(300));
}

TEST(Superiority, OfPoorCandidatesAloneIsOne) {
  const Series series = candidates(3, 100, 6, 0.0, {-1, -1, -1});
  const Superiority found = superiority(spans_of(series), {.resamples = 100});
  EXPECT_EQ(found.studentized, 0.0);
  EXPECT_EQ(found.p_consistent, 1.0);
  EXPECT_GT(found.p, 0.99);
}

TEST(Superiority, AConstantTakesNoPartInHansens) {
  Series series = candidates(2, 100, 6, 0.0, {});
  series.push_back(std::vector<double>(100, 0.3));
  const Superiority found = superiority(spans_of(series), {.resamples = 100});
  EXPECT_LT(found.studentized, 5.0);
  EXPECT_EQ(found.best, 2U);
}

TEST(Superiority, OfNothingIsMissing) {
  EXPECT_TRUE(std::isnan(superiority({}).p));
  const Series one_row = {{1.0}};
  EXPECT_TRUE(std::isnan(superiority(spans_of(one_row)).p_consistent));
}

}  // namespace
}  // namespace lode::stat
