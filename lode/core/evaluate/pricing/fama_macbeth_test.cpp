// Premiums against normal equations written out, and on markets where the truth is known.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/pricing/fama_macbeth.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

struct World {
  Panel value;
  Panel size;
  Panel returns;
};

// Returns: 0.002 a unit of value, nothing for size, noise.
World make_world(std::size_t rows, std::size_t columns, std::uint64_t seed, double premium = 0.002) {
  const auto axis = test::make_axis(rows, columns);
  const auto draw = [seed](std::uint64_t stream) {
    return [seed, stream](std::size_t row, std::size_t column) {
      return Random(seed, stream * 1'000 + column).normal_at(row);
    };
  };
  World world{test::make_panel(axis, draw(1)), test::make_panel(axis, draw(2)), {}};
  world.returns = test::make_panel(axis, [&](std::size_t row, std::size_t column) {
    return premium * world.value.row64(row)[column] + 0.02 * draw(3)(row, column);
  });
  return world;
}

FamaMacBeth run(const World& world, FamaMacBethOptions options = {}, int threads = 1) {
  Pool pool(threads);
  const Panel* const exposures[] = {&world.value, &world.size};
  return fama_macbeth(world.returns, exposures, options, pool);
}

// Two regressors and an intercept by Cramer's rule on centred sums.
std::pair<double, double> slopes_of(const World& world, std::size_t row) {
  double n = 0.0;
  double my = 0.0;
  double m1 = 0.0;
  double m2 = 0.0;
  const auto each = [&](auto use) {
    for (std::size_t i = 0; i < world.returns.columns(); ++i) {
      const double y = world.returns.row64(row)[i];
      const double a = world.value.row64(row)[i];
      const double b = world.size.row64(row)[i];
      if (!std::isnan(y + a + b)) {
        use(y, a, b);
      }
    }
  };
  each([&](double y, double a, double b) { n += 1, my += y, m1 += a, m2 += b; });
  my /= n, m1 /= n, m2 /= n;
  double s11 = 0.0;
  double s22 = 0.0;
  double s12 = 0.0;
  double s1y = 0.0;
  double s2y = 0.0;
  each([&](double y, double a, double b) {
    s11 += (a - m1) * (a - m1);
    s22 += (b - m2) * (b - m2);
    s12 += (a - m1) * (b - m2);
    s1y += (a - m1) * (y - my);
    s2y += (b - m2) * (y - my);
  });
  const double determinant = s11 * s22 - s12 * s12;
  return {(s22 * s1y - s12 * s2y) / determinant, (s11 * s2y - s12 * s1y) / determinant};
}

TEST(FamaMacBeth, PremiumsAreThoseOfTheNormalEquations) {
  World world = make_world(40, 30, 1);
  world.returns.mutable_row64(3)[5] = test::kNan;
  world.value.mutable_row64(4)[6] = test::kNan;
  const FamaMacBeth found = run(world, {.standardizes = false});
  ASSERT_EQ(found.dates, 40U);
  double mean = 0.0;
  for (std::size_t row = 0; row < 40; ++row) {
    const auto [value, size] = slopes_of(world, row);
    EXPECT_NEAR(found.premiums[1][row], value, 1e-12);
    EXPECT_NEAR(found.premiums[2][row], size, 1e-12);
    mean += value / 40.0;
  }
  EXPECT_NEAR(found.means[1].value, mean, 1e-14);
  EXPECT_EQ(found.lag, 3);  // floor(4 (40 / 100)^(2/9))
  EXPECT_NEAR(found.mean_names, 30.0 - 2.0 / 40.0, 1e-12);
}

TEST(FamaMacBeth, StandardisedPremiumsAreADeviationsWorth) {
  const World world = make_world(30, 40, 2);
  World scaled = world;
  for (std::size_t row = 0; row < 30; ++row) {
    for (double& cell : scaled.value.mutable_row64(row)) {
      cell = 7.0 * cell + static_cast<double>(row);
    }
  }
  const FamaMacBeth one = run(world);
  const FamaMacBeth two = run(scaled);
  for (std::size_t row = 0; row < 30; ++row) {
    EXPECT_NEAR(one.premiums[1][row], two.premiums[1][row], 1e-12);
  }
}

TEST(FamaMacBeth, FindsThePremiumThatWasPlantedAndNoOther) {
  const FamaMacBeth found = run(make_world(400, 100, 3));
  EXPECT_NEAR(found.means[1].value, 0.002, 4.0 * found.means[1].standard_error);
  EXPECT_GT(found.means[1].t, 10.0);
  EXPECT_LT(found.means[1].p, 1e-6);
  EXPECT_LT(std::abs(found.means[2].t), 3.5);
  EXPECT_GT(found.mean_r2, 0.0);
}

// Without a premium the t of its mean is beyond 1.96 in about 5 % of markets.
TEST(FamaMacBeth, HoldsItsSize) {
  int rejected = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    rejected += run(make_world(80, 25, 1'000 + seed, 0.0)).means[1].p < 0.05 ? 1 : 0;
  }
  EXPECT_LE(rejected, 24);  // 10 expected; Newey-West of 80 dates rejects somewhat more.
}

TEST(FamaMacBeth, DatesOfFewNamesAndConstantExposuresHaveNoPremium) {
  World world = make_world(60, 25, 4);
  for (std::size_t i = 0; i < 6; ++i) {
    world.returns.mutable_row64(0)[i] = test::kNan;  // 19 left.
  }
  for (double& cell : world.size.mutable_row64(1)) {
    cell = 3.0;
  }
  const FamaMacBeth found = run(world);
  EXPECT_EQ(found.dates, 59U);
  EXPECT_TRUE(std::isnan(found.premiums[1][0]));
  EXPECT_TRUE(std::isnan(found.premiums[2][1]));
  EXPECT_FALSE(std::isnan(found.premiums[1][1]));
}

TEST(FamaMacBeth, IsTheSameForAnyThreadCount) {
  const World world = make_world(70, 30, 5);
  EXPECT_EQ(run(world, {}, 1).premiums[1], run(world, {}, 3).premiums[1]);
}

TEST(FamaMacBeth, OfNothingIsMissing) {
  World world = make_world(5, 4, 6);
  const FamaMacBeth found = run(world);
  EXPECT_EQ(found.dates, 0U);
  EXPECT_TRUE(std::isnan(found.means[1].value));
  EXPECT_TRUE(std::isnan(found.mean_names));
}

// One factor: 1 + (premium / deviation)^2. Two uncorrelated ones: the sum of both. Shanken's own remark.
TEST(ShankenFactor, IsOnePlusTheSquaredSharpeRatio) {
  const std::vector<double> a = {0.03, -0.01, 0.02, 0.0};
  const std::vector<double> b = {0.01, 0.01, -0.01, -0.01};
  double mean = 0.01;
  double variance = 0.0;
  for (const double value : a) {
    variance += (value - mean) * (value - mean) / 3.0;
  }
  const std::span<const double> one[] = {a};
  EXPECT_NEAR(shanken_factor(std::vector{0.02}, one), 1.0 + 0.02 * 0.02 / variance, 1e-12);
  // Their covariance: (0.02 - 0.02 - 0.01 + 0.01) * 0.01 / 3 = 0.
  const std::span<const double> both[] = {a, b};
  const double variance_b = 4.0 * 1e-4 / 3.0;
  EXPECT_NEAR(shanken_factor(std::vector{0.02, 0.01}, both), 1.0 + 4e-4 / variance + 1e-4 / variance_b, 1e-12);
  const std::span<const double> twice[] = {a, a};
  EXPECT_TRUE(std::isnan(shanken_factor(std::vector{0.02, 0.01}, twice)));
}

}  // namespace
}  // namespace lode::evaluate
