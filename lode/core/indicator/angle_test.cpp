// Angles of the cycle indicators beside base/math, whose functions are right to one unit in the last place.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "hwy/highway.h"
#include "lode/base/math.h"
#include "lode/core/indicator/parts/angle-inl.h"

namespace lode::indicator {
namespace {

// Not inlined again and again: sanitizers take minutes over that. That lanes have the bits of one is tested for all
// indicators (laws_test.cpp).
HWY_NOINLINE double degrees_of_slope(double rise, double run) { return HWY_NAMESPACE::degrees_of_slope(rise, run); }
HWY_NOINLINE double sine_of(double degrees) { return HWY_NAMESPACE::sine_of(degrees); }
constexpr double kPi = HWY_NAMESPACE::kPi;

// Two units in the last place: the ratio, the polynomial and the sum are rounded, and so is the reference.
constexpr double kArcTolerance = 4.5e-16;
// sin near 0 and near 1 alike: absolute, as what it multiplies is a phase.
constexpr double kSineTolerance = 3e-16;
constexpr double kHalfTurn = 180.0;

std::vector<double> slopes() {
  std::vector<double> out;
  for (double x = 1e-12; x < 1e12; x *= 1.0137) {
    out.push_back(x);
  }
  for (const double edge : {0.19891236737965800, 0.66817863791929890, 1.4966057626654890, 5.0273394921258481}) {
    out.insert(out.end(), {std::nextafter(edge, 0.0), edge, std::nextafter(edge, 10.0)});
  }
  return out;
}

TEST(Angle, OfASlopeIsTheArcTangentsInAllQuadrants) {
  for (const double x : slopes()) {
    const double angle = math::atan(x) * kHalfTurn / kPi;
    for (const double run : {1.0, 7.25}) {
      EXPECT_NEAR(degrees_of_slope(x * run, run) / angle, 1.0, kArcTolerance) << x;
      EXPECT_EQ(degrees_of_slope(-x * run, run), -degrees_of_slope(x * run, run)) << x;
      EXPECT_EQ(degrees_of_slope(x * run, -run), -degrees_of_slope(x * run, run)) << x;
      EXPECT_EQ(degrees_of_slope(-x * run, -run), degrees_of_slope(x * run, run)) << x;
    }
  }
}

TEST(Angle, OfRoundSlopesIsRound) {
  EXPECT_EQ(degrees_of_slope(0.0, 3.0), 0.0);
  EXPECT_EQ(degrees_of_slope(3.0, 3.0), 45.0);
  EXPECT_EQ(degrees_of_slope(-3.0, 3.0), -45.0);
  EXPECT_EQ(degrees_of_slope(1e300, 1e-300), 90.0);
  EXPECT_TRUE(std::isnan(degrees_of_slope(std::nan(""), 1.0)));
}

TEST(Angle, SineOfDegreesIsTheSines) {
  EXPECT_EQ(sine_of(0.0), 0.0);
  EXPECT_EQ(sine_of(90.0), 1.0);
  EXPECT_EQ(sine_of(180.0), 0.0);
  EXPECT_EQ(sine_of(270.0), -1.0);
  EXPECT_EQ(sine_of(360.0), 0.0);
  for (double degrees = -360.0; degrees <= 720.0; degrees += 0.0371) {
    // The reference turns by whole quarters first: pi itself is only near to its double.
    const double rest = std::remainder(degrees, 360.0);
    const double folded = rest > 90.0 ? 180.0 - rest : rest < -90.0 ? -180.0 - rest : rest;
    EXPECT_NEAR(sine_of(degrees), math::sin(folded / kHalfTurn * kPi), kSineTolerance) << degrees;
  }
  EXPECT_TRUE(std::isnan(sine_of(std::nan(""))));
}

}  // namespace
}  // namespace lode::indicator
