// Forward returns by hand for every rule of tradability, and against the literal oracle on a faulty market.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/labels.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/error.h"
#include "lode/core/evaluate/test_market.h"
#include "test/oracle/evaluate.h"

namespace lode::evaluate {
namespace {

using test::kNan;
using test::make_axis;
using test::make_panel;

// One name; open o, close c, everything traded.
Market one_name(const std::vector<double>& open, const std::vector<double>& close) {
  const auto axis = make_axis(open.size(), 1);
  Market market;
  market.open = make_panel(axis, [&](auto row, auto) { return open[row]; });
  market.close = make_panel(axis, [&](auto row, auto) { return close[row]; });
  market.volume = make_panel(axis, [&](auto row, auto) { return std::isnan(close[row]) ? kNan : 100.0; });
  return market;
}

Labels labels_of(const Market& market, int horizon, Convention convention = Convention::kNextOpen) {
  Pool pool(1);
  auto made = forward_returns(market, horizon, convention, pool);
  EXPECT_TRUE(made.has_value());
  return std::move(*made);
}

std::vector<double> column_of(const Labels& labels, std::size_t column = 0) {
  std::vector<double> out;
  for (std::size_t row = 0; row < labels.returns.rows(); ++row) out.push_back(labels.returns.at(row, column));
  return out;
}

// Equal with NaN matching NaN.
void expect_cells(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::isnan(values[i]), std::isnan(expected[i])) << "row " << i;
    if (!std::isnan(expected[i])) {
      EXPECT_NEAR(values[i], expected[i], 1e-15) << "row " << i;
    }
  }
}

TEST(ForwardReturns, FollowTheirConvention) {
  const Market market = one_name({10, 11, 12, 15, 18}, {10.5, 11.5, 12.5, 16, 20});
  expect_cells(column_of(labels_of(market, 1)), {12.0 / 11 - 1, 15.0 / 12 - 1, 18.0 / 15 - 1, kNan, kNan});
  expect_cells(column_of(labels_of(market, 2)), {15.0 / 11 - 1, 18.0 / 12 - 1, kNan, kNan, kNan});
  expect_cells(column_of(labels_of(market, 1, Convention::kNextClose)),
               {12.5 / 11.5 - 1, 16 / 12.5 - 1, 20.0 / 16 - 1, kNan, kNan});
  expect_cells(column_of(labels_of(market, 2, Convention::kCloseToClose)),
               {12.5 / 10.5 - 1, 16 / 11.5 - 1, 20 / 12.5 - 1, kNan, kNan});
}

TEST(ForwardReturns, UseVwapWhenAsked) {
  Market market = one_name({10, 11, 12, 15}, {10, 11, 12, 15});
  market.vwap = make_panel(market.open.shared_axis(), [](auto row, auto) { return 20.0 + static_cast<double>(row); });
  expect_cells(column_of(labels_of(market, 1, Convention::kVwap)), {22.0 / 21 - 1, 23.0 / 22 - 1, kNan, kNan});
}

TEST(ForwardReturns, UntradableEntryIsDroppedAndCounted) {
  Market market = one_name({10, 11, 12, 15, 18}, {10, 11, 12, 15, 18});
  market.volume = make_panel(market.open.shared_axis(), [](auto row, auto) { return row == 1 ? 0.0 : 100.0; });
  const Labels labels = labels_of(market, 1);
  expect_cells(column_of(labels), {kNan, 15.0 / 12 - 1, 18.0 / 15 - 1, kNan, kNan});
  EXPECT_EQ(labels.untradable_entries, 1);
  EXPECT_EQ(labels.flags[0], kUntradableEntry);
}

TEST(ForwardReturns, UntradableExitWaitsForTheNextPrice) {
  Market market = one_name({10, 11, kNan, 15, 18}, {10, 11, kNan, 15, 18});
  const Labels labels = labels_of(market, 1);
  // Row 0 buys at 11, cannot sell on row 2, sells at 15. Row 1 cannot buy; it has no bar on row 2 but one on row 1.
  expect_cells(column_of(labels), {15.0 / 11 - 1, kNan, 18.0 / 15 - 1, kNan, kNan});
  EXPECT_EQ(labels.late_exits, 1);
  EXPECT_EQ(labels.untradable_entries, 1);
  EXPECT_EQ(labels.flags[0], kLateExit);
}

TEST(ForwardReturns, ANameWhoseBarsStopIsLeftAtItsLastClose) {
  const Labels labels = labels_of(one_name({10, 11, kNan, kNan, kNan}, {10, 8, kNan, kNan, kNan}), 1);
  // Row 0 buys at 11 and is left with the close of 8: a crash that ends a series is no missing return.
  expect_cells(column_of(labels), {8.0 / 11 - 1, kNan, kNan, kNan, kNan});
  EXPECT_EQ(labels.never_traded_again, 1);
  EXPECT_EQ(labels.flags[0], kNeverTradedAgain);
}

TEST(ForwardReturns, DelistingEndsTheWindowAtTheLastCloseOrTheDelistingReturn) {
  Market market = one_name({10, 11, 12, kNan, kNan}, {10.5, 11.5, 12.5, kNan, kNan});
  market.delisted_row = {2};
  market.delisting_return = {kNan};
  const Labels unknown = labels_of(market, 1);
  // Row 1 buys at 12 on the last day and is left with its close.
  expect_cells(column_of(unknown), {12.0 / 11 - 1, 12.5 / 12 - 1, kNan, kNan, kNan});
  EXPECT_EQ(unknown.delisted_inside, 1);
  EXPECT_EQ(unknown.delisting_returns_applied, 0);
  market.delisting_return = {-0.3};
  const Labels known = labels_of(market, 1);
  expect_cells(column_of(known), {12.0 / 11 - 1, 12.5 / 12 * 0.7 - 1, kNan, kNan, kNan});
  EXPECT_EQ(known.flags[1], kDelistedInside | kDelistingReturn);
}

TEST(ForwardReturns, LastRowsHaveNoLabelEvenForDelistedNames) {
  Market market = one_name({10, 11, 12, kNan}, {10, 11, 12, kNan});
  market.delisted_row = {2};
  market.delisting_return = {-1.0};
  expect_cells(column_of(labels_of(market, 2)), {12.0 / 11 * 0 - 1, kNan, kNan, kNan});
}

TEST(ForwardReturns, LockedAtALimitCannotBeTraded) {
  Market market = one_name({10, 11, 12, 13}, {10, 11, 12, 13});
  market.high = market.close;
  market.low = market.close;  // One price all day, moves of 10, 9 and 8 %: locked every day but the first.
  expect_cells(column_of(labels_of(market, 1)), {kNan, kNan, kNan, kNan});
  market.low = make_panel(market.open.shared_axis(), [&](auto row, auto) { return market.close.at(row, 0) - 0.01; });
  expect_cells(column_of(labels_of(market, 1)), {12.0 / 11 - 1, 13.0 / 12 - 1, kNan, kNan});
}

TEST(ForwardReturns, OnlyMembersOfTheUniverseAreLabelled) {
  Market market = one_name({10, 11, 12, 13}, {10, 11, 12, 13});
  market.universe = {1, 0, 1, 1};
  expect_cells(column_of(labels_of(market, 1)), {12.0 / 11 - 1, kNan, kNan, kNan});
  Pool pool(1);
  const auto maker = LabelMaker::make(market, Convention::kNextOpen, pool);
  expect_cells(column_of(maker->labels(1, Whose::kAll, pool)), {12.0 / 11 - 1, 13.0 / 12 - 1, kNan, kNan});
}

TEST(ForwardReturns, RefuseWhatCannotBeAnswered) {
  Pool pool(1);
  const Market market = one_name({10, 11, 12}, {10, 11, 12});
  EXPECT_EQ(forward_returns(market, 0, Convention::kNextOpen, pool).error().number(), E::E4);
  EXPECT_EQ(forward_returns(market, 505, Convention::kNextOpen, pool).error().number(), E::E4);
  EXPECT_EQ(forward_returns(market, 1, Convention::kVwap, pool).error().number(), E::E1113);
  const auto short_panel = forward_returns(market, 2, Convention::kNextOpen, pool);
  ASSERT_FALSE(short_panel.has_value());
  EXPECT_EQ(short_panel.error().number(), E::E2102);
  EXPECT_EQ(short_panel.error().message(),
            "3 sessions are too few for a 2-session forward return under next_open, which needs 4");
}

TEST(ForwardReturns, EqualTheOracleOnAFaultyMarket) {
  const test::MarketOptions options{.rows = 150, .columns = 23, .seed = 5, .volatility = 0.05, .faults = true};
  const auto axis = make_axis(options.rows, options.columns);
  Market market = test::make_market(axis, options);
  // Some locked days.
  market.high = make_panel(
      axis, [&](auto t, auto i) { return (t + i) % 17 == 0 ? market.close.at(t, i) : market.high.at(t, i); });
  market.low =
      make_panel(axis, [&](auto t, auto i) { return (t + i) % 17 == 0 ? market.close.at(t, i) : market.low.at(t, i); });
  for (const Convention convention : {Convention::kNextOpen, Convention::kNextClose, Convention::kCloseToClose}) {
    for (const int horizon : {1, 3, 21}) {
      const Labels labels = labels_of(market, horizon, convention);
      const auto expected = oracle::labels(market, convention, static_cast<std::size_t>(horizon), true);
      for (std::size_t t = 0; t < options.rows; ++t) {
        for (std::size_t i = 0; i < options.columns; ++i) {
          const double value = labels.returns.at(t, i);
          ASSERT_EQ(std::isnan(value), std::isnan(expected[t][i])) << t << " " << i << " h " << horizon;
          if (!std::isnan(value)) {
            ASSERT_NEAR(value, static_cast<double>(expected[t][i]), 1e-13);
          }
        }
      }
      EXPECT_GT(labels.late_exits, 0);
      EXPECT_GT(labels.delisted_inside, labels.delisting_returns_applied);
      EXPECT_GT(labels.delisting_returns_applied, 0);
    }
  }
}

TEST(Convention, NamesReadBack) {
  for (const Convention convention :
       {Convention::kNextOpen, Convention::kNextClose, Convention::kCloseToClose, Convention::kVwap}) {
    EXPECT_EQ(*parse_convention(to_string(convention)), convention);
  }
  const auto wrong = parse_convention("next_opne");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().number(), E::E4);
  EXPECT_EQ(wrong.error().hint(), "did you mean 'next_open'?");
}

}  // namespace
}  // namespace lode::evaluate
