// Neighbours by hand, and that each of them means what its words say.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/window_neighbours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lode::expr {
namespace {

using ::testing::ElementsAre;

WindowNeighbours around(std::string_view formula) {
  auto found = window_neighbours(formula, OperatorTable());
  EXPECT_TRUE(found.has_value()) << formula;
  return std::move(*found);
}

std::vector<std::string> formulas(std::string_view formula) {
  std::vector<std::string> out;
  for (const WindowNeighbour& one : around(formula).list) out.push_back(one.formula);
  return out;
}

TEST(WindowNeighbours, HalfAndHalfAgainOfTheOneWindow) {
  const WindowNeighbours found = around("rank(-ts_mean(returns, 20))");
  ASSERT_EQ(found.list.size(), 2U);
  EXPECT_EQ(found.list[0].id, "window_1_half");
  EXPECT_EQ(found.list[0].words, "ts_mean 20 -> 10");
  EXPECT_EQ(found.list[0].formula, "rank(-ts_mean(returns, 10))");
  EXPECT_EQ(found.list[1].id, "window_1_longer");
  EXPECT_EQ(found.list[1].formula, "rank(-ts_mean(returns, 30))");
  EXPECT_THAT(formulas("ts_mean(close, 5)"), ElementsAre("ts_mean(close, 3)", "ts_mean(close, 8)"));
  EXPECT_THAT(formulas("ts_mean(close, 3)"), ElementsAre("ts_mean(close, 2)", "ts_mean(close, 5)"));
  EXPECT_THAT(formulas("ts_mean(close, 2)"), ElementsAre("ts_mean(close, 1)", "ts_mean(close, 3)"));
}

TEST(WindowNeighbours, EachAloneAndAllTogether) {
  EXPECT_THAT(formulas("ts_corr(close, ts_mean(volume, 4), 10)"),
              ElementsAre("ts_corr(close, ts_mean(volume, 2), 10)", "ts_corr(close, ts_mean(volume, 6), 10)",
                          "ts_corr(close, ts_mean(volume, 4), 5)", "ts_corr(close, ts_mean(volume, 4), 15)",
                          "ts_corr(close, ts_mean(volume, 2), 5)", "ts_corr(close, ts_mean(volume, 6), 15)"));
  const WindowNeighbours found = around("ts_corr(close, ts_mean(volume, 4), 10)");
  EXPECT_EQ(found.list[2].words, "ts_corr 10 -> 5");
  EXPECT_EQ(found.list[4].id, "windows_half");
}

TEST(WindowNeighbours, LeavesOtherNumbersAlone) {
  EXPECT_THAT(formulas("close * 20 + where(volume > 100, 3, 4)"), ElementsAre());
  EXPECT_THAT(formulas("close / delay(close, 1) - 1"), ElementsAre()) << "a step of one session is no length";
  EXPECT_THAT(formulas("delay(close, 21) / delay(close, 252)"),
              ElementsAre("delay(close, 11) / delay(close, 252)", "delay(close, 32) / delay(close, 252)",
                          "delay(close, 21) / delay(close, 126)", "delay(close, 21) / delay(close, 378)",
                          "delay(close, 11) / delay(close, 126)", "delay(close, 32) / delay(close, 378)"));
}

TEST(WindowNeighbours, KnowsAliasesAndOtherNotations) {
  EXPECT_THAT(formulas("Rank(Correlation(close, volume, 10))"),
              ElementsAre("Rank(Correlation(close, volume, 5))", "Rank(Correlation(close, volume, 15))"));
  EXPECT_THAT(formulas("Mean($close, 8)"), ElementsAre("Mean($close, 4)", "Mean($close, 12)"));
}

TEST(WindowNeighbours, TooManyWindowsAreChangedTogether) {
  std::string text = "ts_mean(close, 10)";
  for (int i = 0; i < 8; ++i) text = "ts_mean(" + text + ", 10)";
  const WindowNeighbours found = around(text);
  EXPECT_EQ(found.windows, 9);
  EXPECT_EQ(found.left_out, 3);
  EXPECT_EQ(found.list.size(), 14U);
  EXPECT_FALSE(window_neighbours("ts_mean(close,", OperatorTable()).has_value());
}

TEST(WindowNeighbours, CompileWhereTheirOperatorsTakeThem) {
  const OperatorTable table;
  for (const std::string_view text :
       {"rank(-ts_mean(returns, 5))", "ts_rank(ts_std(returns, 20), 60)", "ema(close, 12) - ema(close, 26)"}) {
    for (const WindowNeighbour& one : around(text).list) {
      EXPECT_TRUE(compile(one.formula, **find_profile("lode"), table).has_value()) << one.formula;
    }
  }
}

}  // namespace
}  // namespace lode::expr
