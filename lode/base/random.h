// Counter-based randomness: the n-th number of a stream is a pure function of (seed, stream, n), so results do not
// depend on thread count, order of work or what else was drawn. Philox4x32-10 (Salmon et al. 2011, "Parallel random
// numbers: as easy as 1, 2, 3", table 2).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace lode {

// The generator itself: four words that are a pure function of counter and key, ten rounds. Checked against the known
// answers that the authors publish with Random123.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

// One stream. `at(n)` draws by position; `next()` walks. Copyable, 24 bytes.
class Random {
 public:
  // Streams of one seed, and seeds of one stream, are independent of each other. Position 0.
  Random(std::uint64_t seed, std::uint64_t stream);

  std::uint64_t bits_at(std::uint64_t position) const;  // 64 bits; the same for every caller, thread and CPU.
  double uniform_at(std::uint64_t position) const;      // [0, 1), 53 bits.
  double normal_at(std::uint64_t position) const;       // Standard normal by inverse CDF: one draw a value.

  std::uint64_t next_bits() { return bits_at(position_++); }
  double next_uniform() { return uniform_at(position_++); }
  double next_normal() { return normal_at(position_++); }
  std::uint64_t next_below(std::uint64_t bound);  // Uniform in [0, bound), bound > 0, without modulo bias.

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t position_ = 0;
};

}  // namespace lode
