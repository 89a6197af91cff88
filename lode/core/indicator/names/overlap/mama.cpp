// mama: Ehlers' MESA adaptive mean and its follower.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/mama.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/cycle_shared-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Mama : Shape<1, 2, Missing::kSkip> {
  AdaptiveMean<V> mean;

  explicit Mama(const Setup& setup) : mean(setup.number(0), setup.number(1)) {}
  auto state() { return std::tie(mean); }
  static int lookback() { return AdaptiveMean<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    mean.step(in[0]);
    out[0] = mean.mean;
    out[1] = mean.following;
  }
  void follow(const Call& call) {
    const auto& chain = call.shelf->of<SharedChain<V>>(call, AdaptiveMean<V>::kStart);
    AdaptiveMean<V> local = mean;
    for (std::size_t t = 0; t < call.rows; ++t) {
      if (t >= chain.begin) {
        local.average(load<V>(input_of(call, 0).at(t)), load<V>(chain.in_phase.strip().at(t)),
                      load<V>(chain.quadrature.strip().at(t)));
      }
      store(local.mean, output_of(call, 0).at(t));
      store(local.following, output_of(call, 1).at(t));
    }
    mean = local;
  }
};

LODE_LANES(Mama)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Mama)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_mama() {
  using namespace indicator;
  static const Family family = {
      make_Mama({.name = "mama",
                 .family = "overlap",
                 .summary = "MESA adaptive mean, by the speed of the cycle's phase, and the mean that follows it",
                 .formula = "phase = atan(Q1/I1); a = max(fast / max(1, phase' - phase), slow); mama = a x + (1-a) "
                            "mama'; fama = a/2 mama + (1 - a/2) fama'",
                 .source = "J. Ehlers, Rocket Science for Traders (2001), chapter 17",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "fast", .fallback = 0.5, .least = 0.01, .most = 0.99, .whole = false},
                                {.name = "slow", .fallback = 0.05, .least = 0.01, .most = 0.99, .whole = false}},
                 .outputs = {{.name = "mama"}, {.name = "fama"}},
                 .unstable = true,
                 .slowest = [](std::span<const double> values) { return 0.5 * values[1]; }}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
