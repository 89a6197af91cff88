// Walking a market session by session. Signals act on the session after the close they are known at; the score of
// reversal is made from the prices that were printed, as any reader of the bars would make it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/walk.h"

#include <algorithm>
#include <limits>

#include "lode/base/math.h"
#include "lode/core/stat/rank.h"
#include "lode/core/synth/streams.h"

namespace lode::synth {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kNight = 0.25;         // Share of a return's variance between close and open.
constexpr double kLimit = 0.10;         // Of a session locked at its limit.
constexpr int kQuarter = 63;            // Sessions from dividend to dividend.
constexpr double kSplitAbove = 350.0;   // Prices that make a board think of a split, forwards
constexpr double kSplitBelow = 2.0;     // or backwards,
constexpr double kSplitChance = 0.003;  // and the chance that it acts, a session.
constexpr double kReverseChance = 0.02;
constexpr double kAbsurd = 1e4;  // Times its volume, once.

// Prices are quoted in cents, below 1 in hundredths of a cent.
double on_tick(double price) {
  const double ticks = price < 1.0 ? 1e4 : 1e2;
  return std::max(math::round_even(price * ticks), 1.0) / ticks;
}

class Walk {
 public:
  Walk(const Cast& cast, const Draws& draws, const Strength& strength, const Calendar& calendar, Market& market)
      : cast_(cast),
        draws_(draws),
        strength_(strength),
        calendar_(calendar),
        market_(market),
        count_(market.columns()) {
    const std::size_t cells = market.rows() * count_;
    for (std::vector<double>* field :
         {&market.open, &market.high, &market.low, &market.close, &market.volume, &market.amount}) {
      field->assign(cells, kNone);
    }
    for (const Trait& trait : cast.traits) {
      price_.push_back(trait.price);
    }
    printed_.assign(count_, kNone);
    shares_.assign(count_, 1.0);
    score_.assign(count_, 0.0);
    returns_.assign(kReversalWindow, std::vector<double>(count_, kNone));
  }

  void run() {
    for (std::size_t row = 0; row < market_.rows(); ++row) {
      for (std::size_t i = 0; i < count_; ++i) {
        step(row, i);
      }
      score_reversal();
    }
  }

 private:
  // What a session's actions did to one share.
  struct Event {
    double amount = 0.0;  // Cash before the split.
    double ratio = 1.0;
  };

  void step(std::size_t row, std::size_t i) {
    double& last_return = returns_[row % kReversalWindow][i];
    last_return = kNone;
    const Status status = cast_.status[row * count_ + i];
    if (status == Status::kAbsent || status == Status::kHalted) {
      printed_[i] = kNone;  // A return across a gap is missing.
      return;
    }
    const Event event = status == Status::kTrading ? act(row, i) : Event{};
    const double before = printed_[i];
    if (status == Status::kTrading) {
      trade(row, i);
    } else {
      print_one_price(row, i, status);
    }
    printed_[i] = market_.close[row * count_ + i];
    last_return = printed_[i] * event.ratio / (before - event.amount) - 1.0;
  }

  // Corporate actions before the open; the latent price falls by what holders got.
  Event act(std::size_t row, std::size_t i) {
    Event out;
    const Trait& trait = cast_.traits[i];
    const int age = static_cast<int>(row) - cast_.listings[i].first;
    if (age < kQuarter / 3 || math::is_nan(printed_[i])) {
      return out;
    }
    if (trait.yield > 0.0 && age % kQuarter == trait.dividend_phase) {
      const double amount = math::round_even(price_[i] * trait.yield * 25.0) / 100.0;  // A quarter's, in cents.
      if (amount > 0.0 && amount < 0.2 * printed_[i]) {
        out.amount = amount;
        add(row, i, {.kind = ActionKind::kDividend, .amount = amount});
      }
    }
    out.ratio = split_ratio(row, i);
    if (out.ratio != 1.0) {
      add(row, i, {.kind = ActionKind::kSplit, .ratio = out.ratio});
    }
    price_[i] = (price_[i] - out.amount) / out.ratio;
    shares_[i] *= out.ratio;
    return out;
  }

  double split_ratio(std::size_t row, std::size_t i) const {
    if (i == kSplitsForward && row == market_.rows() / 2) {
      return 2.0;
    }
    if (i == kSplitsBackward && row == market_.rows() / 2) {
      return 0.2;
    }
    const bool high = price_[i] > kSplitAbove;
    if (!cast_.traits[i].may_split || (!high && price_[i] >= kSplitBelow)) {
      return 1.0;
    }
    const double chance = stream(market_.options.seed, Stream::kEvents, i).uniform_at(row);
    if (chance >= (high ? kSplitChance : kReverseChance)) {
      return 1.0;
    }
    constexpr double kRatios[] = {2.0, 3.0, 4.0, 1.5};
    return high ? kRatios[static_cast<std::size_t>(chance / kSplitChance * 4.0)] : 0.1;
  }

  void add(std::size_t row, std::size_t i, Action action) {
    action.ex_date = market_.sessions[row];
    action.known_time = calendar_.open(action.ex_date);
    market_.actions.push_back({static_cast<int>(i), action});
  }

  void trade(std::size_t row, std::size_t i) {
    const std::size_t cell = row * count_ + i;
    double move = draws_.shock[cell];
    if (row > 0) {
      const double quality = strength_.quality > 0.0 ? strength_.quality + draws_.quality_luck[row] : 0.0;
      const double reversal = strength_.reversal > 0.0 ? strength_.reversal + draws_.reversal_luck[row] : 0.0;
      move += cast_.traits[i].deviation * (quality * draws_.quality[cell - count_] + reversal * score_[i]);
    }
    // Night and day are independent and add up to the move: a Brownian bridge at the share of the night.
    const double bridge = math::sqrt(kNight * (1.0 - kNight)) * cast_.traits[i].deviation * draws_.bend[cell];
    const double open = price_[i] * math::exp(kNight * move + bridge);
    price_[i] *= math::exp(move);
    const double above = math::exp(draws_.wick[cell] * draws_.upper[cell]);
    const double below = math::exp(-draws_.wick[cell] * (1.0 - draws_.upper[cell]));
    const double high = on_tick(std::max(open, price_[i]) * above);
    const double low = on_tick(std::min(open, price_[i]) * below);
    market_.open[cell] = on_tick(open);
    market_.high[cell] = high;
    market_.low[cell] = low;
    market_.close[cell] = on_tick(price_[i]);
    const double average = low + (high - low) * draws_.place[cell];
    put_volume(row, i, average);
  }

  void put_volume(std::size_t row, std::size_t i, double average) {
    const std::size_t cell = row * count_ + i;
    double volume = cast_.traits[i].volume * shares_[i] * draws_.turnover[cell];
    if (i == kAbsurdVolume && row == market_.rows() / 2) {
      volume *= kAbsurd;
    }
    market_.volume[cell] = std::max(1.0, math::round_even(volume));
    market_.amount[cell] = math::round_even(average * market_.volume[cell] * 100.0) / 100.0;
  }

  // A session with one price: without a trade at the last close, or locked at a limit.
  void print_one_price(std::size_t row, std::size_t i, Status status) {
    const std::size_t cell = row * count_ + i;
    if (status != Status::kQuiet) {
      price_[i] *= status == Status::kLimitUp ? 1.0 + kLimit : 1.0 - kLimit;
    }
    const double price = on_tick(price_[i]);
    for (std::vector<double>* field : {&market_.open, &market_.high, &market_.low, &market_.close}) {
      (*field)[cell] = price;
    }
    if (status == Status::kQuiet) {
      market_.volume[cell] = 0.0;
      market_.amount[cell] = 0.0;
    } else {
      put_volume(row, i, price);
    }
  }

  // Normal scores of the ranks of minus the mean return; 0 for names without a full window.
  void score_reversal() {
    if (strength_.reversal == 0.0) {
      return;
    }
    sum_ = returns_[0];
    for (std::size_t lag = 1; lag < kReversalWindow; ++lag) {
      for (std::size_t i = 0; i < count_; ++i) {
        sum_[i] += returns_[lag][i];
      }
    }
    const auto valid = static_cast<double>(stat::rank(sum_, score_, stat::Ties::kAverage, scratch_));
    for (double& score : score_) {
      score = math::is_nan(score) ? 0.0 : -math::normal_quantile((score - 0.5) / valid);
    }
  }

  const Cast& cast_;
  const Draws& draws_;
  const Strength& strength_;
  const Calendar& calendar_;
  Market& market_;
  std::size_t count_;
  std::vector<double> price_;                 // Latent close: raw, before rounding to a tick.
  std::vector<double> printed_;               // Close of the session before; NaN without a bar there.
  std::vector<double> shares_;                // Product of split ratios so far.
  std::vector<double> score_;                 // Of reversal, known at the last close.
  std::vector<std::vector<double>> returns_;  // Ring of the last sessions' total returns.
  std::vector<double> sum_;
  stat::RankScratch scratch_;
};

}  // namespace

void walk(const Cast& cast, const Draws& draws, const Strength& strength, const Calendar& calendar, Market& market) {
  Walk(cast, draws, strength, calendar, market).run();
}

}  // namespace lode::synth
