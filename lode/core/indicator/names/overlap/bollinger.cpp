// bbw, percentb: width of the Bollinger bands, and the place in them.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/bollinger.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Bbw : Shape<1, 1, Missing::kWindow> {
  double factor;
  WindowMoments<V> moments;
  explicit Bbw(const Setup& setup) : factor(setup.number(1)), moments(setup.whole(0)) {}
  auto state() { return std::tie(moments); }
  int lookback() const { return moments.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const auto spread = moments.step(in);
    out[0] = ratio(V(2.0 * factor) * sqrt(spread.square[0] * V(1.0 / moments.window())), spread.mean[0], V(0.0));
  }
};

template <class V>
struct Percentb : Shape<1, 1, Missing::kWindow> {
  double factor;
  WindowMoments<V> moments;
  explicit Percentb(const Setup& setup) : factor(setup.number(1)), moments(setup.whole(0)) {}
  auto state() { return std::tie(moments); }
  int lookback() const { return moments.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const auto spread = moments.step(in);
    const V width = V(factor) * sqrt(spread.square[0] * V(1.0 / moments.window()));
    out[0] = ratio(in[0] - (spread.mean[0] - width), V(2.0) * width, V(0.5));
  }
};

LODE_LANES(Bbw)
LODE_LANES(Percentb)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Bbw)
LODE_MAKE(Percentb)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_bollinger() {
  using namespace indicator;
  static const Family family = {
      make_Bbw({.name = "bbw",
                .family = "volatility",
                .summary = "width of the Bollinger bands over their middle",
                .formula = "(upper - lower) / middle",
                .source = "J. Bollinger, Bollinger on Bollinger Bands (2001)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 20, .least = 2, .most = 100000},
                               {.name = "factor", .fallback = 2, .least = 0, .most = 3e+37, .whole = false}},
                .outputs = {{.name = "real"}}}),
      make_Percentb({.name = "percentb",
                     .family = "volatility",
                     .summary = "place in the Bollinger bands: 0 at the lower, 1 at the upper",
                     .formula = "(x - lower) / (upper - lower); flat: 0.5",
                     .source = "J. Bollinger, Bollinger on Bollinger Bands (2001)",
                     .inputs = {Input::kReal},
                     .parameters = {{.name = "period", .fallback = 20, .least = 2, .most = 100000},
                                    {.name = "factor", .fallback = 2, .least = 0, .most = 3e+37, .whole = false}},
                     .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
