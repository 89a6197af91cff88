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

namespace here = HWY_NAMESPACE;

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
    const double angle = math::atan(x) * kHalfTurn / here::kPi;
    for (const double run : {1.0, 7.25}) {
      EXPECT_NEAR(here::degrees_of_slope(x * run, run) / angle, 1.0, kArcTolerance) << x;
      EXPECT_EQ(here::degrees_of_slope(-x * run, run), -here::degrees_of_slope(x * run, run)) << x;
      EXPECT_EQ(here::degrees_of_slope(x * run, -run), -here::degrees_of_slope(x * run, run)) << x;
      EXPECT_EQ(here::degrees_of_slope(-x * run, -run), here::degrees_of_slope(x * run, run)) << x;
    }
  }
}

TEST(Angle, OfRoundSlopesIsRound) {
  EXPECT_EQ(here::degrees_of_slope(0.0, 3.0), 0.0);
  EXPECT_EQ(here::degrees_of_slope(3.0, 3.0), 45.0);
  EXPECT_EQ(here::degrees_of_slope(-3.0, 3.0), -45.0);
  EXPECT_EQ(here::degrees_of_slope(1e300, 1e-300), 90.0);
  EXPECT_TRUE(std::isnan(here::degrees_of_slope(std::nan(""), 1.0)));
}

TEST(Angle, SineOfDegreesIsTheSines) {
  EXPECT_EQ(here::sine_of(0.0), 0.0);
  EXPECT_EQ(here::sine_of(90.0), 1.0);
  EXPECT_EQ(here::sine_of(180.0), 0.0);
  EXPECT_EQ(here::sine_of(270.0), -1.0);
  EXPECT_EQ(here::sine_of(360.0), 0.0);
  for (double degrees = -360.0; degrees <= 720.0; degrees += 0.0371) {
    // The reference turns by whole quarters first: pi itself is only near to its double.
    const double rest = std::remainder(degrees, 360.0);
    const double folded = rest > 90.0 ? 180.0 - rest : rest < -90.0 ? -180.0 - rest : rest;
    EXPECT_NEAR(here::sine_of(degrees), math::sin(folded / kHalfTurn * here::kPi), kSineTolerance) << degrees;
  }
  EXPECT_TRUE(std::isnan(here::sine_of(std::nan(""))));
}

TEST(Angle, LanesHaveTheBitsOfOne) {
  alignas(64) double rise[kBlockLanes];
  alignas(64) double run[kBlockLanes];
  alignas(64) double angle[kBlockLanes];
  alignas(64) double sine[kBlockLanes];
  const std::vector<double> some = slopes();
  for (std::size_t first = 0; first + kBlockLanes <= some.size(); first += kBlockLanes) {
    for (std::size_t k = 0; k < kBlockLanes; ++k) {
      rise[k] = k % 3 == 0 ? -some[first + k] : some[first + k];
      run[k] = k % 2 == 0 ? -2.5 : 0.75;
    }
    const auto degrees = here::degrees_of_slope(here::load<here::Lanes>(rise), here::load<here::Lanes>(run));
    here::store(degrees, angle);
    here::store(here::sine_of(degrees * here::Lanes(4.0)), sine);
    for (std::size_t k = 0; k < kBlockLanes; ++k) {
      EXPECT_EQ(angle[k], here::degrees_of_slope(rise[k], run[k]));
      EXPECT_EQ(sine[k], here::sine_of(angle[k] * 4.0));
    }
  }
}

}  // namespace
}  // namespace lode::indicator
