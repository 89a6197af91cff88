// Casting a synthetic market.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/cast.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/core/synth/streams.h"

namespace lode::synth {

namespace {

constexpr std::array<std::string_view, kSectors> kSectorNames = {
    "Communication", "Consumer Cyclical", "Consumer Staples", "Energy",     "Financials", "Health Care",
    "Industrials",   "Materials",         "Real Estate",      "Technology", "Utilities"};
constexpr int kIndustries = 3;  // A sector, beside the one with a single member.

// Shares of instruments; the rest of the market's habits are in the lines that use them.
constexpr double kShareListedLate = 0.08;
constexpr double kShareDelisted = 0.060;
constexpr double kShareFailing = 0.4;  // Of the delisted.
constexpr double kSharePaying = 0.6;
constexpr double kShareIlliquid = 0.04;
constexpr double kShareSuspended = 0.01;

// Chances a session.
constexpr double kHaltBegins = 0.0006;
constexpr int kLongestHalt = 5;
constexpr double kQuietDay = 0.02;  // Of the illiquid.
constexpr double kLimitDay = 2e-5;

constexpr int kQuarter = 63;         // Sessions
constexpr int kShortestLife = 40;    // Sessions listed at least.
constexpr std::size_t kStretch = 6;  // Sessions without a trade in a row.

double log_normal(Random& random, double median, double deviation) {
  return median * math::exp(deviation * random.next_normal());
}

Trait make_trait(std::uint64_t seed, std::size_t instrument) {
  Random random = stream(seed, Stream::kTraits, instrument);
  Trait out;
  out.sector = static_cast<int>(random.next_below(kSectors));
  out.industry = 1 + static_cast<int>(random.next_below(kIndustries));
  out.beta = 1.0 + 0.3 * random.next_normal();
  for (double& loading : out.style) {
    loading = random.next_normal();
  }
  out.deviation = std::clamp(log_normal(random, 0.0165, 0.30), 0.006, 0.045);
  out.price = std::clamp(log_normal(random, 42.0, 0.75), 4.0, 900.0);
  // Large names (negative loading on size) trade more money.
  out.volume = log_normal(random, 4.0e7 * math::exp(-0.8 * out.style[0]), 0.6) / out.price;
  out.yield = random.next_uniform() < kSharePaying ? 0.01 + 0.03 * random.next_uniform() : 0.0;
  out.dividend_phase = static_cast<int>(random.next_below(kQuarter));
  out.is_illiquid = random.next_uniform() < kShareIlliquid;
  switch (instrument) {
    case kPennyPrice:
      out.price = 0.45;
      out.may_split = false;
      break;
    case kHugePrice:
      out.price = 4200.0;
      out.may_split = false;
      break;
    case kSplitsBackward:
      out.price = 6.0;
      break;
    case kAloneInGroup:
      out.industry = kIndustries + 1;
      break;
    default:
      break;
  }
  return out;
}

// When an instrument is listed and how it ends.
void live(std::uint64_t seed, int sessions, std::size_t instrument, Listing& listing, Ending& ending) {
  Random random = stream(seed, Stream::kLife, instrument);
  const bool plays_role = instrument < kRoles;
  const bool late = plays_role ? instrument == kListedLate : random.next_uniform() < kShareListedLate;
  const double listed_at = 0.05 + 0.75 * random.next_uniform();
  const bool ends = plays_role ? instrument == kFails || instrument == kMerges : random.next_uniform() < kShareDelisted;
  const double ended_at = 0.15 + 0.80 * random.next_uniform();
  const bool fails = plays_role ? instrument == kFails : random.next_uniform() < kShareFailing;
  const double result = random.next_uniform();
  listing.first = late ? static_cast<int>(listed_at * sessions) : 0;
  listing.last = sessions - 1;
  const int last = std::max(static_cast<int>(ended_at * sessions), listing.first + kShortestLife);
  if (!ends || last >= sessions - 1) {
    return;
  }
  listing.last = last;
  listing.delisted = true;
  ending = fails ? Ending::kFailure : Ending::kMerger;
  // A failure leaves its holders little; an acquirer pays about the last price. Four decimals, as a file holds them.
  const double value = fails ? -0.35 - 0.60 * result : 0.012 * result;
  listing.delisting_return = math::round_even(value * 1e4) / 1e4;
}

void halt(std::vector<Status>& days, std::size_t begin, std::size_t count) {
  for (std::size_t row = begin; row < std::min(begin + count, days.size()); ++row) {
    days[row] = Status::kHalted;
  }
}

// What happens on the sessions of a life by chance.
std::vector<Status> draw_days(std::uint64_t seed, std::size_t instrument, const Trait& trait, std::size_t life) {
  const Random random = stream(seed, Stream::kStatus, instrument);
  std::vector<Status> days(life, Status::kTrading);
  for (std::size_t row = 1; row < life; ++row) {
    if (days[row] == Status::kHalted) {
      continue;
    }
    const double chance = random.uniform_at(row);
    if (chance < kHaltBegins) {
      halt(days, row, 1 + static_cast<std::size_t>(chance / kHaltBegins * kLongestHalt));
    } else if (chance > 1.0 - kLimitDay) {
      days[row] = chance > 1.0 - 0.5 * kLimitDay ? Status::kLimitUp : Status::kLimitDown;
    } else if (trait.is_illiquid && chance > 0.5 && chance < 0.5 + kQuietDay) {
      days[row] = Status::kQuiet;
    }
  }
  // About one instrument in a hundred is suspended for months.
  const double suspended = random.uniform_at(life);
  if (suspended < kShareSuspended) {
    const double share = suspended / kShareSuspended;
    halt(days, 1 + static_cast<std::size_t>(0.8 * share * static_cast<double>(life)), 25 + life % 36);
  }
  return days;
}

// What a role asks for, whatever chance gave.
void play_role(std::size_t instrument, std::vector<Status>& days) {
  const std::size_t life = days.size();
  switch (instrument) {
    case kHaltedAtEnd:
      halt(days, life - 2, 2);
      break;
    case kHaltedAtStart:
      halt(days, 0, 1);
      break;
    case kSuspendedLong:
      halt(days, life / 3, std::min<std::size_t>(30, life / 2));
      break;
    case kConstantStretch:
      std::fill_n(days.begin() + static_cast<std::ptrdiff_t>(life / 2), kStretch, Status::kQuiet);
      break;
    case kLimitLocked:
      days[life / 4] = Status::kLimitUp;
      days[life / 2] = Status::kLimitDown;
      break;
    case kSplitsForward:
    case kSplitsBackward:
    case kAbsurdVolume:
      std::ranges::fill(days, Status::kTrading);
      break;
    default:
      break;
  }
}

}  // namespace

std::string_view sector_name(int sector) { return kSectorNames[static_cast<std::size_t>(sector)]; }

Cast make_cast(const MarketOptions& options, std::size_t sessions) {
  const auto count = static_cast<std::size_t>(options.instruments);
  Cast out;
  out.listings.resize(count);
  out.endings.assign(count, Ending::kNone);
  out.status.assign(count * sessions, Status::kAbsent);
  for (std::size_t i = 0; i < count; ++i) {
    Listing& listing = out.listings[i];
    listing.symbol = fmt::format("SYN{:04}", i + 1);
    out.traits.push_back(make_trait(options.seed, i));
    live(options.seed, static_cast<int>(sessions), i, listing, out.endings[i]);
    const std::size_t life = static_cast<std::size_t>(listing.last - listing.first) + 1;
    std::vector<Status> days = draw_days(options.seed, i, out.traits[i], life);
    play_role(i, days);
    if (listing.delisted || days.back() == Status::kQuiet) {
      days.back() = Status::kTrading;  // The last session of a life has a bar: it dates the delisting.
    }
    for (std::size_t row = 0; row < life; ++row) {
      out.status[(static_cast<std::size_t>(listing.first) + row) * count + i] = days[row];
    }
  }
  return out;
}

}  // namespace lode::synth
