// Derived series, on values worked out by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lode::report {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsNan;

const double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Series, CompoundsAndKeepsGaps) {
  EXPECT_THAT(cumulative_return(std::vector<double>{kNaN, 0.1, kNaN, -0.5, 1.0}),
              ElementsAre(IsNan(), DoubleNear(0.1, 1e-12), IsNan(), DoubleNear(-0.45, 1e-12), DoubleNear(0.1, 1e-12)));
}

TEST(Series, ALossOfEverythingIsForGood) {
  EXPECT_THAT(cumulative_return(std::vector<double>{0.5, -1.2, 3.0}), ElementsAre(0.5, -1.0, -1.0));
}

TEST(Series, DrawdownCountsTheStartAsAPeak) {
  EXPECT_THAT(drawdown(std::vector<double>{-0.1, 0.0, 0.25, kNaN, 0.0}),
              ElementsAre(DoubleNear(-0.1, 1e-12), 0.0, 0.0, IsNan(), DoubleNear(-0.2, 1e-12)));
}

TEST(Series, FindsFallsWithTheirDates) {
  // peak 1, trough 3, back at 5; then an open one from 5.
  const std::vector<double> under{0.0, 0.0, -0.1, -0.3, -0.05, 0.0, -0.02, -0.01};
  const std::vector<Fall> falls = deepest_falls(under, 5);
  ASSERT_EQ(falls.size(), 2U);
  EXPECT_EQ(falls[0].depth, -0.3);
  EXPECT_EQ(falls[0].peak, 1U);
  EXPECT_EQ(falls[0].trough, 3U);
  EXPECT_EQ(falls[0].recovery, 5U);
  EXPECT_EQ(falls[1].depth, -0.02);
  EXPECT_EQ(falls[1].recovery, under.size()) << "not recovered";
  EXPECT_EQ(deepest_falls(under, 1).size(), 1U);
  EXPECT_TRUE(deepest_falls(std::vector<double>{0.0, kNaN, 0.0}, 3).empty());
}

std::vector<Date> days(std::initializer_list<std::array<int, 3>> list) {
  std::vector<Date> out;
  for (const auto& [y, m, d] : list) {
    out.push_back(Date::from_civil(y, m, d));
  }
  return out;
}

TEST(Series, GroupsByCalendarMonth) {
  const std::vector<Date> sessions = days({{2020, 1, 30}, {2020, 1, 31}, {2020, 2, 3}, {2021, 2, 1}});
  const std::vector<Month> months = by_month(sessions, std::vector<double>{0.1, 0.1, kNaN, 0.02});
  ASSERT_EQ(months.size(), 3U);
  EXPECT_EQ(months[0].days, 2);
  EXPECT_DOUBLE_EQ(months[0].mean, 0.1);
  EXPECT_NEAR(months[0].compounded, 0.21, 1e-12);
  EXPECT_EQ(months[1].days, 0);
  EXPECT_THAT(months[1].mean, IsNan());
  EXPECT_THAT(months[1].compounded, IsNan());
  EXPECT_EQ(months[2].year, 2021);
}

// Months 1..12: mean 6.5, sd sqrt(13) = 3.6056, half = 2.201 * 3.6056 / sqrt(12) = 2.2909.
TEST(Series, TrailingYearHasAStudentInterval) {
  std::vector<Month> months;
  for (int i = 1; i <= 13; ++i) {
    months.push_back({Date{}, 2020, i, static_cast<double>(i), 0.0, 20});
  }
  const std::vector<Trailing> trailing = trailing_year(months);
  EXPECT_THAT(trailing[10].mean, IsNan());
  EXPECT_DOUBLE_EQ(trailing[11].mean, 6.5);
  EXPECT_NEAR(trailing[11].lower, 6.5 - 2.2909, 1e-4);
  EXPECT_NEAR(trailing[11].upper, 6.5 + 2.2909, 1e-4);
  EXPECT_DOUBLE_EQ(trailing[12].mean, 7.5);
  months[5].mean = kNaN;
  EXPECT_THAT(trailing_year(months)[11].mean, IsNan());
}

TEST(Series, HistogramHasRoundBinsWithZeroOnAnEdge) {
  std::vector<double> values;
  for (int i = -100; i < 200; ++i) {
    values.push_back(static_cast<double>(i) / 1000.0 + 0.0005);
  }
  values.push_back(kNaN);
  const Histogram bins = histogram(values);
  std::int64_t total = 0;
  for (const std::int64_t count : bins.counts) {
    total += count;
  }
  EXPECT_EQ(total, 300);
  const double edges_to_zero = -bins.low / bins.width;
  EXPECT_NEAR(edges_to_zero, std::round(edges_to_zero), 1e-9);
  EXPECT_LE(bins.low, -0.0995);
  EXPECT_GE(bins.low + bins.width * static_cast<double>(bins.counts.size()), 0.1995);
  EXPECT_GE(bins.counts.size(), 5U);
  EXPECT_LE(bins.counts.size(), 60U);
}

TEST(Series, HistogramOfNothingOrOneValueIsEmpty) {
  EXPECT_TRUE(histogram(std::vector<double>{}).counts.empty());
  EXPECT_TRUE(histogram(std::vector<double>{kNaN, kNaN}).counts.empty());
  EXPECT_TRUE(histogram(std::vector<double>{0.5, 0.5, 0.5}).counts.empty());
}

TEST(Series, MomentsSkipMissingValues) {
  const Moments found = moments(std::vector<double>{1.0, kNaN, 3.0});
  EXPECT_EQ(found.count, 2);
  EXPECT_DOUBLE_EQ(found.mean, 2.0);
  EXPECT_DOUBLE_EQ(found.deviation, std::sqrt(2.0));
  EXPECT_THAT(moments(std::vector<double>{}).mean, IsNan());
  EXPECT_DOUBLE_EQ(last_valid(std::vector<double>{1.0, 2.0, kNaN}), 2.0);
  EXPECT_THAT(last_valid(std::vector<double>{kNaN}), IsNan());
}

}  // namespace
}  // namespace lode::report
