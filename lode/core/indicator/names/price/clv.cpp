// clv: where the close stands in its bar.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/price/clv.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/ring-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Clv : Shape<3, 1, Missing::kPoint> {
  explicit Clv(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V range = in[0] - in[1];
    out[0] = ((in[2] - in[1]) - (in[0] - in[2])) / select(range == V(0.0), V(1.0), range);
    out[0] = select(range == V(0.0), in[2] * V(0.0), out[0]);
  }
};

LODE_LANES(Clv)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Clv)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_clv() {
  using namespace indicator;
  static const Family family = {
      make_Clv({.name = "clv",
                .family = "price",
                .summary = "close location value: 1 at the high of the bar, -1 at its low",
                .formula = "((c - l) - (h - c)) / (h - l); flat: 0",
                .source = "M. Chaikin, in TTR 0.24",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
