// One session of a book against a loop by hand, for every number of names around a whole four.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/book_lanes.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <array>
#include <cmath>

#include "lode/base/random.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

double joined(const std::array<double, 4>& lane) { return (lane[0] + lane[1]) + (lane[2] + lane[3]); }

Series draw(std::size_t count, Random& random, std::uint64_t missing_of_ten) {
  Series out(count);
  for (double& value : out) {
    value = random.next_below(10) < missing_of_ten ? stat::kMissing : 0.1 * random.next_normal();
  }
  return out;
}

void expect_by_hand(std::size_t columns, std::size_t buckets) {
  Random random(columns, buckets);
  const Series weights = draw((buckets + 1) * columns, random, 0);
  const Series returned = draw(columns, random, 3);
  const Series before = draw(columns, random, 0);
  const Series drift = draw(columns, random, 0);
  const Series gained = draw(columns, random, 0);
  Series returns(columns);
  Series now(columns);
  Series profit = gained;
  Series earned(buckets);
  BookSums sums{.earned = earned};
  walk_row({.weights = weights.data(),
            .returned = returned,
            .before = before,
            .drift = drift,
            .share = 0.25,
            .returns = returns,
            .now = now},
           sums, profit.data());
  std::array<double, 4> traded{};
  for (std::size_t i = 0; i < columns; ++i) {
    const double r = std::isnan(returned[i]) ? 0.0 : returned[i];
    const double weight = (weights[buckets * columns + i] - weights[columns + i]) * 0.25;
    EXPECT_EQ(returns[i], r);
    EXPECT_EQ(now[i], weight);
    EXPECT_EQ(profit[i], gained[i] + weight * r);
    traded[i % 4] += std::abs(weight - before[i] * (1.0 + drift[i]));
  }
  EXPECT_EQ(sums.traded, joined(traded));
  for (std::size_t bucket = 1; bucket <= buckets; ++bucket) {
    std::array<double, 4> lane{};
    for (std::size_t i = 0; i < columns; ++i) {
      lane[i % 4] += weights[bucket * columns + i] * returns[i];
    }
    EXPECT_EQ(earned[bucket - 1], joined(lane)) << "bucket " << bucket;
  }
}

TEST(BookLanes, AreTheLoopByHandOnEveryTarget) {
  const std::int64_t supported = hwy::SupportedTargets();
  for (std::int64_t bit = 1; bit != 0 && bit <= supported; bit <<= 1) {
    if ((supported & bit) == 0) {
      continue;
    }
    hwy::SetSupportedTargetsForTest(bit);
    hwy::GetChosenTarget().Update(bit);
    for (const std::size_t columns : {2U, 3U, 4U, 5U, 8U, 41U, 203U}) {
      for (const std::size_t buckets : {2U, 5U, 20U}) {
        SCOPED_TRACE(columns);
        expect_by_hand(columns, buckets);
      }
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST(BookLanes, WithoutATrancheHoldNothing) {
  const Series weights(3 * 6, 0.0);
  const Series returned(6, 0.01);
  const Series before(6, 0.5);
  const Series drift(6, 0.0);
  Series returns(6);
  Series now(6, 7.0);
  Series earned(2);
  BookSums sums{.earned = earned};
  walk_row({.weights = weights.data(),
            .returned = returned,
            .before = before,
            .drift = drift,
            .share = 0.0,
            .returns = returns,
            .now = now},
           sums, nullptr);
  EXPECT_EQ(now, Series(6, 0.0));
  EXPECT_EQ(sums.traded, 3.0) << "all that was held before is sold";
}

}  // namespace
}  // namespace lode::evaluate
