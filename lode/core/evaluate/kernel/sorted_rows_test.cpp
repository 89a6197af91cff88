// Ranks within common cells and groups, by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/sorted_rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

using test::kNan;

SortedRows sorted(const std::vector<std::vector<double>>& rows, Pool& pool) {
  const auto axis = test::make_axis(rows.size(), rows.front().size());
  return sort_rows(copy_cells(test::make_panel(axis, rows)), pool);
}

TEST(RowPair, RanksOnlyTheCellsOfBoth) {
  Pool pool(1);
  const SortedRows x = sorted({{5, kNan, 1, 3, 2}}, pool);
  const SortedRows y = sorted({{kNan, 9, 10, 30, 20}}, pool);
  RowPair pair(5);
  pair.load(x.values.row(0), x.ranked(0), y.values.row(0), y.ranked(0));
  EXPECT_EQ(pair.n(), 3U);
  EXPECT_EQ(pair.rank_correlation(), 1.0);
  EXPECT_EQ(pair.twice_x()[2], -2);  // Rank 1 of 3: 2 * 1 - 4.
  EXPECT_EQ(pair.squares_x(), 8.0);
}

TEST(CenteredRanks, MissingIsZeroAndShortRowsAreZero) {
  Pool pool(1);
  const Standing ranks = centered_ranks(sorted({{4, kNan, 2, 2}, {1, 2, kNan, kNan}}, pool), 3, pool);
  EXPECT_NEAR(ranks.cells->row(0)[0], 1.0 / 3.0, 1e-16);
  EXPECT_EQ(ranks.cells->row(0)[1], 0.0);
  EXPECT_NEAR(ranks.cells->row(0)[2], -0.5 / 3.0, 1e-16);
  EXPECT_EQ(ranks.counts[0], 3U);
  EXPECT_EQ(ranks.counts[1], 0U);
  EXPECT_EQ(ranks.cells->row(1)[0], 0.0);
}

TEST(StandardScores, HaveMeanZeroAndDeviationOne) {
  Pool pool(1);
  const Standing scores = standard_scores(sorted({{1, 2, 3, kNan}, {7, 7, 7, 7}}, pool), 3, pool);
  EXPECT_NEAR(scores.cells->row(0)[2], std::sqrt(1.5), 1e-15);
  EXPECT_EQ(scores.cells->row(0)[3], 0.0);
  EXPECT_EQ(scores.cells->row(1)[0], 0.0);
  EXPECT_EQ(scores.deviation[1], 0.0);
}

TEST(CenteredGroupRanks, RankWithinGroupsOfThreeOrMore) {
  Pool pool(1);
  const std::vector<std::int32_t> codes{0, 0, 0, 1, 1, -1};
  const Standing ranks = centered_group_ranks(sorted({{3, 1, 2, 9, 8, 7}}, pool), {codes, 2}, 3, 0, pool);
  EXPECT_NEAR(ranks.cells->row(0)[0], 1.0 / 3.0, 1e-16);
  EXPECT_NEAR(ranks.cells->row(0)[1], -1.0 / 3.0, 1e-16);
  EXPECT_EQ(ranks.cells->row(0)[3], 0.0);  // Two names are no group.
  EXPECT_EQ(ranks.cells->row(0)[5], 0.0);
  EXPECT_EQ(ranks.counts[0], 3U);
}

}  // namespace
}  // namespace lode::evaluate
