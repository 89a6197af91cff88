// avgdev: mean absolute deviation.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/price/avgdev.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/window_deviation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Avgdev : Shape<1, 1, Missing::kWindow> {
  WindowDeviation<V> window;
  explicit Avgdev(const Setup& setup) : window(setup.whole(0)) {}
  auto state() { return std::tie(window); }
  int lookback() const { return window.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = window.step(in[0]); }
};

LODE_LANES(Avgdev)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Avgdev)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_avgdev() {
  using namespace indicator;
  static const Family family = {
      make_Avgdev({.name = "avgdev",
                   .aliases = {"md"},
                   .family = "price",
                   .summary = "mean absolute deviation from the mean of n values",
                   .formula = "mean |x - sma(x, n)| over n",
                   .source = "TA-Lib 0.6.4",
                   .inputs = {Input::kReal},
                   .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                   .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
