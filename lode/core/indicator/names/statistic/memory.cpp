// hurst, halflife: how a series remembers where it was.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/statistic/memory.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/elementary-inl.h"
#include "lode/core/indicator/parts/window_fold-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Hurst : Shape<1, 1, Missing::kWindow> {
  static constexpr int kScales = 5;  // Lags 1 2 4 8 16
  int n;
  std::array<Lag<V>, kScales> before;
  std::array<WindowSum<V>, kScales> squares;
  explicit Hurst(const Setup& setup)
      : n(setup.whole(0)),
        before{Lag<V>(1), Lag<V>(2), Lag<V>(4), Lag<V>(8), Lag<V>(16)},
        squares{WindowSum<V>(n), WindowSum<V>(n), WindowSum<V>(n), WindowSum<V>(n), WindowSum<V>(n)} {}
  auto state() {
    return std::tie(before[0], before[1], before[2], before[3], before[4], squares[0], squares[1], squares[2],
                    squares[3], squares[4]);
  }
  int lookback() const { return n - 1 + 16; }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = log(in[0]);
    std::array<V, kScales> spread;
    for (int k = 0; k < kScales; ++k) {
      const V move = x - before[k].step(x);
      spread[k] = squares[k].step(move * move);
    }
    const auto logs = log(spread);
    V slope = V(0.0);
    for (int k = 0; k < kScales; ++k) {
      slope = slope + V(k - 2.0) * logs[k];
    }
    const V exponent = slope * V(0.5 / (10.0 * 0.69314718055994530942));
    out[0] = select(abs(exponent) <= V(1e6), exponent, V(std::numeric_limits<double>::quiet_NaN()));
  }
};

template <class V>
struct HalfLife : Shape<1, 1, Missing::kWindow> {
  bool has_bar = false;
  V last{};
  WindowMoments<V, 2> moments;
  explicit HalfLife(const Setup& setup) : moments(setup.whole(0)) {}
  auto state() { return std::tie(has_bar, last, moments); }
  int lookback() const { return moments.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V pair[2] = {last, in[0] - last};
    last = in[0];
    if (!has_bar) {
      has_bar = true;
      return;
    }
    const auto spread = moments.step(pair);
    const V pull = ratio(spread.product, spread.square[0], V(0.0));
    const V left = V(1.0) + pull;  // Of a distance, a bar later; 1 also where the pull is too faint to change it.
    const auto returns = left > V(0.0) && left < V(1.0);
    const V rate = log(select(returns, left, V(0.5)));
    out[0] = select(returns, V(-0.69314718055994530942) / rate, V(std::numeric_limits<double>::quiet_NaN()));
  }
};

LODE_LANES(Hurst)
LODE_LANES(HalfLife)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Hurst)
LODE_MAKE(HalfLife)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_memory() {
  using namespace indicator;
  static const Family family = {
      make_Hurst(
          {.name = "hurst",
           .family = "statistic",
           .summary = "Hurst exponent: 0.5 where moves forget, above where they go on, below where they come back",
           .formula = "half the slope of ln mean (ln x - ln x(k))^2 over n on ln k, k = 1 2 4 8 16; flat: missing",
           .source = "T. Di Matteo, Quantitative Finance 7 (2007) 21",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 100, .least = 2, .most = 100000}},
           .outputs = {{.name = "real"}}}),
      make_HalfLife(
          {.name = "halflife",
           .family = "statistic",
           .summary = "bars in which half of a distance from the mean is gone",
           .formula =
               "-ln 2 / ln(1 + b), b the slope of x - x' on x' over n; missing where 1 + b is not between 0 and 1",
           .source = "E. Chan, Algorithmic Trading (2013) chapter 2",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 100, .least = 3, .most = 100000}},
           .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
