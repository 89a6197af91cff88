// Sorting and ranking of one cross-section: the kernel behind rank, Spearman, quantile buckets and turnover.
//
// A value becomes a monotone unsigned key (-0 is 0), packed with its index into one 64-bit word; an LSD radix sort
// orders the words by the key's upper bits, and the few runs that share those bits are put right by their full keys.
// Exact for every input, linear for ordinary ones: no run is longer than the ties and near-ties of the data.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lode::stat {

// Rank of equal values: the mean, the lowest or the highest of the ranks they span, or by position.
enum class Ties : std::uint8_t { kAverage, kMin, kMax, kFirst };

// Buffers of sort_order, reused from row to row; one a thread.
class RankScratch {
 public:
  // Room for `count` words each. The pointers stay until the next call.
  std::uint64_t* words(std::size_t count);
  std::uint64_t* spare(std::size_t count);
  std::vector<std::uint32_t> order;  // For callers that need no order of their own.

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> spare_;
};

// Indices of the values that are not NaN, ascending by value, equal values by index; -0 equals 0; infinities are
// values. Writes the first n entries of `order` (which must be at least as long as `values`) and returns n.
std::size_t sort_order(std::span<const double> values, std::span<std::uint32_t> order, RankScratch& scratch);
std::size_t sort_order(std::span<const float> values, std::span<std::uint32_t> order, RankScratch& scratch);

// Ranks 1..n (n = order.size()) of the cells named by `order`, which sort_order made for these values, or a subsequence
// of it: then they are ranks within that subset. Cells not named by `order` are left as they are.
void ranks_from_order(std::span<const double> values, std::span<const std::uint32_t> order, Ties ties,
                      std::span<double> ranks);

// Ranks 1..n of the valid values, NaN where the value is NaN; returns n. `ranks` is as long as `values`.
std::size_t rank(std::span<const double> values, std::span<double> ranks, Ties ties, RankScratch& scratch);

// The same divided by n: (0, 1], the `rank` operator.
std::size_t rank_pct(std::span<const double> values, std::span<double> ranks, Ties ties, RankScratch& scratch);

}  // namespace lode::stat
