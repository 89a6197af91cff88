// Tests of the generator: the known-answer vectors published with Random123, and the shape of what is drawn.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace lode {
namespace {

// Random123 1.14, tests/kat_vectors, "philox4x32 10".
TEST(Philox, KnownAnswers) {
  using Block = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, DrawsTheKnownAnswers) {
  EXPECT_EQ(Random(0, 0).bits_at(0), 0xe169c58d6627e8d5U);
  EXPECT_EQ(Random(0x299f31d0a4093822, 0x0370734413198a2e).bits_at(0x85a308d3243f6a88), 0x94fdccebd16cfe09U);
}

TEST(Random, WalkingIsDrawingByPosition) {
  Random walk(7, 3);
  const Random fixed(7, 3);
  for (std::uint64_t i = 0; i < 100; i += 3) {
    EXPECT_EQ(walk.next_bits(), fixed.bits_at(i));
    EXPECT_EQ(walk.next_uniform(), fixed.uniform_at(i + 1));
    EXPECT_EQ(walk.next_normal(), fixed.normal_at(i + 2));
  }
}

TEST(Random, SeedsAndStreamsDiffer) {
  EXPECT_NE(Random(1, 1).bits_at(0), Random(2, 1).bits_at(0));
  EXPECT_NE(Random(1, 1).bits_at(0), Random(1, 2).bits_at(0));
  EXPECT_NE(Random(1, 2).bits_at(0), Random(2, 1).bits_at(0));
}

constexpr int kDraws = 200'000;
// Five standard errors: a fixed seed either passes for ever or never.
double bound(double deviation) { return 5.0 * deviation / std::sqrt(static_cast<double>(kDraws)); }

TEST(Random, UniformsHaveTheirMoments) {
  Random random(11, 0);
  double sum = 0.0;
  double sum_squares = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.next_uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
    sum_squares += value * value;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, bound(std::sqrt(1.0 / 12.0)));
  EXPECT_NEAR(sum_squares / kDraws, 1.0 / 3.0, bound(std::sqrt(4.0 / 45.0)));
}

TEST(Random, NormalsHaveTheirMoments) {
  Random random(12, 5);
  double moments[5] = {};
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.next_normal();
    double power = 1.0;
    for (double& moment : moments) {
      moment += power / kDraws;
      power *= value;
    }
  }
  // The variance of the k-th power is E[x^2k] - E[x^k]^2: 1, 2, 15, 96.
  EXPECT_NEAR(moments[1], 0.0, bound(1.0));
  EXPECT_NEAR(moments[2], 1.0, bound(std::sqrt(2.0)));
  EXPECT_NEAR(moments[3], 0.0, bound(std::sqrt(15.0)));
  EXPECT_NEAR(moments[4], 3.0, bound(std::sqrt(96.0)));
}

TEST(Random, BoundedDrawsAreUniform) {
  Random random(13, 0);
  std::vector<int> counts(7);
  for (int i = 0; i < kDraws; ++i) {
    ++counts[random.next_below(7)];
  }
  double chi_square = 0.0;
  for (const int count : counts) {
    const double expected = kDraws / 7.0;
    chi_square += (count - expected) * (count - expected) / expected;
  }
  EXPECT_LT(chi_square, 22.46);  // 99.9 % of chi-square with 6 degrees of freedom.
}

TEST(Random, BoundsAreKept) {
  Random random(14, 0);
  EXPECT_EQ(random.next_below(1), 0U);
  const std::uint64_t huge = (std::uint64_t{1} << 63) + 1;  // Half of all draws are refused here.
  for (int i = 0; i < 1000; ++i) {
    ASSERT_LT(random.next_below(huge), huge);
  }
}

TEST(RandomDeathTest, NothingIsBelowZero) {
  Random random(1, 1);
  EXPECT_DEATH(random.next_below(0), "bound > 0");
}

}  // namespace
}  // namespace lode
