// The levels test on a market of three names, one of which splits, and on one of many; expected values by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/levels.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/profile.h"

namespace lode::flow {
namespace {

constexpr std::size_t kRows = 8;
constexpr std::size_t kSplit = 6;  // Row on which C's split takes effect.

// Three names: prices rise by 1, 2 and 3 a session from 100, 50 and 40. The third pays 4-for-1 before row 6, so that
// its earlier adjusted prices are a quarter and its volumes four times those of their day.
class Levels : public ::testing::Test {
 protected:
  Levels() {
    auto axis = std::make_shared<Axis>();
    for (std::size_t row = 0; row < kRows; ++row) {
      axis->sessions.push_back(Date::from_civil(2024, 1, 1) + static_cast<int>(row));
      axis->times.push_back(end_of_day(axis->sessions.back()));
    }
    axis->instruments = {InstrumentId{1}, InstrumentId{2}, InstrumentId{3}};
    axis->symbols = {"A", "B", "C"};
    set_.axis = axis;
    Panel close(axis, Precision::kFloat64);
    Panel volume(axis, Precision::kFloat64);
    lake::Adjustments::Column split{2, {std::vector<double>(kRows, 1.0), std::vector<double>(kRows, 1.0), {}}};
    for (std::size_t row = 0; row < kRows; ++row) {
      const auto step = static_cast<double>(row);
      const bool before = row < kSplit;
      split.factors.price[row] = before ? 0.25 : 1.0;
      split.factors.volume[row] = before ? 4.0 : 1.0;
      const double raw = (40.0 + 3.0 * step) * (before ? 1.0 : 0.25);
      close.mutable_row64(row)[0] = 100.0 + step;
      close.mutable_row64(row)[1] = 50.0 + 2.0 * step;
      close.mutable_row64(row)[2] = raw * split.factors.price[row];
      for (std::size_t column = 0; column < 3; ++column) {
        volume.mutable_row64(row)[column] = 1000.0 * (column == 2 ? split.factors.volume[row] : 1.0);
      }
    }
    auto adjustments = std::make_shared<lake::Adjustments>();
    adjustments->columns.push_back(std::move(split));
    set_.adjustments = adjustments;
    set_.panels = {{"close", close}, {"volume", volume}, {"raw_close", close}};
    set_.universe.assign(kRows * 3, 1);
  }

  LevelsTest test(const char* formula, std::size_t first_row = 0) {
    const expr::Program program =
        must(expr::compile(formula, *must(expr::find_profile("lode")), expr::OperatorTable()));
    expr::Fields fields(set_.axis);
    for (const auto& [name, panel] : set_.panels) {
      fields.set(name, panel);
    }
    fields.set_universe(set_.universe);
    World world = parts_.world();
    const auto whole = must(expr::evaluate(program, fields, Precision::kFloat64, world.pool));
    return must(test_levels(world, set_, program, whole.front(), first_row, 3));
  }

  TestWorld parts_;
  lake::PanelSet set_;
};

TEST_F(Levels, AComparisonOfPricesMovesWhereTheOrderDoes) {
  // Rows 3 to 5: A 103..105, B 56..60, C 49..55 of its day and 12.25..13.75 of now.
  const LevelsTest still = test("close");
  EXPECT_EQ(still.compared, 9U) << "three rows of three names";
  EXPECT_EQ(still.moved, 0U) << "C is the cheapest either way";
  EXPECT_EQ(still.dates, 1U);
  const LevelsTest moved = test("ts_delta(close, 1)");  // C rose by 3, the most, and by 0.75, the least, of now.
  EXPECT_EQ(moved.compared, 9U);
  EXPECT_EQ(moved.moved, 9U) << "and who stood above or below it";
  EXPECT_TRUE(moves_with_levels(moved));
}

TEST_F(Levels, AComparisonOfVolumesMovesToo) {
  EXPECT_EQ(test("volume").moved, 9U) << "C traded most as adjusted, as much as the others on its day";
}

TEST_F(Levels, EveryFormOfOneOrderGetsOneAnswer) {
  const std::size_t moved = test("ts_delta(close, 1)").moved;
  for (const char* formula : {"-ts_delta(close, 1)", "rank(ts_delta(close, 1))", "-rank(ts_delta(close, 1))",
                              "log(ts_delta(close, 1))", "exp(ts_delta(close, 1))", "1000 * ts_delta(close, 1)"}) {
    EXPECT_EQ(test(formula).moved, moved) << formula;
  }
}

TEST_F(Levels, AnAverageThatNeverForgetsIsRecomputedFromItsFirstBar) {
  EXPECT_EQ(test("ema(returns, 2)").moved, 0U);
  EXPECT_GT(test("ema(ts_delta(close, 1), 2)").moved, 0U);
}

TEST_F(Levels, RatiosWithinAnInstrumentStay) {
  for (const char* formula : {"close / delay(close, 1)", "returns", "rank(returns)", "ts_rank(close, 2)",
                              "volume / delay(volume, 1)", "raw_close"}) {
    const LevelsTest still = test(formula);
    EXPECT_GT(still.compared, 0U) << formula;
    EXPECT_EQ(still.moved, 0U) << formula;
  }
}

TEST_F(Levels, OnlyJudgedSessionsBeforeAnActionCount) {
  EXPECT_EQ(test("close", 4).compared, 6U) << "rows 4 and 5";
  EXPECT_EQ(test("close", kSplit).dates, 0U) << "the split is known on every judged row";
  EXPECT_EQ(test("close", kSplit).compared, 0U);
  set_.adjustments = nullptr;
  EXPECT_EQ(test("close").dates, 0U);
}

TEST_F(Levels, AFewSwapsOfEqualValuesAreNoComparisonOfLevels) {
  EXPECT_FALSE(moves_with_levels({.compared = 10'000, .moved = 10}));
  EXPECT_TRUE(moves_with_levels({.compared = 10'000, .moved = 11}));
  EXPECT_FALSE(moves_with_levels({}));
}

// 200 sessions of 60 names; 40 of them split 4 for 1 on `split_row`, or pay so much that `factor` is what their earlier
// prices are multiplied with; the last may cost ten thousand times the others. Prices before it are in cents.
LevelsTest test_many(const char* formula, std::size_t split_row, double dearest, double factor = 0.25) {
  constexpr std::size_t kSessions = 200;
  constexpr std::size_t kNames = 60;
  constexpr std::size_t kSplitters = 40;
  auto axis = std::make_shared<Axis>();
  for (std::size_t row = 0; row < kSessions; ++row) {
    axis->sessions.push_back(Date::from_civil(2020, 1, 1) + static_cast<int>(row));
    axis->times.push_back(end_of_day(axis->sessions.back()));
  }
  auto adjustments = std::make_shared<lake::Adjustments>();
  for (std::size_t column = 0; column < kNames; ++column) {
    axis->instruments.push_back(InstrumentId{static_cast<std::uint32_t>(column + 1)});
    axis->symbols.push_back("S" + std::to_string(column));
    if (column < kSplitters) {
      lake::Adjustments::Column split{column,
                                      {std::vector<double>(kSessions, 1.0), std::vector<double>(kSessions, 1.0), {}}};
      std::fill_n(split.factors.price.begin(), split_row, factor);
      std::fill_n(split.factors.volume.begin(), split_row, 1.0 / factor);
      adjustments->columns.push_back(std::move(split));
    }
  }
  lake::PanelSet set;
  set.axis = axis;
  set.adjustments = adjustments;
  Panel close(axis, Precision::kFloat64);
  std::uint32_t state = 7;  // A linear congruence: steps of -2 .. +2 %.
  for (std::size_t column = 0; column < kNames; ++column) {
    double price = column + 1 == kNames ? 50.0 * dearest : 50.0;
    for (std::size_t row = 0; row < kSessions; ++row) {
      state = state * 1664525U + 1013904223U;
      price *= 0.98 + 0.04 * static_cast<double>(state >> 8U) / 16777216.0;
      const double traded = std::round(price * 100.0) / 100.0;
      close.mutable_row64(row)[column] = traded * (column < kSplitters && row < split_row ? factor : 1.0);
    }
  }
  set.panels = {{"close", close}};
  set.universe.assign(kSessions * kNames, 1);
  const expr::Program program = must(expr::compile(formula, *must(expr::find_profile("lode")), expr::OperatorTable()));
  expr::Fields fields(axis);
  fields.set("close", close);
  fields.set_universe(set.universe);
  TestWorld parts;
  World world = parts.world();
  const auto whole = must(expr::evaluate(program, fields, Precision::kFloat64, world.pool));
  return must(test_levels(world, set, program, whole.front(), 0, 64));
}

TEST(LevelsOfMany, TheDearestNameHidesNobody) {
  for (const char* formula : {"close", "-close", "rank(-close)", "log(close)", "ts_delta(close, 5)"}) {
    const LevelsTest plain = test_many(formula, 190, 1.0);
    const LevelsTest dear = test_many(formula, 190, 10'000.0);
    EXPECT_EQ(dear.compared, 64U * 60U) << formula;
    EXPECT_GT(static_cast<double>(plain.moved), 0.5 * static_cast<double>(plain.compared)) << formula;
    EXPECT_GT(static_cast<double>(dear.moved), 0.5 * static_cast<double>(dear.compared)) << formula;
  }
  EXPECT_EQ(test_many("-close", 190, 1e4).moved, test_many("rank(close)", 190, 1e4).moved);
  EXPECT_EQ(test_many("log(close)", 190, 1e4).moved, test_many("close", 190, 1e4).moved);
}

TEST(LevelsOfMany, ASplitCountsWhereverItFalls) {
  for (const std::size_t split_row : {std::size_t{10}, std::size_t{75}, std::size_t{119}, std::size_t{121}}) {
    const LevelsTest moved = test_many("rank(close)", split_row, 1.0);
    EXPECT_GT(static_cast<double>(moved.moved), 0.5 * static_cast<double>(moved.compared)) << split_row;
    EXPECT_EQ(test_many("ts_mean(returns, 5)", split_row, 1.0).moved, 0U) << split_row;
  }
}

// A factor that no binary number is rounds every price anew, and with it the ties of sums of cents.
TEST(LevelsOfMany, TiesThatRoundingBreaksAreNoLevels) {
  for (const char* formula : {"ts_rank((close + delay(close, 1)) / 2, 8)", "ts_rank(ts_delta(close, 7), 8)"}) {
    EXPECT_EQ(test_many(formula, 120, 1.0, 0.9731).moved, 0U) << formula;
  }
  EXPECT_TRUE(moves_with_levels(test_many("close", 120, 1.0, 0.9731)));
}

TEST(LevelsOfMany, RatiosStayBesideTheDearestName) {
  for (const char* formula : {"returns", "-returns", "close / ts_mean(close, 20)", "ts_std(returns, 10)",
                              "rank(close / delay(close, 5))", "ts_rank(close, 10)"}) {
    const LevelsTest still = test_many(formula, 120, 10'000.0);
    EXPECT_GT(still.compared, 0U) << formula;
    EXPECT_EQ(still.moved, 0U) << formula;
  }
}

}  // namespace
}  // namespace lode::flow
