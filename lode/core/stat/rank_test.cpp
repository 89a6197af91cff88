// Ranks against a quadratic definition, and orders against std::stable_sort, for every size regime of the kernel.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/rank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace lode::stat {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> ranks_of(const std::vector<double>& values, Ties ties) {
  RankScratch scratch;
  std::vector<double> ranks(values.size(), -1.0);
  rank(values, ranks, ties, scratch);
  return ranks;
}

// The definition: count smaller and equal cells, one by one.
double literal_rank(const std::vector<double>& values, std::size_t cell, Ties ties) {
  int below = 0;
  int equal = 0;
  int equal_before = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    below += values[i] < values[cell] ? 1 : 0;
    equal += values[i] == values[cell] ? 1 : 0;
    equal_before += values[i] == values[cell] && i < cell ? 1 : 0;
  }
  switch (ties) {
    case Ties::kMin:
      return below + 1;
    case Ties::kMax:
      return below + equal;
    case Ties::kFirst:
      return below + equal_before + 1;
    case Ties::kAverage:
      break;
  }
  return below + (equal + 1) / 2.0;
}

// Rows of the kinds that market data has: continuous, tied, nearly equal, huge and tiny, gappy.
std::vector<double> row_of_kind(int kind, std::size_t n, std::mt19937& random) {
  std::normal_distribution<double> normal;
  std::uniform_int_distribution<int> die(0, 9);
  std::vector<double> row(n);
  for (double& value : row) {
    const double x = normal(random);
    switch (kind) {
      case 0:
        value = x;
        break;
      case 1:
        value = die(random) - 5.0;
        break;
      case 2:
        value = 100.0 + 1e-12 * std::floor(10.0 * x);
        break;
      case 3:
        value = std::exp(80.0 * x);
        break;
      case 4:
        value = die(random) < 4 ? kNan : x;
        break;
      case 5:
        value = die(random) < 5 ? (die(random) < 5 ? 0.0 : -0.0) : x * 1e-310;
        break;
      default:
        value = die(random) < 2 ? -kInfinity : die(random) < 3 ? kInfinity : static_cast<double>(static_cast<float>(x));
    }
  }
  return row;
}

TEST(Rank, TiesShareTheMeanOfTheirRanks) {
  EXPECT_EQ(ranks_of({3, 1, 4, 1, 5}, Ties::kAverage), (std::vector<double>{3, 1.5, 4, 1.5, 5}));
  EXPECT_EQ(ranks_of({3, 1, 4, 1, 5}, Ties::kMin), (std::vector<double>{3, 1, 4, 1, 5}));
  EXPECT_EQ(ranks_of({3, 1, 4, 1, 5}, Ties::kMax), (std::vector<double>{3, 2, 4, 2, 5}));
  EXPECT_EQ(ranks_of({3, 1, 4, 1, 5}, Ties::kFirst), (std::vector<double>{3, 1, 4, 2, 5}));
}

TEST(Rank, MissingStaysMissingAndIsNotCounted) {
  RankScratch scratch;
  std::vector<double> ranks(4);
  EXPECT_EQ(rank_pct(std::vector<double>{kNan, 7, kNan, -7}, ranks, Ties::kAverage, scratch), 2U);
  EXPECT_TRUE(std::isnan(ranks[0]));
  EXPECT_EQ(ranks[1], 1.0);
  EXPECT_EQ(ranks[3], 0.5);
  EXPECT_EQ(rank_pct(std::vector<double>(4, kNan), ranks, Ties::kAverage, scratch), 0U);
  EXPECT_TRUE(std::isnan(ranks[1]));
  EXPECT_EQ(rank({}, {}, Ties::kAverage, scratch), 0U);
}

TEST(Rank, NegativeZeroTiesWithZero) {
  EXPECT_EQ(ranks_of({0.0, -0.0, -1.0}, Ties::kAverage), (std::vector<double>{2.5, 2.5, 1.0}));
}

TEST(Rank, MatchesTheDefinitionInEverySizeRegime) {
  std::mt19937 random(3);
  for (const std::size_t n : {1U, 2U, 47U, 48U, 300U, 999U, 1000U, 1700U}) {
    for (int kind = 0; kind < 7; ++kind) {
      const auto row = row_of_kind(kind, n, random);
      for (const Ties ties : {Ties::kAverage, Ties::kMin, Ties::kMax, Ties::kFirst}) {
        const auto ranks = ranks_of(row, ties);
        for (std::size_t i = 0; i < n; i += 1 + n / 60) {
          if (std::isnan(row[i])) {
            ASSERT_TRUE(std::isnan(ranks[i]));
          } else {
            ASSERT_EQ(ranks[i], literal_rank(row, i, ties)) << "n " << n << " kind " << kind << " cell " << i;
          }
        }
      }
    }
  }
}

TEST(SortOrder, EqualsAStableSortForBothPrecisions) {
  std::mt19937 random(4);
  RankScratch scratch;
  for (const std::size_t n : {0U, 1U, 50U, 640U, 5000U}) {
    for (int kind = 0; kind < 7; ++kind) {
      const auto row = row_of_kind(kind, n, random);
      const std::vector<float> row32(row.begin(), row.end());
      const auto check = [&](const auto& values) {
        std::vector<std::uint32_t> expected;
        for (std::uint32_t i = 0; i < n; ++i) {
          if (!std::isnan(values[i])) expected.push_back(i);
        }
        std::stable_sort(expected.begin(), expected.end(), [&](auto a, auto b) { return values[a] < values[b]; });
        std::vector<std::uint32_t> order(n);
        const std::size_t count = sort_order(std::span(values), std::span(order), scratch);
        order.resize(count);
        EXPECT_EQ(order, expected) << "n " << n << " kind " << kind;
      };
      check(row);
      check(row32);
    }
  }
}

TEST(RanksFromOrder, ASubsequenceGivesRanksWithinTheSubset) {
  const std::vector<double> values{5, 3, 3, 9, 1};
  const std::vector<std::uint32_t> subset{1, 2, 3};  // 3, 3, 9
  std::vector<double> ranks(5, -1.0);
  ranks_from_order(values, subset, Ties::kAverage, ranks);
  EXPECT_EQ(ranks, (std::vector<double>{-1, 1.5, 1.5, 3, -1}));
}

}  // namespace
}  // namespace lode::stat
