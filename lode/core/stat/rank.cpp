// Key building, radix passes, repair of runs, and ranks from an order.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/rank.h"

#include <algorithm>
#include <array>
#include <bit>

#include "lode/base/assert.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

constexpr std::size_t kSortBelow = 48;    // Shorter rows: comparison sort beats clearing histograms.
constexpr std::size_t kWideFrom = 1'000;  // From here three passes of 11 bits; below three of 8.

// Order-preserving image of a float: negative numbers flipped, others with the sign bit set; -0 becomes 0.
std::uint64_t key_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x + 0.0);
  const auto mask = static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> 63) | (std::uint64_t{1} << 63);
  return bits ^ mask;
}

std::uint32_t key_of(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x + 0.0F);
  const auto mask = static_cast<std::uint32_t>(static_cast<std::int32_t>(bits) >> 31) | (std::uint32_t{1} << 31);
  return bits ^ mask;
}

std::uint64_t upper_bits(double x) { return key_of(x) & 0xFFFFFFFF00000000U; }
std::uint64_t upper_bits(float x) { return static_cast<std::uint64_t>(key_of(x)) << 32; }

// Packs the valid values as (upper key bits, index); returns their number.
template <class T>
std::size_t pack(std::span<const T> values, std::uint64_t* words) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    words[n] = upper_bits(values[i]) | i;
    n += is_valid(values[i]) ? 1 : 0;
  }
  return n;
}

// Stable LSD sort of `n` words by the top Passes * Bits bits; returns the buffer that holds the result.
template <int Bits, int Passes>
std::uint64_t* radix_sort(std::uint64_t* from, std::uint64_t* to, std::size_t n) {
  constexpr std::size_t kBuckets = std::size_t{1} << Bits;
  constexpr int kShift = 64 - Bits * Passes;
  std::array<std::array<std::uint32_t, kBuckets>, Passes> counts{};
  for (std::size_t i = 0; i < n; ++i) {
    for (int pass = 0; pass < Passes; ++pass) {
      ++counts[static_cast<std::size_t>(pass)][(from[i] >> (kShift + pass * Bits)) & (kBuckets - 1)];
    }
  }
  for (int pass = 0; pass < Passes; ++pass) {
    auto& starts = counts[static_cast<std::size_t>(pass)];
    const int shift = kShift + pass * Bits;
    if (starts[(from[0] >> shift) & (kBuckets - 1)] == n) {
      continue;  // One digit for all: nothing to move.
    }
    std::uint32_t total = 0;
    for (auto& start : starts) {
      const std::uint32_t count = start;
      start = total;
      total += count;
    }
    for (std::size_t i = 0; i < n; ++i) {
      to[starts[(from[i] >> shift) & (kBuckets - 1)]++] = from[i];
    }
    std::swap(from, to);
  }
  return from;
}

// Orders indices that agree in the bits sorted so far by their full keys; equal keys stay in index order.
template <class T>
void repair_run(std::span<const T> values, std::span<std::uint32_t> run) {
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    const auto x = key_of(values[a]);
    const auto y = key_of(values[b]);
    return x != y ? x < y : a < b;
  };
  if (!std::is_sorted(run.begin(), run.end(), less)) {
    std::sort(run.begin(), run.end(), less);
  }
}

// Takes the indices out of the sorted words and repairs each run of equal upper bits.
template <class T>
void unpack(std::span<const T> values, const std::uint64_t* words, std::size_t n, int sorted_bits,
            std::span<std::uint32_t> order) {
  const int shift = 64 - sorted_bits;
  std::size_t start = 0;
  for (std::size_t i = 0; i < n; ++i) {
    order[i] = static_cast<std::uint32_t>(words[i]);
    if (i + 1 == n || (words[i] >> shift) != (words[i + 1] >> shift)) {
      if (i > start) {
        repair_run(values, order.subspan(start, i + 1 - start));
      }
      start = i + 1;
    }
  }
}

template <class T>
std::size_t sort_values(std::span<const T> values, std::span<std::uint32_t> order, RankScratch& scratch) {
  LODE_ASSERT(order.size() >= values.size());
  LODE_ASSERT(values.size() < (std::size_t{1} << 31));
  std::uint64_t* words = scratch.words(values.size() + 1);
  const std::size_t n = pack(values, words);
  if (n == 0) {
    return 0;
  }
  int sorted_bits = 32;
  if (n < kSortBelow) {
    std::sort(words, words + n);
  } else if (n < kWideFrom) {
    sorted_bits = 24;
    words = radix_sort<8, 3>(words, scratch.spare(n), n);
  } else {
    // 33 bits: the lowest is the index's top bit, which is 0.
    words = radix_sort<11, 3>(words, scratch.spare(n), n);
  }
  unpack(values, words, n, sorted_bits, order);
  return n;
}

// The rank shared by the cells at sorted positions [first, last), 0-based, when ties are not broken by position.
double shared_rank(std::size_t first, std::size_t last, Ties ties) {
  switch (ties) {
    case Ties::kMin:
      return static_cast<double>(first + 1);
    case Ties::kMax:
      return static_cast<double>(last);
    default:
      return 0.5 * static_cast<double>(first + 1 + last);
  }
}

}  // namespace

std::uint64_t* RankScratch::words(std::size_t count) {
  if (words_.size() < count) {
    words_.resize(count);
  }
  return words_.data();
}

std::uint64_t* RankScratch::spare(std::size_t count) {
  if (spare_.size() < count) {
    spare_.resize(count);
  }
  return spare_.data();
}

std::size_t sort_order(std::span<const double> values, std::span<std::uint32_t> order, RankScratch& scratch) {
  return sort_values(values, order, scratch);
}

std::size_t sort_order(std::span<const float> values, std::span<std::uint32_t> order, RankScratch& scratch) {
  return sort_values(values, order, scratch);
}

void ranks_from_order(std::span<const double> values, std::span<const std::uint32_t> order, Ties ties,
                      std::span<double> ranks) {
  const std::size_t n = order.size();
  for (std::size_t first = 0; first < n;) {
    std::size_t last = first + 1;
    while (last < n && values[order[last]] == values[order[first]]) {
      ++last;
    }
    const double shared = shared_rank(first, last, ties);
    for (std::size_t i = first; i < last; ++i) {
      ranks[order[i]] = ties == Ties::kFirst ? static_cast<double>(i + 1) : shared;
    }
    first = last;
  }
}

std::size_t rank(std::span<const double> values, std::span<double> ranks, Ties ties, RankScratch& scratch) {
  scratch.order.resize(std::max(scratch.order.size(), values.size()));
  const std::size_t n = sort_order(values, scratch.order, scratch);
  if (n < values.size()) {
    std::fill(ranks.begin(), ranks.end(), kMissing);
  }
  ranks_from_order(values, std::span(scratch.order).first(n), ties, ranks);
  return n;
}

std::size_t rank_pct(std::span<const double> values, std::span<double> ranks, Ties ties, RankScratch& scratch) {
  const std::size_t n = rank(values, ranks, ties, scratch);
  for (double& value : ranks) {
    value /= static_cast<double>(n);  // All NaN when n is 0.
  }
  return n;
}

}  // namespace lode::stat
