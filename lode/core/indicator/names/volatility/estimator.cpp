// parkinson, garman_klass, rogers_satchell, garman_klass_yz, yang_zhang, volatility, stderr: volatility of prices, a
// year.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/volatility/estimator.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/elementary-inl.h"
#include "lode/core/indicator/parts/window_fold-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

constexpr double kLog2 = 0.693147180559945309417;

// Three logarithms of a bar and more are asked for at once: one after another they are what its estimator costs.

// 0.5 ln(h/l)^2 - (2 ln 2 - 1) ln(c/o)^2
template <class V>
HWY_INLINE V garman_klass(V range, V body) {
  return V(0.5) * range * range - V(2.0 * kLog2 - 1.0) * body * body;
}

template <class V>
struct Parkinson : Shape<2, 1, Missing::kWindow> {
  double scale;
  WindowSum<V> sum;
  explicit Parkinson(const Setup& setup) : scale(setup.number(1) / setup.number(0)), sum(setup.whole(0)) {}
  auto state() { return std::tie(sum); }
  int lookback() const { return sum.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V range = log(in[0] / in[1]);
    out[0] = sqrt(larger(sum.step(range * range * V(0.25 / kLog2)), V(0.0)) * V(scale));
  }
};

template <class V>
struct GarmanKlass : Shape<4, 1, Missing::kWindow> {
  double scale;
  WindowSum<V> sum;
  explicit GarmanKlass(const Setup& setup) : scale(setup.number(1) / setup.number(0)), sum(setup.whole(0)) {}
  auto state() { return std::tie(sum); }
  int lookback() const { return sum.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = sqrt(larger(sum.step(garman_klass(log(in[1] / in[2]), log(in[3] / in[0]))), V(0.0)) * V(scale));
  }
};

template <class V>
struct RogersSatchell : Shape<4, 1, Missing::kWindow> {
  double scale;
  WindowSum<V> sum;
  explicit RogersSatchell(const Setup& setup) : scale(setup.number(1) / setup.number(0)), sum(setup.whole(0)) {}
  auto state() { return std::tie(sum); }
  int lookback() const { return sum.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const auto logs = log(std::array<V, 4>{in[1] / in[3], in[1] / in[0], in[2] / in[3], in[2] / in[0]});
    out[0] = sqrt(larger(sum.step(logs[0] * logs[1] + logs[2] * logs[3]), V(0.0)) * V(scale));
  }
};

template <class V>
struct GarmanKlassYz : Shape<4, 1, Missing::kWindow> {
  double scale;
  bool has_bar = false;
  Before<V> before;
  WindowSum<V> sum;
  explicit GarmanKlassYz(const Setup& setup) : scale(setup.number(1) / setup.number(0)), sum(setup.whole(0)) {}
  auto state() { return std::tie(has_bar, before, sum); }
  int lookback() const { return sum.window(); }
  HWY_INLINE void step(const V* in, V* out) {
    const auto logs = log(std::array<V, 3>{in[1] / in[2], in[3] / in[0], in[0] / before.step(in[3])});
    const V part = garman_klass(logs[0], logs[1]) + logs[2] * logs[2];
    if (!has_bar) {
      has_bar = true;
      return;
    }
    out[0] = sqrt(larger(sum.step(part), V(0.0)) * V(scale));
  }
};

template <class V>
struct YangZhang : Shape<4, 1, Missing::kWindow> {
  int n;
  double periods;
  double share;
  bool has_bar = false;
  Before<V> before;
  WindowMoments<V> gaps_of;
  WindowMoments<V> bodies;
  WindowSum<V> sum;
  explicit YangZhang(const Setup& setup)
      : n(setup.whole(0)),
        periods(setup.number(1)),
        share(0.34 / (1.34 + (n + 1.0) / (n - 1.0))),
        gaps_of(n),
        bodies(n),
        sum(n) {}
  auto state() { return std::tie(has_bar, before, gaps_of, bodies, sum); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const auto logs = log(std::array<V, 6>{in[0] / before.step(in[3]), in[3] / in[0], in[1] / in[3], in[1] / in[0],
                                           in[2] / in[3], in[2] / in[0]});
    if (!has_bar) {
      has_bar = true;
      return;
    }
    const V night = gaps_of.step(&logs[0]).square[0] * V(1.0 / (n - 1.0));
    const V day = bodies.step(&logs[1]).square[0] * V(1.0 / (n - 1.0));
    const V inside = sum.step(logs[2] * logs[3] + logs[4] * logs[5]) * V(1.0 / n);
    out[0] = sqrt(larger(night + V(share) * day + V(1.0 - share) * inside, V(0.0)) * V(periods));
  }
};

LODE_LANES(Parkinson)
LODE_LANES(GarmanKlass)
LODE_LANES(RogersSatchell)
LODE_LANES(GarmanKlassYz)
LODE_LANES(YangZhang)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Parkinson)
LODE_MAKE(GarmanKlass)
LODE_MAKE(RogersSatchell)
LODE_MAKE(GarmanKlassYz)
LODE_MAKE(YangZhang)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_estimator() {
  using namespace indicator;
  static const Family family = {
      make_Parkinson(
          {.name = "parkinson",
           .family = "volatility",
           .summary = "volatility from high and low",
           .formula = "sqrt(N / (4 n ln 2) sum ln(h/l)^2)",
           .source = "M. Parkinson, Journal of Business 53 (1980) 61",
           .inputs = {Input::kHigh, Input::kLow},
           .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                          {.name = "periods_a_year", .fallback = 252, .least = 1, .most = 1000000.0, .whole = false}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTtr, "periods_a_year", 260}}}),
      make_GarmanKlass(
          {.name = "garman_klass",
           .family = "volatility",
           .summary = "volatility from the four prices",
           .formula = "sqrt(N/n sum (0.5 ln(h/l)^2 - (2 ln 2 - 1) ln(c/o)^2))",
           .source = "M. Garman & M. Klass, Journal of Business 53 (1980) 67",
           .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
           .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                          {.name = "periods_a_year", .fallback = 252, .least = 1, .most = 1000000.0, .whole = false}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTtr, "periods_a_year", 260}}}),
      make_RogersSatchell(
          {.name = "rogers_satchell",
           .family = "volatility",
           .summary = "volatility from the four prices, whatever the drift",
           .formula = "sqrt(N/n sum (ln(h/c) ln(h/o) + ln(l/c) ln(l/o)))",
           .source = "L. Rogers & S. Satchell, Annals of Applied Probability 1 (1991) 504",
           .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
           .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                          {.name = "periods_a_year", .fallback = 252, .least = 1, .most = 1000000.0, .whole = false}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTtr, "periods_a_year", 260}}}),
      make_GarmanKlassYz(
          {.name = "garman_klass_yz",
           .family = "volatility",
           .summary = "Garman-Klass with the gap to the close before",
           .formula = "sqrt(N/n sum (ln(o/c')^2 + 0.5 ln(h/l)^2 - (2 ln 2 - 1) ln(c/o)^2))",
           .source = "D. Yang & Q. Zhang, Journal of Business 73 (2000) 477",
           .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
           .parameters = {{.name = "period", .fallback = 10, .least = 1, .most = 100000},
                          {.name = "periods_a_year", .fallback = 252, .least = 1, .most = 1000000.0, .whole = false}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTtr, "periods_a_year", 260}}}),
      make_YangZhang(
          {.name = "yang_zhang",
           .family = "volatility",
           .summary = "volatility of gaps, bodies and ranges, whatever the drift",
           .formula =
               "sqrt(N (var(ln o/c') + k var(ln c/o) + (1 - k) rs^2)), var with n - 1, k = 0.34 / (1.34 + (n+1)/(n-1))",
           .source = "D. Yang & Q. Zhang, Journal of Business 73 (2000) 477",
           .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
           .parameters = {{.name = "period", .fallback = 10, .least = 2, .most = 100000},
                          {.name = "periods_a_year", .fallback = 252, .least = 1, .most = 1000000.0, .whole = false}},
           .outputs = {{.name = "real"}},
           .defaults = {{Profile::kTtr, "periods_a_year", 260}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
