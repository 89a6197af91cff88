// Intervals, annual rates and reasons.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/estimate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lode::evaluate {
namespace {

TEST(Estimate, HoldsNinetyFivePercent) {
  const Estimate estimate = make_estimate(0.1, 0.02, 50);
  EXPECT_NEAR(estimate.lower, 0.1 - 0.0391992796908, 1e-12);
  EXPECT_NEAR(estimate.upper, 0.1 + 0.0391992796908, 1e-12);
  EXPECT_EQ(estimate.reason, "");
  EXPECT_TRUE(std::isnan(make_estimate(0.1, kNoValue, 50).lower));
  EXPECT_EQ(make_estimate(kNoValue, 0.1, 50).reason, "undefined on this data");
}

TEST(Estimate, AnnualRatesCompound) {
  EXPECT_NEAR(annual_rate(0.001, 252.0), std::pow(1.001, 252) - 1.0, 1e-13);
  EXPECT_EQ(annual_rate(0.0, 252.0), 0.0);
  EXPECT_TRUE(std::isnan(annual_rate(-1.0, 252.0)));
  const Estimate estimate = annual_estimate(0.001, 0.0005, 10, 252.0);
  EXPECT_LT(estimate.lower, estimate.value);
  EXPECT_GT(estimate.upper - estimate.value, estimate.value - estimate.lower);  // Compounding leans upwards.
}

TEST(Estimate, ReasonsCount) {
  EXPECT_EQ(too_few(12, 60, "days"), "12 days, needs 60");
  EXPECT_EQ(too_few(1234, 20000, "cells"), "1,234 cells, needs 20,000");
}

}  // namespace
}  // namespace lode::evaluate
