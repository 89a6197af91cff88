// apo, ppo: the distance of two averages.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/apo.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// A fast and a slow average, each from its own first bar on.
template <class V>
struct TwoAverages {
  int lookback;
  MovingAverage<V> slow;
  MovingAverage<V> fast;
  explicit TwoAverages(const Setup& setup)
      : TwoAverages(setup, std::max(setup.whole(0), setup.whole(1)), std::min(setup.whole(0), setup.whole(1))) {}
  TwoAverages(const Setup& setup, int n, int m)
      : lookback(MovingAverage<V>(n, chosen(setup)).lookback()),
        slow(n, chosen(setup), seed_of(setup)),
        fast(m, chosen(setup), seed_of(setup)) {
    if (setup.profile == Profile::kTulip && chosen(setup) == static_cast<int>(AverageType::kEma)) {
      lookback = 1;
    }
  }
  static int chosen(const Setup& setup) {
    const bool is_exponential = setup.profile == Profile::kTalib08 || setup.profile == Profile::kTulip;
    return type_of(setup, 2, is_exponential ? AverageType::kEma : AverageType::kSma);
  }
  auto state() { return std::tie(slow, fast); }
  // of(fast, slow) of each bar.
  template <class Of>
  HWY_INLINE void stretch(const Call& call, Of of) {
    Column<V> slows;
    slow.stretch(input_of(call, 0), slows.strip(), call.rows);
    Column<V> fasts;
    fast.stretch(input_of(call, 0), fasts.strip(), call.rows);
    for (std::size_t t = 0; t < call.rows; ++t) {
      store(of(fasts.get(t), slows.get(t)), output_of(call, 0).at(t));
    }
  }
};

template <class V>
struct Apo : Shape<1, 1, Missing::kWindow> {
  TwoAverages<V> means;
  explicit Apo(const Setup& setup) : means(setup) {}
  auto state() { return std::tie(means); }
  int lookback() const { return means.lookback; }
  Missing missing() const { return means.slow.missing(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = means.fast.step(in[0]) - means.slow.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) {
    means.stretch(call, [](V fast, V slow) LODE_INLINED { return fast - slow; });
  }
};

template <class V>
struct Ppo : Shape<1, 1, Missing::kWindow> {
  TwoAverages<V> means;
  explicit Ppo(const Setup& setup) : means(setup) {}
  auto state() { return std::tie(means); }
  int lookback() const { return means.lookback; }
  Missing missing() const { return means.slow.missing(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V slow = means.slow.step(in[0]);
    out[0] = percent(means.fast.step(in[0]) - slow, slow, V(0.0));
  }
  HWY_INLINE void stretch(const Call& call) {
    means.stretch(call, [](V fast, V slow) LODE_INLINED { return percent(fast - slow, slow, V(0.0)); });
  }
};

LODE_LANES(Apo)
LODE_LANES(Ppo)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Apo)
LODE_MAKE(Ppo)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_apo() {
  using namespace indicator;
  static const Family family = {
      make_Apo(
          {.name = "apo",
           .family = "momentum",
           .summary = "absolute price oscillator: fast average less slow",
           .formula = "type(x, fast) - type(x, slow)",
           .source = "TA-Lib 0.6.4",
           .inputs = {Input::kReal},
           .parameters = {{.name = "fast", .fallback = 12, .least = 2, .most = 100000},
                          {.name = "slow", .fallback = 26, .least = 2, .most = 100000},
                          {.name = "type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTalib08, "type", 1}, {Profile::kTulip, "type", 1}}}),
      make_Ppo(
          {.name = "ppo",
           .family = "momentum",
           .summary = "percentage price oscillator: how far the fast average is above the slow",
           .formula = "100 (fast - slow) / slow; slow = 0: 0",
           .source = "TA-Lib 0.6.4",
           .inputs = {Input::kReal},
           .parameters = {{.name = "fast", .fallback = 12, .least = 2, .most = 100000},
                          {.name = "slow", .fallback = 26, .least = 2, .most = 100000},
                          {.name = "type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTalib08, "type", 1}, {Profile::kTulip, "type", 1}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
