// fisher, msw: transforms that sharpen turns.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/fisher.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/cycle-inl.h"
#include "lode/core/indicator/parts/elementary-inl.h"
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Fisher : Shape<2, 2, Missing::kSkip> {
  int wait;
  WindowMax<V> top;
  WindowMin<V> bottom;
  V place{};
  V fisher{};
  explicit Fisher(const Setup& setup) : wait(setup.whole(0) - 1), top(setup.whole(0)), bottom(setup.whole(0)) {}
  auto state() { return std::tie(wait, top, bottom, place, fisher); }
  int lookback() const { return top.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = (in[0] + in[1]) * V(0.5);
    const V high = top.step(x);
    const V low = bottom.step(x);
    if (wait > 0) {
      --wait;
      return;
    }
    const V range = select(high == low, V(0.001), high - low);
    place = V(0.66) * ((x - low) / range - V(0.5)) + V(0.67) * place;
    place = select(place > V(0.99), V(0.999), select(place < V(-0.99), V(-0.999), place));
    out[1] = fisher;
    fisher = V(0.5) * log((V(1.0) + place) / (V(1.0) - place)) + V(0.5) * fisher;
    out[0] = fisher;
  }
};

template <class V>
struct Msw : Shape<1, 2, Missing::kWindow> {
  double pi;  // Tulip writes 3.1415926.
  int n;
  int at = 0;
  Slots<V> values;
  Cells sine;
  Cells cosine;
  explicit Msw(const Setup& setup)
      : pi(setup.profile == Profile::kTulip ? 3.1415926 : 3.14159265358979323846),
        n(setup.whole(0)),
        values(n),
        sine(sized(n)),
        cosine(sized(n)) {
    for (int k = 0; k < n; ++k) {
      sine.data()[k] = math::sin(2.0 * pi * k / n);
      cosine.data()[k] = math::cos(2.0 * pi * k / n);
    }
  }
  static std::size_t sized(int n) { return static_cast<std::size_t>(n); }
  auto state() { return std::tie(at, values); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    values.set(at, in[0]);
    V re = V(0.0);
    V im = V(0.0);
    for (int k = 0; k < n; ++k) {
      const V x = values.get(at >= k ? at - k : at - k + n);
      re = re + V(cosine.data()[k]) * x;
      im = im + V(sine.data()[k]) * x;
    }
    at = at + 1 == n ? 0 : at + 1;
    const auto is_upright = abs(re) <= V(0.001);
    const V angle = atan(im / select(is_upright, V(1.0), re));
    V phase = select(is_upright, select(im < V(0.0), V(-pi), V(pi)), angle);
    phase = phase + select(re < V(0.0), V(pi), V(0.0)) + V(pi / 2.0);
    phase = select(phase < V(0.0), phase + V(2.0 * pi), phase);
    phase = select(phase > V(2.0 * pi), phase - V(2.0 * pi), phase);
    const auto sines = sin(std::array<V, 2>{phase, phase + V(pi / 4.0)});
    out[0] = sines[0];
    out[1] = sines[1];
  }
};

LODE_LANES(Fisher)
LODE_LANES(Msw)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Fisher)
LODE_MAKE(Msw)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_fisher() {
  using namespace indicator;
  static const Family family = {
      make_Fisher({.name = "fisher",
                   .family = "momentum",
                   .summary = "Fisher transform of the place in the range",
                   .formula =
                       "v = 0.66 ((x - min)/(max - min) - 0.5) + 0.67 v', 0.999 where above 0.99 and -0.999 where "
                       "below -0.99; f = 0.5 ln((1 + v)/(1 - v)) + 0.5 f'; x = (h+l)/2; signal = f'",
                   .source = "J. Ehlers, Technical Analysis of Stocks & Commodities 20:11 (2002)",
                   .inputs = {Input::kHigh, Input::kLow},
                   .parameters = {{.name = "period", .fallback = 9, .least = 1, .most = 100000}},
                   .outputs = {{.name = "fisher"}, {.name = "signal"}},
                   .unstable = true}),
      make_Msw({.name = "msw",
                .family = "cycle",
                .summary = "MESA sine wave: phase of a cycle of n bars",
                .formula = "phase = atan(sum sin x / sum cos x) over one cycle, + pi/2; sin(phase), sin(phase + pi/4)",
                .source = "Tulip Indicators 0.9",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 5, .least = 2, .most = 100000}},
                .outputs = {{.name = "sine"}, {.name = "lead"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
