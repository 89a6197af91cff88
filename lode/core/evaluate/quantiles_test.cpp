// Bucket statistics against the oracle, monotonicity by hand, and the size of its bootstrap test.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/quantiles.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"
#include "test/oracle/evaluate.h"

namespace lode::evaluate {
namespace {

using test::kNan;
using Series = std::vector<double>;

TEST(QuantileStatistics, EqualTheOracle) {
  Pool pool(2);
  const auto axis = test::make_axis(140, 16);
  const Market market = test::make_market(axis, {.rows = 140, .columns = 16, .seed = 12, .faults = true});
  const Panel factor = test::make_factor(market, {.persistence = 0.95, .missing = 0.1});
  const auto labels = oracle::labels(market, Convention::kNextOpen, 5, true);
  const auto held = oracle::labels(market, Convention::kNextOpen, 1, false);
  const auto panel = [&](const oracle::Grid& grid) {
    return test::make_panel(axis, [&](auto t, auto i) { return static_cast<double>(grid[t][i]); });
  };
  Options options;
  options.quantiles = 4;
  const Dates dates =
      evaluate_dates(sort_rows(copy_cells(factor), pool), panel(labels), Depth::kEverything, options, pool);
  const Book book = make_book(dates.buckets, panel(held), 138, 5, 10.0, pool);
  const auto statistics = quantile_statistics(dates, book, 5, options);
  std::vector<std::vector<int>> formed;
  for (std::size_t t = 0; t < 140; ++t) {
    formed.emplace_back(dates.buckets.row(t).begin(), dates.buckets.row(t).end());
  }
  ASSERT_EQ(statistics.size(), 4U);
  for (int k = 1; k <= 4; ++k) {
    const QuantileStatistics& one = statistics[static_cast<std::size_t>(k - 1)];
    const Series& demeaned = dates.bucket_demeaned[static_cast<std::size_t>(k - 1)];
    const double mean = static_cast<double>(oracle::mean(oracle::Series(demeaned.begin(), demeaned.end()))) / 5.0;
    EXPECT_EQ(one.quantile, k);
    EXPECT_NEAR(one.mean_return.value, mean, 1e-15);
    EXPECT_NEAR(one.annual_return, std::pow(1.0 + mean, 252.0) - 1.0, 1e-10);
    EXPECT_NEAR(one.turnover, static_cast<double>(oracle::turnover(formed, k, 5)), 1e-12);
    EXPECT_LT(one.mean_return.lower, one.mean_return.value);
    EXPECT_GT(one.mean_count, 2.0);
  }
}

TEST(QuantileStatistics, TooFewDatesHaveAReason) {
  Pool pool(1);
  const auto axis = test::make_axis(40, 6);
  const Market market = test::make_market(axis, {.rows = 40, .columns = 6});
  const Panel factor = test::make_factor(market, {});
  Options options;
  options.quantiles = 2;
  const auto r = oracle::labels(market, Convention::kNextOpen, 1, true);
  const Panel labels = test::make_panel(axis, [&](auto t, auto i) { return static_cast<double>(r[t][i]); });
  const Dates dates = evaluate_dates(sort_rows(copy_cells(factor), pool), labels, Depth::kEverything, options, pool);
  const auto statistics = quantile_statistics(dates, make_book(dates.buckets, labels, 38, 1, 0, pool), 1, options);
  EXPECT_TRUE(std::isnan(statistics[0].mean_return.value));
  EXPECT_TRUE(std::isnan(statistics[0].annual_return));
  EXPECT_EQ(statistics[0].mean_return.reason, "38 dates, needs 60");
}

TEST(Monotonicity, IsTheRankCorrelationOfBucketAndReturn) {
  std::vector<QuantileStatistics> quantiles(4);
  const Series returns{-0.2, 0.1, 0.0, 0.3};
  for (std::size_t k = 0; k < 4; ++k) {
    quantiles[k].quantile = static_cast<int>(k) + 1;
    quantiles[k].mean_return.value = returns[k];
  }
  EXPECT_NEAR(monotonicity(quantiles), 0.8, 1e-15);
  quantiles[3].mean_return.value = kNan;  // An empty bucket is left out: 1 2 3 against 1 3 2.
  EXPECT_NEAR(monotonicity(quantiles), 0.5, 1e-15);
}

// Daily returns of five buckets with a step between neighbours and noise of their own.
std::vector<Series> bucket_days(double step, std::uint64_t seed) {
  const Random random(seed, 0);
  std::vector<Series> days(5, Series(500));
  for (std::size_t k = 0; k < 5; ++k) {
    for (std::size_t t = 0; t < 500; ++t) {
      days[k][t] = step * static_cast<double>(k) + 0.01 * random.normal_at(t * 5 + k);
    }
  }
  return days;
}

TEST(MonotonicityTest, SeesASteadyClimbAndASteadyFall) {
  Pool pool(2);
  EXPECT_LT(monotonicity_p(bucket_days(0.004, 1), 7, 60, pool), 0.01);
  EXPECT_LT(monotonicity_p(bucket_days(-0.004, 1), 7, 60, pool), 0.01);
}

TEST(MonotonicityTest, RejectsNoiseSeldom) {
  Pool pool(2);
  int rejected = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    rejected += monotonicity_p(bucket_days(0.0, 100 + seed), 7, 60, pool) <= 0.05 ? 1 : 0;
  }
  EXPECT_LE(rejected, 7);  // 40 tests of 5 %: more than 7 with probability below 0.01.
}

TEST(MonotonicityTest, DoesNotSeeAClimbOfTheTailAlone) {
  Pool pool(1);
  auto days = bucket_days(0.0, 3);
  for (double& value : days[4]) {
    value += 0.02;
  }
  EXPECT_GT(monotonicity_p(days, 7, 60, pool), 0.05);
}

TEST(MonotonicityTest, NeedsDatesAndBuckets) {
  Pool pool(1);
  EXPECT_TRUE(std::isnan(monotonicity_p({Series(100, 0.1)}, 7, 60, pool)));
  EXPECT_TRUE(std::isnan(monotonicity_p({Series(100, kNan), Series(100, 0.1)}, 7, 60, pool)));
}

}  // namespace
}  // namespace lode::evaluate
