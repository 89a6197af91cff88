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

using testing::IsNan;

const double kNaN = std::numeric_limits<double>::quiet_NaN();

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
}

}  // namespace
}  // namespace lode::report
