// Passes over one row, many names at a time. Sums of doubles go by eight lanes, a name's lane its position modulo 8,
// joined as ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)): the same bits on every CPU. Sums of integers are exact.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lode::evaluate {

// table[i] = 2 * (marks[0] + .. + marks[i]) + offset. Marks are 0 or 1. Both buffers are read or written up to the next
// multiple of 8.
void running_ranks(std::span<const std::uint8_t> marks, std::int32_t offset, std::int16_t* table);

// Sum of products, exact. No value may be farther from 0 than `most`, at most 32,766.
std::int64_t exact_dot(std::span<const std::int16_t> x, std::span<const std::int16_t> y, std::int32_t most);

// Exact sums over the names that have both, of values no farther from 0 than `most`, at most 32,766; kMissingRank:
// missing.
inline constexpr std::int16_t kMissingRank = -32'768;
struct ExactMoments {
  std::int64_t n = 0;
  std::int64_t x = 0;
  std::int64_t y = 0;
  std::int64_t xx = 0;
  std::int64_t yy = 0;
  std::int64_t xy = 0;
};
ExactMoments exact_moments(std::span<const std::int16_t> x, std::span<const std::int16_t> y, std::int32_t most);

// out = twice / unit, 0 for kMissingRank.
void rank_shares(std::span<const std::int16_t> twice, double unit, std::span<double> out);
// out = (values - center) / scale, 0 for NaN.
void scores(std::span<const double> values, double center, double scale, std::span<double> out);

std::int64_t exact_sum(std::span<const std::int32_t> values);

// Names in the same bucket in both rows: stayed[k - 1] those of bucket k; bucket 0 is none.
void count_stayers(std::span<const std::uint8_t> now, std::span<const std::uint8_t> then,
                   std::span<std::uint32_t> stayed);

// sums = before + more; then totals[h] += the dot product of `one` with sums - past[h].
void add_and_hold(std::span<const double> before, std::span<const double> more, std::span<const double> one,
                  std::span<const double* const> past, std::span<double> sums, std::span<double> totals);

// later / sooner - 1 where `marks` is 1, else NaN.
void masked_returns(std::span<const double> later, std::span<const double> sooner, std::span<const std::uint8_t> marks,
                    std::span<double> out);

// Sums over the names whose bucket is not 0: of x, and of y by bucket, totals[k - 1] those of bucket k. Values of
// bucket 0 are not looked at.
struct BucketSums {
  double x = 0.0;
  std::span<double> totals;
};
void bucket_sums(std::span<const double> x, std::span<const double> y, std::span<const std::uint8_t> buckets,
                 BucketSums& out);

// Sums over the names whose bucket is not 0 of the products of the deviations from the two centers.
struct Products {
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;
  double size_x = 0.0;  // Of the sizes of x's deviations.
};
Products bucket_products(std::span<const double> x, std::span<const double> y, std::span<const std::uint8_t> buckets,
                         double center_x, double center_y);

}  // namespace lode::evaluate
