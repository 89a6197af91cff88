// Exposure to known factors: the normal equations solved by hand, planted slopes found, what is missing told.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/known_factors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "lode/base/random.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

using test::kNan;
using ::testing::HasSubstr;

struct Planted {
  std::vector<KnownReturns> known{{"Mkt-RF", {}}, {"SMB", {}}};
  std::vector<double> book;
};

// book = 0.0005 + 0.8 market - 0.3 size + noise; some sessions without a book, some without a factor.
Planted planted(int sessions, double noise) {
  Random random(3, 9);
  Planted out;
  for (int i = 0; i < sessions; ++i) {
    const double market = 0.01 * random.next_normal();
    const double size = 0.005 * random.next_normal() + 0.2 * market;
    out.known[0].returns.push_back(i % 41 == 0 ? kNan : market);
    out.known[1].returns.push_back(size);
    out.book.push_back(i % 29 == 0 ? kNan : 0.0005 + 0.8 * market - 0.3 * size + noise * random.next_normal());
  }
  return out;
}

// Cramer's rule on the 3 x 3 normal equations of the sessions where all are known.
std::array<double, 3> by_hand(const Planted& p) {
  std::array<std::array<double, 4>, 3> a{};
  for (std::size_t i = 0; i < p.book.size(); ++i) {
    const std::array<double, 3> x{1.0, p.known[0].returns[i], p.known[1].returns[i]};
    if (std::isnan(p.book[i]) || std::isnan(x[1])) {
      continue;
    }
    for (std::size_t r = 0; r < 3; ++r) {
      for (std::size_t c = 0; c < 3; ++c) {
        a[r][c] += x[r] * x[c];
      }
      a[r][3] += x[r] * p.book[i];
    }
  }
  const auto det = [&](std::size_t replaced) {
    std::array<std::array<double, 3>, 3> m{};
    for (std::size_t r = 0; r < 3; ++r) {
      for (std::size_t c = 0; c < 3; ++c) {
        m[r][c] = a[r][c == replaced ? 3 : c];
      }
    }
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  };
  const double whole = det(9);
  return {det(0) / whole, det(1) / whole, det(2) / whole};
}

TEST(Exposure, SolvesTheNormalEquations) {
  const Planted p = planted(300, 0.004);
  const KnownResult found = known_result(p.known, p.book, Options{});
  const std::array<double, 3> hand = by_hand(p);
  EXPECT_NEAR(found.alpha_annual.value, std::pow(1.0 + hand[0], 252.0) - 1.0, 1e-9);
  EXPECT_NEAR(found.factors[0].beta, hand[1], 1e-9);
  EXPECT_NEAR(found.factors[1].beta, hand[2], 1e-9);
  EXPECT_LT(found.factors[0].lower, found.factors[0].beta);
  EXPECT_GT(found.factors[0].upper, found.factors[0].beta);
  EXPECT_GT(found.r2, 0.5);
  EXPECT_LT(found.r2, 1.0);
}

TEST(Exposure, FindsWhatWasPlanted) {
  const Planted p = planted(2000, 0.001);
  const KnownResult found = known_result(p.known, p.book, Options{});
  EXPECT_GT(found.factors[0].lower, 0.78);
  EXPECT_LT(found.factors[0].upper, 0.82);
  EXPECT_GT(found.factors[1].t * -1.0, 20.0);
  EXPECT_GT(found.alpha_t, 5.0);
  EXPECT_GT(found.factors[0].correlation, 0.9);
}

TEST(Exposure, CountsOnlySessionsThatAreKnown) {
  const Planted p = planted(300, 0.004);
  const KnownResult found = known_result(p.known, p.book, Options{});
  std::int64_t all = 0;
  std::int64_t size = 0;
  for (std::size_t i = 0; i < p.book.size(); ++i) {
    size += std::isnan(p.book[i]) ? 0 : 1;
    all += std::isnan(p.book[i]) || std::isnan(p.known[0].returns[i]) ? 0 : 1;
  }
  EXPECT_EQ(found.alpha_annual.n, all);
  EXPECT_EQ(found.factors[1].sessions, size);
  EXPECT_EQ(found.factors[0].sessions, all);
}

TEST(Exposure, TooFewSessionsSayWhatIsNeeded) {
  const Planted p = planted(40, 0.004);
  const KnownResult found = known_result(p.known, p.book, Options{});
  EXPECT_TRUE(std::isnan(found.alpha_annual.value));
  EXPECT_THAT(found.alpha_annual.reason, HasSubstr("needs 60"));
  EXPECT_TRUE(std::isnan(found.factors[0].correlation));
}

// Two spellings of one factor: no number is made up for either.
TEST(Exposure, TwinsLeaveNoSlopeOfTheirOwn) {
  Planted p = planted(300, 0.004);
  p.known[1].returns = p.known[0].returns;
  const KnownResult found = known_result(p.known, p.book, Options{});
  EXPECT_TRUE(std::isnan(found.factors[0].beta) || std::isnan(found.factors[1].beta));
  EXPECT_EQ(found.factors[0].correlation, found.factors[1].correlation);
}

}  // namespace
}  // namespace lode::evaluate
