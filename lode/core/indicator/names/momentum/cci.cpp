// cci: how far the typical price is from its mean, in mean deviations.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/cci.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/window_deviation-inl.h"
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Cci : Shape<3, 1, Missing::kWindow> {
  int first;  // tulip waits for a mean of n means, though it needs none.
  WindowDeviation<V> window;
  WindowMax<V> top;  // Of equal prices the mean may be a last bit away, which is not a deviation.
  WindowMin<V> bottom;
  explicit Cci(const Setup& setup)
      : first((setup.profile == Profile::kTulip ? 2 : 1) * (setup.whole(0) - 1)),
        window(setup.whole(0)),
        top(setup.whole(0)),
        bottom(setup.whole(0)) {}
  auto state() { return std::tie(window, top, bottom); }
  int lookback() const { return first; }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = typical(in[0], in[1], in[2]);
    const V deviation = window.step(x);
    const V away = x - window.mean();
    out[0] = select(top.step(x) == bottom.step(x) || away == V(0.0), V(0.0), ratio(away, V(0.015) * deviation, V(0.0)));
  }
};

LODE_LANES(Cci)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Cci)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_cci() {
  using namespace indicator;
  static const Family family = {
      make_Cci({.name = "cci",
                .family = "momentum",
                .summary = "commodity channel index",
                .formula = "(tp - sma(tp, n)) / (0.015 avgdev(tp, n)), tp = (h + l + c) / 3; 0/0: 0",
                .source = "D. Lambert, Commodities 9:10 (1980)",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .parameters = {{.name = "period", .fallback = 20, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTalib064, "period", 14}, {Profile::kTalib08, "period", 14}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
