// One session of a book against a loop by hand, for every number of names around a whole eight.
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

using Lanes = std::array<double, 8>;

double joined(const Lanes& lane) {
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

Series draw(std::size_t count, Random& random, std::uint64_t missing_of_ten) {
  Series out(count);
  for (double& value : out) {
    value = random.next_below(10) < missing_of_ten ? stat::kMissing : 0.1 * random.next_normal();
  }
  return out;
}

std::vector<std::uint8_t> draw_buckets(std::size_t count, Random& random, std::size_t buckets) {
  std::vector<std::uint8_t> out(count);
  for (std::uint8_t& one : out) {
    one = static_cast<std::uint8_t>(random.next_below(buckets + 1));
  }
  return out;
}

// Shares of a tranche, none in bucket 0.
Series draw_shares(std::size_t buckets, Random& random) {
  Series out = draw(buckets + 1, random, 0);
  out[0] = 0.0;
  return out;
}

void expect_by_hand(std::size_t columns, std::size_t buckets) {
  Random random(columns, buckets);
  const Series weights = draw((buckets + 1) * columns, random, 0);
  const Series returned = draw(columns, random, 3);
  const Series before = draw(columns, random, 0);
  const Series gained = draw(columns, random, 0);
  const auto left = draw_buckets(columns, random, buckets);
  const auto entered = draw_buckets(columns, random, buckets);
  const Series leaving = draw_shares(buckets, random);
  const Series entering = draw_shares(buckets, random);
  Series moved = weights;
  Series drifted = before;
  Series changes(columns);
  Series profit = gained;
  Series earned(buckets);
  BookSums sums{.earned = earned};
  walk_row({.returned = returned,
            .share = 0.25,
            .weights = moved.data(),
            .leaving = {left, leaving},
            .entering = {entered, entering},
            .drifted = drifted,
            .changes = changes.data()},
           sums, profit.data());
  Series expected = weights;
  for (std::size_t i = 0; i < columns; ++i) {
    if (left[i] > 0) expected[left[i] * columns + i] -= leaving[left[i]];
    if (entered[i] > 0) expected[entered[i] * columns + i] += entering[entered[i]];
  }
  EXPECT_EQ(moved, expected);
  Lanes traded{};
  for (std::size_t i = 0; i < columns; ++i) {
    const double r = std::isnan(returned[i]) ? 0.0 : returned[i];
    const double weight = (expected[buckets * columns + i] - expected[columns + i]) * 0.25;
    EXPECT_EQ(drifted[i], weight * (1.0 + r));
    EXPECT_EQ(changes[i], weight - before[i]);
    EXPECT_EQ(profit[i], gained[i] + weight * r);
    traded[i % 8] += std::abs(weight - before[i]);
  }
  EXPECT_EQ(sums.traded, joined(traded));
  for (std::size_t bucket = 1; bucket <= buckets; ++bucket) {
    Lanes lane{};
    for (std::size_t i = 0; i < columns; ++i) {
      lane[i % 8] += expected[bucket * columns + i] * (std::isnan(returned[i]) ? 0.0 : returned[i]);
    }
    EXPECT_EQ(earned[bucket - 1], joined(lane)) << "bucket " << bucket;
  }
}

void expect_impact_by_hand(std::size_t columns) {
  Random random(columns, 77);
  Series changes = draw(columns, random, 0);
  changes[0] = 0.0;
  std::vector<float> impact(columns);
  std::vector<float> per_money(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    impact[i] = i % 5 == 1 ? std::nanf("") : static_cast<float>(random.next_uniform());
    per_money[i] = i % 5 == 1 ? std::nanf("") : static_cast<float>(random.next_uniform());
  }
  std::array<Lanes, 4> lanes{};
  for (std::size_t i = 0; i < columns; ++i) {
    const double size = std::abs(changes[i]);
    lanes[0][i % 8] += size;
    if (size > 0.0 && !std::isnan(impact[i])) {
      lanes[1][i % 8] += size;
      lanes[2][i % 8] += size * std::sqrt(size) * static_cast<double>(impact[i]);
      lanes[3][i % 8] += size * size * static_cast<double>(per_money[i]);
    }
  }
  const ImpactSums sums = impact_sums(changes, impact, per_money);
  EXPECT_EQ(sums.changed, joined(lanes[0]));
  EXPECT_EQ(sums.known, joined(lanes[1]));
  EXPECT_EQ(sums.impact, joined(lanes[2]));
  EXPECT_EQ(sums.crowd, joined(lanes[3]));
}

TEST(BookLanes, AreTheLoopByHandOnEveryTarget) {
  const std::int64_t supported = hwy::SupportedTargets();
  for (std::int64_t bit = 1; bit != 0 && bit <= supported; bit <<= 1) {
    if ((supported & bit) == 0) {
      continue;
    }
    hwy::SetSupportedTargetsForTest(bit);
    hwy::GetChosenTarget().Update(bit);
    for (const std::size_t columns : {2U, 3U, 7U, 8U, 9U, 41U, 203U}) {
      for (const std::size_t buckets : {2U, 5U, 10U, 20U}) {
        SCOPED_TRACE(columns);
        expect_by_hand(columns, buckets);
      }
      expect_impact_by_hand(columns);
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST(BookLanes, WithoutATrancheHoldNothing) {
  Series weights(3 * 6, 0.0);
  const Series returned(6, 0.01);
  const std::vector<std::uint8_t> nobody(6, 0);
  const Series shares(3, 0.0);
  Series drifted(6, 0.5);
  Series earned(2);
  BookSums sums{.earned = earned};
  walk_row({.returned = returned,
            .share = 0.0,
            .weights = weights.data(),
            .leaving = {nobody, shares},
            .entering = {nobody, shares},
            .drifted = drifted},
           sums, nullptr);
  EXPECT_EQ(drifted, Series(6, 0.0));
  EXPECT_EQ(sums.traded, 3.0) << "all that was held before is sold";
}

}  // namespace
}  // namespace lode::evaluate
