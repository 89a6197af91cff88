// Tests of a mean against statsmodels (OLS on a constant, cov_type HAC, use_correction=False) and scipy.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/newey_west.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace lode::stat {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kSeries{0.3, -1.2, 2.5, 0.7, 0.1, -0.4, 1.9};

TEST(MeanTest, EqualsTheOneSampleTTest) {
  const MeanTest test = mean_test(kSeries);
  EXPECT_NEAR(test.t, 1.1488823158372758, 1e-14);  // scipy.stats.ttest_1samp(x, 0)
  EXPECT_EQ(test.n, 7U);
}

TEST(NeweyWest, EqualsStatsmodels) {
  EXPECT_NEAR(newey_west(kSeries, 0).standard_error, 0.44897032, 1e-8);
  EXPECT_NEAR(newey_west(kSeries, 1).standard_error, 0.35798734, 1e-8);
  EXPECT_NEAR(newey_west(kSeries, 3).t, 3.0446307, 1e-6);
}

TEST(NeweyWest, TakesMissingCellsOut) {
  std::vector<double> gappy;
  for (const double value : kSeries) gappy.insert(gappy.end(), {kNan, value});
  EXPECT_EQ(newey_west(gappy, 3).t, newey_west(kSeries, 3).t);
  EXPECT_EQ(mean_test(gappy).t, mean_test(kSeries).t);
}

TEST(NeweyWest, HasNoErrorForOneObservationOrAConstant) {
  EXPECT_TRUE(std::isnan(newey_west(std::vector<double>{1.0}, 2).standard_error));
  EXPECT_EQ(newey_west(std::vector<double>{1.0}, 2).mean, 1.0);
  EXPECT_TRUE(std::isnan(newey_west(std::vector<double>{2.0, 2.0, 2.0}, 1).t));
  EXPECT_TRUE(std::isnan(mean_test({}).mean));
  EXPECT_TRUE(std::isnan(mean_test(std::vector<double>{2.0, 2.0, 2.0}).t));
}

TEST(NeweyWest, CutsALagLongerThanTheSeries) {
  EXPECT_EQ(newey_west(kSeries, 500).lag, 6);
  EXPECT_TRUE(std::isfinite(newey_west(kSeries, 500).standard_error));
}

TEST(NeweyWestLag, IsTheLongerOfOverlapAndRule) {
  EXPECT_EQ(newey_west_lag(1, 100), 4);
  EXPECT_EQ(newey_west_lag(1, 1000), 6);  // 4 * 10^(2/9) = 6.67
  EXPECT_EQ(newey_west_lag(21, 1000), 20);
  EXPECT_EQ(newey_west_lag(1, 0), 0);
}

}  // namespace
}  // namespace lode::stat
