// Philox4x32-10 and the numbers drawn from it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/random.h"

#include "lode/base/assert.h"
#include "lode/base/math.h"

namespace lode {
namespace {

// Salmon et al. 2011, section 3.3 and table 2: multipliers, and the Weyl increments of the key (golden ratio and
// sqrt(3) - 1).
constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

std::uint32_t high(std::uint64_t product) { return static_cast<std::uint32_t>(product >> 32U); }
std::uint32_t low(std::uint64_t product) { return static_cast<std::uint32_t>(product); }

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier1} * counter[2];
    counter = {high(product1) ^ counter[1] ^ key[0], low(product1), high(product0) ^ counter[3] ^ key[1],
               low(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

Random::Random(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

std::uint64_t Random::bits_at(std::uint64_t position) const {
  const auto block = philox({low(position), high(position), low(stream_), high(stream_)}, {low(seed_), high(seed_)});
  return (std::uint64_t{block[1]} << 32U) | block[0];
}

double Random::uniform_at(std::uint64_t position) const {
  return static_cast<double>(bits_at(position) >> 11U) * 0x1p-53;
}

double Random::normal_at(std::uint64_t position) const {
  // 52 bits and a half step: never 0 or 1, exact in a double, symmetric about one half.
  return math::normal_quantile((static_cast<double>(bits_at(position) >> 12U) + 0.5) * 0x1p-52);
}

std::uint64_t Random::next_below(std::uint64_t bound) {
  LODE_ASSERT(bound > 0);
  // Lemire 2019, "Fast random integer generation in an interval": draws in the incomplete last stripe are refused.
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const Wide product = static_cast<Wide>(next_bits()) * bound;
    if (static_cast<std::uint64_t>(product) >= threshold) {
      return static_cast<std::uint64_t>(product >> 64U);
    }
  }
}

}  // namespace lode
