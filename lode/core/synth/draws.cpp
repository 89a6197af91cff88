// Drawing shocks and scores.
//
// Returns: r = beta m + s + l'g + e, with m the market, s the sector, g the styles (as in Fama & French 1993 and sector
// models after it) and e the instrument's own. The market's volatility follows GARCH(1,1) (Bollerslev 1986), each own
// volatility a log AR(1) (Taylor 1986); innovations are normals whose scale is log-normal, which gives the fat tails
// (Clark 1973). All of it is symmetric about 0 in logs, so a score that knows nothing has a rank IC of exactly 0.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/draws.h"

#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/core/synth/streams.h"

namespace lode::synth {

namespace {

// A session's deviations: market, sector, style (a unit of loading).
constexpr double kMarketDeviation = 0.0095;
constexpr double kSectorDeviation = 0.0055;
constexpr double kStyleDeviation = 0.0022;
constexpr double kMarketDrift = 0.0003;  // A session.
constexpr double kReaction = 0.08;       // GARCH: weight of yesterday's square,
constexpr double kMemory = 0.90;         // and of yesterday's variance.

constexpr double kTail = 0.35;       // Log deviation of an innovation's scale.
constexpr double kOwnMemory = 0.97;  // Of log volatility.
constexpr double kOwnSpread = 0.30;
constexpr double kQualityMemory = 0.990;  // A half-life of 69 sessions.
constexpr double kSlowMemory = 0.980;
constexpr double kLargestMove = 0.45;  // Log return; beyond it a print would be taken for a split.

// A score's own factor return, a session, in own deviations a unit of score: without it a book of 500 names would earn
// its signal by the clock, at Sharpe ratios no market pays.
constexpr double kQualityRisk = 0.190;
constexpr double kReversalRisk = 0.070;
constexpr double kSlowRisk = 0.080;

constexpr double kWickScale = 0.55;  // Median length of the wicks over a session's deviation.
constexpr std::size_t kLanes = 8;    // Instruments a task: one cache line of every row.

enum Draw : std::size_t { kOwn, kScale, kVolatility, kQuality, kSlow, kBend, kWick, kUpper, kPlace, kTurnover, kDraws };
enum Score : std::size_t { kQualityScore, kReversalScore, kSlowScore };

// Unit variance, symmetric, kurtosis 3 exp(4 kTail^2) = 4.9.
double fat_normal(double normal, double scale) { return normal * math::exp(kTail * scale - kTail * kTail); }

// The stationary AR(1) of unit variance.
double next_state(double state, double memory, double normal) {
  return memory * state + math::sqrt(1.0 - memory * memory) * normal;
}

std::vector<double> market_returns(std::uint64_t seed, std::size_t sessions) {
  const Random random = stream(seed, Stream::kMarketFactor);
  constexpr double kVariance = kMarketDeviation * kMarketDeviation;
  std::vector<double> out(sessions);
  double variance = kVariance;
  for (std::size_t row = 0; row < sessions; ++row) {
    const double shock = math::sqrt(variance) * fat_normal(random.normal_at(2 * row), random.normal_at(2 * row + 1));
    out[row] = kMarketDrift + shock;
    variance = (1.0 - kReaction - kMemory) * kVariance + kReaction * shock * shock + kMemory * variance;
  }
  return out;
}

// `count` factors from the `first` member of a stream on, row-major.
std::vector<double> factor_returns(std::uint64_t seed, Stream purpose, std::size_t first, std::size_t count,
                                   double deviation, std::size_t sessions) {
  std::vector<double> out(sessions * count);
  for (std::size_t factor = 0; factor < count; ++factor) {
    const Random random = stream(seed, purpose, first + factor);
    for (std::size_t row = 0; row < sessions; ++row) {
      out[row * count + factor] = deviation * fat_normal(random.normal_at(2 * row), random.normal_at(2 * row + 1));
    }
  }
  return out;
}

struct Common {
  std::vector<double> market;
  std::vector<double> sector;  // Row-major, kSectors a row.
  std::vector<double> style;   // Row-major, kStyles a row.
  std::vector<double> slow;    // A unit of the slow decoy's score, in own deviations.
};

// One instrument on its way through time.
class Walker {
 public:
  Walker(const MarketOptions& options, const Cast& cast, std::size_t instrument)
      : trait_(cast.traits[instrument]),
        listing_(cast.listings[instrument]),
        ending_(cast.endings[instrument]),
        random_(stream(options.seed, Stream::kPath, instrument)) {
    volatility_ = random_.normal_at(start(0));
    quality_ = random_.normal_at(start(1));
    slow_ = random_.normal_at(start(2));
  }

  void step(std::size_t row, std::size_t cell, const Common& common, Draws& out) {
    std::array<double, kDraws> normal;
    for (std::size_t i = 0; i < kDraws; ++i) {
      normal[i] = random_.normal_at(row * kDraws + i);
    }
    volatility_ = next_state(volatility_, kOwnMemory, normal[kVolatility]);
    quality_ = next_state(quality_, kQualityMemory, normal[kQuality]);
    const double before = slow_;  // Scores act on the session after they are known.
    slow_ = next_state(slow_, kSlowMemory, normal[kSlow]);
    const double scale = math::exp(kOwnSpread * volatility_ - kOwnSpread * kOwnSpread);
    const double own = fat_normal(normal[kOwn], normal[kScale]);
    out.shock[cell] = shock(row, scale * own + before * common.slow[row], common);
    out.bend[cell] = normal[kBend];
    out.wick[cell] = kWickScale * trait_.deviation * scale * math::exp(0.5 * normal[kWick]);
    out.upper[cell] = 0.5 + 0.45 * math::tanh(0.8 * slow_ + 0.25 * normal[kUpper]);
    out.place[cell] = 0.5 + 0.45 * math::tanh(0.8 * quality_ + 0.25 * normal[kPlace]);
    out.turnover[cell] =
        math::exp(0.5 * kOwnSpread * volatility_ + 0.3 * math::abs(own) - 0.3 + 0.35 * normal[kTurnover]);
    out.quality[cell] = quality_;
  }

 private:
  // Positions of the starting states: beyond every session's.
  static std::uint64_t start(std::uint64_t state) { return (std::uint64_t{1} << 40U) + state; }

  double shock(std::size_t row, double own, const Common& common) const {
    double out =
        trait_.beta * common.market[row] + common.sector[row * kSectors + static_cast<std::size_t>(trait_.sector)];
    for (std::size_t style = 0; style < kStyles; ++style) {
      out += trait_.style[style] * common.style[row * kStyles + style];
    }
    // What ends a life comes at once, as news does: a slow decline would be a trend that anyone could trade.
    const int left = listing_.last - static_cast<int>(row);
    if (ending_ == Ending::kMerger && left < kDealSessions) {
      return left == kDealSessions - 1 ? kOffer : 0.15 * (out + trait_.deviation * own);
    }
    if (ending_ == Ending::kFailure && left < kDealSessions) {
      out = left == kDealSessions - 1 ? kWarning : out + trait_.deviation * own;
    }
    return std::clamp(out + trait_.deviation * own, -kLargestMove, kLargestMove);
  }

  static constexpr int kDealSessions = 30;   // From the news to the end of a life.
  static constexpr double kOffer = 0.20;     // Log return of the news: an acquirer's offer,
  static constexpr double kWarning = -0.40;  // and a failure's warning, which doubles the deviation from then on.

  const Trait& trait_;
  const Listing& listing_;
  Ending ending_;
  Random random_;
  double volatility_ = 0.0;
  double quality_ = 0.0;
  double slow_ = 0.0;
};

}  // namespace

Draws make_draws(const MarketOptions& options, const Cast& cast, std::size_t sessions, Pool& pool) {
  const auto luck = [&](Score score, double deviation) {
    return factor_returns(options.seed, Stream::kSignalFactor, score, 1, deviation, sessions);
  };
  const Common common{market_returns(options.seed, sessions),
                      factor_returns(options.seed, Stream::kSectorFactor, 0, kSectors, kSectorDeviation, sessions),
                      factor_returns(options.seed, Stream::kStyleFactor, 0, kStyles, kStyleDeviation, sessions),
                      luck(kSlowScore, kSlowRisk)};
  const std::size_t count = cast.listings.size();
  Draws out;
  out.quality_luck = luck(kQualityScore, kQualityRisk);
  out.reversal_luck = luck(kReversalScore, kReversalRisk);
  for (std::vector<double>* cells :
       {&out.shock, &out.bend, &out.wick, &out.upper, &out.place, &out.turnover, &out.quality}) {
    cells->resize(count * sessions);
  }
  pool.for_each((count + kLanes - 1) / kLanes, [&](std::size_t task) {
    const std::size_t begin = task * kLanes;
    std::vector<Walker> walkers;
    for (std::size_t i = begin; i < std::min(begin + kLanes, count); ++i) {
      walkers.emplace_back(options, cast, i);
    }
    for (std::size_t row = 0; row < sessions; ++row) {
      for (std::size_t i = 0; i < walkers.size(); ++i) {
        walkers[i].step(row, row * count + begin + i, common, out);
      }
    }
  });
  return out;
}

}  // namespace lode::synth
