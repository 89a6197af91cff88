// Quantiles against hand values and numpy's default method; buckets against the rule with exact fractions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/quantile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "lode/core/stat/rank.h"

namespace lode::stat {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::uint8_t> buckets_of(const std::vector<double>& values, int count) {
  RankScratch scratch;
  std::vector<std::uint32_t> order(values.size());
  order.resize(sort_order(std::span(values), std::span(order), scratch));
  std::vector<std::uint8_t> buckets(values.size(), 0);
  quantile_buckets(values, order, count, buckets);
  return buckets;
}

TEST(Quantile, InterpolatesLinearly) {
  std::vector<double> buffer;
  const std::vector<double> values{4, 1, kNan, 3, 2};
  EXPECT_EQ(quantile(values, 0.0, buffer), 1.0);
  EXPECT_EQ(quantile(values, 1.0, buffer), 4.0);
  EXPECT_EQ(median(values, buffer), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 0.1, buffer), 1.3);  // numpy.quantile([4, 1, 3, 2], 0.1)
  EXPECT_DOUBLE_EQ(quantile(values, 0.7, buffer), 3.1);
  EXPECT_EQ(quantile(std::vector<double>{7.0}, 0.3, buffer), 7.0);
}

TEST(Quantile, HasNoValueForNothingOrAnImpossibleShare) {
  std::vector<double> buffer;
  EXPECT_TRUE(std::isnan(quantile(std::vector<double>{kNan}, 0.5, buffer)));
  EXPECT_TRUE(std::isnan(quantile(std::vector<double>{1, 2}, 1.5, buffer)));
  EXPECT_TRUE(std::isnan(quantile(std::vector<double>{1, 2}, kNan, buffer)));
}

TEST(MedianAbsoluteDeviation, IsTheMiddleOfTheDistancesToTheMiddle) {
  std::vector<double> buffer;
  // Distances to the median 2 are 1 1 0 0 2 4 7: their middle is 1.
  EXPECT_EQ(median_absolute_deviation(std::vector<double>{1, 1, 2, 2, 4, 6, 9}, buffer), 1.0);
  EXPECT_TRUE(std::isnan(median_absolute_deviation({}, buffer)));
}

TEST(QuantileBuckets, SplitTenNamesInFives) {
  EXPECT_EQ(buckets_of({10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 5), (std::vector<std::uint8_t>{5, 5, 4, 4, 3, 3, 2, 2, 1, 1}));
}

TEST(QuantileBuckets, EqualValuesShareABucketAndEmptyOnesStayEmpty) {
  // Sorted 1 1 1 1 2: the edges 1/5..4/5 are 1, 1, 1, 1.2: buckets 2 to 4 are empty.
  EXPECT_EQ(buckets_of({1, 1, 2, 1, 1}, 5), (std::vector<std::uint8_t>{1, 1, 5, 1, 1}));
  EXPECT_EQ(buckets_of({3, 3, 3}, 4), (std::vector<std::uint8_t>{1, 1, 1}));
}

TEST(QuantileBuckets, MissingHasNone) {
  EXPECT_EQ(buckets_of({kNan, 2, 1, kNan}, 2), (std::vector<std::uint8_t>{0, 2, 1, 0}));
  EXPECT_EQ(buckets_of({kNan}, 2), (std::vector<std::uint8_t>{0}));
}

// On integers the edge sorted[lo] + rem/q * step compares exactly as q * value <= q * sorted[lo] + rem * step.
TEST(QuantileBuckets, FollowTheRuleWithExactFractions) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    const std::size_t n = 1 + random() % 40;
    const int count = 2 + static_cast<int>(random() % 9);
    std::vector<double> values(n);
    for (double& value : values) value = static_cast<double>(random() % 25);
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const auto buckets = buckets_of(values, count);
    for (std::size_t i = 0; i < n; ++i) {
      int expected = count;
      for (int k = count; k >= 1; --k) {
        const std::size_t position = static_cast<std::size_t>(k) * (n - 1);
        const std::size_t low = position / static_cast<std::size_t>(count);
        const auto rest = static_cast<double>(position % static_cast<std::size_t>(count));
        const double next = low + 1 < n ? sorted[low + 1] : sorted[low];
        if (count * values[i] <= count * sorted[low] + rest * (next - sorted[low])) expected = k;
      }
      ASSERT_EQ(buckets[i], expected) << "n " << n << " count " << count << " value " << values[i];
    }
  }
}

}  // namespace
}  // namespace lode::stat
