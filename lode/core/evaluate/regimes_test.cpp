// Regimes: literal windows, nothing of the future, and the headline split between them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/regimes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lode/base/must.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

std::vector<double> walk(std::size_t rows, std::uint64_t seed) {
  Random random(seed, 0);
  std::vector<double> out;
  for (std::size_t row = 0; row < rows; ++row) {
    out.push_back((0.005 + 0.01 * std::abs(std::sin(static_cast<double>(row) / 60.0))) * random.next_normal());
  }
  return out;
}

double deviation(const std::vector<double>& values, std::size_t end, std::size_t count) {
  double mean = 0.0;
  for (std::size_t i = end - count; i < end; ++i) {
    mean += values[i] / static_cast<double>(count);
  }
  double squares = 0.0;
  for (std::size_t i = end - count; i < end; ++i) {
    squares += (values[i] - mean) * (values[i] - mean);
  }
  return std::sqrt(squares / static_cast<double>(count - 1));
}

TEST(Regimes, AreThoseOfTheirWindows) {
  const std::vector<double> returns = walk(900, 3);
  const std::vector<std::uint8_t> found = regimes_of(returns);
  for (std::size_t row = 0; row < returns.size(); ++row) {
    double growth = 1.0;
    for (std::size_t i = row + 1 >= kTrendRows ? row + 1 - kTrendRows : row + 1; i <= row; ++i) {
      growth *= 1.0 + returns[i];
    }
    const int trend = row + 1 < kTrendRows ? 0 : growth > 1.0 ? kTrendUp : kTrendDown;
    EXPECT_EQ(found[row] & (kTrendUp | kTrendDown), trend) << row;
    std::vector<double> past;
    const std::size_t begin = row + 1 > kPastRows ? row + 1 - kPastRows : 0;
    for (std::size_t end = std::max(begin + 1, kVolatilityRows); end <= row + 1; ++end) {
      past.push_back(deviation(returns, end, kVolatilityRows));
    }
    int volatility = 0;
    if (past.size() >= kLeastPastRows) {
      const auto below =
          std::count_if(past.begin(), past.end(), [&](double v) { return v < past.back() * (1 - 1e-12); });
      const double place = static_cast<double>(below) / static_cast<double>(past.size());
      volatility = place < 1.0 / 3.0 ? kVolatilityLow : place < 2.0 / 3.0 ? kVolatilityMiddle : kVolatilityHigh;
    }
    EXPECT_EQ(found[row] & ~(kTrendUp | kTrendDown), volatility) << row;
  }
}

TEST(Regimes, OfARowNeedNothingLater) {
  const std::vector<double> returns = walk(700, 4);
  const std::vector<std::uint8_t> whole = regimes_of(returns);
  const std::vector<std::uint8_t> cut = regimes_of(std::span(returns).first(500));
  EXPECT_TRUE(std::equal(cut.begin(), cut.end(), whole.begin()));
}

TEST(Regimes, AGapLeavesNone) {
  std::vector<double> returns = walk(400, 5);
  returns[300] = kNoValue;
  const std::vector<std::uint8_t> found = regimes_of(returns);
  EXPECT_NE(found[299], 0);
  EXPECT_EQ(found[300], 0);
  EXPECT_EQ(found[300 + 10] & (kTrendUp | kTrendDown), 0);
}

TEST(Regimes, MarketIsTheMeanMember) {
  const auto axis = test::make_axis(3, 3);
  Market market;
  market.close = test::make_panel(axis, {{10, 20, 5}, {11, 20, test::kNan}, {11, 30, 6}});
  market.universe = {1, 1, 1, 1, 1, 1, 1, 0, 1};
  const std::vector<double> out = market_returns(market);
  EXPECT_TRUE(std::isnan(out[0]));
  EXPECT_NEAR(out[1], 0.05, 1e-15);
  EXPECT_NEAR(out[2], 0.0, 1e-15);  // The second name is no member, the third had no close before.
}

TEST(Regimes, SplitTheHeadlinesDates) {
  HorizonResult headline;
  NoOverlap test;
  std::vector<std::uint8_t> regimes;
  Random random(9, 0);
  double sum = 0.0;
  double squares = 0.0;
  for (int row = 0; row < 300; ++row) {
    const bool up = row % 3 != 0;
    regimes.push_back(up ? kTrendUp : kTrendDown);
    headline.rank_ic_series.push_back(up ? 0.02 : -0.01);
    headline.spread_series.push_back(up ? 0.001 : -0.0005);
    headline.net_series.push_back(up ? 0.0005 : -0.001);
    test.series.push_back(random.next_normal());
    sum += up ? test.series.back() : 0.0;
    squares += up ? test.series.back() * test.series.back() : 0.0;
  }
  const std::vector<RegimeResult> out = regime_results(regimes, headline, test, Options());
  ASSERT_EQ(out.size(), 5U);
  EXPECT_EQ(out[0].id, "trend_up");
  EXPECT_EQ(out[0].dates, 200);
  EXPECT_NEAR(out[0].rank_ic, 0.02, 1e-15);
  EXPECT_NEAR(out[1].rank_ic, -0.01, 1e-15);
  EXPECT_NEAR(out[0].spread_annual, std::pow(1.001, 252.0) - 1.0, 1e-9);
  const double mean = sum / 200.0;
  EXPECT_NEAR(out[0].t_no_overlap, mean / std::sqrt((squares - 200.0 * mean * mean) / 199.0 / 200.0), 1e-9);
  EXPECT_EQ(out[4].reason, "0 dates, needs 60");
  EXPECT_TRUE(std::isnan(out[4].rank_ic));
}

TEST(Regimes, StandAmongTheNumbersOfASheet) {
  const test::MarketOptions options{.rows = 420, .columns = 30, .seed = 3};
  const Market market = test::make_market(test::make_axis(options.rows, options.columns), options);
  const Panel factor = test::make_factor(market, {});
  Pool pool(2);
  const TearSheet sheet = must(tear_sheet(factor, market, nullptr, Options(), pool));
  ASSERT_EQ(sheet.regimes.size(), 5U);
  EXPECT_LE(sheet.regimes[0].dates + sheet.regimes[1].dates, sheet.headline_horizon().dates);
  const std::vector<Number> all = numbers(sheet);
  EXPECT_TRUE(std::ranges::any_of(all, [](const Number& n) { return n.path == "regime.trend_up.rank_ic"; }));
}

}  // namespace
}  // namespace lode::evaluate
