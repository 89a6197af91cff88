// kdj, vortex: stochastic with J, and the vortex of true ranges.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/kdj.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Kdj : Shape<3, 3, Missing::kSkip> {
  int wait;
  bool is_seeded;  // With simple means, as TA-Lib; else K and D start at 50.
  int m;
  int p;
  WindowMax<V> top;
  WindowMin<V> bottom;
  WilderMean<V> k_mean;
  WilderMean<V> d_mean;
  V k = V(50.0);
  V d = V(50.0);
  explicit Kdj(const Setup& setup)
      : wait(setup.whole(0) - 1),
        is_seeded(setup.profile == Profile::kTalib08),
        m(setup.whole(1)),
        p(setup.whole(2)),
        top(setup.whole(0)),
        bottom(setup.whole(0)),
        k_mean(m),
        d_mean(p) {}
  auto state() { return std::tie(wait, top, bottom, k_mean, d_mean, k, d); }
  int lookback() const { return top.window() - 1 + (is_seeded ? m - 1 + p - 1 : 0); }
  HWY_INLINE void step(const V* in, V* out) {
    const V high = top.step(in[0]);
    const V low = bottom.step(in[1]);
    if (wait > 0) {
      --wait;
      return;
    }
    const V place = percent(in[2] - low, high - low, V(0.0));
    if (is_seeded) {
      k = k_mean.step(place);
      d = k_mean.ready() ? d_mean.step(k) : k;
    } else {
      k = k + (place - k) * V(1.0 / m);
      d = d + (k - d) * V(1.0 / p);
    }
    out[0] = k;
    out[1] = d;
    out[2] = V(3.0) * k - V(2.0) * d;
  }
};

template <class V>
struct Vortex : Shape<3, 2, Missing::kWindow> {
  Before<V> high;
  Before<V> low;
  TrueRange<V> range;
  WindowSum<V> up;
  WindowSum<V> down;
  WindowSum<V> all;
  explicit Vortex(const Setup& setup) : up(setup.whole(0)), down(setup.whole(0)), all(setup.whole(0)) {}
  auto state() { return std::tie(high, low, range, up, down, all); }
  int lookback() const { return up.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V plus = up.step(abs(in[0] - low.step(in[1])));
    const V minus = down.step(abs(in[1] - high.step(in[0])));
    const V sum = all.step(range.step(in[0], in[1], in[2]));
    out[0] = ratio(plus, sum, V(0.0));
    out[1] = ratio(minus, sum, V(0.0));
  }
};

LODE_LANES(Kdj)
LODE_LANES(Vortex)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Kdj)
LODE_MAKE(Vortex)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_kdj() {
  using namespace indicator;
  static const Family family = {
      make_Kdj({.name = "kdj",
                .family = "momentum",
                .summary = "stochastic K and D smoothed by thirds, and J beyond them",
                .formula = "rsv = 100 (c - min(l, n)) / (max(h, n) - min(l, n)), flat 0; K = K' + (rsv - K')/m; D = D' "
                           "+ (K - D')/p; start 50 (talib08: seeded with simple means); J = 3K - 2D",
                .source = "TA-Lib 0.8.2",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .parameters = {{.name = "period", .fallback = 9, .least = 1, .most = 100000},
                               {.name = "k_period", .fallback = 3, .least = 1, .most = 100000},
                               {.name = "d_period", .fallback = 3, .least = 1, .most = 100000}},
                .outputs = {{.name = "k"}, {.name = "d"}, {.name = "j"}},
                .unstable = true}),
      make_Vortex({.name = "vortex",
                   .family = "momentum",
                   .summary = "vortex: movement between opposite ends of neighbouring bars",
                   .formula = "sum |h - l'| / sum trange, sum |l - h'| / sum trange over n; 0/0: 0",
                   .source = "E. Botes & D. Siepman, Technical Analysis of Stocks & Commodities 28:1 (2010)",
                   .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                   .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                   .outputs = {{.name = "plus"}, {.name = "minus"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
