// Betas that were planted are found, and luck is not taken for more.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/pricing/instrument_regressions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

struct World {
  std::shared_ptr<const Axis> axis;
  Series market;
  Series style;
  Panel returns;
};

// Name i has beta 0.5 + i / 50 on the market and none on the style.
World make_world(std::size_t rows = 250, std::size_t columns = 60, std::uint64_t seed = 1) {
  World world{test::make_axis(rows, columns), {}, {}, {}};
  for (std::size_t row = 0; row < rows; ++row) {
    world.market.push_back(0.01 * Random(seed, 1).normal_at(row));
    world.style.push_back(0.01 * Random(seed, 2).normal_at(row));
  }
  world.returns = test::make_panel(world.axis, [&](std::size_t row, std::size_t column) {
    const double beta = 0.5 + static_cast<double>(column) / 50.0;
    return beta * world.market[row] + 0.005 * Random(seed, 100 + column).normal_at(row);
  });
  return world;
}

std::vector<InstrumentRegression> fit(const World& world, int threads = 1) {
  Pool pool(threads);
  const std::span<const double> factors[] = {world.market, world.style};
  return instrument_regressions(world.returns, factors, kLeastInstrumentRows, -1, pool);
}

TEST(InstrumentRegressions, FindPlantedBetas) {
  const std::vector<InstrumentRegression> all = fit(make_world());
  ASSERT_EQ(all.size(), 60U);
  int inside = 0;
  for (const InstrumentRegression& one : all) {
    const double planted = 0.5 + static_cast<double>(one.column) / 50.0;
    inside += one.fit.plain[1].low <= planted && planted <= one.fit.plain[1].high ? 1 : 0;
    EXPECT_NEAR(one.fit.plain[1].value, planted, 0.2);
  }
  EXPECT_GE(inside, 52);  // 57 of 60 expected.
}

TEST(InstrumentRegressions, SummaryKeepsSignsAndCountsLuck) {
  const std::vector<InstrumentRegression> all = fit(make_world());
  const LoadingSummary market = summarize(all, 0);
  EXPECT_EQ(market.tested, 60U);
  EXPECT_EQ(market.significant_bh, 60U);
  EXPECT_EQ(market.positive, 60U);
  EXPECT_NEAR(market.mean_beta, 0.5 + 59.0 / 100.0, 0.03);
  const LoadingSummary style = summarize(all, 1);
  EXPECT_LE(style.significant, 9U);  // 3 expected of 60.
  EXPECT_LE(style.significant_bh, 1U);
  EXPECT_NEAR(style.mean_beta, 0.0, 0.03);
  double mean = 0.0;
  for (const InstrumentRegression& one : all) {
    mean += one.fit.robust[2].value / 60.0;
  }
  EXPECT_NEAR(style.mean_beta, mean, 1e-15);
}

TEST(InstrumentRegressions, LeaveShortHistoriesOut) {
  World world = make_world(120, 4);
  for (std::size_t row = 0; row < 120; ++row) {
    world.returns.mutable_row64(row)[1] = row < 29 ? world.market[row] : test::kNan;
    world.returns.mutable_row64(row)[2] = row < 30 ? 2.0 * world.market[row] + 0.001 * world.style[row] : test::kNan;
    world.returns.mutable_row64(row)[3] = 0.0;
  }
  const std::vector<InstrumentRegression> all = fit(world);
  ASSERT_EQ(all.size(), 2U);  // Column 3 is constant: nothing to explain.
  EXPECT_EQ(all[0].column, 0U);
  EXPECT_EQ(all[1].column, 2U);
  EXPECT_EQ(all[1].fit.n, 30U);
}

TEST(InstrumentRegressions, AreTheSameForAnyThreadCount) {
  const World world = make_world(100, 20);
  const std::vector<InstrumentRegression> one = fit(world, 1);
  const std::vector<InstrumentRegression> two = fit(world, 3);
  ASSERT_EQ(one.size(), two.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].column, two[i].column);
    EXPECT_EQ(one[i].fit.robust[1].t, two[i].fit.robust[1].t);
  }
}

TEST(InstrumentRegressions, SummaryOfNothingIsMissing) {
  const LoadingSummary none = summarize({}, 0);
  EXPECT_EQ(none.tested, 0U);
  EXPECT_TRUE(std::isnan(none.mean_beta));
  EXPECT_TRUE(std::isnan(none.median_t));
}

}  // namespace
}  // namespace lode::evaluate
