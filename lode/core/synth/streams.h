// The streams of randomness of a synthetic market: one a purpose and instrument, so that adding a draw for one purpose
// leaves every other number as it was.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lode/base/random.h"

namespace lode::synth {

// Values are part of every market's bits: never renumber.
enum class Stream : std::uint32_t {
  kTraits = 1,
  kLife = 2,
  kStatus = 3,
  kMarketFactor = 4,
  kSectorFactor = 5,
  kStyleFactor = 6,
  kPath = 7,
  kEvents = 8,
  kDirty = 9,
  kSignalFactor = 17,
};

// The stream of a purpose; `member` is the instrument, the sector, ... it is for.
inline Random stream(std::uint64_t seed, Stream purpose, std::size_t member = 0) {
  return Random(seed, (static_cast<std::uint64_t>(purpose) << 32U) | static_cast<std::uint64_t>(member));
}

}  // namespace lode::synth
