// volatility, stderr: spread of returns, and of a mean.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volatility/volatility.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/elementary-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Volatility : Shape<1, 1, Missing::kWindow> {
  bool is_ttr;  // n - 1 logarithmic returns, ddof 1
  double scale;
  bool has_bar = false;
  Before<V> before;
  WindowMoments<V> moments;
  explicit Volatility(const Setup& setup)
      : is_ttr(setup.profile == Profile::kTtr),
        scale(is_ttr ? setup.number(1) / (setup.number(0) - 2.0) : setup.number(1) / setup.number(0)),
        moments(is_ttr && setup.whole(0) > 1 ? setup.whole(0) - 1 : setup.whole(0)) {
    if (is_ttr && setup.whole(0) <= 2) {
      scale = std::numeric_limits<double>::quiet_NaN();
    }
  }
  auto state() { return std::tie(has_bar, before, moments); }
  int lookback() const { return moments.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V last = before.step(in[0]);
    if (!has_bar) {
      has_bar = true;
      return;
    }
    const V change = is_ttr ? log(in[0] / last) : ratio(in[0] - last, last, V(0.0));
    out[0] = sqrt(moments.step(&change).square[0] * V(scale));
  }
};

template <class V>
struct Stderr : Shape<1, 1, Missing::kWindow> {
  WindowMoments<V> moments;
  explicit Stderr(const Setup& setup) : moments(setup.whole(0)) {}
  auto state() { return std::tie(moments); }
  int lookback() const { return moments.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = sqrt(moments.step(in).square[0]) * V(1.0 / moments.window()); }
};

LODE_LANES(Volatility)
LODE_LANES(Stderr)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Volatility)
LODE_MAKE(Stderr)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_volatility() {
  using namespace indicator;
  static const Family family = {
      make_Volatility(
          {.name = "volatility",
           .family = "volatility",
           .summary = "standard deviation of returns, a year",
           .formula = "sqrt(N) std(x / x' - 1, n), std over n; ttr: sqrt(N) std(ln x / x', n - 1) with ddof 1",
           .source = "Tulip Indicators 0.9",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                          {.name = "periods_a_year", .fallback = 252, .least = 1, .most = 1000000.0, .whole = false}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTtr, "periods_a_year", 260}}}),
      make_Stderr({.name = "stderr",
                   .family = "statistic",
                   .summary = "standard error of the mean of n values",
                   .formula = "std(x, n) / sqrt(n), std over n",
                   .source = "Tulip Indicators 0.9",
                   .inputs = {Input::kReal},
                   .parameters = {{.name = "period", .fallback = 5, .least = 1, .most = 100000}},
                   .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
