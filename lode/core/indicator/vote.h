// Vote: five indicators of one instrument each say buy (+1), sell (-1) or nothing (0); their weighted sum is the score,
// and the score a signal. The definition is that of the streaming pipelines Lode replaces; every weight, threshold and
// period is the caller's to change. A bar whose windows are not all full has no vote: short history is not neutral.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/core/indicator/choice.h"

namespace lode::indicator {

enum class Ballot : std::uint8_t { kMa, kRsi, kMacd, kBollinger, kStochastic };
inline constexpr std::size_t kBallots = 5;
inline constexpr std::array<std::string_view, kBallots> kBallotNames = {"ma", "rsi", "macd", "bollinger", "stochastic"};

struct VoteRules {
  std::array<double, kBallots> weights = {0.30, 0.20, 0.20, 0.15, 0.15};  // By Ballot; each 0 to 1.
  double buy = 0.3;                                                       // A score above it is BUY.
  double sell = -0.3;                                                     // A score below it is SELL.
  double strong = 0.6;                                                    // |score| from here on is STRONG,
  double moderate = 0.3;                                                  // from here on MODERATE, else WEAK.
  double rsi_low = 30.0;                                                  // RSI below it votes +1,
  double rsi_high = 70.0;                                                 // above it -1.
  double k_low = 20.0;           // The stochastic votes +1 only with K below it,
  double k_high = 80.0;          // -1 only with K above it.
  bool has_trend_filter = true;  // Above the slow mean no vote to sell counts, else none to buy.
  int ma_fast = 5;
  int ma_slow = 20;
  int ma_trend = 50;
  std::string_view rsi = "rsi";  // "rsi": Wilder's means; "rsi_cutler": simple ones.
  int rsi_period = 14;
  int macd_fast = 12;
  int macd_slow = 26;
  int macd_signal = 9;
  int bollinger_period = 20;
  double bollinger_width = 2.0;  // Standard deviations.
  int stochastic_k = 14;
  int stochastic_slow = 3;
  int stochastic_d = 3;
};

// E1105: a weight below 0, above 1 or all 0; thresholds, or a fast and a slow mean, in the wrong order.
Result<void> check_rules(const VoteRules& rules);

// What a vote is made of, in this order.
enum class VoteInput : std::uint8_t {
  kMaFast,
  kMaSlow,
  kMaTrend,
  kRsi,
  kMacd,
  kMacdSignal,
  kMacdHist,
  kUpper,
  kMiddle,
  kLower,
  kK,
  kD,
};
inline constexpr std::size_t kVoteInputs = 12;

// The indicators behind the vote, whose outputs one after another are the VoteInputs. E1102, E1105.
Result<std::vector<Choice>> vote_choices(const VoteRules& rules);

struct VoteBar {
  double close = 0.0;
  std::array<double, kVoteInputs> values = {};
  double operator[](VoteInput input) const { return values[static_cast<std::size_t>(input)]; }
};

enum class Signal : std::int8_t { kSell = -1, kHold = 0, kBuy = 1 };
enum class Strength : std::uint8_t { kWeak, kModerate, kStrong };
std::string_view to_string(Signal signal);      // "SELL", "HOLD", "BUY"
std::string_view to_string(Strength strength);  // "WEAK", "MODERATE", "STRONG"

struct Vote {
  std::array<int, kBallots> ballots = {};  // By Ballot, before the trend filter.
  double score = 0.0;                      // Sum of weight times ballot of those the filter left.
  Signal signal = Signal::kHold;
  Strength strength = Strength::kWeak;
  double confidence = 0.0;  // |score|
};

// Counts one instrument's bars, oldest first. A copy goes on for itself.
class Voter {
 public:
  explicit Voter(const VoteRules& rules) : rules_(rules) {}

  // Nothing where a value of the bar is missing, and for the first bar that has them all: a crossing needs two. A bar
  // that misses one is passed over; the next is compared with the last that had all.
  std::optional<Vote> step(const VoteBar& bar);

 private:
  VoteRules rules_;
  std::optional<VoteBar> before_;
};

// One instrument's history: a vote a bar, or nothing. Missing prices are NaN; the spans are of one length. The same
// votes as Voter gives to bars of streams.
struct Votes {
  std::vector<std::optional<Vote>> votes;
  std::vector<std::vector<double>> inputs;  // By VoteInput, a value a bar; NaN = missing.
};
Result<Votes> vote_series(const VoteRules& rules, std::span<const double> high, std::span<const double> low,
                          std::span<const double> close);

}  // namespace lode::indicator
