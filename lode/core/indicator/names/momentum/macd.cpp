// macd, macdfix, macdext: the distance of two averages and its own average.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/macd.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Exponential means with given weights; fast and slow answer from the same bar on. tulip and ttr have both begin with
// the first bar; tulip seeds with first values; ttr has the distance in percent of the slow mean.
template <class V>
class MacdCore {
 public:
  MacdCore(const Setup& setup, int fast, int slow, int signal, double fast_weight, double slow_weight)
      : lookback_(slow - 1 + (setup.profile == Profile::kTulip ? 0 : signal - 1)),
        is_percent_(setup.profile == Profile::kTtr),
        wait_(setup.profile == Profile::kTulip || setup.profile == Profile::kTtr ? 0 : slow - fast),
        fast_(fast, fast_weight, seed_of(setup)),
        slow_(slow, slow_weight, seed_of(setup)),
        signal_(signal, 2.0 / (signal + 1.0), seed_of(setup)) {}
  auto state() { return std::tie(wait_, fast_, slow_, signal_); }
  int lookback() const { return lookback_; }
  HWY_INLINE void step(V x, V* out) {
    const V slow = slow_.step(x);
    if (HWY_UNLIKELY(wait_ > 0)) {
      --wait_;
      return;
    }
    const V fast = fast_.step(x);
    out[0] = is_percent_ ? percent(fast - slow, slow, V(0.0)) : fast - slow;
    if (HWY_LIKELY(slow_.ready())) {
      out[1] = signal_.step(out[0]);
      out[2] = out[0] - out[1];
    }
  }
  HWY_INLINE void stretch(const Call& call) {
    std::size_t t = 0;
    V in[1];
    V out[3] = {V(0.0), V(0.0), V(0.0)};
    for (; t < call.rows && !signal_.ready(); ++t) {
      read_bar<1>(call, t, in);
      step(in[0], out);
      write_bar<3>(call, t, out);
    }
    MacdCore core = *this;
    for (; t < call.rows; ++t) {
      read_bar<1>(call, t, in);
      const V slow = core.slow_.follow(in[0]);
      const V fast = core.fast_.follow(in[0]);
      out[0] = is_percent_ ? percent(fast - slow, slow, V(0.0)) : fast - slow;
      out[1] = core.signal_.follow(out[0]);
      out[2] = out[0] - out[1];
      write_bar<3>(call, t, out);
    }
    *this = core;
  }

 private:
  int lookback_;
  bool is_percent_;
  int wait_;
  SeededAverage<V> fast_;
  SeededAverage<V> slow_;
  SeededAverage<V> signal_;
};

template <class V>
struct Macd : Shape<1, 3, Missing::kSkip> {
  MacdCore<V> core;
  explicit Macd(const Setup& setup) : core(made(setup)) {}
  static MacdCore<V> made(const Setup& setup) {
    const int a = setup.whole(0);
    const int b = setup.whole(1);
    const int fast = a < b ? a : b;
    const int slow = a < b ? b : a;
    const bool is_classic = setup.profile == Profile::kTulip && fast == 12 && slow == 26;
    return {setup,
            fast,
            slow,
            setup.whole(2),
            is_classic ? 0.15 : 2.0 / (fast + 1.0),
            is_classic ? 0.075 : 2.0 / (slow + 1.0)};
  }
  auto state() { return std::tie(core); }
  int lookback() const { return core.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { core.step(in[0], out); }
  HWY_INLINE void stretch(const Call& call) { core.stretch(call); }
};

template <class V>
struct Macdfix : Shape<1, 3, Missing::kSkip> {
  MacdCore<V> core;
  explicit Macdfix(const Setup& setup) : core(setup, 12, 26, setup.whole(0), 0.15, 0.075) {}
  auto state() { return std::tie(core); }
  int lookback() const { return core.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { core.step(in[0], out); }
  HWY_INLINE void stretch(const Call& call) { core.stretch(call); }
};

template <class V>
struct Macdext : Shape<1, 3, Missing::kWindow> {
  int first;  // Bar of the first distance.
  LaterAverage<V> fast;
  LaterAverage<V> slow;
  LaterAverage<V> signal;
  Missing rule;

  explicit Macdext(const Setup& setup)
      : first(latest(setup)),
        fast(made(setup, swaps(setup) ? 2 : 0)),
        slow(made(setup, swaps(setup) ? 0 : 2)),
        signal(setup.whole(4), setup.whole(5), first),
        rule(strictest(setup)) {}
  LaterAverage<V> made(const Setup& setup, std::size_t at) const {
    return LaterAverage<V>::answering_at(first, setup.whole(at), setup.whole(at + 1));
  }
  static bool swaps(const Setup& setup) { return setup.whole(2) < setup.whole(0); }
  static int latest(const Setup& setup) {
    const int a = MovingAverage<V>(setup.whole(0), setup.whole(1)).lookback();
    const int b = MovingAverage<V>(setup.whole(2), setup.whole(3)).lookback();
    return a > b ? a : b;
  }
  Missing strictest(const Setup& setup) const {
    const bool skips = MovingAverage<V>(setup.whole(0), setup.whole(1)).missing() == Missing::kSkip ||
                       MovingAverage<V>(setup.whole(2), setup.whole(3)).missing() == Missing::kSkip ||
                       signal.missing() == Missing::kSkip;
    return skips ? Missing::kSkip : Missing::kWindow;
  }
  auto state() { return std::tie(fast, slow, signal); }
  int lookback() const { return first + signal.lookback(); }
  Missing missing() const { return rule; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = fast.step(in[0]) - slow.step(in[0]);
    out[1] = signal.step(out[0]);
    out[2] = out[0] - out[1];
  }
  HWY_INLINE void stretch(const Call& call) {
    const Strip<double> distances = output_of(call, 0);
    Column<V> slows;
    slow.stretch(input_of(call, 0), slows.strip(), call.rows);
    fast.stretch(input_of(call, 0), distances, call.rows);
    for (std::size_t t = 0; t < call.rows; ++t) {
      store(load<V>(distances.at(t)) - slows.get(t), distances.at(t));
    }
    signal.stretch({distances.cells, distances.stride}, output_of(call, 1), call.rows);
    for (std::size_t t = 0; t < call.rows; ++t) {
      store(load<V>(distances.at(t)) - load<V>(output_of(call, 1).at(t)), output_of(call, 2).at(t));
    }
  }
};

LODE_LANES(Macd)
LODE_LANES(Macdfix)
LODE_LANES(Macdext)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Macd)
LODE_MAKE(Macdfix)
LODE_MAKE(Macdext)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_macd() {
  using namespace indicator;
  static const Family family = {
      make_Macd(
          {.name = "macd",
           .family = "momentum",
           .summary = "distance of two exponential means, its own exponential mean, and their distance",
           .formula =
               "macd = ema(x, fast) - ema(x, slow), fast seeded to begin with slow; signal = ema(macd, "
               "n); hist = macd - signal. tulip: seeded with first values, weights 0.15 and 0.075 of (12, 26); ttr: "
               "both begin with the first bar, macd = 100 (fast / slow - 1)",
           .source = "G. Appel, Technical Analysis (2005)",
           .inputs = {Input::kReal},
           .parameters = {{.name = "fast", .fallback = 12, .least = 2, .most = 100000},
                          {.name = "slow", .fallback = 26, .least = 2, .most = 100000},
                          {.name = "signal", .fallback = 9, .least = 1, .most = 100000}},
           .outputs = {{.name = "macd"}, {.name = "signal"}, {.name = "hist"}},
           .unstable = true}),
      make_Macdfix({.name = "macdfix",
                    .family = "momentum",
                    .summary = "macd with the weights 0.15 and 0.075",
                    .formula = "as macd(12, 26, n)",
                    .source = "G. Appel, Technical Analysis (2005)",
                    .inputs = {Input::kReal},
                    .parameters = {{.name = "signal", .fallback = 9, .least = 1, .most = 100000}},
                    .outputs = {{.name = "macd"}, {.name = "signal"}, {.name = "hist"}},
                    .unstable = true,
                    .slowest = [](std::span<const double> values) { return std::min(0.075, 1.0 / values[0]); }}),
      make_Macdext(
          {.name = "macdext",
           .family = "momentum",
           .summary = "macd of any averages",
           .formula = "type(x, fast) - type(x, slow); signal = type(macd, n)",
           .source = "TA-Lib 0.6.4",
           .inputs = {Input::kReal},
           .parameters =
               {{.name = "fast", .fallback = 12, .least = 2, .most = 100000},
                {.name = "fast_type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames},
                {.name = "slow", .fallback = 26, .least = 2, .most = 100000},
                {.name = "slow_type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames},
                {.name = "signal", .fallback = 9, .least = 1, .most = 100000},
                {.name = "signal_type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "macd"}, {.name = "signal"}, {.name = "hist"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
