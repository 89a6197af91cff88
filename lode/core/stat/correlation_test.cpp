// Correlations against scipy, and their edge rules.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lode::stat {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kX{0.3, -1.2, 2.5, 0.7, 0.1, -0.4, 1.9};
const std::vector<double> kY{1.0, -0.5, 0.8, 1.1, -2.0, 0.1, 3.0};

TEST(Pearson, EqualsScipy) { EXPECT_NEAR(pearson(kX, kY), 0.6028809438486893, 1e-15); }

TEST(Spearman, EqualsScipyWithAndWithoutTies) {
  Spearman spearman;
  EXPECT_NEAR(spearman(kX, kY), 0.6785714285714287, 1e-15);
  EXPECT_NEAR(spearman(std::vector<double>{1, 2, 2, 3}, std::vector<double>{1, 3, 2, 4}), 0.9486832980505139, 1e-15);
}

TEST(Pearson, UsesPairsValidInBoth) {
  const std::vector<double> x{1, kNan, 2, 3, 9};
  const std::vector<double> y{2, 5, 4, 6, kNan};
  Spearman spearman;
  EXPECT_EQ(pearson(x, y), 1.0);
  EXPECT_EQ(spearman(x, y), 1.0);
}

TEST(Pearson, HasNoValueForConstantsInfinitiesOrOnePair) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(std::isnan(pearson(std::vector<double>{0.1, 0.1, 0.1}, std::vector<double>{1, 2, 3})));
  EXPECT_TRUE(std::isnan(pearson(std::vector<double>{1, 2, 3}, std::vector<double>{5, 5, 5})));
  EXPECT_TRUE(std::isnan(pearson(std::vector<double>{1.0}, std::vector<double>{1.0})));
  EXPECT_TRUE(std::isnan(pearson(std::vector<double>{1, 2, infinity}, std::vector<double>{1, 2, 3})));
  EXPECT_TRUE(std::isnan(pearson({}, {})));
}

TEST(Pearson, DoesNotDependOnTheUnit) {
  for (const double unit : {1e-200, 1e-3, 1e200}) {
    std::vector<double> scaled = kX;
    for (double& value : scaled) value *= unit;
    EXPECT_NEAR(pearson(scaled, kY), 0.6028809438486893, 1e-14) << unit;
  }
}

TEST(Pearson, StaysInsideOne) {
  const std::vector<double> x{0.1, 0.2, 0.30000000000000004};
  const std::vector<double> y{0.3, 0.6, 0.9};
  EXPECT_LE(pearson(x, y), 1.0);
  EXPECT_NEAR(pearson(x, y), 1.0, 1e-12);
}

}  // namespace
}  // namespace lode::stat
