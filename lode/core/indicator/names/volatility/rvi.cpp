// rvi, rvir, rvgi: relative volatility, by close and by high and low; relative vigor.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volatility/rvi.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Share of the volatility on rises in all of it.
template <class V>
struct RelativeVolatility {
  int n;
  WindowMoments<V> moments;
  Before<V> before;
  int wait;
  WilderMean<V> up;
  WilderMean<V> down;
  RelativeVolatility(int n_, int m) : n(n_), moments(m), wait(m - 1), up(n_), down(n_) {}
  auto state() { return std::tie(moments, before, wait, up, down); }
  int lookback() const { return moments.window() - 1 + n - 1; }
  HWY_INLINE V step(V x) {
    const V deviation = sqrt(moments.step(&x).square[0] * V(1.0 / moments.window()));
    const V move = x - before.step(x);
    if (wait > 0) {
      --wait;
      return x;
    }
    const V rise = up.step(select(move > V(0.0), deviation, V(0.0)));
    const V fall = down.step(select(move < V(0.0), deviation, V(0.0)));
    return percent(rise, rise + fall, V(50.0));
  }
};

template <class V>
struct Rvi : Shape<1, 1, Missing::kSkip> {
  RelativeVolatility<V> volatility;
  explicit Rvi(const Setup& setup) : volatility(setup.whole(0), setup.whole(1)) {}
  auto state() { return std::tie(volatility); }
  int lookback() const { return volatility.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = volatility.step(in[0]); }
};

template <class V>
struct Rvir : Shape<2, 1, Missing::kSkip> {
  RelativeVolatility<V> high;
  RelativeVolatility<V> low;
  explicit Rvir(const Setup& setup) : high(setup.whole(0), setup.whole(1)), low(setup.whole(0), setup.whole(1)) {}
  auto state() { return std::tie(high, low); }
  int lookback() const { return high.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = (high.step(in[0]) + low.step(in[1])) * V(0.5); }
};

// (x + 2 x1 + 2 x2 + x3) / 6
template <class V>
struct FourBars {
  V x1{};
  V x2{};
  V x3{};
  auto state() { return std::tie(x1, x2, x3); }
  HWY_INLINE V step(V x) {
    const V out = (x + V(2.0) * x1 + V(2.0) * x2 + x3) * V(1.0 / 6.0);
    x3 = x2;
    x2 = x1;
    x1 = x;
    return out;
  }
};

template <class V>
struct Rvgi : Shape<4, 2, Missing::kWindow> {
  int n;
  FourBars<V> body;
  FourBars<V> range;
  WindowSum<V> bodies;
  WindowSum<V> ranges;
  FourBars<V> signal;
  explicit Rvgi(const Setup& setup) : n(setup.whole(0)), bodies(n), ranges(n) {}
  auto state() { return std::tie(body, range, bodies, ranges, signal); }
  int lookback() const { return 3 + n - 1 + 3; }
  HWY_INLINE void step(const V* in, V* out) {
    const V up = bodies.step(body.step(in[3] - in[0]));
    out[0] = ratio(up, ranges.step(range.step(in[1] - in[2])), V(0.0));
    out[1] = signal.step(out[0]);
  }
};

LODE_LANES(Rvi)
LODE_LANES(Rvir)
LODE_LANES(Rvgi)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Rvi)
LODE_MAKE(Rvir)
LODE_MAKE(Rvgi)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_rvi() {
  using namespace indicator;
  static const Family family = {
      make_Rvi({.name = "rvi",
                .family = "volatility",
                .summary = "relative volatility index: share of the volatility on rises",
                .formula = "100 u / (u + d); u, d: wilder means over n of std(x, m) where x rose, fell; 0/0: 50",
                .source = "D. Dorsey, Technical Analysis of Stocks & Commodities 11:6 (1993)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000},
                               {.name = "std_period", .fallback = 10, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Rvir({.name = "rvir",
                 .family = "volatility",
                 .summary = "relative volatility index, revised: of highs and of lows",
                 .formula = "(rvi(h) + rvi(l)) / 2",
                 .source = "D. Dorsey, Technical Analysis of Stocks & Commodities 13:9 (1995)",
                 .inputs = {Input::kHigh, Input::kLow},
                 .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000},
                                {.name = "std_period", .fallback = 10, .least = 2, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .unstable = true}),
      make_Rvgi({.name = "rvgi",
                 .family = "momentum",
                 .summary = "relative vigor index: smoothed bodies over smoothed ranges",
                 .formula = "sum w(c - o) / sum w(h - l) over n, w = (x + 2 x1 + 2 x2 + x3)/6; signal = w(rvgi)",
                 .source = "J. Ehlers, Technical Analysis of Stocks & Commodities 20:1 (2002)",
                 .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
                 .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
                 .outputs = {{.name = "rvgi"}, {.name = "signal"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
