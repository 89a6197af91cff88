// Synthetic bars of examples: bars that can be, the same every time, with something to see for every indicator.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/sample.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "lode/base/must.h"
#include "lode/core/indicator/stream.h"

namespace lode::indicator {
namespace {

void expect_bars(const SampleBars& bars) {
  for (std::size_t t = 0; t < bars.size(); ++t) {
    ASSERT_GT(bars.low[t], 0.0) << t;
    ASSERT_LE(bars.low[t], std::fmin(bars.open[t], bars.close[t])) << t;
    ASSERT_GE(bars.high[t], std::fmax(bars.open[t], bars.close[t])) << t;
    ASSERT_GT(bars.volume[t], 0.0) << t;
    ASSERT_EQ(bars.volume[t], std::floor(bars.volume[t])) << t;
    ASSERT_NEAR(bars.close[t] * 100.0, std::round(bars.close[t] * 100.0), 1e-6) << t << ": whole cents";
  }
}

TEST(Sample, BarsCanBe) {
  expect_bars(sample_walk(500));
  expect_bars(sample_shapes(5'000));
  EXPECT_EQ(sample_walk(500).size(), 500U);
  EXPECT_EQ(sample_shapes(4'999).size(), 4'999U);
}

TEST(Sample, AShorterWalkIsThePrefix) {
  const SampleBars brief = sample_walk(60);
  const SampleBars all = sample_walk(200);
  EXPECT_EQ(brief.close, std::vector<double>(all.close.begin(), all.close.begin() + 60));
  EXPECT_EQ(brief.volume, std::vector<double>(all.volume.begin(), all.volume.begin() + 60));
}

// Every indicator has an example with numbers in it; every pattern is seen.
TEST(Sample, EveryIndicatorHasSomethingToShow) {
  std::string blank;
  for (const Indicator* one : all_indicators()) {
    const Choice choice = must(choose(one->spec.name));
    const Sample sample = sample_of(choice, 40);
    ASSERT_EQ(sample.bars.size(), 40U) << one->spec.name;
    ASSERT_EQ(sample.inputs.size(), one->spec.inputs.size()) << one->spec.name;
    bool has_value = false;
    for (const std::vector<double>& output : sample.outputs) {
      ASSERT_EQ(output.size(), 40U) << one->spec.name;
      for (const double value : output) {
        has_value = has_value || (!std::isnan(value) && (value != 0.0 || one->spec.family != "pattern"));
      }
    }
    if (!has_value) {
      blank += " " + std::string(one->spec.name);
    }
  }
  EXPECT_EQ(blank, "");
}

TEST(Sample, AZigzagTurnsAndACloudChangesSides) {
  const Sample zigzag = sample_of(must(choose("zigzag")), 40);
  std::size_t turns = 0;
  for (std::size_t t = 1; t < 40; ++t) {
    turns += zigzag.outputs[0][t] != zigzag.outputs[0][t - 1] ? 1 : 0;
  }
  EXPECT_FALSE(std::isnan(zigzag.outputs[0][0]));
  EXPECT_GE(turns, 3U);
  const Sample cloud = sample_of(must(choose("ichimoku")), 40);
  double highest = 0.0;
  double lowest = 0.0;
  for (std::size_t t = 0; t < 40; ++t) {
    const double thick = (cloud.outputs[2][t] - cloud.outputs[3][t]) / cloud.bars.close[t];
    highest = std::fmax(highest, thick);
    lowest = std::fmin(lowest, thick);
  }
  EXPECT_GT(highest, 0.02) << "of the price";
  EXPECT_LT(lowest, -0.02);
}

// The numbers are those of the indicator: a stream fed all the bars says the same at the end.
TEST(Sample, ItsNumbersAreTheIndicators) {
  const Choice choice = must(choose("rsi"));
  const Sample sample = sample_of(choice, 40);
  const SampleBars bars = sample_walk(54);
  EXPECT_EQ(sample.bars.close.back(), bars.close.back());
  Stream stream(choice);
  double out = 0.0;
  for (const double close : bars.close) {
    stream.update({&close, 1}, {&out, 1});
  }
  EXPECT_EQ(sample.outputs[0].back(), out);
}

}  // namespace
}  // namespace lode::indicator
