// Coefficients and buckets of places against the pair that sorts, on rows with holes and ties; and places by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/places.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lode/base/random.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/stat/quantile.h"

namespace lode::evaluate {
namespace {

using test::kNan;

TEST(Places, ByHand) {
  Pool pool(1);
  const auto axis = test::make_axis(2, 5);
  const Panel values = test::make_panel(axis, {{3, kNan, 1, 3, 2}, {5, 4, 3, 2, 1}});
  const Places places = places_of(values, pool);
  const PlaceRow first = places.row(0);
  EXPECT_TRUE(std::ranges::equal(first.places, std::vector<std::uint16_t>{3, 0, 1, 4, 2}));
  EXPECT_EQ(first.count, 4U);
  ASSERT_EQ(first.ties.size(), 1U);
  EXPECT_EQ(first.ties[0].begin, 3);
  EXPECT_EQ(first.ties[0].end, 5);
  EXPECT_TRUE(places.row(1).ties.empty());
}

struct Kind {
  double missing_x;
  double missing_y;
  double grid_x;  // 0: no ties.
  double grid_y;
};

class AgainstThePairThatSorts : public ::testing::TestWithParam<Kind> {
 protected:
  static Panel draw(std::size_t columns, std::uint64_t seed, double missing, double grid) {
    const Random random(seed, 5);
    return test::make_panel(test::make_axis(40, columns), [&](std::size_t row, std::size_t column) {
      const std::size_t at = (row * columns + column) * 2;
      // The odd rows miss little, the even ones as asked.
      const bool is_missing = random.uniform_at(at) < (row % 2 == 0 ? missing : missing / 10.0);
      const double value = random.normal_at(at + 1);
      return is_missing ? kNan : grid > 0.0 ? std::floor(value / grid) : value;
    });
  }
};

TEST_P(AgainstThePairThatSorts, SameBitsAndBuckets) {
  Pool pool(1);
  for (const std::size_t columns : {2U, 3U, 9U, 64U, 301U}) {
    SCOPED_TRACE(columns);
    const SortedRows x = sort_rows(copy_cells(draw(columns, 1, GetParam().missing_x, GetParam().grid_x)), pool);
    const Panel labels = draw(columns, 2, GetParam().missing_y, GetParam().grid_y);
    const Places y = places_of(labels, pool);
    RowPair slow(columns);
    PlacePair fast(columns);
    LabelRows::Scratch scratch;
    std::vector<TieRun> ties;
    std::vector<std::int32_t> twice(columns);
    for (std::size_t row = 0; row < 40; ++row) {
      find_ties(x.values.row(row), x.order(row), ties);
      slow.load(x.values.row(row), x.ranked(row), labels.row64(row), LabelRows(labels).order(row, scratch));
      fast.load(x.order(row), x.missing(row), y.row(row));
      ASSERT_EQ(fast.n(), slow.n());
      const double expected = slow.rank_correlation();
      const double found = fast.rank_correlation(x.order(row), ties);
      ASSERT_TRUE(expected == found || (std::isnan(expected) && std::isnan(found))) << expected << " " << found;
      ASSERT_EQ(fast.squares_x(), slow.squares_x());
      ASSERT_EQ(fast.squares_y(), slow.squares_y());
      if (ties.empty()) {
        std::vector<std::uint16_t> order(x.order(row).begin(), x.order(row).end());
        std::vector<std::uint16_t> places(columns, 0);
        for (std::size_t i = 0; i < order.size(); ++i) places[order[i]] = static_cast<std::uint16_t>(i + 1);
        std::vector<std::uint32_t> missing;
        for (std::size_t i = 0; i < columns; ++i) {
          if (std::isnan(labels.row64(row)[i])) missing.push_back(static_cast<std::uint32_t>(i));
        }
        const double untied = fast.rank_correlation_untied(order, places, missing);
        ASSERT_TRUE(untied == found || (std::isnan(untied) && std::isnan(found))) << untied << " " << found;
      }
      fast.write_twice_x(x.order(row), ties, twice);
      for (const std::uint32_t cell : slow.order_x()) {
        ASSERT_EQ(twice[cell], slow.twice_x()[cell]);
        ASSERT_EQ(fast.twice_y(cell), slow.twice_y()[cell]);
      }
      for (const int parts : {2, 5}) {
        if (fast.n() < static_cast<std::size_t>(parts)) {
          continue;
        }
        std::vector<std::uint8_t> by_value(columns, 0);
        stat::quantile_buckets(x.values.row(row), slow.order_x(), parts, by_value);
        BucketEdges edges(parts);
        edges.set(fast.n());
        std::vector<std::uint8_t> buckets(columns, 0);
        std::vector<std::uint32_t> counts(static_cast<std::size_t>(parts) + 1, 0);
        const double again = fast.rank_correlation(x.order(row), ties, edges, buckets, counts);
        ASSERT_TRUE(again == found || std::isnan(found));
        ASSERT_EQ(buckets, by_value);
        for (std::size_t k = 1; k < counts.size(); ++k) {
          ASSERT_EQ(counts[k], std::ranges::count(by_value, static_cast<std::uint8_t>(k)));
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(HolesAndTies, AgainstThePairThatSorts,
                         ::testing::Values(Kind{0.0, 0.0, 0.0, 0.0}, Kind{0.05, 0.2, 0.0, 0.0},
                                           Kind{0.7, 0.1, 0.0, 0.0}, Kind{0.1, 0.8, 0.3, 0.0}, Kind{0.1, 0.1, 0.0, 0.3},
                                           Kind{0.3, 0.3, 0.8, 0.8}, Kind{0.2, 0.2, 9.0, 0.2},
                                           Kind{1.0, 0.0, 0.0, 0.0}));

}  // namespace
}  // namespace lode::evaluate
