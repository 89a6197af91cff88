// median, percentile, percentrank, kurtosis: order and tails of the last n values.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/statistic/order.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/window_moments-inl.h"
#include "lode/core/indicator/parts/window_sorted-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// The place of the smallest value that a share of n reaches, from 0.
inline int rank_of(double place) { return place > 1.0 ? static_cast<int>(-floor(-place)) - 1 : 0; }

template <class V>
struct Median : Shape<1, 1, Missing::kWindow> {
  WindowSorted<V> window;
  explicit Median(const Setup& setup) : window(setup.whole(0)) {}
  auto state() { return std::tie(window); }
  int lookback() const { return window.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    window.step(in[0]);
    out[0] = window.quantile(0.5);
  }
};

template <class V>
struct Percentile : Shape<1, 1, Missing::kWindow> {
  double share;
  bool is_nearest;  // The rank above, as TA-Lib.
  int rank;
  WindowSorted<V> window;
  explicit Percentile(const Setup& setup)
      : share(setup.number(1) / 100.0),
        is_nearest(setup.profile == Profile::kTalib08),
        rank(rank_of(setup.number(1) * setup.number(0) / 100.0)),
        window(setup.whole(0)) {}
  auto state() { return std::tie(window); }
  int lookback() const { return window.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    window.step(in[0]);
    out[0] = is_nearest ? window.at(rank) : window.quantile(share);
  }
};

template <class V>
struct Percentrank : Shape<1, 1, Missing::kWindow> {
  int n;
  int at = 0;
  Slots<V> values;
  explicit Percentrank(const Setup& setup) : n(setup.whole(0)), values(n) {}
  auto state() { return std::tie(at, values); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    V below = V(0.0);
    for (int k = 0; k < n; ++k) {
      below = below + select(values.get(k) < in[0], V(1.0), V(0.0));
    }
    values.set(at, in[0]);
    at = at + 1 == n ? 0 : at + 1;
    out[0] = V(100.0) * below / V(n + 0.0);
  }
};

template <class V>
struct Kurtosis : Shape<1, 1, Missing::kWindow> {
  int n;
  int at = 0;
  WindowMoments<V> moments;
  Slots<V> values;
  explicit Kurtosis(const Setup& setup) : n(setup.whole(0)), moments(n), values(n) {}
  auto state() { return std::tie(at, moments, values); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const auto spread = moments.step(in);
    values.set(at, in[0]);
    at = at + 1 == n ? 0 : at + 1;
    V fourth = V(0.0);
    for (int k = 0; k < n; ++k) {
      const V d = values.get(k) - spread.mean[0];
      fourth = fourth + (d * d) * (d * d);
    }
    const V square = spread.square[0];
    out[0] = select(square == V(0.0), V(0.0), V(n + 0.0) * fourth / (square * square) - V(3.0));
  }
};

LODE_LANES(Median)
LODE_LANES(Percentile)
LODE_LANES(Percentrank)
LODE_LANES(Kurtosis)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Median)
LODE_MAKE(Percentile)
LODE_MAKE(Percentrank)
LODE_MAKE(Kurtosis)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_order() {
  using namespace indicator;
  static const Family family = {
      make_Median({.name = "median",
                   .aliases = {"runmedian"},
                   .family = "statistic",
                   .summary = "median of the last n values",
                   .formula = "middle of the sorted values, or the mean of the two",
                   .source = "TA-Lib 0.6.4",
                   .inputs = {Input::kReal},
                   .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                   .outputs = {{.name = "real"}},
                   .defaults = {{Profile::kTtr, "period", 10}}}),
      make_Percentile({.name = "percentile",
                       .family = "statistic",
                       .summary = "quantile of the last n values",
                       .formula = "linear between the order statistics around p (n - 1) / 100",
                       .source = "R. Hyndman & Y. Fan, American Statistician 50 (1996), type 7",
                       .inputs = {Input::kReal},
                       .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000},
                                      {.name = "percentile", .fallback = 50, .least = 0, .most = 100, .whole = false}},
                       .outputs = {{.name = "real"}},
                       .defaults = {{Profile::kTalib08, "period", 30}}}),
      make_Percentrank({.name = "percentrank",
                        .family = "statistic",
                        .summary = "share of the n values before that are below, in percent",
                        .formula = "100 count(x_k < x, k = 1 .. n) / n",
                        .source = "TA-Lib 0.8.2",
                        .inputs = {Input::kReal},
                        .parameters = {{.name = "period", .fallback = 14, .least = 1, .most = 100000}},
                        .outputs = {{.name = "real"}},
                        .defaults = {{Profile::kTalib08, "period", 100}}}),
      make_Kurtosis({.name = "kurtosis",
                     .family = "statistic",
                     .summary = "excess kurtosis of the last n values",
                     .formula = "mean d^4 / (mean d^2)^2 - 3, d = x - mean; constant: 0",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kReal},
                     .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                     .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
