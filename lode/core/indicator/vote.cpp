// The weighted vote.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/vote.h"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/indicator/panel_run.h"

namespace lode::indicator {
namespace {

// A score is a sum of a few decimals: 0.1 + 0.2 is 0.3, not the double above it, or a threshold of 0.3 would be passed.
double tidy(double score) {
  constexpr double kSteps = 1e12;
  return math::round_even(score * kSteps) / kSteps;
}

int crossing(double one, double other, double one_before, double other_before) {
  if (one > other && one_before <= other_before) {
    return 1;
  }
  return one < other && one_before >= other_before ? -1 : 0;
}

int outside(double value, double low, double high) { return value < low ? 1 : value > high ? -1 : 0; }

bool is_full(const VoteBar& bar) {
  return !math::is_nan(bar.close) && std::ranges::none_of(bar.values, [](double value) { return math::is_nan(value); });
}

std::array<int, kBallots> ballots_of(const VoteRules& rules, const VoteBar& bar, const VoteBar& before) {
  using enum VoteInput;
  const auto crossed = [&](VoteInput one, VoteInput other) {
    return crossing(bar[one], bar[other], before[one], before[other]);
  };
  const int turn = crossed(kK, kD);
  const bool counts = (turn > 0 && bar[kK] < rules.k_low) || (turn < 0 && bar[kK] > rules.k_high);
  return {crossed(kMaFast, kMaSlow), outside(bar[kRsi], rules.rsi_low, rules.rsi_high), crossed(kMacd, kMacdSignal),
          outside(bar.close, bar[kLower], bar[kUpper]), counts ? turn : 0};
}

Failure wrong(std::string what, std::string expected) {
  return fail(E::E1105, fmt::format("vote: {}; expected {}", what, expected));
}

}  // namespace

Result<void> check_rules(const VoteRules& rules) {
  double sum = 0.0;
  for (std::size_t k = 0; k < kBallots; ++k) {
    const double weight = rules.weights[k];
    if (!(weight >= 0.0 && weight <= 1.0)) {  // A score is a share of the ballots, not a count.
      return wrong(fmt::format("the weight of {} is {}", kBallotNames[k], shortest(weight)), "0 to 1");
    }
    sum += weight;
  }
  if (sum <= 0.0) {
    return wrong("all weights are 0", "one above 0");
  }
  const auto ordered = [](std::string_view name, double low, double high) -> Result<void> {
    if (low < high) {
      return {};
    }
    return wrong(fmt::format("{} {} and {}", name, shortest(low), shortest(high)), "the first below the second");
  };
  LODE_CHECK(ordered("sell and buy are", rules.sell, rules.buy));
  LODE_CHECK(ordered("moderate and strong are", rules.moderate, rules.strong));
  LODE_CHECK(ordered("the bounds of rsi are", rules.rsi_low, rules.rsi_high));
  LODE_CHECK(ordered("ma_fast and ma_slow are", rules.ma_fast, rules.ma_slow));
  LODE_CHECK(ordered("macd_fast and macd_slow are", rules.macd_fast, rules.macd_slow));
  return ordered("the bounds of the stochastic are", rules.k_low, rules.k_high);
}

Result<std::vector<Choice>> vote_choices(const VoteRules& rules) {
  const auto of = [](int value) { return Argument{"", static_cast<double>(value)}; };
  const auto named = [](std::string_view name, int value) { return Argument{name, static_cast<double>(value)}; };
  const std::vector<std::pair<std::string_view, std::vector<Argument>>> wanted = {
      {"sma", {of(rules.ma_fast)}},
      {"sma", {of(rules.ma_slow)}},
      {"sma", {of(rules.ma_trend)}},
      {rules.rsi, {of(rules.rsi_period)}},
      {"macd", {of(rules.macd_fast), of(rules.macd_slow), of(rules.macd_signal)}},
      {"bbands", {of(rules.bollinger_period), {"", rules.bollinger_width}, {"", rules.bollinger_width}}},
      {"stoch",
       {named("fast_k", rules.stochastic_k), named("slow_k", rules.stochastic_slow),
        named("slow_d", rules.stochastic_d)}},
  };
  LODE_CHECK(check_rules(rules));
  std::vector<Choice> out;
  for (const auto& [name, arguments] : wanted) {
    LODE_TRY(Choice choice, choose(name, arguments));
    out.push_back(std::move(choice));
  }
  return out;
}

std::string_view to_string(Signal signal) {
  return signal == Signal::kBuy ? "BUY" : signal == Signal::kSell ? "SELL" : "HOLD";
}

std::string_view to_string(Strength strength) {
  return strength == Strength::kStrong ? "STRONG" : strength == Strength::kModerate ? "MODERATE" : "WEAK";
}

std::optional<Vote> Voter::step(const VoteBar& bar) {
  if (!is_full(bar)) {
    return std::nullopt;
  }
  const std::optional<VoteBar> before = std::exchange(before_, bar);
  if (!before) {
    return std::nullopt;
  }
  Vote out{.ballots = ballots_of(rules_, bar, *before)};
  const bool is_rising = bar.close > bar[VoteInput::kMaTrend];
  for (std::size_t k = 0; k < kBallots; ++k) {
    const int ballot = out.ballots[k];
    const bool is_filtered = rules_.has_trend_filter && (is_rising ? ballot < 0 : ballot > 0);
    out.score += is_filtered ? 0.0 : rules_.weights[k] * ballot;
  }
  out.score = tidy(out.score);
  out.confidence = math::abs(out.score);
  out.signal = out.score > rules_.buy ? Signal::kBuy : out.score < rules_.sell ? Signal::kSell : Signal::kHold;
  out.strength = out.confidence >= rules_.strong     ? Strength::kStrong
                 : out.confidence >= rules_.moderate ? Strength::kModerate
                                                     : Strength::kWeak;
  return out;
}

Result<Votes> vote_series(const VoteRules& rules, std::span<const double> high, std::span<const double> low,
                          std::span<const double> close) {
  LODE_ASSERT(high.size() == close.size() && low.size() == close.size());
  LODE_TRY(const std::vector<Choice> choices, vote_choices(rules));
  Votes out;
  out.inputs.assign(kVoteInputs, std::vector<double>(close.size()));
  std::size_t next = 0;
  for (const Choice& choice : choices) {
    Job job{.choice = &choice, .inputs = {}, .outputs = {}};
    for (const Input input : choice.spec().inputs) {
      job.inputs.push_back(input == Input::kHigh ? high.data() : input == Input::kLow ? low.data() : close.data());
    }
    for (std::size_t k = 0; k < choice.spec().outputs.size(); ++k) {
      job.outputs.push_back(out.inputs[next++].data());
    }
    run_series(job, close.size());
  }
  LODE_ASSERT(next == kVoteInputs);
  Voter voter(rules);
  for (std::size_t t = 0; t < close.size(); ++t) {
    VoteBar bar{.close = close[t]};
    for (std::size_t k = 0; k < kVoteInputs; ++k) {
      bar.values[k] = out.inputs[k][t];
    }
    out.votes.push_back(voter.step(bar));
  }
  return out;
}

}  // namespace lode::indicator
