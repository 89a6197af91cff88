// The levels test on a market of three names, one of which splits after the cut; expected values by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/levels.h"

#include <gmock/gmock.h>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/profile.h"

namespace lode::flow {
namespace {

constexpr std::size_t kRows = 8;
constexpr std::size_t kCut = 5;

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
      const bool before = row < 6;
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

  LevelsTest test(const char* formula, std::size_t end = kCut) {
    const expr::Program program =
        must(expr::compile(formula, *must(expr::find_profile("lode")), expr::OperatorTable()));
    expr::Fields fields(set_.axis);
    for (const auto& [name, panel] : set_.panels) {
      fields.set(name, panel);
    }
    fields.set_universe(set_.universe);
    World world = parts_.world();
    const auto whole = must(expr::evaluate(program, fields, Precision::kFloat64, world.pool));
    return must(test_levels(world, set_, program, whole.front(), end, 3));
  }

  TestWorld parts_;
  lake::PanelSet set_;
};

TEST_F(Levels, AComparisonOfPricesMovesWithALaterSplit) {
  const LevelsTest moved = test("close");
  EXPECT_EQ(moved.compared, 9U) << "three rows of three names";
  EXPECT_EQ(moved.moved, 3U) << "C stood at four times what it shows now";
  EXPECT_TRUE(moves_with_levels(moved));
}

TEST_F(Levels, AComparisonOfVolumesMovesToo) { EXPECT_EQ(test("volume").moved, 3U); }

TEST_F(Levels, RanksMoveOnlyWhereTheOrderDoes) {
  EXPECT_EQ(test("rank(close)").moved, 0U) << "C is the cheapest either way";
  EXPECT_EQ(test("rank(ts_delta(close, 1))").moved, 9U) << "C rose by 3 of its day, the most, and by 0.75 of now";
}

TEST_F(Levels, RatiosWithinAnInstrumentStay) {
  for (const char* formula : {"close / delay(close, 1)", "returns", "rank(returns)", "ts_rank(close, 2)",
                              "volume / delay(volume, 1)", "raw_close"}) {
    const LevelsTest still = test(formula);
    EXPECT_GT(still.compared, 0U) << formula;
    EXPECT_EQ(still.moved, 0U) << formula;
  }
}

TEST_F(Levels, NothingIsComparedWithoutAnActionBehindTheCut) {
  EXPECT_EQ(test("close", 7).compared, 0U) << "the split lies before the cut";
  EXPECT_EQ(test("close", 0).compared, 0U);
  set_.adjustments = nullptr;
  EXPECT_EQ(test("close").compared, 0U);
}

TEST_F(Levels, AFewSwapsOfEqualValuesAreNoComparisonOfLevels) {
  EXPECT_FALSE(moves_with_levels({.compared = 10'000, .moved = 10}));
  EXPECT_TRUE(moves_with_levels({.compared = 10'000, .moved = 11}));
  EXPECT_FALSE(moves_with_levels({}));
}

}  // namespace
}  // namespace lode::flow
