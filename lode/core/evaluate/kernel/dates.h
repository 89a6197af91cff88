// The pass over dates of one horizon: information coefficients, buckets and what the buckets earned.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "lode/core/evaluate/kernel/places.h"
#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// What a pass should make besides the rank IC.
enum class Depth : std::uint8_t { kRankIc, kEverything };

// Bucket 1..q of each name on each date, 0 = none; the unit of turnover and books.
struct Buckets {
  std::size_t columns = 0;
  int quantiles = 0;
  std::vector<std::uint8_t> cells;    // rows * columns
  std::vector<std::uint32_t> counts;  // rows * (quantiles + 1): members of each bucket; [0] unused

  std::span<const std::uint8_t> row(std::size_t index) const {
    return std::span(cells).subspan(index * columns, columns);
  }
  std::span<const std::uint32_t> count(std::size_t index) const {
    const auto width = static_cast<std::size_t>(quantiles) + 1;
    return std::span(counts).subspan(index * width, width);
  }
};

// Series over rows, NaN where undefined.
struct Dates {
  std::vector<double> rank_ic;
  std::vector<double> ic;          // Empty below Depth::kEverything, as all that follows.
  std::vector<double> weighted;    // sum (f - mean f) r / sum |f - mean f| over the date's names; NaN without a rank IC
  std::vector<double> mean_label;  // Of the same names
  Buckets buckets;
  std::vector<std::vector<double>> bucket_absolute;  // [bucket - 1][row]: mean label of the bucket's names
  std::vector<std::vector<double>> bucket_demeaned;  // ... minus the mean label of all names of the row
  std::int64_t cells = 0;                            // Pairs of factor and label on dates with a rank IC.
  std::int64_t thin = 0;                             // Such dates with fewer than kFewNames pairs.
  std::int64_t left_out = 0;                         // Dates with a pair, but fewer than names_needed() of them.
};

// Fewest names of a date that counts: min_names, at least kFewestNames.
inline std::size_t names_needed(const Options& options) {
  return static_cast<std::size_t>(std::max(kFewestNames, options.min_names));
}

// Labels of one horizon and what is asked of them.
struct Asked {
  LabelRows labels;
  Depth depth = Depth::kEverything;
  std::vector<std::uint8_t>* room = nullptr;  // Memory for the buckets to use again; taken.
};

// Factor and labels are held against each other on the cells valid in both; a date with fewer than names_needed() of
// them has no coefficient and no buckets, one with fewer than `quantiles` no buckets.
Dates evaluate_dates(const SortedRows& factor, const LabelRows& labels, Depth depth, const Options& options,
                     Pool& pool);
// Several horizons in one pass over the factor; each is what it is alone.
std::vector<Dates> evaluate_dates(const SortedRows& factor, std::span<const Asked> asked, const Options& options,
                                  Pool& pool);

struct Lagged {
  std::vector<double> rank_ic;      // One a lag, 0 first; NaN below min_dates
  std::vector<std::int64_t> dates;  // With a coefficient
};
// Rank IC of the labels with the factor of k rows earlier, k = 0..deepest: means over dates.
Lagged lagged_rank_ic(const SortedRows& factor, const LabelRows& labels, int deepest, const Options& options,
                      Pool& pool);

// The centred ranks of a factor with NaN where it has no value.
Cells known_ranks(const SortedRows& factor, const Standing& ranks, Pool& pool);
// Mean over dates of the Pearson correlation of the average ranks at t and t - lag over the names present in both.
double rank_autocorrelation(const Cells& known_ranks, int lag, const Options& options, Pool& pool);
// The same of compact ranks, in integers.
double rank_autocorrelation(const Standing& compact_ranks, int lag, const Options& options, Pool& pool);

}  // namespace lode::evaluate
