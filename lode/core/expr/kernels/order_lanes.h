// The two passes of sorting and ranking that run in vector lanes. For order.cpp alone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

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

}  // namespace lode::expr::kernels
