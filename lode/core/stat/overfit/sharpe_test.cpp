// Published examples of the probabilistic and the deflated Sharpe ratio, and what must hold at the edges.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/sharpe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "lode/base/random.h"

namespace lode::stat {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// "The Sharpe ratio efficient frontier", section 4: two years of monthly returns of a hedge fund, mean 0.036, deviation
// 0.079, skewness -2.448, kurtosis 10.164: PSR(0) = 0.982 were they normal, 0.913 as they are.
TEST(ProbabilisticSharpe, ThePublishedHedgeFund) {
  EXPECT_NEAR(probabilistic_sharpe({0.458, 0.0, 3.0, 24}, 0.0), 0.982, 5e-4);
  EXPECT_NEAR(probabilistic_sharpe({0.458, -2.448, 10.164, 24}, 0.0), 0.913, 5e-4);
}

// "The deflated Sharpe ratio", the numerical example: 2.5 a year over 5 years of 250 days, the best of 100 trials whose
// ratios have variance 1/2 a year, skewness -3, kurtosis 10: SR0 = 0.1132 a day, DSR = 0.9004; of 46: 0.9505.
TEST(DeflatedSharpe, ThePublishedExample) {
  const ReturnShape shape{2.5 / std::sqrt(250.0), -3.0, 10.0, 1'250};
  const double deviation = std::sqrt(0.5 / 250.0);
  EXPECT_NEAR(deviation * expected_maximum(100.0), 0.1132, 5e-5);
  EXPECT_NEAR(deflated_sharpe(shape, deviation, 100.0), 0.9004, 5e-5);
  EXPECT_NEAR(deflated_sharpe(shape, deviation, 46.0), 0.9505, 5e-5);
}

// "Pseudo-mathematics and financial charlatanism": five years of data allow no more than 45 independent trials before a
// Sharpe ratio of 1 a year is what chance alone gives.
TEST(LeastBacktest, ThePublishedFiveYears) {
  EXPECT_LT(least_backtest_years(45.0, 1.0), 5.0);
  EXPECT_GT(least_backtest_years(46.0, 1.0), 5.0);
  EXPECT_DOUBLE_EQ(least_backtest_years(45.0, 2.0), least_backtest_years(45.0, 1.0) / 4.0);
  EXPECT_TRUE(std::isinf(least_backtest_years(45.0, 0.0)));
}

// E max of N normals by simulation: the formula is an approximation, off by less than 3 % from N = 5 on.
TEST(ExpectedMaximum, IsCloseToTheMeanOfSimulatedMaxima) {
  for (const int trials : {5, 20, 100, 1'000}) {
    constexpr int kRuns = 4'000;
    double total = 0.0;
    for (int run = 0; run < kRuns; ++run) {
      Random random(static_cast<std::uint64_t>(trials), static_cast<std::uint64_t>(run));
      double most = -10.0;
      for (int i = 0; i < trials; ++i) {
        most = std::max(most, random.next_normal());
      }
      total += most;
    }
    EXPECT_NEAR(expected_maximum(trials) / (total / kRuns), 1.0, 0.03) << trials;
  }
  EXPECT_EQ(expected_maximum(1.0), 0.0);
  double before = 0.0;
  for (double trials = 1.0; trials < 3.0; trials += 0.01) {  // More trials never lower the bar.
    EXPECT_GE(expected_maximum(trials), before) << trials;
    before = expected_maximum(trials);
  }
  EXPECT_EQ(expected_maximum(0.0), 0.0);
  EXPECT_TRUE(std::isnan(expected_maximum(kNaN)));
}

// PSR at the least track record is the confidence asked, by definition.
TEST(LeastTrackRecord, IsWherePsrReachesTheConfidence) {
  for (const ReturnShape shape : {ReturnShape{0.1, -0.5, 5.0, 300}, ReturnShape{0.458, -2.448, 10.164, 24}}) {
    const double rows = least_track_record(shape, 0.02, 0.95);
    ReturnShape longer = shape;
    longer.n = static_cast<std::size_t>(std::ceil(rows));
    EXPECT_GE(probabilistic_sharpe(longer, 0.02), 0.95);
    longer.n -= 1;
    EXPECT_LT(probabilistic_sharpe(longer, 0.02), 0.95);
  }
  EXPECT_TRUE(std::isinf(least_track_record({0.1, 0.0, 3.0, 100}, 0.1, 0.95)));
  EXPECT_TRUE(std::isinf(least_track_record({0.1, 0.0, 3.0, 100}, 0.2, 0.95)));
  EXPECT_DOUBLE_EQ(least_track_record({0.1, 0.0, 3.0, 100}, 0.0, 0.5), 1.0);
}

// Moments by their definitions, term by term.
TEST(ReturnShape, IsThatOfTheValidReturns) {
  const std::vector<double> returns = {0.01, -0.02, kNaN, 0.03, 0.005, -0.01, 0.04};
  double sum = 0.0;
  int n = 0;
  for (const double r : returns) {
    sum += std::isnan(r) ? 0.0 : r;
    n += std::isnan(r) ? 0 : 1;
  }
  double m[5] = {};
  for (const double r : returns) {
    for (int power = 2; power <= 4 && !std::isnan(r); ++power) {
      m[power] += std::pow(r - sum / n, power) / n;
    }
  }
  const ReturnShape shape = return_shape(returns);
  EXPECT_EQ(shape.n, 6U);
  EXPECT_NEAR(shape.sharpe, sum / n / std::sqrt(m[2] * n / (n - 1)), 1e-14);
  EXPECT_NEAR(shape.skew, m[3] / std::pow(m[2], 1.5), 1e-13);
  EXPECT_NEAR(shape.kurtosis, m[4] / (m[2] * m[2]), 1e-13);
}

TEST(ReturnShape, OfNothingIsMissing) {
  for (const std::vector<double>& returns :
       {std::vector<double>{}, {0.01}, {0.01, kNaN}, {0.01, 0.01, 0.01}, {kNaN, kNaN}}) {
    const ReturnShape shape = return_shape(returns);
    EXPECT_TRUE(std::isnan(shape.sharpe));
    EXPECT_TRUE(std::isnan(probabilistic_sharpe(shape, 0.0)));
    EXPECT_TRUE(std::isnan(deflated_sharpe(shape, 0.1, 10.0)));
    EXPECT_TRUE(std::isnan(least_track_record(shape, 0.0, 0.95)));
  }
}

// The size of the test: of worthless strategies, the best of twenty passes DSR 0.95 about as often as promised, while
// its PSR against 0 does so most of the time.
TEST(DeflatedSharpe, HoldsItsPromiseOnTheBestOfTwentyWorthless) {
  constexpr int kRuns = 300;
  constexpr std::size_t kTrials = 20;
  constexpr std::size_t kRows = 250;
  int deflated = 0;
  int naive = 0;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    ReturnShape best{-10.0, 0.0, 3.0, kRows};
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
      Random random(run, trial);
      std::vector<double> returns(kRows);
      for (double& value : returns) {
        value = 0.01 * random.next_normal();
      }
      const ReturnShape shape = return_shape(returns);
      best = shape.sharpe > best.sharpe ? shape : best;
    }
    deflated += deflated_sharpe(best, null_sharpe_deviation(kRows), kTrials) > 0.95 ? 1 : 0;
    naive += probabilistic_sharpe(best, 0.0) > 0.95 ? 1 : 0;
  }
  EXPECT_LT(deflated, kRuns * 5 / 100);
  EXPECT_GT(naive, kRuns * 50 / 100);
}

}  // namespace
}  // namespace lode::stat
