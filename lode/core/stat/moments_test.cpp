// Moments against scipy's bias-corrected estimators and a long-double oracle.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace lode::stat {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
// scipy 1.x: numpy.mean, numpy.var(ddof=1), scipy.stats.skew(bias=False), scipy.stats.kurtosis(bias=False).
const std::vector<double> kSample{0.3, -1.2, 2.5, 0.7, 0.1, -0.4, 1.9};

TEST(Moments, EqualTheReferenceValues) {
  EXPECT_DOUBLE_EQ(mean(kSample), 0.5571428571428572);
  EXPECT_DOUBLE_EQ(variance(kSample), 1.646190476190476);
  EXPECT_NEAR(skew(kSample), 0.3693635276201608, 1e-14);
  EXPECT_NEAR(kurtosis(kSample), -0.5918904840986601, 1e-13);
}

TEST(Moments, SkipMissingCells) {
  std::vector<double> gappy{kNan};
  for (const double value : kSample) {
    gappy.insert(gappy.end(), {value, kNan});
  }
  EXPECT_EQ(count_valid(gappy), kSample.size());
  EXPECT_DOUBLE_EQ(mean(gappy), 0.5571428571428572);
  EXPECT_DOUBLE_EQ(variance(gappy), 1.646190476190476);
  EXPECT_NEAR(skew(gappy), 0.3693635276201608, 1e-14);
}

TEST(Moments, OfAConstantAreExact) {
  const std::vector<double> tenths(7, 0.1);  // 7 * 0.1 / 7 is not 0.1 when summed naively.
  EXPECT_EQ(mean(tenths), 0.1);
  EXPECT_EQ(variance(tenths), 0.0);
  EXPECT_TRUE(std::isnan(skew(tenths)));
  EXPECT_TRUE(std::isnan(kurtosis(tenths)));
  EXPECT_TRUE(is_constant(tenths));
  EXPECT_FALSE(is_constant(kSample));
}

TEST(Moments, TooFewCellsHaveNoValue) {
  EXPECT_TRUE(std::isnan(mean({})));
  EXPECT_EQ(sum({}), 0.0);
  EXPECT_TRUE(std::isnan(variance(std::vector<double>{1.0})));
  EXPECT_TRUE(std::isnan(skew(std::vector<double>{1.0, 2.0})));
  EXPECT_TRUE(std::isnan(kurtosis(std::vector<double>{1.0, 2.0, 4.0})));
  EXPECT_TRUE(std::isnan(mean(std::vector<double>{kNan, kNan})));
}

TEST(Moments, AgreeWithLongDoubleFarFromZero) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal(1e6, 1e-2);
  std::vector<double> values(1001);
  for (double& value : values) value = normal(random);
  long double total = 0;
  for (const double value : values) total += value;
  const long double center = total / 1001;
  long double squares = 0;
  for (const double value : values) squares += (value - center) * (value - center);
  EXPECT_NEAR(mean(values), static_cast<double>(center), 1e-9);
  EXPECT_NEAR(variance(values) / static_cast<double>(squares / 1000), 1.0, 1e-9);
}

}  // namespace
}  // namespace lode::stat
