// si, asi, crsi, fractal: swing index, Connors' rsi, swing points.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/swing.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Wilder's swing index against the bar before.
template <class V>
struct Swing {
  double limit;
  bool has_bar = false;
  V open{};
  V close{};
  explicit Swing(double limit_) : limit(limit_) {}
  auto state() { return std::tie(has_bar, open, close); }
  HWY_INLINE V step(const V* in) {
    const V a = abs(in[1] - close);
    const V b = abs(in[2] - close);
    const V range = in[1] - in[2];
    const V gap = abs(close - open) * V(0.25);
    // By the largest of a = |h - c'|, b = |l - c'| and h - l.
    const V r =
        select(a >= b && a >= range, a - b * V(0.5) + gap, select(b >= range, b - a * V(0.5) + gap, range + gap));
    const V move = (in[3] - close) + (in[3] - in[0]) * V(0.5) + (close - open) * V(0.25);
    // + 0: a fall on which the bar stands still is 0, not -0.
    const V out = has_bar ? ratio(V(50.0) * move * larger(a, b), r * V(limit), V(0.0)) + V(0.0) : V(0.0);
    has_bar = true;
    open = in[0];
    close = in[3];
    return out;
  }
};

template <class V>
struct Si : Shape<4, 1, Missing::kWindow> {
  Swing<V> swing;
  explicit Si(const Setup& setup) : swing(setup.number(0)) {}
  auto state() { return std::tie(swing); }
  static int lookback() { return 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = swing.step(in); }
};

template <class V>
struct Asi : Shape<4, 1, Missing::kSkip> {
  Swing<V> swing;
  RunningSum<V> sum;
  explicit Asi(const Setup& setup) : swing(setup.number(0)) {}
  auto state() { return std::tie(swing, sum); }
  static int lookback() { return 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = sum.step(swing.step(in)); }
};

// Share of rises, by Wilder means.
template <class V>
struct Strength {
  bool has_value = false;
  V last{};
  WilderMean<V> gains;
  WilderMean<V> losses;
  explicit Strength(int n) : gains(n), losses(n) {}
  auto state() { return std::tie(has_value, last, gains, losses); }
  HWY_INLINE V step(V x) {
    const V move = x - last;
    last = x;
    if (!has_value) {
      has_value = true;
      return V(50.0);
    }
    const V gain = gains.step(larger(move, V(0.0)));
    const V loss = losses.step(larger(-move, V(0.0)));
    return percent(gain, gain + loss, V(50.0));
  }
};

template <class V>
struct Crsi : Shape<1, 1, Missing::kSkip> {
  int n;
  int m;
  int p;
  int at = 0;
  bool has_bar = false;
  V last{};
  V streak{};
  Strength<V> price;
  Strength<V> run;
  Slots<V> changes;
  explicit Crsi(const Setup& setup)
      : n(setup.whole(0)), m(setup.whole(1)), p(setup.whole(2)), price(n), run(m), changes(p) {}
  auto state() { return std::tie(at, has_bar, last, streak, price, run, changes); }
  int lookback() const {
    const int longest = n > m + 1 ? n : m + 1;
    return p + 1 > longest ? p + 1 : longest;
  }
  HWY_INLINE void step(const V* in, V* out) {
    const V strength = price.step(in[0]);
    const V change = ratio(in[0] - last, last, V(0.0));
    const auto rose = in[0] > last;
    const auto fell = in[0] < last;
    const V grown =
        select(rose, larger(streak, V(0.0)) + V(1.0), select(fell, smaller(streak, V(0.0)) - V(1.0), V(0.0)));
    last = in[0];
    if (!has_bar) {
      has_bar = true;
      return;
    }
    streak = grown;
    V below = V(0.0);
    for (int k = 0; k < p; ++k) {
      below = below + select(changes.get(k) < change, V(1.0), V(0.0));
    }
    changes.set(at, change);
    at = at + 1 == p ? 0 : at + 1;
    out[0] = (strength + run.step(streak) + V(100.0) * below / V(p + 0.0)) / V(3.0);
  }
};

template <class V>
struct Fractal : Shape<2, 2, Missing::kWindow> {
  int left;
  int right;
  int at = 0;
  Slots<V> highs;
  Slots<V> lows;
  explicit Fractal(const Setup& setup)
      : left(setup.whole(0)), right(setup.whole(1)), highs(left + right + 1), lows(left + right + 1) {}
  auto state() { return std::tie(at, highs, lows); }
  int lookback() const { return left + right; }
  HWY_INLINE void step(const V* in, V* out) {
    const int n = left + right + 1;
    highs.set(at, in[0]);
    lows.set(at, in[1]);
    at = at + 1 == n ? 0 : at + 1;
    // at is now the oldest of the n bars; the centre stands `left` behind it.
    const V high = highs.get((at + left) % n);
    const V low = lows.get((at + left) % n);
    auto is_top = high == high;
    auto is_bottom = low == low;
    for (int k = 0; k < n; ++k) {
      if (k != left) {
        is_top = is_top && highs.get((at + k) % n) < high;
        is_bottom = is_bottom && lows.get((at + k) % n) > low;
      }
    }
    out[0] = select(is_top, V(100.0), V(0.0));
    out[1] = select(is_bottom, V(100.0), V(0.0));
  }
};

LODE_LANES(Si)
LODE_LANES(Asi)
LODE_LANES(Crsi)
LODE_LANES(Fractal)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Si)
LODE_MAKE(Asi)
LODE_MAKE(Crsi)
LODE_MAKE(Fractal)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_swing() {
  using namespace indicator;
  static const Family family = {
      make_Si({.name = "si",
               .family = "momentum",
               .summary = "swing index",
               .formula = "50 (c - c' + (c - o)/2 + (c' - o')/4) / R max(|h - c'|, |l - c'|) / limit, R by the largest "
                          "of |h - c'|, |l - c'|, h - l",
               .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), section VIII",
               .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
               .parameters = {{.name = "limit", .fallback = 3, .least = 1e-09, .most = 3e+37, .whole = false}},
               .outputs = {{.name = "real"}}}),
      make_Asi({.name = "asi",
                .family = "momentum",
                .summary = "accumulative swing index",
                .formula = "cumulative si",
                .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), section VIII",
                .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
                .parameters = {{.name = "limit", .fallback = 3, .least = 1e-09, .most = 3e+37, .whole = false}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Crsi({.name = "crsi",
                 .family = "momentum",
                 .summary = "Connors' rsi: of price, of its streaks, and the rank of its change",
                 .formula =
                     "(rsi(x, n) + rsi(streak, m) + percentrank(roc(x, 1), p)) / 3; streak: rises in a row, falls "
                     "in a row below 0, from the second bar on",
                 .source = "L. Connors & C. Alvarez, An Introduction to ConnorsRSI (2012)",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 3, .least = 1, .most = 100000},
                                {.name = "streak", .fallback = 2, .least = 1, .most = 100000},
                                {.name = "rank", .fallback = 100, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .unstable = true}),
      make_Fractal(
          {.name = "fractal",
           .family = "momentum",
           .summary = "swing high and low: 100 where the bar `right` bars ago stood above, below, all around it",
           .formula = "h(r) > all h of left + right bars around it; told when known, r bars later",
           .source = "B. Williams, Trading Chaos (1995)",
           .inputs = {Input::kHigh, Input::kLow},
           .parameters = {{.name = "left", .fallback = 2, .least = 1, .most = 100000},
                          {.name = "right", .fallback = 2, .least = 1, .most = 100000}},
           .outputs = {{.name = "swing_high", .whole = true}, {.name = "swing_low", .whole = true}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
