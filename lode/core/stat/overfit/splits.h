// Splits of a history into training and test rows that no label crosses: purged k-fold, combinatorial purged and
// walk-forward cross-validation.
//
// Lopez de Prado, "Advances in financial machine learning" (2018), sections 7.4 (purging, embargo) and 12.3 (paths).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace lode::stat {

// Rows [begin, end).
struct RowRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const RowRange&, const RowRange&) = default;
};

// Ascending ranges that neither touch nor overlap within a list.
struct Split {
  std::vector<RowRange> train;
  std::vector<RowRange> test;
};

// What a label reads and what a test row leaks. The label of row t is made of rows t .. t + label_rows: a training row
// whose label reaches a test row, or that the label of a test row reaches, is left out.
struct Purge {
  std::size_t label_rows = 1;
  std::size_t embargo_rows = 0;  // Rows after a test range that are not trained on, besides.
};

// `folds` runs of rows of nearly equal length, each the test of one split. 2 <= folds <= rows.
std::vector<Split> purged_folds(std::size_t rows, std::size_t folds, const Purge& purge);

// All C(groups, tested) choices of `tested` of the `groups` runs, in ascending order: each run is tested in C(groups -
// 1, tested - 1) of them, which makes that many paths through the history. 1 <= tested < groups <= rows.
std::vector<Split> combinatorial_splits(std::size_t rows, std::size_t groups, std::size_t tested, const Purge& purge);
std::size_t path_count(std::size_t groups, std::size_t tested);

// From the first `train_rows` on, each split tests the `test_rows` after the gap that the purge asks for, then moves on
// by as many. `is_anchored`: training always begins at row 0, else it is the last `train_rows`. The last test may be
// shorter.
std::vector<Split> walk_forward(std::size_t rows, std::size_t train_rows, std::size_t test_rows, bool is_anchored,
                                const Purge& purge);

// True when the label of no training row reaches a test row, that of no test row a training row, and no training row is
// under embargo: the promise of all of the above, in the plainest way.
bool is_clean(const Split& split, const Purge& purge);

}  // namespace lode::stat
