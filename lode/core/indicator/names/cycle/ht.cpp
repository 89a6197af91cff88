// ht_dcperiod, ht_dcphase, ht_phasor, ht_sine, ht_trendline, ht_trendmode: the dominant cycle by the Hilbert
// transform.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/cycle/ht.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/cycle_shared-inl.h"
#include "lode/core/indicator/parts/cycle_stretch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct HtDcperiod : Shape<1, 1, Missing::kSkip> {
  [[no_unique_address]] Own<V, HilbertChain<V>> chain;
  explicit HtDcperiod(const Setup&) : chain(AdaptiveMean<V>::kStart) {}
  auto state() { return std::tie(chain); }
  static int lookback() { return AdaptiveMean<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    chain.step(in[0]);
    out[0] = chain.smooth_period;
  }
  void follow(const Call& call) {
    copy_to(call, 0, call.shelf->of<SharedChain<V>>(call, AdaptiveMean<V>::kStart).period);
  }
};

template <class V>
struct HtPhasor : Shape<1, 2, Missing::kSkip> {
  [[no_unique_address]] Own<V, HilbertChain<V>> chain;
  explicit HtPhasor(const Setup&) : chain(AdaptiveMean<V>::kStart) {}
  auto state() { return std::tie(chain); }
  static int lookback() { return AdaptiveMean<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    chain.step(in[0]);
    out[0] = chain.in_phase;
    out[1] = chain.quadrature;
  }
  void follow(const Call& call) {
    const SharedChain<V>& shared = call.shelf->of<SharedChain<V>>(call, AdaptiveMean<V>::kStart);
    copy_to(call, 0, shared.in_phase);
    copy_to(call, 1, shared.quadrature);
  }
};

template <class V>
struct HtDcphase : Shape<1, 1, Missing::kSkip> {
  [[no_unique_address]] Own<V, Cycle<V>> cycle;
  explicit HtDcphase(const Setup&) {}
  auto state() { return std::tie(cycle); }
  static int lookback() { return Cycle<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    if (!cycle.step(in[0])) {
      return;
    }
    cycle.update_phase();
    out[0] = cycle.phase.phase;
  }
  void stretch(const Call& call) {
    CycleStretch bars(cycle, call);
    Column<V> phase;
    bars.phase(phase);
    bars.write(phase, 0);
  }
  void follow(const Call& call) { copy_to(call, 0, call.shelf->of<SharedPhase<V>>(call).phase); }
};

template <class V>
struct HtSine : Shape<1, 2, Missing::kSkip> {
  [[no_unique_address]] Own<V, Cycle<V>> cycle;
  explicit HtSine(const Setup&) {}
  auto state() { return std::tie(cycle); }
  static int lookback() { return Cycle<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    if (!cycle.step(in[0])) {
      return;
    }
    cycle.update_phase();
    out[0] = sine_of(cycle.phase.phase);
    out[1] = sine_of(cycle.phase.phase + V(45.0));
  }
  void stretch(const Call& call) {
    CycleStretch bars(cycle, call);
    Column<V> phase;
    Column<V> sine;
    Column<V> lead;
    bars.phase(phase);
    sines_of(phase, bars.rows(), sine, lead);
    bars.write(sine, 0);
    bars.write(lead, 1);
  }
  void follow(const Call& call) {
    const auto& shared = call.shelf->of<SharedSines<V>>(call);
    copy_to(call, 0, shared.sine);
    copy_to(call, 1, shared.lead);
  }
};

template <class V>
struct HtTrendline : Shape<1, 1, Missing::kSkip> {
  [[no_unique_address]] Own<V, Cycle<V>> cycle;
  explicit HtTrendline(const Setup&) {}
  auto state() { return std::tie(cycle); }
  static int lookback() { return Cycle<V>::kLookback; }
  HWY_INLINE void step(const V* in, V* out) {
    if (!cycle.step(in[0])) {
      return;
    }
    cycle.update_trendline();
    out[0] = cycle.trend.trendline;
  }
  void stretch(const Call& call) {
    CycleStretch bars(cycle, call);
    Column<V> trendline;
    bars.trendline(trendline);
    bars.write(trendline, 0);
  }
  void follow(const Call& call) { copy_to(call, 0, call.shelf->of<SharedTrend<V>>(call).trendline); }
};

template <class V>
struct HtTrendmode : Shape<1, 1, Missing::kSkip> {
  [[no_unique_address]] Own<V, Cycle<V>> cycle;
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
    const V phase1 = cycle.phase.phase;
    cycle.update_phase();
    cycle.update_trendline();
    const V phase = cycle.phase.phase;
    out[0] = judge({cycle.chain.smooth, cycle.chain.smooth_period, phase1, phase, sine_of(phase),
                    sine_of(phase + V(45.0)), cycle.trend.trendline});
  }
  void stretch(const Call& call) {
    V last = cycle.phase.phase;
    CycleStretch bars(cycle, call);
    Column<V> phase;
    Column<V> sines;
    Column<V> leads;
    Column<V> trendline;
    bars.phase(phase);
    bars.trendline(trendline);
    sines_of(phase, bars.rows(), sines, leads);
    Column<V> mode;
    for (std::size_t t = 0; t < bars.rows(); ++t) {
      mode.set(t, judge({bars.smooth().get(t), bars.period().get(t), last, phase.get(t), sines.get(t), leads.get(t),
                         trendline.get(t)}));
      last = phase.get(t);
    }
    bars.write(mode, 0);
  }
  void follow(const Call& call) {
    const auto& chain = chain_of<V>(call);
    const Strip<const double> phases = call.shelf->of<SharedPhase<V>>(call).phase.strip(1);
    const auto& sines = call.shelf->of<SharedSines<V>>(call);
    const auto& trend = call.shelf->of<SharedTrend<V>>(call);
    for (std::size_t t = chain.begin; t < call.rows; ++t) {
      const auto at = [&](const SharedColumn<V>& column) LODE_INLINED { return load<V>(column.strip().at(t)); };
      store(judge({at(chain.smooth), at(chain.period), load<V>(phases.at(t)), load<V>(phases.at(t + 1)), at(sines.sine),
                   at(sines.lead), at(trend.trendline)}),
            output_of(call, 0).at(t));
    }
  }

 private:
  struct Now {
    V smooth;
    V period;
    V phase1;  // A bar before.
    V phase;
    V sine;
    V lead;
    V trendline;
  };
  HWY_INLINE V judge(const Now& now) {
    const auto crosses = (now.sine > now.lead && sine <= lead) || (now.sine < now.lead && sine >= lead);
    sine = now.sine;
    lead = now.lead;
    days = select(crosses, V(0.0), days) + V(1.0);
    const V moved = now.phase - now.phase1;
    const auto turns = moved > V(0.67 * 360.0) / now.period && moved < V(1.5 * 360.0) / now.period;
    const auto cycles = crosses || days < V(0.5) * now.period || turns;
    const auto is_far = !(now.trendline == V(0.0)) && abs((now.smooth - now.trendline) / now.trendline) >= V(0.015);
    return select(cycles && !is_far, V(0.0), V(1.0));
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
