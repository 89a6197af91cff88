// Sorting and ranking against counting, at sizes on both sides of every change of algorithm.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/order.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "lode/base/random.h"

namespace lode::expr::kernels {
namespace {

enum class Data { kNormal, kTies, kConstant, kLogNormal, kNear, kFar, kTightClusters, kLooseClusters, kPairs };
constexpr Data kAllData[] = {Data::kNormal, Data::kTies,  Data::kConstant,      Data::kLogNormal,    Data::kNear,
                             Data::kFar,    Data::kPairs, Data::kTightClusters, Data::kLooseClusters};

template <class T>
std::vector<T> draw(std::size_t count, Data data) {
  Random random(count, static_cast<std::uint64_t>(data));
  std::vector<T> values(count);
  for (T& value : values) {
    const bool is_first = &value == values.data();
    const double normal = random.next_normal();
    double drawn = normal;
    if (data == Data::kTies) {
      drawn = std::round(normal) * 0.1;  // Zeros of both signs among them.
    } else if (data == Data::kConstant) {
      drawn = -3.25;
    } else if (data == Data::kLogNormal) {
      drawn = std::exp(20.0 * normal);
    } else if (data == Data::kNear) {
      drawn = 1.0 + std::round(normal * 4.0) * 0x1p-50;  // Doubles whose upper halves are all the same.
    } else if (data == Data::kFar) {
      drawn = is_first ? -1e30 : 1e6 + normal;  // One so far away that the digits sorted by see no other difference.
    } else if (data == Data::kTightClusters) {  // Seven values, each of them a few roundings wide: counted.
      drawn = std::round(normal) * (1.0 + 0x1p-23 * std::round(4.0 * random.next_uniform()));
    } else if (data == Data::kLooseClusters) {  // So wide that, among few words, they are sorted.
      drawn = std::round(normal) * (1.0 + 0x1p-23 * std::round(0x1p13 * random.next_uniform()));
    } else if (data == Data::kPairs) {  // Runs of a few dozen: compared each with each.
      drawn = std::round(20.0 * normal) * (1.0 + 0x1p-23 * std::round(8.0 * random.next_uniform()));
    }
    value = random.next_uniform() < 0.1 ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(drawn);
  }
  return values;
}

struct Room {
  explicit Room(std::size_t width)
      : bytes(OrderRoom::bytes(width)), bump({bytes}), room(OrderRoom::take(bump, width)) {}
  std::vector<std::byte> bytes;
  Bump bump;
  OrderRoom room;
};

template <class T>
void expect_ranks(std::size_t count, Data data) {
  const std::vector<T> values = draw<T>(count, data);
  Room room(count);
  std::vector<T> average(count), least(count), most(count), first(count), share(count);
  rank_cells(values.data(), count, Ties::kAverage, RankScale::kPlaces, average.data(), room.room);
  rank_cells(values.data(), count, Ties::kMin, RankScale::kPlaces, least.data(), room.room);
  rank_cells(values.data(), count, Ties::kMax, RankScale::kPlaces, most.data(), room.room);
  rank_cells(values.data(), count, Ties::kFirst, RankScale::kPlaces, first.data(), room.room);
  rank_cells(values.data(), count, Ties::kAverage, RankScale::kShare, share.data(), room.room);
  double valid = 0.0;
  for (const T value : values) {
    valid += value == value ? 1.0 : 0.0;
  }
  for (std::size_t i = 0; i<count; i += count> 2000 ? 37 : 1) {
    double below = 0.0;
    double ties = 0.0;
    double earlier = 0.0;
    for (std::size_t k = 0; k < count; ++k) {
      below += values[k] < values[i] ? 1.0 : 0.0;
      ties += values[k] == values[i] ? 1.0 : 0.0;
      earlier += values[k] == values[i] && k <= i ? 1.0 : 0.0;
    }
    if (std::isnan(values[i])) {
      ASSERT_TRUE(std::isnan(average[i]) && std::isnan(first[i]) && std::isnan(share[i]));
      continue;
    }
    ASSERT_EQ(average[i], static_cast<T>(below + (ties + 1.0) / 2.0)) << count << " " << static_cast<int>(data);
    ASSERT_EQ(least[i], static_cast<T>(below + 1.0));
    ASSERT_EQ(most[i], static_cast<T>(below + ties));
    ASSERT_EQ(first[i], static_cast<T>(below + earlier));
    ASSERT_EQ(share[i], static_cast<T>((below + (ties + 1.0) / 2.0) / valid));
  }
}

TEST(Order, RanksLikeCounting) {
  for (const std::size_t count : {0U, 1U, 2U, 47U, 48U, 49U, 500U, 999U, 1100U, 1101U, 6000U}) {
    for (const Data data : kAllData) {
      expect_ranks<double>(count, data);
      expect_ranks<float>(count, data);
    }
  }
}

std::vector<float> ranks_from_zero(const std::vector<float>& values) {
  Room room(values.size());
  std::vector<float> ranks(values.size());
  rank_cells(values.data(), values.size(), Ties::kAverage, RankScale::kFromZero, ranks.data(), room.room);
  return ranks;
}

// Runs of words begin and end at any lane.
TEST(Order, EveryVectorTargetGivesTheSameRanks) {
  for (const Data data : kAllData) {
    const std::vector<float> values = draw<float>(1500, data);
    const std::vector<float> expected = ranks_from_zero(values);
    const std::int64_t supported = hwy::SupportedTargets();
    for (std::int64_t bit = 1; bit != 0 && bit <= supported; bit <<= 1) {
      if ((supported & bit) != 0) {
        hwy::SetSupportedTargetsForTest(bit);
        hwy::GetChosenTarget().Update(bit);
        const std::vector<float> ranks = ranks_from_zero(values);
        EXPECT_EQ(std::memcmp(ranks.data(), expected.data(), ranks.size() * sizeof(float)), 0) << hwy::TargetName(bit);
      }
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
}

TEST(Order, SortsExtremesAndZeros) {
  constexpr double kMost = std::numeric_limits<double>::max();
  const std::vector<double> values = {0.0, kMost, -kMost, -0.0, 5e-324, -5e-324, 1.0};
  Room room(values.size());
  std::vector<std::uint32_t> order;
  for (const std::uint64_t word : sorted_valid(values.data(), values.size(), room.room)) {
    order.push_back(index_of(word));
  }
  EXPECT_EQ(order, (std::vector<std::uint32_t>{2, 5, 0, 3, 4, 6, 1}));
}

}  // namespace
}  // namespace lode::expr::kernels
