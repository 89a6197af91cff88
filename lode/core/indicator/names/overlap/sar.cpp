// sar, sarext: Wilder's parabolic stop and reverse.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/sar.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// How fast one side follows: where it starts, by how much a new extreme adds, how far it goes.
struct Acceleration {
  double start;
  double step;
  double most;
  Acceleration(double start_, double step_, double most_)
      : start(start_ > most_ ? most_ : start_), step(step_ > most_ ? most_ : step_), most(most_) {}
};

// The stop in the mirror of its own side: `side` is 1 when long, -1 when short, and prices of a short position are
// negated, so that one rule serves both.
template <class V>
class ParabolicStop {
 public:
  ParabolicStop(Acceleration up, Acceleration down, double start, double offset)
      : up_(up), down_(down), start_(start), offset_(offset) {}
  auto state() { return std::tie(bars_, side_, stop_, extreme_, weight_, high_, low_); }
  V side() const { return shown_side_; }

  HWY_INLINE V step(V high, V low) {
    if (bars_ < 2) {
      if (bars_++ == 0) {
        high_ = high;
        low_ = low;
        return low;
      }
      begin(high, low);
      high_ = high;
      low_ = low;
    }
    const auto is_long = side_ > V(0.0);
    const V top = select(is_long, high, -low);
    const V bottom = select(is_long, low, -high);
    const V top1 = select(is_long, high_, -low_);
    const V bottom1 = select(is_long, low_, -high_);
    const auto turns = bottom <= stop_;
    // Held: the shown stop is the old one; it follows the extreme, but never into the last two bars.
    const auto is_new = top > extreme_;
    const V held_extreme = select(is_new, top, extreme_);
    const V step = select(is_long, V(up_.step), V(down_.step));
    const V most = select(is_long, V(up_.most), V(down_.most));
    const V held_weight = select(is_new, smaller(weight_ + step, most), weight_);
    const V held = smaller(smaller(stop_ + held_weight * (held_extreme - stop_), bottom1), bottom);
    // Turned: the stop jumps to the extreme, beyond the last two bars, and the position is mirrored.
    const V jump = larger(larger(extreme_, top1), top);
    const V away = jump + abs(jump) * V(offset_);
    const V first = select(is_long, V(down_.start), V(up_.start));
    const V turned = larger(larger(away + first * (bottom - away), top1), top);
    const V shown = select(turns, away, stop_) * side_;
    stop_ = select(turns, -turned, held);
    extreme_ = select(turns, -bottom, held_extreme);
    weight_ = select(turns, first, held_weight);
    side_ = select(turns, -side_, side_);
    shown_side_ = side_;
    high_ = high;
    low_ = low;
    return shown;
  }

 private:
  // Long unless the low of the second bar fell by more than its high rose.
  HWY_INLINE void begin(V high, V low) {
    const V rise = high - high_;
    const V fall = low_ - low;
    side_ = select(fall > rise && fall > V(0.0), V(-1.0), V(1.0));
    if (start_ != 0.0) {
      side_ = V(start_ > 0.0 ? 1.0 : -1.0);
    }
    const auto is_long = side_ > V(0.0);
    stop_ = start_ != 0.0 ? V(start_) : select(is_long, low_, -high_);
    extreme_ = select(is_long, high, -low);
    weight_ = select(is_long, V(up_.start), V(down_.start));
  }

  Acceleration up_;
  Acceleration down_;
  double start_;
  double offset_;
  int bars_ = 0;
  V side_ = V(1.0);
  V shown_side_ = V(1.0);
  V stop_{};
  V extreme_{};
  V weight_{};
  V high_{};
  V low_{};
};

// Tulip's: the first side is that of the middles of the first two bars, a bar turns only beyond the stop, and the stop
// jumps to the extreme alone.
template <class V>
class MiddleStop {
 public:
  explicit MiddleStop(Acceleration weight) : rule_(weight) {}
  auto state() { return std::tie(bars_, side_, stop_, extreme_, weight_, high1_, low1_, high2_, low2_); }
  HWY_INLINE V step(V high, V low) {
    if (bars_ == 1) {
      side_ = select(high1_ + low1_ <= high + low, V(1.0), V(-1.0));
      extreme_ = select(side_ > V(0.0), high1_, -low1_);
      stop_ = select(side_ > V(0.0), low1_, -high1_);
      weight_ = V(rule_.step);
    }
    if (bars_ > 0) {
      const auto is_long = side_ > V(0.0);
      const V top = select(is_long, high, -low);
      const V bottom = select(is_long, low, -high);
      V stop = (extreme_ - stop_) * weight_ + stop_;
      if (bars_ > 1) {
        stop = smaller(stop, select(is_long, low2_, -high2_));
      }
      stop = smaller(stop, select(is_long, low1_, -high1_));
      const auto is_new = top > extreme_;
      weight_ = select(is_new, smaller(weight_ + V(rule_.step), V(rule_.most)), weight_);
      extreme_ = select(is_new, top, extreme_);
      const auto turns = bottom < stop;
      stop_ = select(turns, -extreme_, stop);
      extreme_ = select(turns, -bottom, extreme_);
      weight_ = select(turns, V(rule_.step), weight_);
      side_ = select(turns, -side_, side_);
    }
    bars_ += bars_ < 2 ? 1 : 0;
    high2_ = high1_;
    low2_ = low1_;
    high1_ = high;
    low1_ = low;
    return stop_ * side_;
  }

 private:
  Acceleration rule_;
  int bars_ = 0;
  V side_ = V(1.0);
  V stop_{};  // Of a short position negated, as the extreme.
  V extreme_{};
  V weight_{};
  V high1_{};
  V low1_{};
  V high2_{};
  V low2_{};
};

template <class V>
struct Sar : Shape<2, 1, Missing::kSkip> {
  bool is_tulip;
  ParabolicStop<V> stop;
  MiddleStop<V> middle_stop;

  explicit Sar(const Setup& setup)
      : is_tulip(setup.profile == Profile::kTulip),
        stop(side(setup), side(setup), 0.0, 0.0),
        middle_stop(side(setup)) {}
  static Acceleration side(const Setup& setup) { return {setup.number(0), setup.number(0), setup.number(1)}; }
  auto state() { return std::tie(stop, middle_stop); }
  static int lookback() { return 1; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = is_tulip ? middle_stop.step(in[0], in[1]) : stop.step(in[0], in[1]);
  }
};

template <class V>
struct Sarext : Shape<2, 1, Missing::kSkip> {
  ParabolicStop<V> stop;

  explicit Sarext(const Setup& setup)
      : stop({setup.number(2), setup.number(3), setup.number(4)}, {setup.number(5), setup.number(6), setup.number(7)},
             setup.number(0), setup.number(1)) {}
  auto state() { return std::tie(stop); }
  static int lookback() { return 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V shown = stop.step(in[0], in[1]);
    out[0] = select(stop.side() > V(0.0), shown, -shown);
  }
};

LODE_LANES(Sar)
LODE_LANES(Sarext)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Sar)
LODE_MAKE(Sarext)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_sar() {
  using namespace indicator;
  static const Family family = {
      make_Sar(
          {.name = "sar",
           .aliases = {"psar"},
           .family = "overlap",
           .summary = "parabolic stop and reverse",
           .formula =
               "long while l > sar: sar += af (ep - sar), at most the last two lows; ep = highest high, each new one "
               "adds step to af, up to most; else reverse: sar = ep, at least the last two highs. Mirrored when short",
           .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), section II",
           .inputs = {Input::kHigh, Input::kLow},
           .parameters = {{.name = "step", .fallback = 0.02, .least = 0, .most = 3e+37, .whole = false},
                          {.name = "most", .fallback = 0.2, .least = 0, .most = 3e+37, .whole = false}},
           .outputs = {{.name = "real"}},
           .unstable = true}),
      make_Sarext({.name = "sarext",
                   .family = "overlap",
                   .summary = "parabolic stop with a start, an offset and both sides of its own; negative when short",
                   .formula = "as sar; start > 0: long from there, < 0: short from |start|; on a reverse sar moves "
                              "away by offset; af starts, steps and ends by side",
                   .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), section II",
                   .inputs = {Input::kHigh, Input::kLow},
                   .parameters = {{.name = "start", .fallback = 0, .least = -3e+37, .most = 3e+37, .whole = false},
                                  {.name = "offset", .fallback = 0, .least = 0, .most = 3e+37, .whole = false},
                                  {.name = "first_long", .fallback = 0.02, .least = 0, .most = 3e+37, .whole = false},
                                  {.name = "step_long", .fallback = 0.02, .least = 0, .most = 3e+37, .whole = false},
                                  {.name = "most_long", .fallback = 0.2, .least = 0, .most = 3e+37, .whole = false},
                                  {.name = "first_short", .fallback = 0.02, .least = 0, .most = 3e+37, .whole = false},
                                  {.name = "step_short", .fallback = 0.02, .least = 0, .most = 3e+37, .whole = false},
                                  {.name = "most_short", .fallback = 0.2, .least = 0, .most = 3e+37, .whole = false}},
                   .outputs = {{.name = "real"}},
                   .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
