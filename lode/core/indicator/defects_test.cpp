// What TA-Lib 0.6.4 gets wrong, one test a defect: the value that `lode` has, and TA-Lib's own where the profile
// talib064 reproduces it. docs/coming-from/talib.md tells the reasons.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

Series answers(std::string_view name, std::vector<Argument> arguments, const SeriesSet& inputs,
               Profile profile = Profile::kLode, std::size_t output = 0) {
  return run(must(choose(name, arguments, profile)), inputs)[output];
}
Series filled(std::size_t bars, double value) { return Series(bars, value); }

// Running sums leave the mean a last bit away from equal prices, and 0.015 times that bit divides it: +-66.7.
TEST(Defects, CciOfConstantPricesIs0) {
  const Series x = filled(60, 0.1);
  for (const double value : answers("cci", {{"", 14}}, {x, x, x})) {
    EXPECT_TRUE(std::isnan(value) || value == 0.0) << value;
  }
}

TEST(Defects, ImiOfAFlatWindowIs50) {
  const Series x = filled(40, 5.0);
  EXPECT_EQ(answers("imi", {{"", 14}}, {x, x}).back(), 50.0);
  EXPECT_TRUE(std::isnan(answers("imi", {{"", 14}}, {x, x}, Profile::kTalib064).back()));
}

TEST(Defects, MfiOfASmallFlowIsItsShare) {
  Series x;
  for (int t = 0; t < 20; ++t) {
    x.push_back(0.001 * (t % 3 + 1));  // Up, up, down: flows of 0.002, 0.003 and 0.001.
  }
  const Series one = filled(20, 1.0);
  EXPECT_NEAR(answers("mfi", {{"", 6}}, {x, x, x, one}).back(), 100.0 * 5.0 / 6.0, 1e-9);
  EXPECT_EQ(answers("mfi", {{"", 6}}, {x, x, x, one}, Profile::kTalib064).back(), 0.0);
}

// E[x^2] - E[x]^2 of 5e7 + 0..2 cancels to a few units, of either sign.
TEST(Defects, AVarianceIsNeverBelow0AndKeepsItsDigits) {
  Series x;
  for (int t = 0; t < 60; ++t) {
    x.push_back(5e7 + t % 3);
  }
  for (const double value : answers("var", {{"", 3}}, {x})) {
    EXPECT_TRUE(std::isnan(value) || std::fabs(value - 2.0 / 3.0) < 1e-9) << value;
  }
  for (const double value : answers("var", {{"", 5}}, {filled(60, 0.1)})) {
    EXPECT_TRUE(std::isnan(value) || value == 0.0) << value;
  }
}

// There a variance below 1e-14 counts as 0: the spread of prices of 1e-8 disappears.
TEST(Defects, AStandardDeviationOfTinyPricesIsNotZeroed) {
  Series x;
  for (int t = 0; t < 20; ++t) {
    x.push_back(1e-8 * (1.0 + t % 2));
  }
  EXPECT_NEAR(answers("stddev", {{"", 4}}, {x}).back(), 0.5e-8, 1e-20);
}

// A path of 0 after a move of rounding: 0/0 there counts 1, not a ratio of last bits.
TEST(Defects, KamaOfConstantPricesStays) {
  Series x = filled(30, 7.0);
  x.front() = 100.0;
  EXPECT_EQ(answers("kama", {{"", 10}}, {x}).back(), 7.0);
}

TEST(Defects, PeriodOneIsAPeriod) {
  Series x;
  for (int t = 0; t < 40; ++t) {
    x.push_back(10.0 + t % 5);
  }
  const Series signal = answers("macd", {{"fast", 3}, {"slow", 6}, {"signal", 1}}, {x}, Profile::kLode, 1);
  const Series macd = answers("macd", {{"fast", 3}, {"slow", 6}, {"signal", 1}}, {x});
  EXPECT_EQ(signal.back(), macd.back()) << "a signal of one bar is the macd itself";
  EXPECT_NEAR(answers("trix", {{"", 1}}, {x}).back(), 100.0 * (14.0 / 13.0 - 1.0), 1e-12);
  const Series ultosc = answers("ultosc", {{"", 1}, {"", 1}, {"", 1}}, {x, x, x});
  EXPECT_NEAR(ultosc.back(), 100.0, 1e-12) << "the last bar closes at its true high";
}

TEST(Defects, RsiOfAFlatWindowIs50) {
  const Series x = filled(40, 5.0);
  EXPECT_EQ(answers("rsi", {{"", 14}}, {x}).back(), 50.0);
  EXPECT_EQ(answers("rsi", {{"", 14}}, {x}, Profile::kTalib064).back(), 0.0);
  EXPECT_EQ(answers("rsi", {{"", 14}}, {x}, Profile::kTalib08).back(), 0.0);
}

// There a variance below 1e-14 counts as 0: prices of 1e-8 have bands of no width, no correlation and no beta.
TEST(Defects, TinyPricesHaveBandsCorrelationAndBeta) {
  Series x;
  Series y;
  for (int t = 0; t < 40; ++t) {
    x.push_back(1e-8 * (1.0 + t % 2));
    y.push_back(1e-8 * (3.0 - t % 2));
  }
  const Series upper = answers("bbands", {{"period", 4}}, {x});
  EXPECT_NEAR(upper.back(), 1.5e-8 + 2.0 * 0.5e-8, 1e-20);
  EXPECT_NEAR(answers("correl", {{"", 4}}, {x, y}).back(), -1.0, 1e-9);
  Series small_moves;
  for (int t = 0; t < 40; ++t) {
    small_moves.push_back(100.0 * (1.0 + 1e-8 * (t % 3)));  // Returns of 1e-8, with variances of 1e-16.
  }
  EXPECT_NEAR(answers("beta", {{"", 6}}, {small_moves, small_moves}).back(), 1.0, 1e-5);
}

TEST(Defects, ASignalOfOneBarIsTheMacdItselfInEveryForm) {
  Series x;
  for (int t = 0; t < 60; ++t) {
    x.push_back(10.0 + t % 5);
  }
  const std::vector<Argument> of_fix = {{"signal", 1}};
  EXPECT_EQ(answers("macdfix", of_fix, {x}, Profile::kLode, 1).back(), answers("macdfix", of_fix, {x}).back());
  const std::vector<Argument> of_ext = {{"fast", 3}, {"slow", 6}, {"signal", 1}};
  EXPECT_EQ(answers("macdext", of_ext, {x}, Profile::kLode, 1).back(), answers("macdext", of_ext, {x}).back());
}

// TA-Lib's scan keeps the oldest of equals until another arrives as the extreme.
TEST(Defects, TheNewestOfEqualExtremesIsMeant) {
  const Series x = {5, 9, 1, 9, 1, 4, 4, 4};
  EXPECT_EQ(answers("maxindex", {{"", 5}}, {x})[5], 2.0) << "bars ago: the 9 of bar 3";
  EXPECT_EQ(answers("minindex", {{"", 5}}, {x})[5], 1.0) << "the 1 of bar 4";
  EXPECT_EQ(answers("maxindex", {{"", 3}}, {x}).back(), 0.0) << "all equal: today";
}

// 100 g / (g + l) without a loss: the quotient first, or the last bit leaves 0..100.
TEST(Defects, ARiseWithoutAFallIsExactly100) {
  Series up;
  Series down;
  for (int t = 0; t < 300; ++t) {
    up.push_back(10.0 + 0.37 * t);
    down.push_back(200.0 - 0.37 * t);
  }
  for (const std::string_view name : {"rsi", "cmo", "cmou", "rsi_cutler"}) {
    for (const double value : answers(name, {{"", 14}}, {up})) {
      EXPECT_TRUE(std::isnan(value) || value == 100.0) << name << " " << value;
    }
    EXPECT_EQ(answers(name, {{"", 14}}, {down}).back(), name.starts_with("cmo") ? -100.0 : 0.0) << name;
  }
  for (const double value : answers("stochrsi", {{"", 14}}, {up})) {
    EXPECT_TRUE(std::isnan(value) || value == 0.0) << "a range of no width: " << value;
  }
}

// There one missing value makes every later answer of these missing.
TEST(Defects, OneMissingValueLeavesNoTrace) {
  Series x;
  for (int t = 0; t < 120; ++t) {
    x.push_back(10.0 + t % 7);
  }
  x[40] = kNan;
  for (const std::string_view name : {"sma", "stddev", "ema", "rsi", "bbands", "linearreg", "kama", "trix", "cmo"}) {
    EXPECT_FALSE(std::isnan(answers(name, {{"", 10}}, {x}).back())) << name;
  }
}

}  // namespace
}  // namespace lode::indicator
