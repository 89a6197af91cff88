// aroon, aroonosc: how long ago the extremes were.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/aroon.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/window_place-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Aroon : Shape<2, 2, Missing::kWindow> {
  double share;
  WindowPlace<V, false> lowest;
  WindowPlace<V, true> highest;
  explicit Aroon(const Setup& setup)
      : share(100.0 / setup.number(0)), lowest(setup.whole(0) + 1), highest(setup.whole(0) + 1) {}
  auto state() { return std::tie(lowest, highest); }
  int lookback() const { return lowest.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V n = V(lookback() + 0.0);
    highest.step(in[0]);
    lowest.step(in[1]);
    out[0] = (n - lowest.bars_ago()) * V(share);
    out[1] = (n - highest.bars_ago()) * V(share);
  }
  HWY_INLINE void stretch(const Call& call) {
    const auto age = [this](auto place, auto now) LODE_INLINED {
      using W = decltype(place);
      return (W(lookback() + 0.0) - (now - place)) * W(share);
    };
    lowest.stretch(input_of(call, 1), output_of(call, 0), call.rows, age);
    highest.stretch(input_of(call, 0), output_of(call, 1), call.rows, age);
  }
};

template <class V>
struct Aroonosc : Shape<2, 1, Missing::kWindow> {
  Aroon<V> aroon;
  explicit Aroonosc(const Setup& setup) : aroon(setup) {}
  auto state() { return std::tie(aroon); }
  int lookback() const { return aroon.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    aroon.highest.step(in[0]);
    aroon.lowest.step(in[1]);
    out[0] = (aroon.lowest.bars_ago() - aroon.highest.bars_ago()) * V(aroon.share);
  }
  HWY_INLINE void stretch(const Call& call) {
    Column<V> low;
    Column<V> high;
    const auto age = [](auto place, auto now) LODE_INLINED { return now - place; };
    aroon.lowest.stretch(input_of(call, 1), low.strip(), call.rows, age);
    aroon.highest.stretch(input_of(call, 0), high.strip(), call.rows, age);
    join<V, 2>({low.strip(), high.strip()}, output_of(call, 0), call.rows, [this](const auto* x) LODE_INLINED {
      using W = std::decay_t<decltype(*x)>;
      return (x[0] - x[1]) * W(aroon.share);
    });
  }
};

LODE_LANES(Aroon)
LODE_LANES(Aroonosc)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Aroon)
LODE_MAKE(Aroonosc)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_aroon() {
  using namespace indicator;
  static const Family family = {
      make_Aroon({.name = "aroon",
                  .family = "momentum",
                  .summary = "bars since the lowest low and the highest high of n + 1 bars, in percent",
                  .formula = "100 (n - bars since min(l)) / n; 100 (n - bars since max(h)) / n; the newest of equals",
                  .source = "T. Chande, Technical Analysis of Stocks & Commodities 13:9 (1995)",
                  .inputs = {Input::kHigh, Input::kLow},
                  .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                  .outputs = {{.name = "down"}, {.name = "up"}},
                  .defaults = {{Profile::kTtr, "period", 20}}}),
      make_Aroonosc({.name = "aroonosc",
                     .family = "momentum",
                     .summary = "aroon up less aroon down",
                     .formula = "aroon.up - aroon.down",
                     .source = "T. Chande, Technical Analysis of Stocks & Commodities 13:9 (1995)",
                     .inputs = {Input::kHigh, Input::kLow},
                     .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                     .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
