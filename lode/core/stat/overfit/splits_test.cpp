// Every split keeps its promise by the plainest reading: label by label, row by row.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/splits.h"

#include <gtest/gtest.h>

#include <set>

namespace lode::stat {
namespace {

std::set<std::size_t> rows_of(const std::vector<RowRange>& ranges) {
  std::set<std::size_t> rows;
  for (const RowRange& range : ranges) {
    for (std::size_t row = range.begin; row < range.end; ++row) {
      EXPECT_TRUE(rows.insert(row).second) << "row " << row << " twice";
    }
  }
  return rows;
}

// Whether a row may be trained on beside a test row, by what their labels are made of.
bool may_train(std::size_t row, const std::set<std::size_t>& test, const std::vector<RowRange>& tests,
               const Purge& purge) {
  if (test.contains(row)) {
    return false;
  }
  for (const std::size_t other : test) {
    const bool reaches = row < other && row + purge.label_rows >= other;
    const bool is_reached = other < row && other + purge.label_rows >= row;
    if (reaches || is_reached) {
      return false;
    }
  }
  for (const RowRange& range : tests) {
    if (row >= range.end && row < range.end + purge.label_rows + purge.embargo_rows) {
      return false;
    }
  }
  return true;
}

void expect_exact(const std::vector<Split>& splits, std::size_t rows, const Purge& purge) {
  for (const Split& split : splits) {
    EXPECT_TRUE(is_clean(split, purge));
    const std::set<std::size_t> train = rows_of(split.train);
    const std::set<std::size_t> test = rows_of(split.test);
    for (std::size_t row = 0; row < rows; ++row) {
      EXPECT_EQ(train.contains(row), may_train(row, test, split.test, purge)) << row;
    }
  }
}

TEST(PurgedFolds, TrainOnEveryRowThatTheyMayAndNoOther) {
  for (const Purge purge : {Purge{1, 0}, Purge{5, 0}, Purge{5, 3}, Purge{0, 0}, Purge{40, 40}}) {
    for (const std::size_t folds : {2U, 3U, 5U, 10U}) {
      const std::vector<Split> splits = purged_folds(97, folds, purge);
      EXPECT_EQ(splits.size(), folds);
      expect_exact(splits, 97, purge);
    }
  }
}

TEST(PurgedFolds, TestEveryRowOnce) {
  std::set<std::size_t> tested;
  for (const Split& split : purged_folds(50, 7, {2, 1})) {
    for (const std::size_t row : rows_of(split.test)) {
      EXPECT_TRUE(tested.insert(row).second);
    }
  }
  EXPECT_EQ(tested.size(), 50U);
}

TEST(CombinatorialSplits, AreAllChoicesAndTheirPaths) {
  const Purge purge{3, 2};
  const std::vector<Split> splits = combinatorial_splits(61, 6, 2, purge);
  EXPECT_EQ(splits.size(), 15U);  // C(6, 2)
  EXPECT_EQ(path_count(6, 2), 5U);
  expect_exact(splits, 61, purge);
  std::vector<std::size_t> times(61, 0);
  for (const Split& split : splits) {
    for (const std::size_t row : rows_of(split.test)) {
      ++times[row];
    }
  }
  for (const std::size_t count : times) {
    EXPECT_EQ(count, path_count(6, 2));
  }
}

TEST(CombinatorialSplits, NeighbouringGroupsAreOneTestRange) {
  const std::vector<Split> splits = combinatorial_splits(60, 6, 2, {1, 0});
  EXPECT_EQ(splits.front().test, (std::vector<RowRange>{{0, 20}}));
  EXPECT_EQ(splits[1].test, (std::vector<RowRange>{{0, 10}, {20, 30}}));
}

TEST(WalkForward, NeverLooksAhead) {
  const Purge purge{5, 0};
  for (const bool is_anchored : {false, true}) {
    const std::vector<Split> splits = walk_forward(100, 40, 15, is_anchored, purge);
    EXPECT_EQ(splits.size(), 4U);  // Tests from rows 45, 60, 75 and 90 on.
    for (std::size_t i = 0; i < splits.size(); ++i) {
      const Split& split = splits[i];
      EXPECT_TRUE(is_clean(split, purge));
      EXPECT_EQ(split.train[0].begin, is_anchored ? 0 : 15 * i);
      EXPECT_EQ(split.train[0].end, 40 + 15 * i);
      EXPECT_EQ(split.test[0].begin, 45 + 15 * i);
      EXPECT_EQ(split.test[0].end, std::min<std::size_t>(100, 60 + 15 * i));
    }
  }
  EXPECT_TRUE(walk_forward(45, 40, 15, true, purge).empty());
}

TEST(IsClean, SeesALeak) {
  const Purge purge{3, 2};
  EXPECT_FALSE(is_clean({{{0, 8}}, {{10, 20}}}, purge));
  EXPECT_TRUE(is_clean({{{0, 7}}, {{10, 20}}}, purge));
  EXPECT_FALSE(is_clean({{{24, 30}}, {{10, 20}}}, purge));
  EXPECT_TRUE(is_clean({{{25, 30}}, {{10, 20}}}, purge));
}

}  // namespace
}  // namespace lode::stat
