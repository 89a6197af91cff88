// runcov, runmad, rollsfm, wildersum: windows of TTR.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/statistic/pairs.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"
#include "lode/core/indicator/parts/window_sorted-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct RunCov : Shape<2, 1, Missing::kWindow> {
  WindowMoments<V, 2> moments;
  double share;
  explicit RunCov(const Setup& setup) : moments(setup.whole(0)), share(1.0 / (setup.number(0) - setup.number(1))) {}
  auto state() { return std::tie(moments); }
  int lookback() const { return moments.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = moments.step(in).product * V(share); }
};

template <class V>
struct RunMad : Shape<1, 1, Missing::kWindow> {
  int n;
  double factor;
  int at = 0;
  WindowSorted<V> window;
  Slots<V> sizes;
  explicit RunMad(const Setup& setup) : n(setup.whole(0)), factor(setup.number(1)), window(n), sizes(n) {}
  auto state() { return std::tie(window); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    window.step(in[0]);
    const V middle = window.quantile(0.5);
    // Insertion of each distance into those before it.
    for (int count = 0; count < n; ++count) {
      V rest = abs(window.at(count) - middle);
      for (int k = 0; k < count; ++k) {
        const V here = sizes.get(k);
        sizes.set(k, smaller(here, rest));
        rest = larger(rest, here);
      }
      sizes.set(count, rest);
    }
    const V low = sizes.get((n - 1) / 2);
    out[0] = V(factor) * (low + (sizes.get(n / 2) - low) * V(0.5));
  }
};

template <class V>
struct RollSfm : Shape<2, 3, Missing::kWindow> {
  WindowMoments<V, 2> moments;
  explicit RollSfm(const Setup& setup) : moments(setup.whole(0)) {}
  auto state() { return std::tie(moments); }
  int lookback() const { return moments.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const auto spread = moments.step(in);
    const V nothing = V(std::numeric_limits<double>::quiet_NaN());
    const V beta = ratio(spread.product, spread.square[1], nothing);
    out[0] = spread.mean[0] - beta * spread.mean[1];
    out[1] = beta;
    out[2] = ratio(beta * spread.product, spread.square[0], nothing);
  }
};

template <class V>
struct WilderSummed : Shape<1, 1, Missing::kSkip> {
  int n;
  WilderSum<V> sum;
  explicit WilderSummed(const Setup& setup) : n(setup.whole(0)), sum(n) {}
  auto state() { return std::tie(sum); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = sum.step(in[0]); }
};

LODE_LANES(RunCov)
LODE_LANES(RunMad)
LODE_LANES(RollSfm)
LODE_LANES(WilderSummed)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(RunCov)
LODE_MAKE(RunMad)
LODE_MAKE(RollSfm)
LODE_MAKE(WilderSummed)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_pairs() {
  using namespace indicator;
  static const Family family = {
      make_RunCov({.name = "runcov",
                   .family = "statistic",
                   .summary = "covariance of two series over n values",
                   .formula = "sum (x - mean x)(y - mean y) / (n - ddof)",
                   .source = "TTR 0.24",
                   .inputs = {Input::kReal, Input::kReal2},
                   .parameters = {{.name = "period", .fallback = 10, .least = 2, .most = 100000},
                                  {.name = "ddof", .fallback = 1, .least = 0, .most = 1}},
                   .outputs = {{.name = "real"}}}),
      make_RunMad({.name = "runmad",
                   .family = "statistic",
                   .summary = "median distance from the median of n values, scaled to a normal's standard deviation",
                   .formula = "factor median |x - median(x, n)|",
                   .source = "F. Hampel, Journal of the American Statistical Association 69 (1974) 383",
                   .inputs = {Input::kReal},
                   .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                                  {.name = "factor", .fallback = 1.4826, .least = 0, .most = 1000, .whole = false}},
                   .outputs = {{.name = "real"}}}),
      make_RollSfm(
          {.name = "rollsfm",
           .family = "statistic",
           .summary = "line of one series on another over n values: alpha, beta and the share explained",
           .formula = "x = alpha + beta y by least squares; r2 = cov(x, y)^2 / (var x var y); constant y: missing",
           .source = "TTR 0.24",
           .inputs = {Input::kReal, Input::kReal2},
           .parameters = {{.name = "period", .fallback = 60, .least = 2, .most = 100000}},
           .outputs = {{.name = "alpha"}, {.name = "beta"}, {.name = "r2"}}}),
      make_WilderSummed({.name = "wildersum",
                         .family = "statistic",
                         .summary = "Wilder's sum, seeded with the sum of the first n - 1 values",
                         .formula = "y = y' - y'/n + x; the n - 1 values before the first y: plain sums",
                         .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
                         .inputs = {Input::kReal},
                         .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
                         .outputs = {{.name = "real"}},
                         .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
