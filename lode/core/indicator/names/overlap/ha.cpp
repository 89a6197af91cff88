// ha: Heikin-Ashi bars.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/ha.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Ha : Shape<4, 4, Missing::kSkip> {
  bool has_bar = false;
  V open{};
  V close{};
  explicit Ha(const Setup&) {}
  auto state() { return std::tie(has_bar, open, close); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    open = has_bar ? (open + close) * V(0.5) : (in[0] + in[3]) * V(0.5);
    close = (in[0] + in[1] + in[2] + in[3]) * V(0.25);
    has_bar = true;
    out[0] = open;
    out[1] = larger(in[1], larger(open, close));
    out[2] = smaller(in[2], smaller(open, close));
    out[3] = close;
  }
};

LODE_LANES(Ha)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Ha)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_ha() {
  using namespace indicator;
  static const Family family = {
      make_Ha({.name = "ha",
               .family = "price",
               .summary = "Heikin-Ashi bars: smoothed open, high, low, close",
               .formula = "c = (o+h+l+c)/4; o = (o' + c')/2, first (o+c)/2; h, l: the extremes with them",
               .source = "D. Valcu, Technical Analysis of Stocks & Commodities 22:2 (2004)",
               .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
               .outputs = {{.name = "open"}, {.name = "high"}, {.name = "low"}, {.name = "close"}},
               .unstable = true,
               .slowest = [](std::span<const double>) { return 0.5; }}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
