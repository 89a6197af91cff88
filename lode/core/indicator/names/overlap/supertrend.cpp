// supertrend: a stop some average true ranges from the middle.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/supertrend.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Supertrend : Shape<3, 2, Missing::kSkip> {
  int n;
  double factor;
  int bars = 0;
  TrueRange<V> range;
  WilderMean<V> atr;
  V last{};   // Close before
  V upper{};  // Bands, ratcheted
  V lower{};
  V side{};  // 1 up, -1 down
  explicit Supertrend(const Setup& setup) : n(setup.whole(0)), factor(setup.number(1)), atr(n) {}
  auto state() { return std::tie(bars, range, atr, last, upper, lower, side); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V tr = range.step(in[0], in[1], in[2]);
    if (bars > 0) {
      const V width = V(factor) * atr.step(tr);
      const V middle = (in[0] + in[1]) * V(0.5);
      const V top = middle + width;
      const V bottom = middle - width;
      if (bars > n) {
        upper = select(top < upper || last > upper, top, upper);
        lower = select(bottom > lower || last < lower, bottom, lower);
        side = select(side > V(0.0), select(in[2] < lower, V(-1.0), V(1.0)), select(in[2] > upper, V(1.0), V(-1.0)));
      } else {
        upper = top;
        lower = bottom;
        side = V(1.0);
      }
    }
    bars += bars <= n ? 1 : 0;
    last = in[2];
    out[0] = select(side > V(0.0), lower, upper);
    out[1] = side;
  }
};

LODE_LANES(Supertrend)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Supertrend)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_supertrend() {
  using namespace indicator;
  static const Family family = {
      make_Supertrend(
          {.name = "supertrend",
           .family = "overlap",
           .summary = "a stop k average true ranges from the middle of the bar, which only follows; flips on the close",
           .formula = "(h+l)/2 +- k atr(n); the upper band falls only, the lower rises only, until the close is beyond",
           .source = "O. Seban, Tout le monde merite d'etre riche (2008)",
           .inputs = {Input::kHigh, Input::kLow, Input::kClose},
           .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                          {.name = "factor", .fallback = 3, .least = 0, .most = 3e+37, .whole = false}},
           .outputs = {{.name = "supertrend"}, {.name = "trend", .whole = true}},
           .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
