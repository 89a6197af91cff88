// Capacity: windows and trades written out, and what follows from the square-root law.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/capacity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/must.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

// Mean money traded and deviation of returns over the sessions up to `row`, from the definition.
struct Plain {
  double money = kNoValue;
  double deviation = kNoValue;
};
Plain plain(const Market& market, std::size_t row, std::size_t name) {
  std::vector<double> money;
  std::vector<double> returns;
  for (std::size_t t = row + 1 > kLiquidityRows ? row + 1 - kLiquidityRows : 0; t <= row; ++t) {
    const double close = market.close.row64(t)[name];
    const double volume = market.volume.row64(t)[name];
    if (close * volume > 0.0) {
      money.push_back(close * volume);
    }
    if (t > 0 && close > 0.0 && market.close.row64(t - 1)[name] > 0.0) {
      returns.push_back(close / market.close.row64(t - 1)[name] - 1.0);
    }
  }
  Plain out;
  if (money.size() < kLeastLiquidityRows || returns.size() < kLeastLiquidityRows) {
    return out;
  }
  out.money = 0.0;
  for (const double one : money) {
    out.money += one / static_cast<double>(money.size());
  }
  double mean = 0.0;
  for (const double one : returns) {
    mean += one / static_cast<double>(returns.size());
  }
  double squares = 0.0;
  for (const double one : returns) {
    squares += (one - mean) * (one - mean) / static_cast<double>(returns.size());
  }
  out.deviation = std::sqrt(squares);
  return out;
}

TEST(Capacity, LiquidityIsThatOfItsWindow) {
  const auto axis = test::make_axis(200, 9);
  const Market market = test::make_market(axis, {.rows = 200, .columns = 9, .seed = 5, .faults = true});
  Pool pool(2);
  const Liquidity found = liquidity_of(market, pool);
  int known = 0;
  for (std::size_t row = 0; row < 200; ++row) {
    for (std::size_t name = 0; name < 9; ++name) {
      const Plain expected = plain(market, row, name);
      const float impact = found.impact[row * 9 + name];
      if (std::isnan(expected.money)) {
        EXPECT_TRUE(std::isnan(impact)) << row << " " << name;
        continue;
      }
      ++known;
      EXPECT_NEAR(impact / (expected.deviation / std::sqrt(expected.money)), 1.0, 1e-5) << row << " " << name;
      EXPECT_NEAR(found.per_money[row * 9 + name] * expected.money, 1.0, 1e-5);
    }
  }
  EXPECT_GT(known, 1000);
}

TEST(Capacity, OneTradeByHand) {
  Pool pool(1);
  const auto axis = test::make_axis(2, 2);
  const Panel held = test::make_panel(axis, {{0.1, 0.0}, {0.0, 0.0}});
  Buckets buckets{.columns = 2, .quantiles = 2, .cells = {2, 1, 2, 1}, .counts = {0, 1, 1, 0, 1, 1}};
  const Liquidity liquidity{.impact = {0.5F, 0.25F, 0.5F, std::numeric_limits<float>::quiet_NaN()},
                            .per_money = {0.01F, 0.02F, 0.01F, std::numeric_limits<float>::quiet_NaN()}};
  const Book book = make_book(buckets, held, 2, 1, 0.0, pool, &liquidity);
  EXPECT_NEAR(book.impact[0], 0.5 + 0.25, 1e-12);  // Two trades of one unit from nothing.
  EXPECT_NEAR(book.crowd[0], 0.03, 1e-9);
  EXPECT_NEAR(book.changed[1], 0.1, 1e-12);  // The drift of the first is sold; the other has nothing to trade.
  EXPECT_NEAR(book.impact[1], std::pow(0.1, 1.5) * 0.5, 1e-12);
  EXPECT_TRUE(make_book(buckets, held, 2, 1, 0.0, pool).impact.empty());
}

Book book_of(double gross, double impact) {
  Book book;
  for (int i = 0; i < 100; ++i) {
    book.gross.push_back(gross);
    book.traded.push_back(0.2);
    book.changed.push_back(0.2);
    book.known.push_back(0.2);
    book.impact.push_back(impact);
    book.crowd.push_back(2e-9);
  }
  return book;
}

TEST(Capacity, ImpactEatsAllAtZeroMoneyAndHalfAtAQuarter) {
  const Options options;  // 10 bp on 0.2 a session: 0.0002.
  const CapacityResult found = capacity_of(book_of(0.0012, 1e-7), 1.0, options);
  EXPECT_NEAR(found.net, 0.001, 1e-15);
  EXPECT_NEAR(found.zero_money, 1e8, 1e-3);
  EXPECT_NEAR(net_with_money(found, found.zero_money), 0.0, 1e-15);
  EXPECT_NEAR(net_with_money(found, found.zero_money / 4.0), 0.0005, 1e-15);
  EXPECT_NEAR(found.money_at_10_percent, 0.1 * 0.2 / 2e-9, 1.0);
  EXPECT_NEAR(capacity_of(book_of(-0.0012, 1e-7), -1.0, options).zero_money, 1e8, 1e-3);
}

TEST(Capacity, SaysWhyThereIsNone) {
  const Options options;
  EXPECT_EQ(capacity_of(book_of(0.0001, 1e-7), 1.0, options).reason, "nothing is left after costs for impact to eat");
  Book silent = book_of(0.001, 1e-7);
  std::fill(silent.known.begin(), silent.known.end(), 0.1);
  EXPECT_EQ(capacity_of(silent, 1.0, options).reason, "volume is known for 50 % of what is traded, needs 80 %");
  EXPECT_EQ(capacity_of(Book(), 1.0, options).reason, "0 sessions, needs 60");
}

// Twice the volume carries twice the money; the numbers of the book itself do not move.
TEST(Capacity, GrowsWithVolume) {
  const auto axis = test::make_axis(300, 40);
  Market market = test::make_market(axis, {.rows = 300, .columns = 40, .seed = 8});
  const Panel factor = test::make_factor(market, {});
  Pool pool(2);
  const TearSheet one = must(tear_sheet(factor, market, nullptr, Options(), pool));
  for (std::size_t row = 0; row < 300; ++row) {
    for (double& volume : market.volume.mutable_row64(row)) {
      volume *= 4.0;
    }
  }
  const TearSheet four = must(tear_sheet(factor, market, nullptr, Options(), pool));
  EXPECT_NEAR(four.capacity.impact / one.capacity.impact, 0.5, 1e-6);
  EXPECT_NEAR(four.capacity.money_at_10_percent / one.capacity.money_at_10_percent, 4.0, 1e-5);
  EXPECT_EQ(four.headline_horizon().spread.net_annual.value, one.headline_horizon().spread.net_annual.value);
}

}  // namespace
}  // namespace lode::evaluate
