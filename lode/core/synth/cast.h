// The cast of a synthetic market: what each instrument is like, when it lives, and on which sessions it trades.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lode/core/synth/market.h"

namespace lode::synth {

inline constexpr int kSectors = 11;
inline constexpr int kStyles = 2;  // Size and value.
std::string_view sector_name(int sector);

// What an instrument is like all its life.
struct Trait {
  int sector = 0;
  int industry = 0;            // Within the sector, from 1.
  double beta = 1.0;           // To the market's return.
  double style[kStyles] = {};  // Loadings, standard normal.
  double deviation = 0.0;      // Of its own log return a session.
  double price = 0.0;          // Before its first session.
  double volume = 0.0;         // Typical shares a session.
  double yield = 0.0;          // Dividends a year over the price; 0 = pays none.
  int dividend_phase = 0;      // Session of the quarter it goes ex.
  bool is_illiquid = false;    // Has sessions without a trade.
  bool may_split = true;
};

// How a delisted instrument ended.
enum class Ending : std::uint8_t { kNone, kMerger, kFailure };

// What happens to an instrument on a session.
enum class Status : std::uint8_t {
  kAbsent,  // Not listed.
  kHalted,  // Listed, no bar.
  kTrading,
  kQuiet,    // A bar without a trade: the last close, volume 0.
  kLimitUp,  // Locked at a limit: one price all day.
  kLimitDown,
};

struct Cast {
  std::vector<Listing> listings;
  std::vector<Trait> traits;
  std::vector<Ending> endings;
  std::vector<Status> status;  // Row-major [session][instrument].
};

// Roles that are always cast, by instrument, so that even a small market holds what real data holds.
enum Role : std::size_t {
  kSplitsForward = 1,
  kSplitsBackward = 2,
  kHaltedAtEnd = 3,
  kHaltedAtStart = 4,
  kSuspendedLong = 5,  // Longer than 20 sessions, back at nearly the same price.
  kConstantStretch = 6,
  kAbsurdVolume = 7,
  kPennyPrice = 8,
  kHugePrice = 9,
  kNoGroup = 10,
  kNoGroupEither = 11,
  kChangesGroup = 12,
  kAloneInGroup = 13,
  kLimitLocked = 14,
  kListedLate = 15,
  kFails = 16,
  kMerges = 17,
  kRoles = 18,
};

// Who plays which part in `sessions` sessions, drawn from the options' seed: the same options give the same cast
// everywhere.
Cast make_cast(const MarketOptions& options, std::size_t sessions);

}  // namespace lode::synth
