// tsi, smi: twice smoothed momentum over twice smoothed size.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/tsi.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct TwiceSmooth {
  Ema<V> first;
  Ema<V> second;
  TwiceSmooth(int n, int m) : first(n), second(m) {}
  auto state() { return std::tie(first, second); }
  int lookback() const { return first.lookback() + second.lookback(); }
  HWY_INLINE V step(V x) {
    const V mean = first.step(x);
    return first.ready() ? second.step(mean) : mean;
  }
};

template <class V>
struct Tsi : Shape<1, 1, Missing::kSkip> {
  bool has_bar = false;
  V last{};
  TwiceSmooth<V> move;
  TwiceSmooth<V> size;
  explicit Tsi(const Setup& setup) : move(setup.whole(0), setup.whole(1)), size(setup.whole(0), setup.whole(1)) {}
  auto state() { return std::tie(has_bar, last, move, size); }
  int lookback() const { return move.lookback() + 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V change = in[0] - last;
    last = in[0];
    if (has_bar) {
      const V way = move.step(change);
      out[0] = percent(way, size.step(abs(change)), V(0.0));
    }
    has_bar = true;
  }
};

template <class V>
struct Smi : Shape<3, 2, Missing::kSkip> {
  int young;  // Bars until the window is full: ttr takes a young bar's own range, others wait.
  bool is_ttr;
  bool is_late;  // talib08 has the first smi on the bar of the first signal.
  WindowMax<V> top;
  WindowMin<V> bottom;
  TwiceSmooth<V> place;
  TwiceSmooth<V> size;
  Ema<V> signal;
  explicit Smi(const Setup& setup)
      : young(setup.whole(0) - 1),
        is_ttr(setup.profile == Profile::kTtr),
        is_late(setup.profile == Profile::kTalib08),
        top(setup.whole(0)),
        bottom(setup.whole(0)),
        place(setup.whole(2), setup.whole(1)),
        size(setup.whole(2), setup.whole(1)),
        signal(setup.whole(3)) {}
  auto state() { return std::tie(young, top, bottom, place, size, signal); }
  int lookback() const { return first() + signal.lookback(); }
  std::array<int, 2> lookbacks() const { return {is_late ? lookback() : first(), lookback()}; }
  HWY_INLINE void step(const V* in, V* out) {
    V high = top.step(in[0]);
    V low = bottom.step(in[1]);
    if (young > 0) {
      --young;
      if (!is_ttr) {
        return;
      }
      high = in[0];
      low = in[1];
    }
    const V away = place.step(in[2] - (high + low) * V(0.5));
    out[0] = ratio(V(200.0) * away, size.step(high - low), V(0.0));
    if (size.second.ready()) {
      out[1] = signal.step(out[0]);
    }
  }

 private:
  int first() const { return (is_ttr ? 0 : top.window() - 1) + place.lookback(); }
};

LODE_LANES(Tsi)
LODE_LANES(Smi)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Tsi)
LODE_MAKE(Smi)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_tsi() {
  using namespace indicator;
  static const Family family = {
      make_Tsi({.name = "tsi",
                .family = "momentum",
                .summary = "true strength index: twice smoothed change over twice smoothed size of change",
                .formula = "100 ema(ema(dx, n), m) / ema(ema(|dx|, n), m); 0/0: 0",
                .source = "W. Blau, Momentum, Direction, and Divergence (1995)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period1", .fallback = 25, .least = 1, .most = 100000},
                               {.name = "period2", .fallback = 13, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .unstable = true}),
      make_Smi(
          {.name = "smi",
           .family = "momentum",
           .summary = "stochastic momentum index: where the close is about the middle of the range",
           .formula =
               "200 ema(ema(c - (HH + LL)/2, slow), fast) / ema(ema(HH - LL, slow), fast) over n; signal = ema(smi); "
               "ttr: from the first bar, HH and LL a bar's own until there are n; talib08: smi from the first signal "
               "on",
           .source = "W. Blau, Momentum, Direction, and Divergence (1995)",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose},
           .parameters = {{.name = "period", .fallback = 13, .least = 2, .most = 100000},
                          {.name = "fast", .fallback = 2, .least = 1, .most = 100000},
                          {.name = "slow", .fallback = 25, .least = 1, .most = 100000},
                          {.name = "signal", .fallback = 9, .least = 1, .most = 100000}},
           .outputs = {{.name = "smi"}, {.name = "signal"}},
           .defaults = {{Profile::kTtr, "period", 13},
                        {Profile::kTtr, "fast", 2},
                        {Profile::kTtr, "slow", 25},
                        {Profile::kTtr, "signal", 9}},
           .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
