// The benchmark's numbers by hand and against plain sums.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/benchmark.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/random.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

using test::kNan;

TEST(BenchmarkReturns, StandOnTheRowWhoseBookEarnsThem) {
  const std::vector<double> prices{100, 110, 99, kNan, 99, 0, 50};
  const auto next = benchmark_returns(prices, 1);
  EXPECT_NEAR(next[0], -0.1, 1e-15);
  for (const std::size_t row : {1U, 2U, 3U, 4U, 5U, 6U}) {
    EXPECT_TRUE(std::isnan(next[row])) << row;
  }
  EXPECT_NEAR(benchmark_returns(prices, 0)[0], 0.1, 1e-15);
  EXPECT_TRUE(benchmark_returns({}, 1).empty());
}

TEST(BenchmarkResult, HasRateVolatilityAndBetaOfTheCommonSessions) {
  Random random(5, 1);
  std::vector<double> market;
  std::vector<double> net;
  for (int i = 0; i < 400; ++i) {
    market.push_back(i % 17 == 0 ? kNan : 0.0004 + 0.01 * random.next_normal());
    const double own = 0.0002 + 0.004 * random.next_normal();
    net.push_back(i < 30 ? kNan : own + (std::isnan(market.back()) ? 0.0 : -0.3 * market.back()));
  }
  const BenchmarkResult found = benchmark_result(market, net, Options{});
  long double n = 0;
  long double sum_m = 0;
  long double sum_b = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    if (!std::isnan(market[i]) && !std::isnan(net[i])) {
      n += 1;
      sum_m += market[i];
      sum_b += net[i];
    }
  }
  long double mm = 0;
  long double mb = 0;
  long double bb = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    if (!std::isnan(market[i]) && !std::isnan(net[i])) {
      mm += (market[i] - sum_m / n) * (market[i] - sum_m / n);
      mb += (market[i] - sum_m / n) * (net[i] - sum_b / n);
      bb += (net[i] - sum_b / n) * (net[i] - sum_b / n);
    }
  }
  EXPECT_EQ(found.annual.n, static_cast<std::int64_t>(n));
  EXPECT_NEAR(found.annual.value, static_cast<double>(std::pow(1.0L + sum_m / n, 252.0L) - 1.0L), 1e-10);
  EXPECT_NEAR(found.volatility, static_cast<double>(std::sqrt(mm / (n - 1) * 252.0L)), 1e-12);
  EXPECT_NEAR(found.beta, static_cast<double>(mb / mm), 1e-10);
  EXPECT_NEAR(found.beta, -0.3, 0.06);
  EXPECT_NEAR(found.correlation, static_cast<double>(mb / std::sqrt(mm * bb)), 1e-10);
  EXPECT_EQ(found.returns.size(), 400U);
}

TEST(BenchmarkResult, OfAFewSessionsHasAReason) {
  const BenchmarkResult found =
      benchmark_result(std::vector<double>(40, 0.01), std::vector<double>(40, 0.01), Options{});
  EXPECT_TRUE(std::isnan(found.annual.value));
  EXPECT_TRUE(std::isnan(found.beta));
  EXPECT_EQ(found.annual.reason, "40 sessions, needs 60");
}

}  // namespace
}  // namespace lode::evaluate
