// Coefficients, buckets and autocorrelations by hand on a tiny panel, and against the oracle on gappy, tied ones.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/dates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"
#include "test/oracle/evaluate.h"

namespace lode::evaluate {
namespace {

using test::kNan;

Options tiny_options(int quantiles) {
  Options options;
  options.quantiles = quantiles;
  options.min_dates = 2;
  return options;
}

SortedRows sorted(const Panel& panel) {
  Pool pool(1);
  return sort_rows(copy_cells(panel), pool);
}

void expect_series(const std::vector<double>& values, const oracle::Series& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t t = 0; t < values.size(); ++t) {
    ASSERT_EQ(std::isnan(values[t]), std::isnan(expected[t])) << "row " << t;
    if (!std::isnan(values[t])) {
      ASSERT_NEAR(values[t], static_cast<double>(expected[t]), 1e-12) << "row " << t;
    }
  }
}

TEST(EvaluateDates, ByHand) {
  Pool pool(1);
  const auto axis = test::make_axis(3, 4);
  const Panel factor = test::make_panel(axis, {{1, 2, 3, 4}, {1, 1, 2, kNan}, {5, 5, 5, 5}});
  const Panel labels = test::make_panel(axis, {{0.1, 0.3, 0.2, 0.4}, {0.3, 0.1, 0.2, 0.9}, {0.1, 0.2, 0.3, 0.4}});
  const Dates dates = evaluate_dates(sorted(factor), labels, Depth::kEverything, tiny_options(2), pool);
  EXPECT_NEAR(dates.rank_ic[0], 0.8, 1e-15);  // 1 - 6 * 2 / (4 * 15)
  EXPECT_NEAR(dates.ic[0], 0.8, 1e-15);
  // Ranks 1.5 1.5 3 against 3 1 2: deviations -.5 -.5 1 and 1 -1 0: product 0.
  EXPECT_NEAR(dates.rank_ic[1], 0.0, 1e-15);
  EXPECT_TRUE(std::isnan(dates.rank_ic[2]));  // A constant row says nothing.
  EXPECT_EQ(dates.cells, 7);
  EXPECT_NEAR(dates.bucket_absolute[0][0], 0.2, 1e-15);
  EXPECT_NEAR(dates.bucket_absolute[1][0], 0.3, 1e-15);
  EXPECT_NEAR(dates.bucket_demeaned[0][0], -0.05, 1e-15);
  EXPECT_NEAR(dates.bucket_absolute[0][1], 0.2, 1e-15);  // The tied ones share the lower bucket.
  EXPECT_NEAR(dates.bucket_absolute[1][1], 0.2, 1e-15);
  EXPECT_EQ(dates.buckets.row(1)[3], 0);
}

TEST(EvaluateDates, TooFewNamesHaveNoStatistic) {
  Pool pool(1);
  const auto axis = test::make_axis(2, 4);
  const Panel factor = test::make_panel(axis, {{1, 2, kNan, kNan}, {1, 2, 3, kNan}});
  const Panel labels = test::make_panel(axis, {{0.1, 0.3, 0.2, 0.4}, {0.1, kNan, 0.2, 0.4}});
  const Dates dates = evaluate_dates(sorted(factor), labels, Depth::kEverything, tiny_options(2), pool);
  EXPECT_TRUE(std::isnan(dates.rank_ic[0]));
  EXPECT_TRUE(std::isnan(dates.rank_ic[1]));
  EXPECT_EQ(dates.cells, 0);
  EXPECT_EQ(dates.left_out, 2);
}

// 5 names on the first date, 4 with a return on the second, none on the third.
TEST(EvaluateDates, DatesOfFewerNamesThanAskedAreLeftOutAndCounted) {
  Pool pool(1);
  const auto axis = test::make_axis(3, 5);
  const Panel factor = test::make_panel(axis, {{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}});
  const Panel labels =
      test::make_panel(axis, {{0.1, 0.3, 0.2, 0.4, 0.1}, {0.1, kNan, 0.2, 0.4, 0.3}, {kNan, kNan, kNan, kNan, kNan}});
  Options options = tiny_options(2);
  options.min_names = 5;
  const Dates dates = evaluate_dates(sorted(factor), labels, Depth::kEverything, options, pool);
  EXPECT_FALSE(std::isnan(dates.rank_ic[0]));
  EXPECT_TRUE(std::isnan(dates.rank_ic[1]));
  EXPECT_TRUE(std::isnan(dates.ic[1]));
  EXPECT_EQ(dates.buckets.count(1)[1], 0U) << "a date left out forms no bucket";
  EXPECT_EQ(dates.left_out, 1) << "a date without a pair has nothing to leave out";
  EXPECT_EQ(dates.cells, 5);
}

// 19 names on the first date, 20 on the second: only the first is thin, whatever the mean.
TEST(EvaluateDates, ThinDatesAreCountedOneByOne) {
  Pool pool(1);
  const auto axis = test::make_axis(2, 20);
  const auto cell = [](std::size_t row, std::size_t column) {
    return row == 0 && column == 0 ? kNan : static_cast<double>(column * (row + 1));
  };
  const Panel factor = test::make_panel(axis, cell);
  const Dates dates = evaluate_dates(sorted(factor), factor, Depth::kRankIc, tiny_options(2), pool);
  EXPECT_EQ(dates.cells, 39);
  EXPECT_EQ(dates.thin, 1);
}

class AgainstOracle : public ::testing::TestWithParam<bool> {};

TEST_P(AgainstOracle, CoefficientsAndBuckets) {
  Pool pool(2);
  const auto axis = test::make_axis(150, 17);
  const Market market = test::make_market(axis, {.rows = 150, .columns = 17, .seed = 2, .faults = true});
  const Panel factor =
      test::make_factor(market, {.persistence = 0.7, .edge = 0.3, .missing = 0.15, .ties = GetParam()});
  const auto labels = oracle::labels(market, Convention::kNextOpen, 3, true);
  const Panel panel = test::make_panel(axis, [&](auto t, auto i) { return static_cast<double>(labels[t][i]); });
  const auto f = oracle::grid_of(factor);
  const auto r = oracle::grid_of(panel);
  const Dates dates = evaluate_dates(sorted(factor), panel, Depth::kEverything, tiny_options(4), pool);
  expect_series(dates.rank_ic, oracle::coefficients(f, r, 3, oracle::spearman));
  expect_series(dates.ic, oracle::coefficients(f, r, 3, oracle::pearson));
  for (std::size_t t = 0; t < f.size(); ++t) {
    const auto common = oracle::where_known(f[t], r[t]);
    if (oracle::count(common) < 4) continue;
    const auto expected = oracle::buckets(common, 4);
    for (std::size_t i = 0; i < common.size(); ++i) ASSERT_EQ(dates.buckets.row(t)[i], expected[i]) << t << " " << i;
    for (int k = 1; k <= 4; ++k) {
      oracle::Series inside = oracle::where_known(r[t], common);
      const oracle::Real all = oracle::mean(inside);
      for (std::size_t i = 0; i < inside.size(); ++i) inside[i] = expected[i] == k ? inside[i] : oracle::kNone;
      const double value = dates.bucket_demeaned[static_cast<std::size_t>(k - 1)][t];
      ASSERT_EQ(std::isnan(value), oracle::count(inside) == 0);
      if (oracle::count(inside) > 0) {
        ASSERT_NEAR(value, static_cast<double>(oracle::mean(inside) - all), 1e-13);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(TiesOrNot, AgainstOracle, ::testing::Bool());

TEST(LaggedRankIc, HoldsOlderFactorsAgainstTheSameReturns) {
  Pool pool(1);
  const auto axis = test::make_axis(90, 9);
  const Market market = test::make_market(axis, {.rows = 90, .columns = 9, .seed = 3, .faults = true});
  const Panel factor = test::make_factor(market, {.persistence = 0.5, .missing = 0.1});
  const auto r = oracle::labels(market, Convention::kNextOpen, 1, true);
  const Panel panel = test::make_panel(axis, [&](auto t, auto i) { return static_cast<double>(r[t][i]); });
  const Lagged measured = lagged_rank_ic(sorted(factor), panel, 3, tiny_options(2), pool);
  const auto& lagged = measured.rank_ic;
  for (std::size_t lag = 0; lag <= 3; ++lag) {
    auto f = oracle::grid_of(factor);
    f.insert(f.begin(), lag, oracle::Series(9, oracle::kNone));
    f.resize(90);
    EXPECT_NEAR(lagged[lag], static_cast<double>(oracle::mean(oracle::coefficients(f, r, 3, oracle::spearman))), 1e-12);
  }
}

TEST(RankAutocorrelation, ComparesTheNamesPresentInBoth) {
  Pool pool(1);
  const auto axis = test::make_axis(80, 11);
  const Market market = test::make_market(axis, {.rows = 80, .columns = 11, .seed = 4});
  const Panel factor = test::make_factor(market, {.persistence = 0.8, .missing = 0.2, .ties = true});
  const SortedRows rows = sorted(factor);
  const auto f = oracle::grid_of(factor);
  for (const int lag : {1, 5}) {
    oracle::Series series;
    for (std::size_t t = static_cast<std::size_t>(lag); t < 80; ++t) {
      const auto now = oracle::ranks(f[t]);
      const auto then = oracle::ranks(f[t - static_cast<std::size_t>(lag)]);
      if (oracle::count(oracle::where_known(now, then)) >= 3) series.push_back(oracle::pearson(now, then));
    }
    EXPECT_NEAR(rank_autocorrelation(compact_ranks(rows, 3, pool), lag, tiny_options(2), pool),
                static_cast<double>(oracle::mean(series)), 1e-12);
    EXPECT_NEAR(
        rank_autocorrelation(known_ranks(rows, centered_ranks(rows, 3, pool), pool), lag, tiny_options(2), pool),
        static_cast<double>(oracle::mean(series)), 1e-12);
  }
}

}  // namespace
}  // namespace lode::evaluate
