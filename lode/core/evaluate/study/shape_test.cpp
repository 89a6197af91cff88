// Against the functions of core/stat and counting by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/shape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lode/base/random.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/quantile.h"

namespace lode::evaluate {
namespace {

using test::kNan;

Shape shape(const Panel& factor, int min_names = 3) {
  Pool pool(2);
  Options options;
  options.min_names = min_names;
  return shape_of(sort_rows(usable_cells(factor, {}), pool), factor.axis().sessions, options, pool);
}

TEST(Shape, FindsTheDeviationWithoutSorting) {
  const Random random(5, 1);
  std::vector<double> buffer;
  for (std::size_t n = 1; n < 60; ++n) {
    for (int round = 0; round < 20; ++round) {
      std::vector<double> values;
      for (std::size_t i = 0; i < n; ++i) {
        const double value = random.normal_at((n * 20 + static_cast<std::size_t>(round)) * 64 + i);
        values.push_back(round % 2 == 0 ? value : std::floor(value * 2.0));  // Every other one with ties.
      }
      std::ranges::sort(values);
      EXPECT_DOUBLE_EQ(deviation_of_sorted(values), stat::median_absolute_deviation(values, buffer)) << n;
    }
  }
  EXPECT_TRUE(std::isnan(deviation_of_sorted({})));
}

TEST(Shape, IsTheMeanOfItsDates) {
  const auto axis = test::make_axis(300, 17);  // 2010 and a part of 2011.
  const Market market = test::make_market(axis, {.rows = 300, .columns = 17});
  const Panel noise = test::make_factor(market, {.persistence = 0.5, .missing = 0.1});
  const Panel factor = test::make_panel(axis, [&](std::size_t row, std::size_t i) {
    return i == 3 && row % 2 == 0 ? 40.0 : std::exp(noise.at(row, i));  // Far out on every other date, skewed always.
  });
  const Shape found = shape(factor);
  double skew = 0.0;
  double kurtosis = 0.0;
  double extremes = 0.0;
  double median_2011 = 0.0;
  double high_2010 = 0.0;
  double dates_2011 = 0.0;
  std::vector<double> buffer;
  for (std::size_t row = 0; row < 300; ++row) {
    const auto values = factor.row64(row);
    skew += stat::skew(values) / 300.0;
    kurtosis += stat::kurtosis(values) / 300.0;
    const double median = stat::median(values, buffer);
    const double reach = 5.0 * 1.482602218505602 * stat::median_absolute_deviation(values, buffer);
    const auto valid = static_cast<double>(stat::count_valid(values));
    extremes += static_cast<double>(
                    std::ranges::count_if(values, [&](double value) { return std::fabs(value - median) > reach; })) /
                valid / 300.0;
    const bool later = axis->sessions[row].year() == 2011;
    dates_2011 += later ? 1.0 : 0.0;
    median_2011 += later ? median : 0.0;
    high_2010 += later ? 0.0 : stat::quantile(values, 0.95, buffer);
  }
  EXPECT_EQ(found.dates, 300);
  EXPECT_NEAR(found.skew.value, skew, 1e-12);
  EXPECT_NEAR(found.kurtosis.value, kurtosis, 1e-11);
  EXPECT_NEAR(found.extremes.value, extremes, 1e-12);
  EXPECT_GT(found.extremes.value, 0.02);
  EXPECT_EQ(found.ties.value, 0.0);
  ASSERT_EQ(found.years.size(), 2U);
  EXPECT_EQ(found.years[1].year, 2011);
  EXPECT_EQ(static_cast<double>(found.years[1].dates), dates_2011);
  EXPECT_NEAR(found.years[1].median, median_2011 / dates_2011, 1e-12);
  EXPECT_NEAR(found.years[0].high, high_2010 / (300.0 - dates_2011), 1e-12);
}

TEST(Shape, DensitiesCountWhatLiesBetweenTheEnds) {
  const auto axis = test::make_axis(40, 48);
  const Panel factor = test::make_panel(axis, [](std::size_t, std::size_t i) { return static_cast<double>(i); });
  const Shape found = shape(factor);
  EXPECT_NEAR(found.low, 0.47, 1e-12);
  EXPECT_NEAR(found.high, 46.53, 1e-12);
  ASSERT_EQ(found.years.front().density.size(), static_cast<std::size_t>(kShapeBins));
  double total = 0.0;
  for (const double share : found.years.front().density) {
    total += share;
  }
  EXPECT_NEAR(total, 46.0 / 48.0, 1e-12) << "one name lies below and one above";
}

TEST(Shape, SeesTiesAndWhatIsNoSpread) {
  const auto axis = test::make_axis(30, 10);
  // 0 0 0 0 0 0 1 2 3 3 on every date.
  const Panel tied = test::make_panel(
      axis, [](std::size_t, std::size_t i) { return i < 6 ? 0.0 : std::min(3.0, static_cast<double>(i) - 5.0); });
  const Shape found = shape(tied);
  EXPECT_NEAR(found.ties.value, 0.8, 1e-12);
  EXPECT_NEAR(found.commonest.value, 0.6, 1e-12);
  EXPECT_TRUE(std::isnan(found.extremes.value));
  EXPECT_EQ(found.extremes.reason, "more than half of the values of every date are equal");
  const Shape constant = shape(test::make_panel(axis, [](std::size_t, std::size_t) { return 1.0; }));
  EXPECT_TRUE(std::isnan(constant.skew.value));
  EXPECT_TRUE(std::isnan(constant.low));
  EXPECT_TRUE(constant.years.front().density.empty());
  EXPECT_EQ(constant.ties.value, 1.0);
}

TEST(Shape, LeavesOutDatesOfFewNames) {
  const auto axis = test::make_axis(300, 10);
  const Panel factor = test::make_panel(axis, [&](std::size_t row, std::size_t i) {
    return axis->sessions[row].year() == 2010 && i > 3 ? kNan : static_cast<double>(i * i);
  });
  const Shape found = shape(factor, 8);
  ASSERT_EQ(found.years.size(), 1U);
  EXPECT_EQ(found.years.front().year, 2011);
  EXPECT_EQ(found.dates, found.years.front().dates);
  const Shape none = shape(factor, 11);
  EXPECT_EQ(none.ties.reason, "no date has names enough");
  EXPECT_TRUE(none.years.empty());
}

TEST(Shape, StabilityTakesWhatIsKnown) {
  const auto axis = test::make_axis(400, 30);
  const Market market = test::make_market(axis, {.rows = 400, .columns = 30});
  Pool pool(1);
  Options options;
  options.min_names = 3;
  const SortedRows sorted = sort_rows(usable_cells(test::make_factor(market, {.persistence = 0.95}), {}), pool);
  const Cells ranks = known_ranks(sorted, centered_ranks(sorted, 3, pool), pool);
  const std::vector<int> horizons{5, 8};
  const std::vector<double> known{0.123, 0.4};
  const auto found =
      stability(horizons, known, [&](int lag) { return rank_autocorrelation(ranks, lag, options, pool); });
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[1], std::pair(5, 0.123));
  EXPECT_NEAR(found[0].second, 0.95, 0.02);
  EXPECT_EQ(found[2].second, rank_autocorrelation(ranks, 21, options, pool));
  EXPECT_LT(std::fabs(found[4].second), 0.1);
}

}  // namespace
}  // namespace lode::evaluate
