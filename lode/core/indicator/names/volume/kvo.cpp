// kvo, vosc: volume oscillators.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volume/kvo.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Kvo : Shape<4, 1, Missing::kSkip> {
  double fast_weight;
  double slow_weight;
  int bars = 0;
  V price{};
  V range{};
  V trend{};
  V path{};
  V fast{};
  V slow{};
  explicit Kvo(const Setup& setup)
      : fast_weight(2.0 / (setup.number(0) + 1.0)), slow_weight(2.0 / (setup.number(1) + 1.0)), trend(-1.0) {}
  auto state() { return std::tie(bars, price, range, trend, path, fast, slow); }
  static int lookback() { return 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V now = in[0] + in[1] + in[2];
    const V size = in[0] - in[1];
    if (bars > 0) {
      const auto up = now > price && !(trend == V(1.0));
      const auto down = now < price && !(trend == V(0.0));
      path = select(up || down, range, path) + size;
      trend = select(up, V(1.0), select(down, V(0.0), trend));
      const V force = in[3] * abs(ratio(size, path, V(0.5)) * V(2.0) - V(1.0)) * V(100.0) *
                      select(trend == V(0.0), V(-1.0), V(1.0));
      fast = bars == 1 ? force : (force - fast) * V(fast_weight) + fast;
      slow = bars == 1 ? force : (force - slow) * V(slow_weight) + slow;
      out[0] = fast - slow;
    }
    bars += bars < 2 ? 1 : 0;
    price = now;
    range = size;
  }
};

template <class V>
struct Vosc : Shape<1, 1, Missing::kWindow> {
  SimpleMean<V> fast;
  SimpleMean<V> slow;
  explicit Vosc(const Setup& setup) : fast(setup.whole(0)), slow(setup.whole(1)) {}
  auto state() { return std::tie(fast, slow); }
  int lookback() const { return fast.lookback() > slow.lookback() ? fast.lookback() : slow.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V base = slow.step(in[0]);
    out[0] = percent(fast.step(in[0]) - base, base, V(0.0));
  }
};

LODE_LANES(Kvo)
LODE_LANES(Vosc)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Kvo)
LODE_MAKE(Vosc)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_kvo() {
  using namespace indicator;
  static const Family family = {
      make_Kvo(
          {.name = "kvo",
           .family = "volume",
           .summary = "Klinger's volume oscillator",
           .formula = "ema(vf, fast) - ema(vf, slow), both seeded with the first; vf = +-100 v |2 d/cm - 1| by the "
                      "trend of h+l+c, d = h - l, cm = sum of d along the trend",
           .source = "S. Klinger, Technical Analysis of Stocks & Commodities 15:12 (1997), as Tulip Indicators 0.9",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume},
           .parameters = {{.name = "fast", .fallback = 34, .least = 1, .most = 100000},
                          {.name = "slow", .fallback = 55, .least = 1, .most = 100000}},
           .outputs = {{.name = "real"}},
           .unstable = true}),
      make_Vosc({.name = "vosc",
                 .family = "volume",
                 .summary = "volume oscillator: fast mean of volume over the slow, in percent",
                 .formula = "100 (sma(v, fast) - sma(v, slow)) / sma(v, slow); 0: 0",
                 .source = "Tulip Indicators 0.9",
                 .inputs = {Input::kVolume},
                 .parameters = {{.name = "fast", .fallback = 14, .least = 1, .most = 100000},
                                {.name = "slow", .fallback = 28, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
