// Intervals that cover what they promise, and blocks as long as theory asks.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "lode/base/random.h"
#include "lode/core/stat/moments.h"

namespace lode::stat {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const Statistic kMean = [](std::span<const double> values) { return mean(values); };

std::vector<double> memory(std::size_t rows, double rho, std::uint64_t seed) {
  Random random(seed, 0);
  std::vector<double> series;
  double level = 0.0;
  for (std::size_t t = 0; t < rows; ++t) {
    level = rho * level + random.next_normal();
    series.push_back(level);
  }
  return series;
}

// Of an AR(1) with coefficient rho, G / sum R = 2 rho / (1 - rho^2): the best mean block is ((2 rho / (1 - rho^2))^2
// n)^(1/3). Estimates scatter about it; their median over histories is near.
TEST(BestMeanBlock, IsNearTheoryForAr1) {
  for (const double rho : {0.3, 0.6, 0.9}) {
    constexpr std::size_t kRows = 2'000;
    std::vector<double> lengths;
    for (std::uint64_t seed = 0; seed < 41; ++seed) {
      lengths.push_back(best_mean_block(memory(kRows, rho, seed)));
    }
    std::ranges::sort(lengths);
    const double shape = 2.0 * rho / (1.0 - rho * rho);
    const double theory = std::cbrt(shape * shape * static_cast<double>(kRows));
    EXPECT_NEAR(lengths[20] / theory, 1.0, 0.35) << rho;
  }
}

TEST(BestMeanBlock, OfNoiseIsShort) {
  std::vector<double> lengths;
  for (std::uint64_t seed = 0; seed < 41; ++seed) {
    lengths.push_back(best_mean_block(memory(1'000, 0.0, seed)));
  }
  std::ranges::sort(lengths);
  EXPECT_LT(lengths[20], 3.0);
}

TEST(BestMeanBlock, StaysWithinItsBounds) {
  EXPECT_EQ(best_mean_block({}), 1.0);
  EXPECT_EQ(best_mean_block(std::vector<double>(100, 2.0)), 1.0);
  std::vector<double> trend(400);
  for (std::size_t i = 0; i < trend.size(); ++i) {
    trend[i] = static_cast<double>(i);
  }
  EXPECT_LE(best_mean_block(trend), 60.0);
  EXPECT_GT(best_mean_block(trend), 20.0);
}

// Of independent normals the interval of the mean is that of the textbook.
TEST(BootstrapInterval, OfAMeanIsTheTextbooks) {
  const std::vector<double> series = memory(400, 0.0, 11);
  const Interval interval = bootstrap_interval(series, kMean, 0.95, {.resamples = 4'000, .mean_block = 1.0});
  const double error = standard_deviation(series) / 20.0;
  EXPECT_NEAR(interval.standard_error, error, 0.05 * error);
  for (const Bounds& bounds : {interval.percentile, interval.bca}) {
    EXPECT_NEAR(bounds.low, interval.estimate - 1.96 * error, 0.15 * error);
    EXPECT_NEAR(bounds.high, interval.estimate + 1.96 * error, 0.15 * error);
  }
  EXPECT_EQ(interval.estimate, mean(series));
}

// Of a skewed statistic BCa moves the interval the way theory says: the variance of normals has the interval of the
// chi-square, which reaches further up than down; the percentile interval sits too low.
TEST(BootstrapInterval, BcaFollowsTheSkew) {
  const Statistic variance_of = [](std::span<const double> values) { return variance(values); };
  int percentile_above = 0;
  int bca_above = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const Interval interval = bootstrap_interval(memory(40, 0.0, seed), variance_of, 0.90,
                                                 {.resamples = 400, .mean_block = 1.0, .seed = seed});
    percentile_above += interval.percentile.high < 1.0 ? 1 : 0;
    bca_above += interval.bca.high < 1.0 ? 1 : 0;
  }
  EXPECT_LT(bca_above, percentile_above);
  EXPECT_LE(bca_above, 150 * 12 / 100);
}

// With memory, blocks keep the promise that single draws break.
TEST(BootstrapInterval, CoversTheMeanOfASeriesWithMemory) {
  int with_blocks = 0;
  int without = 0;
  constexpr int kRuns = 150;
  for (std::uint64_t seed = 0; seed < kRuns; ++seed) {
    const std::vector<double> series = memory(500, 0.6, seed);
    const auto covers = [&](double mean_block) {
      const Interval interval =
          bootstrap_interval(series, kMean, 0.90, {.resamples = 300, .mean_block = mean_block, .seed = seed});
      return interval.bca.low <= 0.0 && 0.0 <= interval.bca.high;
    };
    with_blocks += covers(0.0) ? 1 : 0;
    without += covers(1.0) ? 1 : 0;
  }
  EXPECT_GE(with_blocks, kRuns * 80 / 100);
  EXPECT_LE(without, kRuns * 72 / 100);
}

TEST(BootstrapInterval, MissingCellsAreTakenOutFirst) {
  std::vector<double> series = memory(60, 0.2, 5);
  std::vector<double> gappy = series;
  gappy.insert(gappy.begin() + 20, kNaN);
  const BootstrapPlan plan{.resamples = 100, .mean_block = 3.0};
  EXPECT_EQ(bootstrap_interval(gappy, kMean, 0.9, plan).bca.low, bootstrap_interval(series, kMean, 0.9, plan).bca.low);
}

TEST(BootstrapInterval, OfNothingIsMissing) {
  EXPECT_TRUE(std::isnan(bootstrap_interval({}, kMean, 0.9).estimate));
  EXPECT_TRUE(std::isnan(bootstrap_interval(std::vector{1.0, kNaN}, kMean, 0.9).percentile.low));
  const Statistic nothing = [](std::span<const double>) { return kNaN; };
  EXPECT_TRUE(std::isnan(bootstrap_interval(memory(30, 0.0, 1), nothing, 0.9).percentile.high));
}

// A long series costs no more jackknife than a short one allows: this would be 10^10 values copied.
TEST(BootstrapInterval, OfALongSeriesEnds) {
  const std::vector<double> series = memory(100'000, 0.0, 3);
  const Interval interval = bootstrap_interval(series, kMean, 0.9, {.resamples = 20, .mean_block = 1.0});
  EXPECT_LT(interval.bca.low, interval.bca.high);
}

// A constant has an interval of one point, and no bias to correct by.
TEST(BootstrapInterval, OfAConstantIsAPoint) {
  const Interval interval = bootstrap_interval(std::vector<double>(20, 3.0), kMean, 0.9, {.resamples = 50});
  EXPECT_EQ(interval.percentile.low, 3.0);
  EXPECT_EQ(interval.percentile.high, 3.0);
  EXPECT_EQ(interval.bca.low, 3.0);
}

}  // namespace
}  // namespace lode::stat
