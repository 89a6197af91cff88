// Regressions against statsmodels 0.14 (OLS; HAC with use_correction=False).
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lode::stat {
namespace {

using Columns = std::vector<std::span<const double>>;
const double kNan = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kX1{1, 2, 3, 4, 5, 6, 7, 8};
const std::vector<double> kX2{2, -1, 0, 3, 1, -2, 4, 0.5};
const std::vector<double> kY{1.1, 2.3, 2.2, 4.8, 5.1, 5.0, 8.3, 7.2};

void expect_near(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-13) << i;
}

TEST(Ols, EqualsStatsmodelsWithAnIntercept) {
  const Regression fit = ols(kY, Columns{kX1, kX2}, true);
  expect_near(fit.coefficients, {-0.05668298393103899, 0.9433143556454185, 0.3325529424284347});
  expect_near(fit.standard_errors, {0.4434253685069739, 0.0873169011949951, 0.1065256207848805});
  EXPECT_NEAR(fit.r2, 0.9640339621034124, 1e-14);
  EXPECT_NEAR(fit.residuals[0], -0.45173725657124875, 1e-13);
  EXPECT_NEAR(fit.t[1], 0.9433143556454185 / 0.0873169011949951, 1e-11);
}

TEST(Ols, EqualsStatsmodelsWithoutAnIntercept) {
  const Regression fit = ols(kY, Columns{kX1, kX2}, false);
  expect_near(fit.coefficients, {0.9336611130195809, 0.33062521470285156});
  expect_near(fit.standard_errors, {0.04008116956749952, 0.09642194967956834});
  EXPECT_NEAR(fit.r2, 0.9922763076282786, 1e-14);
}

TEST(Ols, NeweyWestErrorsEqualStatsmodels) {
  const Columns columns{kX1, kX2};
  const Regression fit = ols(kY, columns, true);
  expect_near(newey_west_errors(fit, columns, true, 0), {0.4621747333813552, 0.07643172450806647, 0.07320175173751553});
  expect_near(newey_west_errors(fit, columns, true, 2),
              {0.21645774069718537, 0.04285820917468416, 0.07456581937422321});
}

TEST(Ols, LeavesOutRowsWithMissingCells) {
  auto y = kY;
  auto x1 = kX1;
  auto x2 = kX2;
  y.insert(y.begin() + 3, 99.0);
  x1.insert(x1.begin() + 3, kNan);
  x2.insert(x2.begin() + 3, 5.0);
  y.push_back(kNan);
  x1.push_back(1.0);
  x2.push_back(1.0);
  const Regression fit = ols(y, Columns{x1, x2}, true);
  EXPECT_EQ(fit.n, 8U);
  EXPECT_TRUE(std::isnan(fit.residuals[3]));
  expect_near(fit.coefficients, ols(kY, Columns{kX1, kX2}, true).coefficients);
  expect_near(newey_west_errors(fit, Columns{x1, x2}, true, 2),
              {0.21645774069718537, 0.04285820917468416, 0.07456581937422321});
}

TEST(Ols, DropsTheLaterOfTwoCollinearColumns) {
  std::vector<double> twice(8);
  for (std::size_t i = 0; i < 8; ++i) twice[i] = 2.0 * kX1[i] + 1e3;
  const Regression fit = ols(kY, Columns{kX1, twice, kX2}, true);
  EXPECT_EQ(fit.rank, 3U);
  EXPECT_TRUE(std::isnan(fit.coefficients[2]));
  EXPECT_TRUE(std::isnan(fit.t[2]));
  EXPECT_NEAR(fit.coefficients[3], 0.3325529424284347, 1e-12);
}

TEST(Ols, HasNoErrorsWithoutSpareRowsAndNoValueWithoutRows) {
  const std::vector<double> two{1, 2};
  const Regression exact = ols(two, Columns{std::vector<double>{3, 5}}, true);
  EXPECT_NEAR(exact.coefficients[1], 0.5, 1e-14);
  EXPECT_TRUE(std::isnan(exact.standard_errors[1]));
  const std::vector<double> none{kNan, kNan};
  const Regression empty = ols(none, Columns{two}, true);
  EXPECT_EQ(empty.n, 0U);
  EXPECT_TRUE(std::isnan(empty.coefficients[0]));
  EXPECT_TRUE(std::isnan(empty.r2));
  EXPECT_TRUE(std::isnan(newey_west_errors(empty, Columns{two}, true, 1)[0]));
}

TEST(Ols, ConstantResponseHasNoR2) {
  const Regression fit = ols(std::vector<double>(8, 3.0), Columns{kX1}, true);
  EXPECT_NEAR(fit.coefficients[0], 3.0, 1e-13);
  EXPECT_TRUE(std::isnan(fit.r2));
}

}  // namespace
}  // namespace lode::stat
