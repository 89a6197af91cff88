// vidya, alma, evwma, vma: means by volatility, by a bell, by volume, by weights given.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/vidya.cpp"
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
struct Vidya : Shape<1, 1, Missing::kSkip> {
  int n;
  int bars = 0;
  double weight;
  double scale;
  WindowMoments<V> fast;
  WindowMoments<V> slow;
  V mean{};
  explicit Vidya(const Setup& setup)
      : n(setup.whole(1)),
        weight(setup.number(2)),
        scale(setup.number(1) / setup.number(0)),
        fast(setup.whole(0)),
        slow(n) {}
  auto state() { return std::tie(bars, fast, slow, mean); }
  int lookback() const { return n - 2; }
  HWY_INLINE void step(const V* in, V* out) {
    const V part = ratio(fast.step(in).square[0], slow.step(in).square[0], V(0.0));
    if (bars < n - 1) {
      ++bars;
      mean = in[0];
    } else {
      mean = mean + (in[0] - mean) * (sqrt(part * V(scale)) * V(weight));
    }
    out[0] = mean;
  }
};

template <class V>
struct Alma : Shape<1, 1, Missing::kWindow> {
  int n;
  int at = 0;
  Slots<V> values;
  Cells weights;  // The oldest first; they add up to 1.
  explicit Alma(const Setup& setup) : n(setup.whole(0)), values(n), weights(static_cast<std::size_t>(n)) {
    const double peak = setup.number(1) * (n - 1);
    const double center = setup.profile == Profile::kTtr ? math::floor(peak) : peak;
    const double width = n / setup.number(2);
    double sum = 0.0;
    for (int k = 0; k < n; ++k) {
      weights.data()[k] = math::exp(-(k - center) * (k - center) / (2.0 * width * width));
      sum += weights.data()[k];
    }
    for (int k = 0; k < n; ++k) {
      weights.data()[k] /= sum;
    }
  }
  auto state() { return std::tie(at, values); }
  int lookback() const { return n - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    values.set(at, in[0]);
    at = at + 1 == n ? 0 : at + 1;
    V sum = V(0.0);
    for (int k = 0; k < n; ++k) {
      sum = sum + V(weights.data()[k]) * values.get(at + k < n ? at + k : at + k - n);
    }
    out[0] = sum;
  }
};

template <class V>
struct Evwma : Shape<2, 1, Missing::kSkip> {
  WindowSum<V> volume;
  int bars = 0;
  V mean{};
  explicit Evwma(const Setup& setup) : volume(setup.whole(0)) {}
  auto state() { return std::tie(volume, bars, mean); }
  int lookback() const { return volume.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V all = volume.step(in[1]);
    if (bars < volume.window()) {
      ++bars;
      mean = in[0];
    } else {
      mean = mean + (in[0] - mean) * ratio(in[1], all, V(0.0));
    }
    out[0] = mean;
  }
};

template <class V>
struct Vma : Shape<2, 1, Missing::kSkip> {
  double scale;
  bool has_begun = false;
  V mean{};
  explicit Vma(const Setup& setup) : scale(setup.number(0)) {}
  auto state() { return std::tie(has_begun, mean); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    mean = has_begun ? mean + (in[0] - mean) * (abs(in[1]) * V(scale)) : in[0];
    has_begun = true;
    out[0] = mean;
  }
};

LODE_LANES(Vidya)
LODE_LANES(Alma)
LODE_LANES(Evwma)
LODE_LANES(Vma)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Vidya)
LODE_MAKE(Alma)
LODE_MAKE(Evwma)
LODE_MAKE(Vma)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_vidya() {
  using namespace indicator;
  static const Family family = {
      make_Vidya({.name = "vidya",
                  .family = "overlap",
                  .summary = "variable index dynamic average: fast where the short spread is wide against the long",
                  .formula = "y = y' + a s_short / s_long (x - y'), s: standard deviations; first y = x(long - 2)",
                  .source = "T. Chande, Technical Analysis of Stocks & Commodities 10:3 (1992)",
                  .inputs = {Input::kReal},
                  .parameters = {{.name = "short", .fallback = 2, .least = 1, .most = 100000},
                                 {.name = "long", .fallback = 5, .least = 2, .most = 100000},
                                 {.name = "alpha", .fallback = 0.2, .least = 0, .most = 1, .whole = false}},
                  .outputs = {{.name = "real"}},
                  .unstable = true,
                  // No bound: it stands still where the short deviation is 0. A fifth of alpha is a quiet market.
                  .slowest = [](std::span<const double> values) { return 0.2 * values[2]; }}),
      make_Alma({.name = "alma",
                 .family = "overlap",
                 .summary = "mean weighted by a bell near the newest values",
                 .formula =
                     "weights exp(-(k - m)^2 / (2 s^2)), m = offset (n - 1), ttr: its whole part, s = n / sigma, "
                     "k = 0 the oldest",
                 .source = "A. Legoux & D. Kouzis Loukas (2009)",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 9, .least = 1, .most = 100000},
                                {.name = "offset", .fallback = 0.85, .least = 0, .most = 1, .whole = false},
                                {.name = "sigma", .fallback = 6, .least = 0.001, .most = 1000, .whole = false}},
                 .outputs = {{.name = "real"}}}),
      make_Evwma({.name = "evwma",
                  .family = "overlap",
                  .summary = "elastic volume weighted mean",
                  .formula = "y = y' + (x - y') v / sum(v, n); first y = x",
                  .source = "C. Fries, in TTR 0.24",
                  .inputs = {Input::kClose, Input::kVolume},
                  .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000}},
                  .outputs = {{.name = "real"}},
                  .unstable = true}),
      make_Vma({.name = "vma",
                .family = "overlap",
                .summary = "variable-length mean: each bar's own weight says how fast",
                .formula = "y = y' + a |w| (x - y'), w the bar's weight, usually from -1 to 1; first y = x",
                .source = "T. Chande, in TTR 0.24",
                .inputs = {Input::kClose, Input::kWeight},
                .parameters = {{.name = "ratio", .fallback = 1, .least = 0, .most = 1, .whole = false}},
                .outputs = {{.name = "real"}},
                .unstable = true,
                // No bound: it stands still where the weights are 0.
                .slowest = [](std::span<const double>) { return 0.0; }}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
