// Purged splits.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/splits.h"

#include <algorithm>

#include "lode/base/assert.h"

namespace lode::stat {
namespace {

// Run `index` of `count` nearly equal ones: the first rows % count are one longer.
RowRange run_of(std::size_t rows, std::size_t count, std::size_t index) {
  const std::size_t length = rows / count;
  const std::size_t longer = rows % count;
  const std::size_t begin = index * length + std::min(index, longer);
  return {begin, begin + length + (index < longer ? 1 : 0)};
}

void append(std::vector<RowRange>& ranges, RowRange range) {
  if (range.begin >= range.end) {
    return;
  }
  if (!ranges.empty() && ranges.back().end == range.begin) {
    ranges.back().end = range.end;
  } else {
    ranges.push_back(range);
  }
}

// Everything else, without the rows near a test range: those before it whose labels reach it, and those after it that
// its labels reach or the embargo holds.
Split around(std::vector<RowRange> test, std::size_t rows, const Purge& purge) {
  Split split;
  std::size_t free = 0;  // The first row that may be trained on.
  for (const RowRange& range : test) {
    const std::size_t last = range.begin > purge.label_rows ? range.begin - purge.label_rows : 0;
    append(split.train, {free, std::max(free, last)});
    free = std::min(rows, range.end + purge.label_rows + purge.embargo_rows);
  }
  append(split.train, {free, rows});
  split.test = std::move(test);
  return split;
}

std::size_t choose(std::size_t n, std::size_t k) {
  std::size_t result = 1;
  for (std::size_t i = 1; i <= k; ++i) {
    result = result * (n - k + i) / i;
  }
  return result;
}

// The next choice in ascending order; false after the last.
bool advance(std::vector<std::size_t>& chosen, std::size_t groups) {
  for (std::size_t i = chosen.size(); i-- > 0;) {
    if (chosen[i] + (chosen.size() - i) < groups) {
      ++chosen[i];
      for (std::size_t j = i + 1; j < chosen.size(); ++j) {
        chosen[j] = chosen[j - 1] + 1;
      }
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Split> purged_folds(std::size_t rows, std::size_t folds, const Purge& purge) {
  return combinatorial_splits(rows, folds, 1, purge);
}

std::vector<Split> combinatorial_splits(std::size_t rows, std::size_t groups, std::size_t tested, const Purge& purge) {
  LODE_ASSERT(tested >= 1);
  LODE_ASSERT(tested < groups);
  LODE_ASSERT(groups <= rows);
  std::vector<std::size_t> chosen(tested);
  for (std::size_t i = 0; i < tested; ++i) {
    chosen[i] = i;
  }
  std::vector<Split> splits;
  do {
    std::vector<RowRange> test;
    for (const std::size_t group : chosen) {
      append(test, run_of(rows, groups, group));
    }
    splits.push_back(around(std::move(test), rows, purge));
  } while (advance(chosen, groups));
  return splits;
}

std::size_t path_count(std::size_t groups, std::size_t tested) { return choose(groups - 1, tested - 1); }

std::vector<Split> walk_forward(std::size_t rows, std::size_t train_rows, std::size_t test_rows, bool is_anchored,
                                const Purge& purge) {
  LODE_ASSERT(train_rows > 0);
  LODE_ASSERT(test_rows > 0);
  std::vector<Split> splits;
  for (std::size_t end = train_rows; end + purge.label_rows < rows; end += test_rows) {
    const std::size_t begin = end + purge.label_rows;
    splits.push_back({{{is_anchored ? 0 : end - train_rows, end}}, {{begin, std::min(rows, begin + test_rows)}}});
  }
  return splits;
}

bool is_clean(const Split& split, const Purge& purge) {
  for (const RowRange& test : split.test) {
    for (const RowRange& train : split.train) {
      const bool is_before = train.end + purge.label_rows <= test.begin;
      const bool is_after = train.begin >= test.end + purge.label_rows + purge.embargo_rows;
      if (!is_before && !is_after) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace lode::stat
