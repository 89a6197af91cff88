// donchian, kc, eri: channels and distances around an average.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/channel.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Donchian : Shape<2, 3, Missing::kWindow> {
  WindowMax<V> most;
  WindowMin<V> least;
  explicit Donchian(const Setup& setup) : most(setup.whole(0)), least(setup.whole(0)) {}
  auto state() { return std::tie(most, least); }
  int lookback() const { return most.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = most.step(in[0]);
    out[2] = least.step(in[1]);
    out[1] = (out[0] + out[2]) * V(0.5);
  }
};

template <class V>
struct Keltner : Shape<3, 3, Missing::kSkip> {
  int n;
  int m;
  double factor;
  bool is_typical;
  int late;  // Bars before the mean begins: talib08 has both begin to answer together.
  int wait;  // Bars before the range counts: one, as it needs a close; talib08 begins it late, to answer with the mean.
  Ema<V> mean;
  TrueRange<V> range;
  WilderMean<V> atr;
  explicit Keltner(const Setup& setup)
      : n(setup.whole(0)),
        m(setup.whole(1)),
        factor(setup.number(2)),
        is_typical(setup.profile == Profile::kTalib08 || setup.profile == Profile::kTtr),
        late(setup.profile == Profile::kTalib08 && m > n - 1 ? m - (n - 1) : 0),
        wait(setup.profile == Profile::kTalib08 && n - 1 > m ? n - m : 1),
        mean(n),
        atr(m) {}
  auto state() { return std::tie(late, wait, mean, range, atr); }
  int lookback() const { return n - 1 > m ? n - 1 : m; }
  HWY_INLINE void step(const V* in, V* out) {
    const V tr = range.step(in[0], in[1], in[2]);
    const V width = wait == 0 ? V(factor) * atr.step(tr) : V(0.0);
    wait -= wait > 0 ? 1 : 0;
    if (late > 0) {
      --late;
      return;
    }
    out[1] = mean.step(is_typical ? typical(in[0], in[1], in[2]) : in[2]);
    out[0] = out[1] + width;
    out[2] = out[1] - width;
  }
};

template <class V>
struct Eri : Shape<3, 2, Missing::kSkip> {
  Ema<V> mean;
  explicit Eri(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V middle = mean.step(in[2]);
    out[0] = in[0] - middle;
    out[1] = in[1] - middle;
  }
};

LODE_LANES(Donchian)
LODE_LANES(Keltner)
LODE_LANES(Eri)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Donchian)
LODE_MAKE(Keltner)
LODE_MAKE(Eri)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_channel() {
  using namespace indicator;
  static const Family family = {
      make_Donchian({.name = "donchian",
                     .aliases = {"donchianchannel"},
                     .family = "overlap",
                     .summary = "highest high, lowest low, and their middle",
                     .formula = "max(h, n), middle, min(l, n)",
                     .source = "R. Donchian (1960)",
                     .inputs = {Input::kHigh, Input::kLow},
                     .parameters = {{.name = "period", .fallback = 20, .least = 2, .most = 100000}},
                     .outputs = {{.name = "upper"}, {.name = "middle"}, {.name = "lower"}},
                     .defaults = {{Profile::kTtr, "period", 10}}}),
      make_Keltner({.name = "kc",
                    .aliases = {"keltnerchannels"},
                    .family = "overlap",
                    .summary = "Keltner channel: an exponential mean and k average true ranges around it",
                    .formula = "ema(c, n) +- k atr(m); talib08, ttr: of the typical price; talib08: atr begun late",
                    .source = "L. Raschke, after C. Keltner, How to Make Money in Commodities (1960)",
                    .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                    .parameters = {{.name = "period", .fallback = 20, .least = 1, .most = 100000},
                                   {.name = "atr_period", .fallback = 10, .least = 1, .most = 100000},
                                   {.name = "factor", .fallback = 2, .least = 0, .most = 3e+37, .whole = false}},
                    .outputs = {{.name = "upper"}, {.name = "middle"}, {.name = "lower"}},
                    .defaults = {{Profile::kTtr, "atr_period", 20}},
                    .unstable = true}),
      make_Eri({.name = "eri",
                .family = "momentum",
                .summary = "Elder ray: how far high and low are from an exponential mean",
                .formula = "h - ema(c, n), l - ema(c, n)",
                .source = "A. Elder, Trading for a Living (1993)",
                .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                .parameters = {{.name = "period", .fallback = 13, .least = 1, .most = 100000}},
                .outputs = {{.name = "bull"}, {.name = "bear"}},
                .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
