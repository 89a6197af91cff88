// Sums in any order against sums in a wider type, against themselves in other orders, and at the ends of the range.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/any_order_sum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"

namespace lode::stat {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void shuffle(std::vector<double>& values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.next_below(i)]);
  }
}

// Terms of both signs, `spread` powers of two apart, from 2^`low` up.
std::vector<double> draw(std::size_t count, int low, int spread, Random& random) {
  std::vector<double> values(count);
  for (double& value : values) {
    value =
        std::ldexp(random.next_normal(), low + static_cast<int>(random.next_below(static_cast<std::uint64_t>(spread))));
  }
  return values;
}

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

TEST(AnyOrderSum, IsTheSameInEveryOrder) {
  Random random(3, 0);
  for (int round = 0; round < test_rounds(400); ++round) {
    const int spread = 1 + static_cast<int>(random.next_below(200));
    const int low = static_cast<int>(random.next_below(1900)) - 1100;
    std::vector<double> values = draw(1 + random.next_below(3000), low, std::min(spread, 1020 - low), random);
    const std::uint64_t sum = bits(any_order_sum(values));
    const std::uint64_t sizes = bits(any_order_abs_sum(values));
    const std::uint64_t mean = bits(any_order_mean(values));
    const std::uint64_t squares = bits(any_order_squares(values, values[0]));
    const double center = values[0];
    for (int time = 0; time < 4; ++time) {
      shuffle(values, random);
      ASSERT_EQ(bits(any_order_sum(values)), sum) << "round " << round;
      ASSERT_EQ(bits(any_order_abs_sum(values)), sizes);
      ASSERT_EQ(bits(any_order_mean(values)), mean);
      ASSERT_EQ(bits(any_order_squares(values, center)), squares);
    }
  }
}

// Terms of 20 binary digits within 2^40: __int128 holds their sum exactly.
TEST(AnyOrderSum, RoundsTheExactSumOnce) {
  Random random(4, 0);
  for (int round = 0; round < test_rounds(2000); ++round) {
    std::vector<double> values(1 + random.next_below(500));
    __int128 exact = 0;
    for (double& value : values) {
      const auto digits = static_cast<std::int64_t>(random.next_below(1 << 21)) - (1 << 20);
      const std::int64_t term = digits << random.next_below(38);
      exact += term;
      value = static_cast<double>(term);
    }
    ASSERT_EQ(any_order_sum(values), static_cast<double>(exact)) << "round " << round;
  }
}

TEST(AnyOrderSum, IsCloserThanAddingOneByOne) {
  Random random(5, 0);
  const std::vector<double> values = draw(5000, -20, 40, random);
  long double exact = 0.0L;
  double largest = 0.0;
  for (const double value : values) {
    exact += value;
    largest = std::max(largest, std::abs(value));
  }
  // The reference itself rounds 5,000 times, at 2^-64 of at most 5,000 of the largest.
  EXPECT_NEAR(any_order_sum(values), static_cast<double>(exact),
              0x1p-50 * largest + std::abs(static_cast<double>(exact)) * 0x1p-52);
}

TEST(AnyOrderSum, KeepsWhatCancelsBesideIt) {
  EXPECT_EQ(any_order_sum(std::vector{1e16, 1.0, -1e16}), 1.0);
  EXPECT_EQ(any_order_sum(std::vector{1e22, 3.0, -1e22, 0.25}), 3.25);
  EXPECT_EQ(any_order_sum(std::vector{0x1p70, 1.0, -0x1p70}), 1.0);
}

TEST(AnyOrderSum, AtTheEndsOfTheRange) {
  const double largest = std::numeric_limits<double>::max();
  const double least = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(any_order_sum(std::vector{largest, largest, -largest}), largest);
  EXPECT_EQ(any_order_sum(std::vector{largest, largest}), kInfinity);
  EXPECT_EQ(any_order_mean(std::vector{largest, largest, largest}), largest);
  EXPECT_EQ(any_order_mean(std::vector{largest, -largest}), 0.0);
  EXPECT_EQ(any_order_sum(std::vector{least, least, least}), 3.0 * least);
  EXPECT_EQ(any_order_sum(std::vector{0x1p-1022, -least}), 0x1p-1022 - least);
  EXPECT_EQ(any_order_squares(std::vector{1e200, -1e200}, 0.0), kInfinity);
}

TEST(AnyOrderSum, OfNothingAndOfZeros) {
  EXPECT_EQ(bits(any_order_sum({})), 0U);
  EXPECT_EQ(bits(any_order_sum(std::vector{-0.0, -0.0})), 0U);
  EXPECT_TRUE(std::isnan(any_order_mean({})));
}

TEST(AnyOrderSum, InfinitiesMeetWhereverTheyStand) {
  const double largest = std::numeric_limits<double>::max();
  std::vector<double> values = {-largest, -largest, -largest, kInfinity, 1.0};
  std::ranges::sort(values);
  do {
    ASSERT_EQ(any_order_sum(values), kInfinity);
  } while (std::ranges::next_permutation(values).found);
  values.push_back(-kInfinity);
  std::ranges::sort(values);
  EXPECT_TRUE(std::isnan(any_order_sum(values)));
  EXPECT_EQ(any_order_abs_sum(values), kInfinity);
}

// The sum of equal values, divided by their number, is not always that value.
TEST(AnyOrderMean, OfEqualValuesIsThatValue) {
  Random random(6, 0);
  for (int round = 0; round < test_rounds(2000); ++round) {
    const double value = std::exp(30.0 * random.next_normal());
    const std::vector<double> values(1 + random.next_below(60), value);
    ASSERT_EQ(bits(any_order_mean(values)), bits(value));
    ASSERT_EQ(any_order_squares(values, value), 0.0);
  }
}

}  // namespace
}  // namespace lode::stat
