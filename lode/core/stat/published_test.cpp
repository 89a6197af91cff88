// Certified and tabulated values: the NIST Statistical Reference Datasets Longley and Wampler for least squares, NumAcc
// for moments (www.itl.nist.gov/div898/strd), and the critical values every statistics book prints for the tails.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lode/core/stat/distribution.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/regression.h"

namespace lode::stat {
namespace {

using Values = std::vector<double>;
using Columns = std::vector<std::span<const double>>;

// Digits two numbers share: -log10 of the relative error, at most 15.
double digits(double value, double certified) {
  const double error = std::abs(value - certified) / std::abs(certified);
  return error == 0.0 ? 15.0 : std::min(15.0, -std::log10(error));
}

// Longley (JASA 62, 1967): employment 1947..1962 on six nearly collinear columns.
const Values kEmployment = {60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761,
                            66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551};
const Values kLongley[] = {
    {83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9},
    {234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601,
     518173, 554894},
    {2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007},
    {1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827},
    {107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368,
     127852, 130081},
    {1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961, 1962}};

TEST(Nist, Longley) {
  const Values certified = {-3482258.63459582, 15.0618722713733,       -0.358191792925910E-01, -2.02022980381683,
                            -1.03322686717359, -0.511041056535807E-01, 1829.15146461355};
  const Values errors = {890420.383607373,  84.9149257747669,  0.334910077722432E-01, 0.488399681651699,
                         0.214274163161675, 0.226073200069370, 455.478499142212};
  const Regression fit = ols(kEmployment, Columns(std::begin(kLongley), std::end(kLongley)), true);
  ASSERT_EQ(fit.coefficients.size(), certified.size());
  EXPECT_EQ(fit.rank, 7U) << "nearly collinear is not collinear";
  for (std::size_t i = 0; i < certified.size(); ++i) {
    // The condition of the data is about 5e9: a stable method in double keeps at least 16 - 10 digits.
    EXPECT_GE(digits(fit.coefficients[i], certified[i]), 8.0) << i;
    EXPECT_GE(digits(fit.standard_errors[i], errors[i]), 8.0) << i;
  }
  EXPECT_GE(digits(fit.r2, 0.995479004577296), 12.0);
  double squares = 0.0;
  for (const double residual : fit.residuals) {
    squares += residual * residual;
  }
  EXPECT_GE(digits(std::sqrt(squares / (16.0 - 7.0)), 304.854073561965), 9.0);
}

// Wampler (JASA 65, 1970): a polynomial of degree five at 0..20 with coefficients that are all 1.
TEST(Nist, Wampler1) {
  Values y;
  Values powers[5];
  for (int i = 0; i <= 20; ++i) {
    double power = 1.0;
    double value = 1.0;
    for (Values& column : powers) {
      power *= i;
      column.push_back(power);
      value += power;
    }
    y.push_back(value);
  }
  const Regression fit = ols(y, Columns(std::begin(powers), std::end(powers)), true);
  for (const double coefficient : fit.coefficients) {
    EXPECT_GE(digits(coefficient, 1.0), 7.0);
  }
  EXPECT_GE(digits(fit.r2, 1.0), 14.0);
}

TEST(Nist, MomentsOfNumAcc) {
  for (const double level : {1.2, 1000000.2, 10000000.2}) {
    Values x{level};
    for (int i = 0; i < 500; ++i) {
      x.push_back(level - 0.1);
      x.push_back(level + 0.1);
    }
    // What the data themselves lose to rounding at this level: an ulp of it, against 0.1.
    const double most = std::min(13.5, 14.0 - std::log10(level / 0.1));
    EXPECT_GE(digits(mean(x), level), 14.5) << level;
    EXPECT_GE(digits(standard_deviation(x), 0.1), most) << level;
    // 500 times -1 and +1 about one 0: m4 / m2^2 = 1001 / 1000; the ddof form by its definition in the header.
    const double n = 1001.0;
    const double sum_z4 = 1000.0;  // (0.1 / 0.1)^4 each.
    const double expected =
        n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * sum_z4 - 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3));
    EXPECT_NEAR(kurtosis(x), expected, std::pow(10.0, -most + 2)) << level;
    EXPECT_NEAR(skew(x), 0.0, std::pow(10.0, -most + 2)) << level;
  }
}

// Two-sided 5 % and 1 % points as printed in tables (Fisher & Yates 1938 and since), half a unit of the last place.
TEST(Tables, StudentT) {
  struct Row {
    double degrees, five, one;
  };
  for (const Row& row : {Row{1, 12.706, 63.657}, Row{2, 4.303, 9.925}, Row{5, 2.571, 4.032}, Row{10, 2.228, 3.169},
                         Row{30, 2.042, 2.750}, Row{120, 1.980, 2.617}}) {
    EXPECT_GT(student_t_two_sided_p(row.five - 0.00051, row.degrees), 0.05) << row.degrees;
    EXPECT_LT(student_t_two_sided_p(row.five + 0.00051, row.degrees), 0.05) << row.degrees;
    EXPECT_GT(student_t_two_sided_p(row.one - 0.00051, row.degrees), 0.01) << row.degrees;
    EXPECT_LT(student_t_two_sided_p(row.one + 0.00051, row.degrees), 0.01) << row.degrees;
  }
}

TEST(Tables, ChiSquareAndNormal) {
  struct Row {
    double degrees, five, one;
  };
  for (const Row& row : {Row{1, 3.841, 6.635}, Row{2, 5.991, 9.210}, Row{5, 11.070, 15.086}, Row{10, 18.307, 23.209},
                         Row{30, 43.773, 50.892}}) {
    EXPECT_LT(chi_square_cdf(row.five - 0.00051, row.degrees), 0.95) << row.degrees;
    EXPECT_GT(chi_square_cdf(row.five + 0.00051, row.degrees), 0.95) << row.degrees;
    EXPECT_LT(chi_square_cdf(row.one - 0.00051, row.degrees), 0.99) << row.degrees;
    EXPECT_GT(chi_square_cdf(row.one + 0.00051, row.degrees), 0.99) << row.degrees;
  }
  EXPECT_NEAR(normal_cdf(1.0), 0.8413447, 5e-8);
  EXPECT_NEAR(normal_cdf(1.959964), 0.975, 5e-8);
  EXPECT_NEAR(normal_two_sided_p(3.290527), 0.001, 5e-9);
}

// Families meet where theory says: t with one degree is Cauchy, t squared and chi-square of one are the normal's.
TEST(Tables, FamiliesAgreeWhereTheyMeet) {
  const double pi = std::acos(-1.0);
  for (const double x : {-30.0, -2.5, -0.1, 0.0, 0.7, 4.0, 1000.0}) {
    EXPECT_NEAR(student_t_cdf(x, 1.0), 0.5 + std::atan(x) / pi, 1e-12) << x;
    EXPECT_NEAR(student_t_cdf(x, 2.0), 0.5 + x / (2.0 * std::sqrt(2.0 + x * x)), 1e-12) << x;
    EXPECT_NEAR(student_t_cdf(x, 1e9), normal_cdf(x), 1e-8) << x;
    EXPECT_NEAR(chi_square_cdf(x * x, 1.0), 1.0 - normal_two_sided_p(x), 1e-12) << x;
    EXPECT_NEAR(chi_square_cdf(std::abs(x), 2.0), 1.0 - std::exp(-std::abs(x) / 2.0), 1e-12) << x;
    EXPECT_NEAR(normal_cdf(x), 0.5 * std::erfc(-x / std::sqrt(2.0)), 1e-15) << x;
  }
}

}  // namespace
}  // namespace lode::stat
