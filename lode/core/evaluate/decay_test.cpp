// Half-lives of known curves.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/decay.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lode::evaluate {
namespace {

std::vector<DecayPoint> curve(double first, double half_life, double error = 0.001) {
  std::vector<DecayPoint> out;
  for (const int horizon : kDecayHorizons) {
    const double ic = first * std::exp2(-(horizon - 1) / half_life);
    out.push_back({horizon, ic, ic - error, ic + error});
  }
  return out;
}

TEST(HalfLife, ReadsAnExponential) {
  // Half of the IC at 1 session is reached half_life sessions later.
  EXPECT_NEAR(half_life(curve(0.04, 12.0)).value, 13.0, 1e-9);
  EXPECT_NEAR(half_life(curve(-0.04, 12.0)).value, 13.0, 1e-9);
  EXPECT_EQ(half_life(curve(0.04, 12.0)).n, 8);
}

TEST(HalfLife, LeavesOutPointsOfTheOtherSign) {
  auto points = curve(0.04, 12.0);
  points.back().rank_ic = -0.01;
  EXPECT_NEAR(half_life(points).value, 13.0, 1e-9);
  EXPECT_EQ(half_life(points).n, 7);
}

TEST(HalfLife, SaysWhyThereIsNone) {
  EXPECT_EQ(half_life({}).reason, "no IC at 1 session");
  EXPECT_EQ(half_life(curve(0.04, 12.0, 0.05)).reason, "the IC at 1 session is not distinguishable from 0");
  EXPECT_EQ(half_life(curve(0.04, -12.0)).reason, "the IC does not fall with the horizon");
  auto points = curve(0.04, 12.0);
  points.resize(2);
  EXPECT_EQ(half_life(points).reason, "2 horizons keep the sign of the first, needs 3");
  EXPECT_TRUE(std::isnan(half_life(points).value));
}

}  // namespace
}  // namespace lode::evaluate
