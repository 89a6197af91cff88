// pbands: bands around a mean, as wide as its distance to a fast mean varies.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/pbands.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Pbands : Shape<1, 3, Missing::kWindow> {
  double factor;
  bool is_centered;
  MovingAverage<V> slow;
  MovingAverage<V> fast;
  int first;  // Bar where both have begun,
  int wait;   // and how far it is.
  WindowMoments<V> gaps;
  LaterAverage<V> shift;

  explicit Pbands(const Setup& setup)
      : factor(setup.number(1)),
        is_centered(setup.whole(4) == 1),
        slow(setup.whole(0), setup.whole(3)),
        fast(setup.whole(2), setup.whole(3)),
        first(slow.lookback() > fast.lookback() ? slow.lookback() : fast.lookback()),
        wait(first),
        gaps(setup.whole(0)),
        shift(setup.whole(0) * (setup.whole(5) == 1 ? 2 : 1), setup.whole(3), gaps.window() - 1) {}
  auto state() { return std::tie(wait, slow, fast, gaps, shift); }
  int lookback() const { return first + gaps.window() - 1 + (is_centered ? shift.lookback() : 0); }
  Missing missing() const {
    const bool skips = slow.missing() == Missing::kSkip || fast.missing() == Missing::kSkip;
    return skips ? Missing::kSkip : Missing::kWindow;
  }
  HWY_INLINE void step(const V* in, V* out) {
    const V mean = slow.step(in[0]);
    const V gap = mean - fast.step(in[0]);
    if (wait > 0) {
      --wait;
      return;
    }
    const V width = sqrt(gaps.step(&gap).square[0] * V(1.0 / gaps.window()));
    const V middle = is_centered ? mean + shift.step(ratio(gap, width, V(0.0))) : mean;
    out[0] = middle + V(factor) * width;
    out[1] = middle;
    out[2] = middle - V(factor) * width;
  }
};

LODE_LANES(Pbands)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Pbands)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_pbands() {
  using namespace indicator;
  static const std::vector<std::string_view> kNoYes = {"no", "yes"};
  static const Family family = {
      make_Pbands(
          {.name = "pbands",
           .family = "overlap",
           .summary = "price bands: a mean, and k deviations of its distance to a fast mean around it",
           .formula = "d = type(x, n) - type(x, fast); s = std(d, n), over n (population); middle = type(x, n), "
                      "upper, lower = middle +- k s; centered: middle = type(x, n) + type(d/s, m), m = n, or 2n "
                      "if long; s = 0: d/s = 0",
           .source = "B. G. Peterson, in TTR 0.24",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 20, .least = 2, .most = 50000},
                          {.name = "factor", .fallback = 2, .least = 0, .most = 3e+37, .whole = false},
                          {.name = "fast", .fallback = 2, .least = 1, .most = 50000},
                          {.name = "type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames},
                          {.name = "centered", .fallback = 0, .least = 0, .most = 1, .choices = kNoYes},
                          {.name = "long", .fallback = 0, .least = 0, .most = 1, .choices = kNoYes}},
           .outputs = {{.name = "upper"}, {.name = "middle"}, {.name = "lower"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
