// dpo, fosc, qstick, cti, cg: price against a mean, a line, its open.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/forecast.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Dpo : Shape<1, 1, Missing::kWindow> {
  int n;
  Lag<V> before;
  SimpleMean<V> mean;
  explicit Dpo(const Setup& setup) : n(setup.whole(0)), before(n / 2 + 1), mean(n) {}
  auto state() { return std::tie(before, mean); }
  int lookback() const { return n - 1 > n / 2 + 1 ? n - 1 : n / 2 + 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = before.step(in[0]) - mean.step(in[0]); }
};

template <class V>
struct Fosc : Shape<1, 1, Missing::kWindow> {
  int n;
  WindowLine<V> line;
  V forecast{};
  explicit Fosc(const Setup& setup) : n(setup.whole(0)), line(n) {}
  auto state() { return std::tie(line, forecast); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V expected = forecast;
    const Line<V> fit = line.step(in[0]);
    forecast = fit.mean + fit.slope * V((n + 1) * 0.5);
    out[0] = percent(in[0] - expected, in[0], V(0.0));
  }
};

template <class V>
struct Qstick : Shape<2, 1, Missing::kWindow> {
  SimpleMean<V> mean;
  explicit Qstick(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[1] - in[0]); }
};

template <class V>
struct Cti : Shape<1, 1, Missing::kWindow> {
  int n;
  double length;
  WindowLine<V> line;
  WindowMoments<V> moments;
  explicit Cti(const Setup& setup)
      : n(setup.whole(0)), length(sqrt(n * (static_cast<double>(n) * n - 1.0) / 12.0)), line(n), moments(n) {}
  auto state() { return std::tie(line, moments); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const Line<V> fit = line.step(in[0]);
    const V spread = moments.step(in).square[0];
    out[0] = ratio(fit.slope * V(length), sqrt(spread), V(0.0));
  }
};

template <class V>
struct Cg : Shape<1, 1, Missing::kWindow> {
  int n;
  WindowSum<V> sum;
  WindowRamp<V> ramp;
  explicit Cg(const Setup& setup) : n(setup.whole(0)), sum(n), ramp(n) {}
  auto state() { return std::tie(sum, ramp); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V all = sum.step(in[0]);
    // Weights 1 for the newest to n for the oldest, from weights the other way round.
    const V weighted = V(n + 1.0) * all - ramp.step(in[0]);
    out[0] = V((n + 1.0) * 0.5) - ratio(weighted, all, V((n + 1.0) * 0.5));
  }
};

LODE_LANES(Dpo)
LODE_LANES(Fosc)
LODE_LANES(Qstick)
LODE_LANES(Cti)
LODE_LANES(Cg)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Dpo)
LODE_MAKE(Fosc)
LODE_MAKE(Qstick)
LODE_MAKE(Cti)
LODE_MAKE(Cg)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_forecast() {
  using namespace indicator;
  static const Family family = {
      make_Dpo({.name = "dpo",
                .family = "momentum",
                .summary = "detrended price oscillator: an earlier price less the mean since",
                .formula = "x(n/2 + 1) - sma(x, n)",
                .source = "S. Achelis, Technical Analysis from A to Z (1995)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 20, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "period", 10}}}),
      make_Fosc({.name = "fosc",
                 .family = "momentum",
                 .summary = "forecast oscillator: the price above yesterday's forecast of it, in percent",
                 .formula = "100 (x - tsf(x, n)') / x; x = 0: 0",
                 .source = "T. Chande & S. Kroll, The New Technical Trader (1994)",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .defaults = {{Profile::kTalib08, "period", 5}}}),
      make_Qstick({.name = "qstick",
                   .family = "momentum",
                   .summary = "mean body",
                   .formula = "sma(c - o, n)",
                   .source = "T. Chande & S. Kroll, The New Technical Trader (1994)",
                   .inputs = {Input::kOpen, Input::kClose},
                   .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                   .outputs = {{.name = "real"}},
                   .defaults = {{Profile::kTalib08, "period", 10}}}),
      make_Cti({.name = "cti",
                .family = "momentum",
                .summary = "correlation trend indicator: correlation of the price with time",
                .formula = "correl(x, 1 .. n); constant: 0",
                .source = "J. Ehlers, Technical Analysis of Stocks & Commodities 38:5 (2020)",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 20, .least = 2, .most = 100000}},
                .outputs = {{.name = "real"}}}),
      make_Cg({.name = "cg",
               .family = "momentum",
               .summary = "centre of gravity of the last n prices",
               .formula = "(n+1)/2 - sum k x_k / sum x_k, k = 1 for the newest",
               .source = "J. Ehlers, Cybernetic Analysis for Stocks and Futures (2004), chapter 5",
               .inputs = {Input::kReal},
               .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
               .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
