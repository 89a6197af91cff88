// ichimoku, chandelier, fibonacci, pivot: levels that traders draw.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/levels.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// (max h + min l) / 2 over n bars.
template <class V>
struct Middle {
  WindowMax<V> top;
  WindowMin<V> bottom;
  explicit Middle(int n) : top(n), bottom(n) {}
  auto state() { return std::tie(top, bottom); }
  int lookback() const { return top.window() - 1; }
  HWY_INLINE V step(const V* in) { return (top.step(in[0]) + bottom.step(in[1])) * V(0.5); }
};

template <class V>
struct Ichimoku : Shape<2, 4, Missing::kWindow> {
  int shift;
  int longest;
  Middle<V> fast;
  Middle<V> base;
  Middle<V> slow;
  Lag<V> span_a;
  Lag<V> span_b;
  explicit Ichimoku(const Setup& setup)
      : shift(setup.whole(1)),
        longest(std::max({setup.whole(0), setup.whole(1), setup.whole(2)})),
        fast(setup.whole(0)),
        base(setup.whole(1)),
        slow(setup.whole(2)),
        span_a(shift),
        span_b(shift) {}
  auto state() { return std::tie(fast, base, slow, span_a, span_b); }
  int lookback() const { return longest - 1 + shift; }
  std::array<int, 4> lookbacks() const {
    return {fast.lookback(), base.lookback(), std::max(fast.lookback(), base.lookback()) + shift,
            slow.lookback() + shift};
  }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = fast.step(in);
    out[1] = base.step(in);
    out[2] = span_a.step((out[0] + out[1]) * V(0.5));
    out[3] = span_b.step(slow.step(in));
  }
};

template <class V>
struct Chandelier : Shape<3, 2, Missing::kSkip> {
  int n;
  double factor;
  bool has_bar = false;
  WindowMax<V> top;
  WindowMin<V> bottom;
  TrueRange<V> range;
  WilderMean<V> atr;
  explicit Chandelier(const Setup& setup) : n(setup.whole(0)), factor(setup.number(1)), top(n), bottom(n), atr(n) {}
  auto state() { return std::tie(has_bar, top, bottom, range, atr); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V tr = range.step(in[0], in[1], in[2]);
    const V width = has_bar ? V(factor) * atr.step(tr) : V(0.0);
    has_bar = true;
    out[0] = top.step(in[0]) - width;
    out[1] = bottom.step(in[1]) + width;
  }
};

template <class V>
struct Fibonacci : Shape<2, 5, Missing::kWindow> {
  WindowMax<V> top;
  WindowMin<V> bottom;
  explicit Fibonacci(const Setup& setup) : top(setup.whole(0)), bottom(setup.whole(0)) {}
  auto state() { return std::tie(top, bottom); }
  int lookback() const { return top.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    constexpr double kLevels[] = {0.236, 0.382, 0.5, 0.618, 0.786};
    const V high = top.step(in[0]);
    const V range = high - bottom.step(in[1]);
    for (int k = 0; k < 5; ++k) {
      out[k] = high - V(kLevels[k]) * range;
    }
  }
};

template <class V>
struct Pivot : Shape<3, 5, Missing::kWindow> {
  Before<V> high;
  Before<V> low;
  Before<V> close;
  explicit Pivot(const Setup&) {}
  auto state() { return std::tie(high, low, close); }
  static int lookback() { return 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V h = high.step(in[0]);
    const V l = low.step(in[1]);
    const V middle = typical(h, l, close.step(in[2]));
    out[0] = middle - (h - l);
    out[1] = V(2.0) * middle - h;
    out[2] = middle;
    out[3] = V(2.0) * middle - l;
    out[4] = middle + (h - l);
  }
};

LODE_LANES(Ichimoku)
LODE_LANES(Chandelier)
LODE_LANES(Fibonacci)
LODE_LANES(Pivot)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Ichimoku)
LODE_MAKE(Chandelier)
LODE_MAKE(Fibonacci)
LODE_MAKE(Pivot)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_levels() {
  using namespace indicator;
  static const Family family = {
      make_Ichimoku({.name = "ichimoku",
                     .family = "overlap",
                     .summary = "Ichimoku lines and cloud; the cloud is that of `base` bars ago, as drawn today",
                     .formula =
                         "tenkan = middle(9), kijun = middle(26), senkou a = (tenkan + kijun)/2, senkou b = "
                         "middle(52), both 26 bars ago; middle(n) = (max(h, n) + min(l, n))/2. No column chikou: at a "
                         "bar it would be the close of 26 bars later, a look ahead. Drawn it is the close moved "
                         "back, close.shift(-26) in pandas; its question, is this close above that of 26 bars "
                         "ago, is mom(26) > 0",
                     .source = "G. Hosoda (1969)",
                     .inputs = {Input::kHigh, Input::kLow},
                     .parameters = {{.name = "conversion", .fallback = 9, .least = 1, .most = 100000},
                                    {.name = "base", .fallback = 26, .least = 1, .most = 100000},
                                    {.name = "span", .fallback = 52, .least = 1, .most = 100000}},
                     .outputs = {{.name = "tenkan"}, {.name = "kijun"}, {.name = "senkou_a"}, {.name = "senkou_b"}}}),
      make_Chandelier({.name = "chandelier",
                       .family = "overlap",
                       .summary = "chandelier exits: the extremes of n bars less k average true ranges",
                       .formula = "max(h, n) - k atr(n), min(l, n) + k atr(n)",
                       .source = "C. LeBeau, in A. Elder, Come into My Trading Room (2002)",
                       .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                       .parameters = {{.name = "period", .fallback = 22, .least = 1, .most = 100000},
                                      {.name = "factor", .fallback = 3, .least = 0, .most = 3e+37, .whole = false}},
                       .outputs = {{.name = "long"}, {.name = "short"}},
                       .unstable = true}),
      make_Fibonacci(
          {.name = "fibonacci",
           .family = "overlap",
           .summary = "retracements of the range of the last n bars",
           .formula = "max(h, n) - level (max(h, n) - min(l, n)), level .236 .382 .5 .618 .786",
           .source = "R. Fischer, Fibonacci Applications and Strategies for Traders (1993)",
           .inputs = {Input::kHigh, Input::kLow},
           .parameters = {{.name = "period", .fallback = 100, .least = 1, .most = 100000}},
           .outputs = {{.name = "r236"}, {.name = "r382"}, {.name = "r500"}, {.name = "r618"}, {.name = "r786"}}}),
      make_Pivot({.name = "pivot",
                  .family = "overlap",
                  .summary = "pivot points of the bar before",
                  .formula = "p = tp'; s1 = 2p - h', r1 = 2p - l', s2, r2 = p -+ (h' - l')",
                  .source = "J. Person, A Complete Guide to Technical Trading Tactics (2004)",
                  .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                  .outputs = {{.name = "s2"}, {.name = "s1"}, {.name = "pivot"}, {.name = "r1"}, {.name = "r2"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
