// The weighted vote, against votes counted by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/vote.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/core/indicator/stream.h"

namespace lode::indicator {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// A bar on which nothing votes: close 100 between the bands, above the trend, RSI and K in the middle, nothing crosses.
VoteBar calm() { return {.close = 100.0, .values = {101, 100, 90, 50, 1, 0.5, 0.5, 110, 100, 95, 50, 40}}; }

void put(VoteBar& bar, VoteInput input, double value) { bar.values[static_cast<std::size_t>(input)] = value; }

Vote after(const VoteBar& before, const VoteBar& bar, const VoteRules& rules = {}) {
  Voter voter(rules);
  EXPECT_FALSE(voter.step(before)) << "one bar crosses nothing";
  const std::optional<Vote> out = voter.step(bar);
  EXPECT_TRUE(out);
  return out.value_or(Vote{});
}

using Ballots = std::array<int, kBallots>;

TEST(Vote, NothingHappensIsHold) {
  const Vote vote = after(calm(), calm());
  EXPECT_EQ(vote.ballots, (Ballots{0, 0, 0, 0, 0}));
  EXPECT_EQ(vote.score, 0.0);
  EXPECT_EQ(to_string(vote.signal), "HOLD");
  EXPECT_EQ(to_string(vote.strength), "WEAK");
}

TEST(Vote, EachBallotCountsItsWeight) {
  VoteBar before = calm();
  VoteBar bar = calm();
  put(before, VoteInput::kMaFast, 99.0);  // 99 <= 100, then 101 > 100
  EXPECT_EQ(after(before, bar).ballots, (Ballots{1, 0, 0, 0, 0}));
  EXPECT_EQ(after(before, bar).score, 0.30);
  EXPECT_EQ(after(before, bar).signal, Signal::kHold) << "0.3 is not above 0.3";
  EXPECT_EQ(after(before, bar).strength, Strength::kModerate);

  put(bar, VoteInput::kRsi, 29.0);
  const Vote two = after(before, bar);
  EXPECT_EQ(two.ballots, (Ballots{1, 1, 0, 0, 0}));
  EXPECT_EQ(two.score, 0.5);
  EXPECT_EQ(two.confidence, 0.5);
  EXPECT_EQ(two.signal, Signal::kBuy);

  put(before, VoteInput::kMacd, 0.5);  // At its signal line, then above it.
  EXPECT_EQ(after(before, bar).score, 0.7);
  EXPECT_EQ(to_string(after(before, bar).strength), "STRONG");

  bar.close = 94.0;  // Below the lower band of 95, still above the trend of 90.
  EXPECT_EQ(after(before, bar).score, 0.85);

  put(before, VoteInput::kK, 10.0);
  put(before, VoteInput::kD, 12.0);
  put(bar, VoteInput::kK, 19.0);
  put(bar, VoteInput::kD, 15.0);
  EXPECT_EQ(after(before, bar).ballots, (Ballots{1, 1, 1, 1, 1}));
  EXPECT_EQ(after(before, bar).score, 1.0);
}

TEST(Vote, SellsCountBelowTheTrendAlone) {
  VoteBar before = calm();
  VoteBar bar = calm();
  put(before, VoteInput::kMaFast, 101.0);
  put(bar, VoteInput::kMaFast, 99.0);
  put(bar, VoteInput::kRsi, 71.0);
  EXPECT_EQ(after(before, bar).ballots, (Ballots{-1, -1, 0, 0, 0})) << "ballots are told as they were cast";
  EXPECT_EQ(after(before, bar).score, 0.0) << "the close is above the trend";
  put(bar, VoteInput::kMaTrend, 100.0);  // The close is not above it.
  EXPECT_EQ(after(before, bar).score, -0.5);
  EXPECT_EQ(to_string(after(before, bar).signal), "SELL");
  EXPECT_EQ(after(before, bar).confidence, 0.5);

  VoteRules rules;
  rules.has_trend_filter = false;
  put(bar, VoteInput::kMaTrend, 90.0);
  EXPECT_EQ(after(before, bar, rules).score, -0.5);
}

TEST(Vote, BuysAreFilteredBelowTheTrend) {
  VoteBar before = calm();
  VoteBar bar = calm();
  put(before, VoteInput::kMaFast, 99.0);
  put(bar, VoteInput::kRsi, 10.0);
  put(bar, VoteInput::kMaTrend, 120.0);
  EXPECT_EQ(after(before, bar).score, 0.0);
}

TEST(Vote, TheStochasticCrossesOnlyAtTheEnds) {
  VoteBar before = calm();
  VoteBar bar = calm();
  put(before, VoteInput::kK, 30.0);
  put(before, VoteInput::kD, 35.0);
  put(bar, VoteInput::kK, 36.0);
  put(bar, VoteInput::kD, 35.0);
  EXPECT_EQ(after(before, bar).ballots[4], 0) << "a crossing in the middle";
  put(before, VoteInput::kK, 90.0);
  put(before, VoteInput::kD, 85.0);
  put(bar, VoteInput::kK, 81.0);
  put(bar, VoteInput::kD, 84.0);
  EXPECT_EQ(after(before, bar).ballots[4], -1);
}

TEST(Vote, ASumOfDecimalsIsThatDecimal) {
  VoteRules rules;
  rules.weights = {0.1, 0.2, 0.0, 0.0, 0.0};
  VoteBar before = calm();
  VoteBar bar = calm();
  put(before, VoteInput::kMaFast, 99.0);
  put(bar, VoteInput::kRsi, 20.0);
  EXPECT_EQ(after(before, bar, rules).score, 0.3);
  EXPECT_EQ(after(before, bar, rules).signal, Signal::kHold) << "0.1 + 0.2 as doubles lies above 0.3";
}

TEST(Vote, AMissingValueIsNoVoteAndNoMemory) {
  for (std::size_t k = 0; k <= kVoteInputs; ++k) {
    VoteBar gap = calm();
    (k == kVoteInputs ? gap.close : gap.values[k]) = kNan;
    Voter voter{VoteRules{}};
    VoteBar low = calm();
    put(low, VoteInput::kMaFast, 99.0);
    EXPECT_FALSE(voter.step(gap)) << k;
    EXPECT_FALSE(voter.step(low)) << k << ": the first full bar";
    EXPECT_FALSE(voter.step(gap)) << k;
    const std::optional<Vote> vote = voter.step(calm());
    ASSERT_TRUE(vote) << k;
    EXPECT_EQ(vote->ballots[0], 1) << k << ": compared with the last full bar";
  }
}

struct Market {
  std::vector<double> high, low, close;
  explicit Market(std::size_t bars, std::uint64_t seed = 5) {
    Random random(seed, 0);
    double price = 100.0;
    for (std::size_t t = 0; t < bars; ++t) {
      price *= std::exp(0.02 * random.next_normal());
      close.push_back(price);
      high.push_back(price * (1.0 + 0.01 * random.next_uniform()));
      low.push_back(price * (1.0 - 0.01 * random.next_uniform()));
    }
  }
};

TEST(Vote, BeginsWhenEveryWindowIsFull) {
  const Market market(60);
  const Votes all = must(vote_series({}, market.high, market.low, market.close));
  for (std::size_t t = 0; t < 60; ++t) {
    EXPECT_EQ(all.votes[t].has_value(), t >= 50) << t << ": the mean of 50 begins on bar 49, a crossing one later";
  }
  const Market brief(50);
  for (const auto& vote : must(vote_series({}, brief.high, brief.low, brief.close)).votes) {
    EXPECT_FALSE(vote);
  }
}

// Streams bar by bar, gaps included, and every prefix, say what the history says.
TEST(Vote, StreamsVoteAsTheHistory) {
  Market market(400);
  market.close[120] = market.low[200] = market.high[201] = kNan;
  const Votes all = must(vote_series({}, market.high, market.low, market.close));
  std::vector<Stream> streams;
  for (const Choice& choice : must(vote_choices({}))) {
    streams.emplace_back(choice);
  }
  Voter voter{VoteRules{}};
  int buys = 0;
  int sells = 0;
  for (std::size_t t = 0; t < 400; ++t) {
    VoteBar bar{.close = market.close[t]};
    std::size_t next = 0;
    for (Stream& stream : streams) {
      std::vector<double> in;
      for (const Input input : stream.choice().spec().inputs) {
        in.push_back(input == Input::kHigh ? market.high[t] : input == Input::kLow ? market.low[t] : market.close[t]);
      }
      const std::size_t outputs = stream.choice().spec().outputs.size();
      stream.update(in, {bar.values.data() + next, outputs});
      next += outputs;
    }
    const std::optional<Vote> vote = voter.step(bar);
    ASSERT_EQ(vote.has_value(), all.votes[t].has_value()) << t;
    if (vote) {
      EXPECT_EQ(vote->score, all.votes[t]->score) << t;
      EXPECT_EQ(vote->ballots, all.votes[t]->ballots) << t;
      buys += vote->signal == Signal::kBuy ? 1 : 0;
      sells += vote->signal == Signal::kSell ? 1 : 0;
    }
  }
  EXPECT_GT(buys, 0);
  EXPECT_GT(sells, 0);
}

// The literal rule on the inputs that are told: each ballot and score again from the numbers of two bars.
TEST(Vote, ItsBallotsFollowFromWhatIsTold) {
  const Market market(500, 9);
  VoteRules rules;
  rules.has_trend_filter = false;
  const Votes all = must(vote_series(rules, market.high, market.low, market.close));
  const auto at = [&](VoteInput input, std::size_t t) { return all.inputs[static_cast<std::size_t>(input)][t]; };
  for (std::size_t t = 51; t < 500; ++t) {
    ASSERT_TRUE(all.votes[t]);
    using enum VoteInput;
    const bool up = at(kMaFast, t) > at(kMaSlow, t) && at(kMaFast, t - 1) <= at(kMaSlow, t - 1);
    const bool down = at(kMaFast, t) < at(kMaSlow, t) && at(kMaFast, t - 1) >= at(kMaSlow, t - 1);
    EXPECT_EQ(all.votes[t]->ballots[0], int{up} - int{down}) << t;
    EXPECT_EQ(all.votes[t]->ballots[1], int{at(kRsi, t) < 30.0} - int{at(kRsi, t) > 70.0}) << t;
    EXPECT_EQ(all.votes[t]->ballots[3], int{market.close[t] < at(kLower, t)} - int{market.close[t] > at(kUpper, t)})
        << t;
  }
}

TEST(Vote, RefusesRulesThatCannotBe) {
  const auto number = [](const VoteRules& rules) {
    const auto checked = check_rules(rules);
    return checked ? ErrorNumber{} : checked.error().number();
  };
  EXPECT_EQ(number({}), ErrorNumber{});
  EXPECT_EQ(number({.weights = {-0.1, 1, 0, 0, 0}}), E::E1105);
  EXPECT_EQ(number({.weights = {0, 0, 0, 0, 0}}), E::E1105);
  EXPECT_EQ(number({.weights = {kNan, 0, 0, 0, 0}}), E::E1105);
  EXPECT_EQ(number({.buy = -0.5}), E::E1105);
  EXPECT_EQ(number({.strong = 0.2}), E::E1105);
  EXPECT_EQ(number({.rsi_low = 80}), E::E1105);
  EXPECT_EQ(number({.k_low = 90}), E::E1105);
  EXPECT_FALSE(vote_choices({.ma_fast = 0})) << "out of the range of sma";
}

}  // namespace
}  // namespace lode::indicator
