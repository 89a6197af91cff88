// Distribution functions against scipy.stats and scipy.special.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lode::stat {
namespace {

constexpr double kClose = 1e-12;  // Relative: two digits wider than what the fractions reach.

void expect_relative(double value, double expected) { EXPECT_NEAR(value / expected, 1.0, kClose) << expected; }

TEST(Normal, EqualsScipy) {
  expect_relative(normal_cdf(-8.0), 6.22096057427174e-16);
  expect_relative(normal_cdf(-1.96), 0.024997895148220435);
  EXPECT_EQ(normal_cdf(0.0), 0.5);
  expect_relative(normal_cdf(3.0), 0.9986501019683699);
  expect_relative(normal_two_sided_p(-1.96), 2 * 0.024997895148220435);
  expect_relative(normal_pdf(0.0), 0.3989422804014327);
}

TEST(StudentT, EqualsScipy) {
  expect_relative(student_t_cdf(-2.5, 1), 0.12111894159084341);
  EXPECT_EQ(student_t_cdf(0.0, 5), 0.5);
  expect_relative(student_t_cdf(1.7, 30), 0.9502610622057416);
  expect_relative(student_t_cdf(4.0, 2.5), 0.9804935120793409);
  expect_relative(student_t_cdf(-40.0, 3), 1.7190340394579253e-05);
  expect_relative(student_t_two_sided_p(2.1, 28), 0.044863224128917044);
}

TEST(ChiSquare, EqualsScipy) {
  expect_relative(chi_square_cdf(0.5, 1), 0.5204998778130466);
  expect_relative(chi_square_cdf(3.84, 1), 0.9499564787512949);
  expect_relative(chi_square_cdf(10, 12), 0.384039345166937);
  expect_relative(chi_square_cdf(200, 150), 0.9960268140291784);
  expect_relative(chi_square_cdf(1e-3, 4), 1.2495834114479173e-07);
  EXPECT_EQ(chi_square_cdf(-1.0, 4), 0.0);
}

TEST(IncompleteBeta, EqualsScipy) {
  expect_relative(incomplete_beta(2, 3, 0.4), 0.5248);
  expect_relative(incomplete_beta(0.5, 0.5, 0.1), 0.20483276469913345);
  expect_relative(incomplete_beta(50, 20, 0.9), 0.999991126008297);
  EXPECT_NEAR(incomplete_beta(1000, 1500, 0.39), 0.1536861868476922, 1e-11);
  EXPECT_EQ(incomplete_beta(2, 3, 0.0), 0.0);
  EXPECT_EQ(incomplete_beta(2, 3, 1.0), 1.0);
}

TEST(Distribution, OutsideTheDomainThereIsNoValue) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(incomplete_beta(0.0, 1.0, 0.5)));
  EXPECT_TRUE(std::isnan(incomplete_beta(1.0, 1.0, 1.5)));
  EXPECT_TRUE(std::isnan(incomplete_gamma(-1.0, 2.0)));
  EXPECT_TRUE(std::isnan(student_t_cdf(nan, 5.0)));
  EXPECT_TRUE(std::isnan(student_t_cdf(1.0, -5.0)));
  EXPECT_TRUE(std::isnan(normal_cdf(nan)));
}

}  // namespace
}  // namespace lode::stat
