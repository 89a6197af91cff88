// Scales and round ticks.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/ticks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lode::report {
namespace {

std::vector<double> values(const Axis& axis) {
  std::vector<double> out;
  for (const Tick& tick : axis.ticks) {
    out.push_back(tick.value);
  }
  return out;
}

std::vector<std::string> texts(const Axis& axis) {
  std::vector<std::string> out;
  for (const Tick& tick : axis.ticks) {
    out.push_back(tick.text);
  }
  return out;
}

TEST(Ticks, RoundStepIsTheNextRoundNumber) {
  EXPECT_DOUBLE_EQ(round_step(1.0), 1.0);
  EXPECT_DOUBLE_EQ(round_step(1.2), 2.0);
  EXPECT_DOUBLE_EQ(round_step(0.021), 0.025);
  EXPECT_DOUBLE_EQ(round_step(0.3), 0.5);
  EXPECT_DOUBLE_EQ(round_step(700.0), 1000.0);
}

TEST(Ticks, ALinearAxisHoldsItsDataAndAtMostFiveTicks) {
  for (const auto& [low, high] : std::vector<std::pair<double, double>>{
           {-0.057, 0.107}, {0.0, 511.0}, {-1.0, -0.2}, {0.0001, 0.0002}, {-3e6, 8e6}, {5.0, 5.0}, {0.0, 0.0}}) {
    for (const bool zero : {false, true}) {
      const Axis axis = linear_axis({low, high}, Style::kCoefficient, zero);
      EXPECT_LE(axis.scale.low, low);
      EXPECT_GE(axis.scale.high, high);
      EXPECT_LT(axis.scale.low, axis.scale.high);
      EXPECT_GE(axis.ticks.size(), 1U) << low << " " << high;
      EXPECT_LE(axis.ticks.size(), 5U) << low << " " << high;
      for (const Tick& tick : axis.ticks) {
        EXPECT_GE(axis.scale.place(tick.value), -1e-9);
        EXPECT_LE(axis.scale.place(tick.value), 1.0 + 1e-9);
      }
    }
  }
}

TEST(Ticks, BarsStandOnZero) {
  EXPECT_EQ(linear_axis({3.0, 9.0}, Style::kCount, true).scale.low, 0.0);
  EXPECT_EQ(linear_axis({-9.0, -3.0}, Style::kCount, true).scale.high, 0.0);
}

// Round percentages, never round logarithms.
TEST(Ticks, GrowthTicksAreRoundPercentages) {
  EXPECT_THAT(values(growth_axis({-0.3, 5.2})), testing::ElementsAre(0.0, 0.5, 1.0, 2.0, 3.0));
  EXPECT_THAT(values(growth_axis({-0.55, 22.0})), testing::ElementsAre(-0.5, 0.0, 2.0, 9.0));
  EXPECT_THAT(values(growth_axis({-0.07, 0.04})), testing::ElementsAre(-0.06, -0.03, 0.0, 0.03));
  for (const double high : {0.001, 0.03, 0.4, 1.7, 12.0, 400.0, 1e6}) {
    const Axis axis = growth_axis({-0.02, high});
    EXPECT_GE(axis.ticks.size(), 1U) << high;
    EXPECT_LE(axis.ticks.size(), 5U) << high;
    EXPECT_LE(axis.scale.place(high), 1.0) << high;
  }
}

TEST(Ticks, GrowthPlacesEqualFactorsEquallyFarApart) {
  const Scale scale{Scale::Kind::kGrowth, -0.5, 7.0};
  EXPECT_NEAR(scale.place(0.0), 0.25, 1e-12);
  EXPECT_NEAR(scale.place(1.0), 0.5, 1e-12);
  EXPECT_NEAR(scale.place(3.0), 0.75, 1e-12);
  EXPECT_EQ(scale.place(-1.0), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(scale.place(std::nan(""))));
}

TEST(Ticks, DatesAreNamedByTheirSpan) {
  const auto day = [](int y, int m, int d) { return Date::from_civil(y, m, d); };
  EXPECT_THAT(texts(date_axis(day(2015, 1, 2), day(2018, 6, 1), 10)),
              testing::ElementsAre("Jul 2015", "2016", "Jul", "2017", "Jul", "2018"));
  EXPECT_THAT(texts(date_axis(day(2015, 1, 2), day(2024, 8, 1), 10)),
              testing::ElementsAre("2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024"));
  EXPECT_THAT(texts(date_axis(day(2015, 1, 5), day(2015, 1, 9), 10)), testing::ElementsAre("2015-01-05"));
  EXPECT_THAT(texts(date_axis(day(2015, 2, 5), day(2015, 5, 9), 10)), testing::ElementsAre("Mar 2015", "Apr", "May"));
  const Axis one = date_axis(day(2015, 1, 5), day(2015, 1, 5));
  EXPECT_LT(one.scale.low, one.scale.high) << "a single day still has an axis";
}

TEST(Ticks, HorizonsStandOnALogScale) {
  const Axis axis = horizon_axis(std::vector<int>{1, 2, 4});
  EXPECT_NEAR(axis.scale.place(2) - axis.scale.place(1), axis.scale.place(4) - axis.scale.place(2), 1e-12);
  EXPECT_GT(axis.scale.place(1), 0.0);
  EXPECT_LT(axis.scale.place(4), 1.0);
}

TEST(Ticks, NamesStandFromTheTopDown) {
  const Axis axis = name_axis(std::vector<std::string>{"a", "b"});
  EXPECT_NEAR(axis.scale.place(0.0), 0.75, 1e-12);
  EXPECT_NEAR(axis.scale.place(1.0), 0.25, 1e-12);
}

TEST(Ticks, RangesSkipWhatIsNotFinite) {
  Range range = empty_range();
  EXPECT_TRUE(range.empty());
  range.take(std::vector<double>{std::nan(""), std::numeric_limits<double>::infinity(), 2.0, -1.0});
  EXPECT_EQ(range.low, -1.0);
  EXPECT_EQ(range.high, 2.0);
}

}  // namespace
}  // namespace lode::report
