// The two passes of sorting and ranking that run in vector lanes. For order.cpp alone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lode::expr::kernels {

struct KeyRange {
  std::uint32_t least;
  std::uint32_t most;
};

// Words of the valid cells among values[0, count), index ascending; returns how many. A key is the upper half of the
// monotone unsigned image of the value (for a float, all of it), -0 counted as 0. `range` is that of the keys: least
// above most when there is none. May write up to kWordsBeyond words past the last.
inline constexpr std::size_t kWordsBeyond = 16;
std::size_t pack_words(const float* values, std::size_t count, std::uint64_t* words, KeyRange& range);
std::size_t pack_words(const double* values, std::size_t count, std::uint64_t* words, KeyRange& range);

// out[i] = halves[i] / 2 / divisor, rounded once. halves below 2^24.
void divide_halves(const std::uint32_t* halves, std::size_t count, float divisor, float* out);
void divide_halves(const std::uint32_t* halves, std::size_t count, double divisor, double* out);

// What ranks become: (twice the rank - offset) / 2 / divisor, rounded once.
struct RankShare {
  std::uint32_t offset;
  float divisor;
  std::uint32_t* counts;  // Room for rank_run.
  float of(std::size_t twice) const { return static_cast<float>(twice - offset) * 0.5F / divisor; }
};

// Gives out[index of word] the share of its average rank, for the words of floats, which are in order but for the
// lowest `left` bits of their keys. A word's rank is its position, corrected by the few words around it; only where
// more than these agree in all higher bits are they sorted, by rank_run. Writes up to kWordsBeyond words before the
// first and past the last.
void rank_near_words(std::uint64_t* words, std::size_t n, int left, const RankShare& share, float* out);

// The same for a long run of words that agree in all but `differences` of their keys, `before` words before them.
void rank_run(std::span<std::uint64_t> run, std::size_t before, std::uint32_t differences, const RankShare& share,
              float* out);

}  // namespace lode::expr::kernels
