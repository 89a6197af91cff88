// hma, zlema, rma, vwma: means with less lag, Wilder's, and by volume.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/hma.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Hma : Shape<1, 1, Missing::kWindow> {
  HullMean<V> mean;
  explicit Hma(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
};

template <class V>
struct Zlema : Shape<1, 1, Missing::kSkip> {
  bool is_tulip;  // Begins one bar before there is a value to compare with, with the value itself.
  bool is_ttr;    // Compares with (n + 1) / 2 bars ago, between two bars if need be; seeded with plain values.
  bool is_between;
  int lag;
  int wait;
  Lag<V> before;
  Lag<V> beyond{1};
  Ema<V> mean;
  explicit Zlema(const Setup& setup)
      : is_tulip(setup.profile == Profile::kTulip),
        is_ttr(setup.profile == Profile::kTtr),
        is_between(setup.whole(0) % 2 == 0),
        lag((setup.whole(0) - (is_ttr ? -1 : 1)) / 2),
        wait(lag),
        before(lag > 0 ? lag : 1),
        mean(setup.whole(0), seed_of(setup)) {}
  auto state() { return std::tie(wait, before, beyond, mean); }
  int lookback() const { return is_tulip ? (lag > 0 ? lag - 1 : 0) : is_ttr ? mean.lookback() : lag + mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V old = before.step(in[0]);
    if (is_ttr) {
      const V older = beyond.step(old);
      const V then = (old + older) * V(0.5);
      out[0] = mean.step(mean.ready() ? V(2.0) * in[0] - (is_between ? then : old) : in[0]);
      return;
    }
    if (wait > 0) {
      if (--wait == 0 && is_tulip) {
        out[0] = mean.step(in[0]);
      }
      return;
    }
    out[0] = mean.step(lag > 0 ? V(2.0) * in[0] - old : in[0]);
  }
};

template <class V>
struct Rma : Shape<1, 1, Missing::kSkip> {
  WilderMean<V> mean;
  explicit Rma(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
};

template <class V>
struct Vwma : Shape<2, 1, Missing::kWindow> {
  WindowSum<V> money;
  WindowSum<V> volume;
  V missing_value{};
  explicit Vwma(const Setup& setup)
      : money(setup.whole(0)), volume(setup.whole(0)), missing_value(std::numeric_limits<double>::quiet_NaN()) {}
  auto state() { return std::tie(money, volume); }
  int lookback() const { return money.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = ratio(money.step(in[0] * in[1]), volume.step(in[1]), missing_value);
  }
};

LODE_LANES(Hma)
LODE_LANES(Zlema)
LODE_LANES(Rma)
LODE_LANES(Vwma)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Hma)
LODE_MAKE(Zlema)
LODE_MAKE(Rma)
LODE_MAKE(Vwma)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_hma() {
  using namespace indicator;
  static const Family family = {
      make_Hma({.name = "hma",
                .family = "overlap",
                .summary = "Hull's mean: a weighted mean with little lag",
                .formula = "wma(2 wma(x, n/2) - wma(x, n), whole part of sqrt n)",
                .source = "A. Hull (2005)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 16, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTalib08, "period", 20}, {Profile::kTtr, "period", 20}}}),
      make_Zlema({.name = "zlema",
                  .family = "overlap",
                  .summary = "zero-lag exponential mean",
                  .formula = "ema(2x - x(lag), n), lag = (n-1)/2",
                  .source = "J. Ehlers & R. Way, Technical Analysis of Stocks & Commodities 28:11 (2010)",
                  .inputs = {Input::kReal},
                  .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                  .outputs = {{.name = "real"}},
                  .defaults = {{Profile::kTalib08, "period", 30}, {Profile::kTtr, "period", 10}},
                  .unstable = true}),
      make_Rma({.name = "rma",
                .aliases = {"wilders"},
                .family = "overlap",
                .summary = "Wilder's mean: weight 1 / n",
                .formula = "y = y' + (x - y') / n; first y: sma(x, n)",
                .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTalib08, "period", 30}},
                .unstable = true}),
      make_Vwma({.name = "vwma",
                 .family = "overlap",
                 .summary = "mean weighted by volume",
                 .formula = "sum x v / sum v over n; no volume: missing",
                 .source = "TA-Lib 0.8.2",
                 .inputs = {Input::kClose, Input::kVolume},
                 .parameters = {{.name = "period", .fallback = 20, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .defaults = {{Profile::kTalib08, "period", 30}, {Profile::kTtr, "period", 10}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
