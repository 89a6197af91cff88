// mfi: the share of volume that traded at rising typical prices.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/mfi.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Mfi : Shape<4, 1, Missing::kWindow> {
  Before<V> before;
  WindowSum<V> up;
  WindowSum<V> down;
  bool is_talib064;
  bool is_limited;  // talib08: from 0 to 100 also where flows have both signs, 0 where their sum is not above 0.
  double still;     // Of no flow: ttr has the middle.
  explicit Mfi(const Setup& setup)
      : up(setup.whole(0)),
        down(setup.whole(0)),
        is_talib064(setup.profile == Profile::kTalib064),
        is_limited(setup.profile == Profile::kTalib08),
        still(setup.profile == Profile::kTtr ? 50.0 : 0.0) {}
  auto state() { return std::tie(before, up, down); }
  int lookback() const { return up.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = typical(in[0], in[1], in[2]);
    const V last = before.step(x);
    const V flow = x * in[3];
    const V rising = up.step(select(x > last, flow, V(0.0)));
    const V all = rising + down.step(select(x < last, flow, V(0.0)));
    out[0] = percent(rising, all, V(still)) + V(0.0);  // No rise of a negative flow is 0, not -0.
    if (is_talib064) {
      out[0] = select(all < V(1.0), V(0.0), out[0]);
    } else if (is_limited) {
      out[0] = select(all <= V(0.0), V(0.0), smaller(V(100.0), larger(V(0.0), out[0])));
    }
  }
};

LODE_LANES(Mfi)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Mfi)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_mfi() {
  using namespace indicator;
  static const Family family = {
      make_Mfi({.name = "mfi",
                .family = "momentum",
                .summary = "money flow index",
                .formula = "100 p / (p + q); p, q: sums over n of tp v where tp rose, fell; 0/0: 0 (ttr: 50; talib064: "
                           "0 also below 1; talib08: also where p + q < 0, and from 0 to 100)",
                .source = "G. Quong & A. Soudack, Technical Analysis of Stocks & Commodities 7:3 (1989)",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose, Input::kVolume},
                .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
