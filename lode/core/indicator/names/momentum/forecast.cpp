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

// Ranks of the last n values, the middle one of equals (Spearman 1904), by how many are below: n^2 comparisons a bar.
// step() gives the sum of ranks with weights 1 .. n and that of their squares.
template <class V>
class WindowRanks {
 public:
  explicit WindowRanks(int n) : n_(n), values_(n) {}
  auto state() { return std::tie(at_, values_); }
  HWY_INLINE std::array<V, 2> step(V x) {
    values_.set(at_, x);
    at_ = at_ + 1 == n_ ? 0 : at_ + 1;
    std::array<V, 2> out = {V(0.0), V(0.0)};
    for (int k = 0; k < n_; ++k) {  // From the oldest.
      const V value = values_.get(at_ + k < n_ ? at_ + k : at_ + k - n_);
      V rank = V(0.5);
      for (int j = 0; j < n_; ++j) {
        const V other = values_.get(j);
        rank = rank + select(other < value, V(1.0), select(other == value, V(0.5), V(0.0)));
      }
      out[0] = out[0] + V(k + 1.0) * rank;
      out[1] = out[1] + rank * rank;
    }
    return out;
  }

 private:
  int n_;
  int at_ = 0;
  Slots<V> values_;
};

template <class V>
struct Cti : Shape<1, 1, Missing::kWindow> {
  int n;
  bool is_ttr;  // Has the correlation of ranks.
  double length;
  WindowLine<V> line;
  WindowMoments<V> moments;
  WindowRanks<V> ranks;
  explicit Cti(const Setup& setup)
      : n(setup.whole(0)),
        is_ttr(setup.profile == Profile::kTtr),
        length(sqrt(n * (static_cast<double>(n) * n - 1.0) / 12.0)),
        line(n),
        moments(n),
        ranks(is_ttr ? n : 1) {}
  auto state() { return std::tie(line, moments, ranks); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    if (is_ttr) {
      const auto [product, square] = ranks.step(in[0]);
      const V all = V(n * (n + 1.0) * (n + 1.0) / 4.0);  // n times the square of the mean rank
      out[0] = ratio(product - all, V(length) * sqrt(square - all), V(0.0));
      return;
    }
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
                .formula = "correl(x, 1 .. n); constant: 0; ttr: of their ranks, n^2 steps a bar",
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
