// The overlapping tranches by hand, against the literal oracle, and their figures.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/book.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"
#include "test/oracle/evaluate.h"

namespace lode::evaluate {
namespace {

using test::kNan;

Buckets make_buckets(const std::vector<std::vector<int>>& rows, int quantiles) {
  Buckets out{.columns = rows.front().size(), .quantiles = quantiles, .cells = {}, .counts = {}};
  out.counts.assign(rows.size() * (static_cast<std::size_t>(quantiles) + 1), 0);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const int bucket : rows[row]) {
      out.cells.push_back(static_cast<std::uint8_t>(bucket));
      out.counts[row * (static_cast<std::size_t>(quantiles) + 1) + static_cast<std::size_t>(bucket)] +=
          bucket > 0 ? 1 : 0;
    }
  }
  return out;
}

TEST(Book, OneSessionTranchesByHand) {
  Pool pool(1);
  const auto axis = test::make_axis(3, 4);
  const Panel held = test::make_panel(axis, {{0.1, 0.0, 0.0, -0.2}, {0.1, 0.2, kNan, -0.1}, {kNan, kNan, kNan, kNan}});
  const Book book = make_book(make_buckets({{2, 2, 1, 1}, {2, 1, 2, 1}, {2, 2, 1, 1}}, 2), held, 2, 1, 100.0, pool);
  EXPECT_NEAR(book.gross[0], 0.05 + 0.1, 1e-15);
  EXPECT_NEAR(book.traded[0], 2.0, 1e-15);  // Both legs opened.
  EXPECT_NEAR(book.net[0], 0.15 - 0.02, 1e-15);
  EXPECT_NEAR(book.quantiles[1][1], 0.05, 1e-15);  // The name without a price earns 0.
  EXPECT_NEAR(book.quantiles[0][1], 0.05, 1e-15);
  EXPECT_NEAR(book.gross[1], 0.0, 1e-15);
  // Before, drifted: .55 .5 -.5 -.4; now .5 -.5 .5 -.5: .05 + 1 + 1 + .1. Then all is sold: .55 + .6 + .5 + .45.
  EXPECT_NEAR(book.traded[1], 2.15 + 2.1, 1e-15);
  EXPECT_TRUE(std::isnan(book.gross[2]));  // No returns after the last label.
  EXPECT_NEAR(book.name_profit[0], 0.05 + 0.05, 1e-15);
  EXPECT_NEAR(book.name_profit[3], 0.1 + 0.05, 1e-15);
}

TEST(Book, OverlappingTranchesAverage) {
  Pool pool(1);
  const auto axis = test::make_axis(3, 2);
  const Panel held = test::make_panel(axis, {{0.5, 0.5}, {0.1, 0.0}, {0.3, 0.1}});
  const Book book = make_book(make_buckets({{2, 1}, {1, 2}, {1, 2}}, 2), held, 3, 2, 0.0, pool);
  EXPECT_TRUE(std::isnan(book.gross[0]));  // Only one tranche of two.
  EXPECT_NEAR(book.gross[1], 0.0, 1e-15);  // Long and short the same name cancel.
  EXPECT_NEAR(book.gross[2], -0.2, 1e-15);
  EXPECT_NEAR(book.traded[2], 2.0 + 1.3 + 1.1, 1e-15);  // From nothing, net, to one unit a side, and all sold.
  EXPECT_NEAR(book.long_leg[2] + book.short_leg[2], book.gross[2], 1e-15);
}

// Long name 0, short name 1 throughout; tranches of two sessions formed at 0, 1 and 5, nothing held at 3, 4 and from 7.
TEST(Book, EveryTradeIsPaidForOnTheWayInAndOut) {
  Pool pool(1);
  const auto axis = test::make_axis(8, 2);
  const Panel held = test::make_panel(
      axis, {{0.5, 0.5}, {0.1, 0.2}, {0.0, 0.1}, {0.3, 0.3}, {0.4, 0.4}, {0.2, 0.1}, {0.1, 0.0}, {kNan, kNan}});
  const std::vector<int> none{0, 0};
  const std::vector<int> both{2, 1};
  const Buckets buckets = make_buckets({both, both, none, none, none, both, none, none}, 2);
  const Book book = make_book(buckets, held, 7, 2, 100.0, pool);
  EXPECT_TRUE(std::isnan(book.traded[0])) << "one tranche of two";
  EXPECT_NEAR(book.traded[1], 2.0, 1e-15) << "1 bought, 1 sold short, both tranches";
  EXPECT_NEAR(book.traded[2], 0.1 + 0.2 + 1.0 + 1.1, 1e-15) << "restored to 1 a side; sold at the end of the session";
  EXPECT_TRUE(std::isnan(book.traded[3]));
  EXPECT_TRUE(std::isnan(book.traded[4]));
  EXPECT_NEAR(book.traded[5], 2.0, 1e-15) << "bought again from nothing";
  EXPECT_NEAR(book.traded[6], 0.2 + 0.1 + 1.1 + 1.0, 1e-15);
  EXPECT_NEAR(book.gross[2], -0.1, 1e-15);
  EXPECT_NEAR(book.net[2], -0.1 - 0.024, 1e-15);
  EXPECT_NEAR(book.net[5], 0.1 - 0.02, 1e-15);
}

TEST(Book, ADateWithoutBothEndsFormsNoTranche) {
  Pool pool(1);
  const auto axis = test::make_axis(3, 3);
  const Panel held = test::make_panel(axis, [](auto, auto column) { return 0.01 * static_cast<double>(column); });
  const Book book = make_book(make_buckets({{1, 1, 2}, {1, 2, 3}, {1, 1, 1}}, 3), held, 3, 1, 0.0, pool);
  EXPECT_TRUE(std::isnan(book.gross[0]));
  EXPECT_NEAR(book.gross[1], 0.02, 1e-15);
  EXPECT_TRUE(std::isnan(book.gross[2]));
}

TEST(Book, EqualsTheOracle) {
  Pool pool(2);
  const auto axis = test::make_axis(170, 15);
  const Market market = test::make_market(axis, {.rows = 170, .columns = 15, .seed = 6, .faults = true});
  const Panel raw = test::make_factor(market, {.missing = 0.2, .ties = true});
  const Panel factor =
      test::make_panel(axis, [&](auto t, auto i) { return t < 5 || (t > 80 && t < 84) ? kNan : raw.at(t, i); });
  const auto held = oracle::labels(market, Convention::kNextOpen, 1, false);
  const Panel held_panel = test::make_panel(axis, [&](auto t, auto i) { return static_cast<double>(held[t][i]); });
  const SortedRows rows = sort_rows(copy_cells(factor), pool);
  Options options;
  options.quantiles = 3;
  for (const int horizon : {1, 5, 70}) {
    const auto labels = oracle::labels(market, Convention::kNextOpen, static_cast<std::size_t>(horizon), true);
    const Panel panel = test::make_panel(axis, [&](auto t, auto i) { return static_cast<double>(labels[t][i]); });
    const Dates dates = evaluate_dates(rows, panel, Depth::kEverything, options, pool);
    std::vector<std::vector<int>> formed;
    for (std::size_t t = 0; t < 170; ++t) {
      formed.emplace_back(dates.buckets.row(t).begin(), dates.buckets.row(t).end());
    }
    const Book book = make_book(dates.buckets, held_panel, 168, horizon, 25.0, pool);
    const oracle::Book expected = oracle::book(formed, held, static_cast<std::size_t>(horizon), 3, 25.0L, 168);
    for (std::size_t t = 0; t < 170; ++t) {
      ASSERT_EQ(std::isnan(book.gross[t]), std::isnan(expected.gross[t])) << t << " h " << horizon;
      if (std::isnan(book.gross[t])) {
        continue;
      }
      ASSERT_NEAR(book.gross[t], static_cast<double>(expected.gross[t]), 1e-14);
      ASSERT_NEAR(book.net[t], static_cast<double>(expected.net[t]), 1e-14);
      ASSERT_NEAR(book.traded[t], static_cast<double>(expected.traded[t]), 1e-13);
    }
  }
}

// A book of given daily returns.
Book book_of(const std::vector<double>& gross, double traded) {
  Book book;
  book.gross = book.net = book.long_leg = book.short_leg = gross;
  book.traded.assign(gross.size(), traded);
  for (double& value : book.net) {
    value -= 0.001 * traded;
  }
  book.name_profit = {0.9, 0.1};
  return book;
}

TEST(SpreadStatistics, AnnualRatesBreakEvenAndTurnover) {
  std::vector<double> gross;
  for (int i = 0; i < 100; ++i) {
    gross.push_back(i % 2 == 0 ? 0.003 : -0.001);
  }
  const auto axis = test::make_axis(100, 1);
  Options options;
  const SpreadStatistics spread = spread_statistics(book_of(gross, 0.4), axis->sessions, options);
  EXPECT_NEAR(spread.gross_annual.value, std::pow(1.001, 252) - 1, 1e-12);
  EXPECT_NEAR(spread.net_annual.value, std::pow(1.0006, 252) - 1, 1e-12);
  EXPECT_NEAR(spread.breakeven_bps, 25.0, 1e-9);
  EXPECT_NEAR(spread.turnover_a_session, 0.1, 1e-15);  // 0.4 bought and sold of 2 a side and a side.
  const double deviation = 0.002 * std::sqrt(100.0 / 99.0);
  EXPECT_NEAR(spread.t_no_overlap, 0.001 / deviation * 10, 1e-9);
  EXPECT_NEAR(spread.sharpe, 0.001 / deviation * std::sqrt(252.0), 1e-9);
  EXPECT_NEAR(spread.best_days_share, 0.03, 1e-12);  // One session of 0.003 of 0.1 in all.
  EXPECT_NEAR(spread.best_name_share, 9.0, 1e-9);
  EXPECT_NEAR(spread.best_year_share, 1.0, 1e-12);
  EXPECT_NEAR(spread.share_positive, 0.5, 1e-15);
}

TEST(SpreadStatistics, ALosingBookHasNoBreakEven) {
  const auto axis = test::make_axis(80, 1);
  std::vector<double> gross(80, -0.001);
  gross[3] = 0.002;
  const SpreadStatistics spread = spread_statistics(book_of(gross, 0.4), axis->sessions, Options{});
  EXPECT_TRUE(std::isnan(spread.breakeven_bps));
  EXPECT_LT(spread.gross_annual.value, 0.0);
}

// Share of random walks of that Sharpe ratio and length whose profit is called too straight, and by a fixed R2.
std::pair<double, double> called_straight(double sharpe_a_year, int years, int walks) {
  const int sessions = 252 * years;
  const auto axis = test::make_axis(static_cast<std::size_t>(sessions), 1);
  int beyond_chance = 0;
  int beyond_fixed = 0;
  for (int walk = 0; walk < walks; ++walk) {
    Random random(31, static_cast<std::uint64_t>(walk));
    std::vector<double> gross;
    for (int i = 0; i < sessions; ++i) {
      gross.push_back(0.005 * (sharpe_a_year / std::sqrt(252.0) + random.next_normal()));
    }
    const SpreadStatistics spread = spread_statistics(book_of(gross, 0.4), axis->sessions, Options{});
    beyond_chance += spread.straightness > std::max(0.98, spread.chance_straightness) ? 1 : 0;
    beyond_fixed += spread.straightness > 0.98 ? 1 : 0;
  }
  return {static_cast<double>(beyond_chance) / walks, static_cast<double>(beyond_fixed) / walks};
}

TEST(SpreadStatistics, AnHonestRecordIsSeldomTooStraightHoweverGoodAndLong) {
  for (const auto& [sharpe, years] : {std::pair(2.7, 5), std::pair(1.5, 20)}) {
    const auto [chance, fixed_limit] = called_straight(sharpe, years, 400);
    EXPECT_LE(chance, 0.025) << sharpe;  // 1 % meant; 2.5 % is three standard errors of 400 walks.
    EXPECT_GT(fixed_limit, 0.4) << "what an R2 alone would have said";
  }
}

TEST(SpreadStatistics, AMadeRecordIsStraighterThanChance) {
  std::vector<double> gross;
  for (int i = 0; i < 500; ++i) {
    gross.push_back(i % 2 == 0 ? 0.003 : -0.001);  // What one session loses the next makes good.
  }
  const SpreadStatistics spread = spread_statistics(book_of(gross, 0.4), test::make_axis(500, 1)->sessions, Options{});
  EXPECT_GT(spread.straightness, std::max(0.98, spread.chance_straightness));
  const std::vector<double> equal(500, 0.001);
  EXPECT_TRUE(std::isnan(
      spread_statistics(book_of(equal, 0.4), test::make_axis(500, 1)->sessions, Options{}).chance_straightness));
}

TEST(SpreadStatistics, TooFewOrTooGappySessionsHaveAReason) {
  const auto axis = test::make_axis(200, 1);
  std::vector<double> few(200, kNan);
  std::fill_n(few.begin(), 12, 0.001);
  EXPECT_EQ(spread_statistics(book_of(few, 0.1), axis->sessions, Options{}).gross_annual.reason,
            "12 sessions, needs 60");
  std::vector<double> gappy(200, 0.001);
  for (std::size_t i = 1; i < 199; i += 2) {
    gappy[i] = kNan;
  }
  const SpreadStatistics spread = spread_statistics(book_of(gappy, 0.1), axis->sessions, Options{});
  EXPECT_TRUE(std::isnan(spread.net_annual.value));
  EXPECT_TRUE(std::isnan(spread.sharpe));
  EXPECT_EQ(spread.net_annual.reason, "99 of 200 sessions have no book, at most 20 % may");
}

}  // namespace
}  // namespace lode::evaluate
