// Passes over pairs against loops that keep the four lanes by hand, on every vector target.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/pair_lanes.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "lode/base/random.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

struct Pairs {
  std::vector<double> x;
  std::vector<double> y;
};

Pairs draw(std::size_t count, std::uint64_t seed) {
  Random random(seed, count);
  Pairs out{std::vector<double>(count), std::vector<double>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    out.x[i] = random.next_below(10) == 0 ? kMissing : random.next_normal();
    out.y[i] = random.next_below(10) == 0 ? kMissing : 1e3 * random.next_normal();
  }
  return out;
}

double joined(const std::array<double, 4>& lane) { return (lane[0] + lane[1]) + (lane[2] + lane[3]); }

PairSums sums_by_hand(const Pairs& p) {
  std::array<double, 4> x{};
  std::array<double, 4> y{};
  PairSums out{.low_x = kMissing, .high_x = kMissing, .low_y = kMissing, .high_y = kMissing};
  for (std::size_t i = 0; i < p.x.size(); ++i) {
    if (!std::isnan(p.x[i]) && !std::isnan(p.y[i])) {
      ++out.n;
      x[i % 4] += p.x[i];
      y[i % 4] += p.y[i];
      out.low_x = std::fmin(out.low_x, p.x[i]);
      out.high_x = std::fmax(out.high_x, p.x[i]);
      out.low_y = std::fmin(out.low_y, p.y[i]);
      out.high_y = std::fmax(out.high_y, p.y[i]);
    }
  }
  out.sum_x = joined(x);
  out.sum_y = joined(y);
  return out;
}

PairProducts products_by_hand(const Pairs& p, double scale_x, double scale_y) {
  std::array<double, 4> xx{};
  std::array<double, 4> yy{};
  std::array<double, 4> xy{};
  for (std::size_t i = 0; i < p.x.size(); ++i) {
    if (!std::isnan(p.x[i]) && !std::isnan(p.y[i])) {
      const double a = (p.x[i] - 0.25) / scale_x;
      const double b = (p.y[i] + 3.0) / scale_y;
      xx[i % 4] += a * a;
      yy[i % 4] += b * b;
      xy[i % 4] += a * b;
    }
  }
  return {joined(xx), joined(yy), joined(xy)};
}

double dot_by_hand(const std::vector<double>& x, const std::vector<double>& y) {
  std::array<double, 4> lane{};
  for (std::size_t i = 0; i < x.size(); ++i) {
    lane[i % 4] += x[i] * y[i];
  }
  return joined(lane);
}

void expect_by_hand(const Pairs& p) {
  const PairSums expected = sums_by_hand(p);
  const PairSums got = pair_sums(p.x, p.y);
  EXPECT_EQ(got.n, expected.n);
  EXPECT_EQ(got.sum_x, expected.sum_x);
  EXPECT_EQ(got.sum_y, expected.sum_y);
  EXPECT_TRUE(got.low_x == expected.low_x || expected.n == 0);
  EXPECT_TRUE(got.high_x == expected.high_x || expected.n == 0);
  EXPECT_TRUE(got.low_y == expected.low_y || expected.n == 0);
  EXPECT_TRUE(got.high_y == expected.high_y || expected.n == 0);
  for (const double scale : {1.0, 7.0}) {
    const PairProducts products = pair_products(p.x, p.y, 0.25, -3.0, scale, scale);
    const PairProducts by_hand = products_by_hand(p, scale, scale);
    EXPECT_EQ(products.xx, by_hand.xx);
    EXPECT_EQ(products.yy, by_hand.yy);
    EXPECT_EQ(products.xy, by_hand.xy);
  }
  Pairs whole = p;
  std::ranges::replace_if(
      whole.x, [](double v) { return std::isnan(v); }, 0.5);
  std::ranges::replace_if(
      whole.y, [](double v) { return std::isnan(v); }, -0.5);
  EXPECT_EQ(dot(whole.x, whole.y), dot_by_hand(whole.x, whole.y));
  std::vector<double> sums(whole.x.size(), 0.1);
  move_on(sums, whole.x, whole.y);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    ASSERT_EQ(sums[i], (0.1 + whole.x[i]) - whole.y[i]);
  }
}

TEST(PairLanes, AreTheLoopsByHandOnEveryTarget) {
  const std::int64_t supported = hwy::SupportedTargets();
  for (std::int64_t bit = 1; bit != 0 && bit <= supported; bit <<= 1) {
    if ((supported & bit) == 0) {
      continue;
    }
    hwy::SetSupportedTargetsForTest(bit);
    hwy::GetChosenTarget().Update(bit);
    for (const std::size_t count : {0U, 1U, 3U, 4U, 5U, 7U, 8U, 63U, 1000U, 1001U}) {
      SCOPED_TRACE(count);
      expect_by_hand(draw(count, 3));
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST(PairLanes, OfNothingHaveNoExtremes) {
  const std::vector<double> none(5, kMissing);
  const PairSums sums = pair_sums(none, none);
  EXPECT_EQ(sums.n, 0U);
  EXPECT_TRUE(std::isnan(sums.low_x) && std::isnan(sums.high_y));
}

}  // namespace
}  // namespace lode::stat
