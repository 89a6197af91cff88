// ht_dcperiod, ht_dcphase, ht_phasor, ht_sine, ht_trendline, ht_trendmode: the dominant cycle by the Hilbert
// transform.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/cycle/ht.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/cycle-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct HtDcperiod : Shape<1, 1, Missing::kSkip> {
  HilbertChain<V> chain;
  explicit HtDcperiod(const Setup&) : chain(AdaptiveMean<V>::kStart) {}
  auto state() { return std::tie(chain); }
  static int lookback() { return AdaptiveMean<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    chain.step(in[0]);
    out[0] = chain.smooth_period;
  }
};

template <class V>
struct HtPhasor : Shape<1, 2, Missing::kSkip> {
  HilbertChain<V> chain;
  explicit HtPhasor(const Setup&) : chain(AdaptiveMean<V>::kStart) {}
  auto state() { return std::tie(chain); }
  static int lookback() { return AdaptiveMean<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    chain.step(in[0]);
    out[0] = chain.in_phase;
    out[1] = chain.quadrature;
  }
};

template <class V>
struct HtDcphase : Shape<1, 1, Missing::kSkip> {
  Cycle<V> cycle;
  explicit HtDcphase(const Setup&) {}
  auto state() { return std::tie(cycle); }
  static int lookback() { return Cycle<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    if (!cycle.step(in[0])) {
      return;
    }
    cycle.update_phase();
    out[0] = cycle.phase;
  }
};

template <class V>
struct HtSine : Shape<1, 2, Missing::kSkip> {
  Cycle<V> cycle;
  explicit HtSine(const Setup&) {}
  auto state() { return std::tie(cycle); }
  static int lookback() { return Cycle<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    if (!cycle.step(in[0])) {
      return;
    }
    cycle.update_phase();
    out[0] = sine_of(cycle.phase);
    out[1] = sine_of(cycle.phase + V(45.0));
  }
};

template <class V>
struct HtTrendline : Shape<1, 1, Missing::kSkip> {
  Cycle<V> cycle;
  explicit HtTrendline(const Setup&) {}
  auto state() { return std::tie(cycle); }
  static int lookback() { return Cycle<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    if (!cycle.step(in[0])) {
      return;
    }
    cycle.update_trendline();
    out[0] = cycle.trendline;
  }
};

template <class V>
struct HtTrendmode : Shape<1, 1, Missing::kSkip> {
  Cycle<V> cycle;
  V sine{};
  V lead{};
  V days{};
  explicit HtTrendmode(const Setup&) {}
  auto state() { return std::tie(cycle, sine, lead, days); }
  static int lookback() { return Cycle<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    if (!cycle.step(in[0])) {
      return;
    }
    const V phase1 = cycle.phase;
    cycle.update_phase();
    cycle.update_trendline();
    const V sine1 = sine;
    const V lead1 = lead;
    sine = sine_of(cycle.phase);
    lead = sine_of(cycle.phase + V(45.0));
    const auto crosses = (sine > lead && sine1 <= lead1) || (sine < lead && sine1 >= lead1);
    days = select(crosses, V(0.0), days) + V(1.0);
    const V period = cycle.chain.smooth_period;
    const V moved = cycle.phase - phase1;
    const auto turns = moved > V(0.67 * 360.0) / period && moved < V(1.5 * 360.0) / period;
    const auto cycles = crosses || days < V(0.5) * period || turns;
    const auto is_far =
        !(cycle.trendline == V(0.0)) && abs((cycle.chain.smooth - cycle.trendline) / cycle.trendline) >= V(0.015);
    out[0] = select(cycles && !is_far, V(0.0), V(1.0));
  }
};

LODE_LANES(HtDcperiod)
LODE_LANES(HtDcphase)
LODE_LANES(HtPhasor)
LODE_LANES(HtSine)
LODE_LANES(HtTrendline)
LODE_LANES(HtTrendmode)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(HtDcperiod)
LODE_MAKE(HtDcphase)
LODE_MAKE(HtPhasor)
LODE_MAKE(HtSine)
LODE_MAKE(HtTrendline)
LODE_MAKE(HtTrendmode)
}  // namespace lode::indicator

namespace lode {
namespace {

// The chain keeps 0.8 of its sums and of its period, four times in a row; 0.1 outlasts them.
double slowest_of_chain(std::span<const double>) { return 0.1; }

}  // namespace

const indicator::Family& indicator_ht() {
  using namespace indicator;
  static const Family family = {
      make_HtDcperiod(
          {.name = "ht_dcperiod",
           .family = "cycle",
           .summary = "period of the dominant cycle, bars",
           .formula = "by the phase that the price's analytic signal moves in a bar; smoothed 0.2 and 0.33, 6 to 50",
           .source = "J. Ehlers, Rocket Science for Traders (2001), chapter 7",
           .inputs = {Input::kReal},
           .outputs = {{.name = "real"}},
           .unstable = true,
           .slowest = slowest_of_chain}),
      make_HtDcphase({.name = "ht_dcphase",
                      .family = "cycle",
                      .summary = "phase of the dominant cycle, degrees",
                      .formula = "atan(sum s_i sin(360 i/n) / sum s_i cos(360 i/n)) + 90 + 360/period over one cycle "
                                 "of smoothed prices, -45 to 315",
                      .source = "J. Ehlers, Rocket Science for Traders (2001), chapter 9",
                      .inputs = {Input::kReal},
                      .outputs = {{.name = "real"}},
                      .unstable = true,
                      .slowest = slowest_of_chain}),
      make_HtPhasor({.name = "ht_phasor",
                     .family = "cycle",
                     .summary = "in-phase and quadrature components of the price",
                     .formula = "I1, Q1 of the Hilbert chain",
                     .source = "J. Ehlers, Rocket Science for Traders (2001), chapter 6",
                     .inputs = {Input::kReal},
                     .outputs = {{.name = "in_phase"}, {.name = "quadrature"}},
                     .unstable = true,
                     .slowest = slowest_of_chain}),
      make_HtSine({.name = "ht_sine",
                   .family = "cycle",
                   .summary = "sine of the dominant cycle's phase, and of it 45 degrees on",
                   .formula = "sin(phase), sin(phase + 45)",
                   .source = "J. Ehlers, Rocket Science for Traders (2001), chapter 9",
                   .inputs = {Input::kReal},
                   .outputs = {{.name = "sine"}, {.name = "lead_sine"}},
                   .unstable = true,
                   .slowest = slowest_of_chain}),
      make_HtTrendline({.name = "ht_trendline",
                        .family = "overlap",
                        .summary = "the price without its dominant cycle",
                        .formula = "mean of x over one cycle, then (4a + 3a' + 2a'' + a''')/10",
                        .source = "J. Ehlers, Rocket Science for Traders (2001), chapter 10",
                        .inputs = {Input::kReal},
                        .outputs = {{.name = "real"}},
                        .unstable = true,
                        .slowest = slowest_of_chain}),
      make_HtTrendmode({.name = "ht_trendmode",
                        .family = "cycle",
                        .summary = "1 in a trend, 0 in a cycle",
                        .formula = "0 within half a cycle after the sines cross, or where the phase moves as a cycle "
                                   "does; 1 else, and where the price is 1.5 % off the trendline",
                        .source = "J. Ehlers, Rocket Science for Traders (2001), chapter 11",
                        .inputs = {Input::kReal},
                        .outputs = {{.name = "trend", .whole = true}},
                        .unstable = true,
                        .slowest = slowest_of_chain}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
