// ao, ac: Williams' awesome and acceleration oscillators.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/ao.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Ao : Shape<2, 1, Missing::kWindow> {
  SimpleMean<V> fast;
  SimpleMean<V> slow;
  explicit Ao(const Setup& setup) : fast(setup.whole(0)), slow(setup.whole(1)) {}
  auto state() { return std::tie(fast, slow); }
  int lookback() const { return slow.lookback() > fast.lookback() ? slow.lookback() : fast.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = (in[0] + in[1]) * V(0.5);
    out[0] = fast.step(x) - slow.step(x);
  }
};

template <class V>
struct Ac : Shape<2, 1, Missing::kWindow> {
  Ao<V> ao;
  int wait;
  SimpleMean<V> mean;
  explicit Ac(const Setup& setup) : ao(setup), wait(ao.lookback()), mean(setup.whole(2)) {}
  auto state() { return std::tie(ao, wait, mean); }
  int lookback() const { return ao.lookback() + mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    ao.step(in, out);
    if (wait > 0) {
      --wait;
      return;
    }
    out[0] = out[0] - mean.step(out[0]);
  }
};

LODE_LANES(Ao)
LODE_LANES(Ac)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Ao)
LODE_MAKE(Ac)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_ao() {
  using namespace indicator;
  static const Family family = {
      make_Ao({.name = "ao",
               .family = "momentum",
               .summary = "awesome oscillator: fast less slow mean of the middle",
               .formula = "sma((h+l)/2, 5) - sma((h+l)/2, 34)",
               .source = "B. Williams, New Trading Dimensions (1998)",
               .inputs = {Input::kHigh, Input::kLow},
               .parameters = {{.name = "fast", .fallback = 5, .least = 1, .most = 100000},
                              {.name = "slow", .fallback = 34, .least = 1, .most = 100000}},
               .outputs = {{.name = "real"}}}),
      make_Ac({.name = "ac",
               .family = "momentum",
               .summary = "acceleration oscillator: ao less its own mean",
               .formula = "ao - sma(ao, 5)",
               .source = "B. Williams, New Trading Dimensions (1998)",
               .inputs = {Input::kHigh, Input::kLow},
               .parameters = {{.name = "fast", .fallback = 5, .least = 1, .most = 100000},
                              {.name = "slow", .fallback = 34, .least = 1, .most = 100000},
                              {.name = "signal", .fallback = 5, .least = 1, .most = 100000}},
               .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
