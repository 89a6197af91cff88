// Sorting one date's values: (key, index) packed in 64-bit words, where a key is the monotone unsigned image of the
// value, least-significant-digit radix sort of the words, and one linear pass that settles what 32 bits of key could
// not.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::kernels {

// Room for sorting up to `width` words.
struct OrderRoom {
  std::uint64_t* words = nullptr;
  std::uint64_t* other = nullptr;
  std::uint32_t* ranks = nullptr;
  std::uint32_t* histogram = nullptr;

  static OrderRoom take(Bump& bump, std::size_t width);
  static std::size_t bytes(std::size_t width);
};

// Index of a word.
inline std::uint32_t index_of(std::uint64_t word) { return static_cast<std::uint32_t>(word); }

// Sorts words[0, count) by their upper half; equal ones keep their order. Returns where they are: words or other.
std::uint64_t* sort_words(const OrderRoom& room, std::size_t count);

// The valid cells among values[0, count) in ascending order, index_of each word; ties (-0 and 0 are one) by index.
// The words live in `room`.
template <class T>
std::span<const std::uint64_t> sorted_valid(const T* values, std::size_t count, const OrderRoom& room);

// How ties share ranks.
enum class Ties : std::uint8_t { kAverage, kMin, kMax, kFirst };

// What a rank is counted in.
enum class RankScale : std::uint8_t {
  kPlaces,    // 1..n
  kShare,     // rank / n, in (0, 1]
  kFromZero,  // (rank - 1) / (n - 1), in [0, 1]; 0.5 for a lone cell
};

// out[i] = rank of values[i] among the valid cells; missing where missing.
template <class T>
void rank_cells(const T* values, std::size_t count, Ties ties, RankScale scale, T* out, const OrderRoom& room);

}  // namespace lode::expr::kernels
