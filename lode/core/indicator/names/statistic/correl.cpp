// correl, beta: how two series move together.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/statistic/correl.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Correl : Shape<2, 1, Missing::kWindow> {
  WindowMoments<V, 2> moments;
  explicit Correl(const Setup& setup) : moments(setup.whole(0)) {}
  auto state() { return std::tie(moments); }
  int lookback() const { return moments.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = correlation_of(moments.step(in)); }
  HWY_INLINE void stretch(const Call& call) {
    const auto answer = []<class W>(const Spread<W, 2>& spread)
                            LODE_INLINED { return std::array<W, 1>{correlation_of(spread)}; };
    moments.template stretch<1>({input_of(call, 0), input_of(call, 1)}, {output_of(call, 0)}, call.rows, answer);
  }

 private:
  template <class W>
  static HWY_INLINE W correlation_of(const Spread<W, 2>& spread) {
    return ratio(spread.product, sqrt(spread.square[0]) * sqrt(spread.square[1]), W(0.0));
  }
};

template <class V>
struct Beta : Shape<2, 1, Missing::kWindow> {
  int n;
  bool has_bar = false;
  Before<V> before0;
  Before<V> before1;
  WindowMoments<V, 2> moments;
  explicit Beta(const Setup& setup) : n(setup.whole(0)), moments(n) {}
  auto state() { return std::tie(has_bar, before0, before1, moments); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) {
    const V last0 = before0.step(in[0]);
    const V last1 = before1.step(in[1]);
    const V change[2] = {change_of(in[0], last0), change_of(in[1], last1)};
    if (has_bar) {
      out[0] = slope_of(moments.step(change));
    }
    has_bar = true;
  }
  HWY_INLINE void stretch(const Call& call) {
    Column<V> changes[2];
    const auto change = [](const auto* x) LODE_INLINED { return change_of(x[0], x[1]); };
    before0.template stretch<0>(input_of(call, 0), {}, changes[0].strip(), call.rows, change);
    before1.template stretch<0>(input_of(call, 1), {}, changes[1].strip(), call.rows, change);
    const std::size_t first = has_bar || call.rows == 0 ? 0 : 1;
    has_bar = has_bar || call.rows > 0;
    const Strip<double> out = output_of(call, 0).behind(first);
    const auto answer = []<class W>(const Spread<W, 2>& spread)
                            LODE_INLINED { return std::array<W, 1>{slope_of(spread)}; };
    moments.template stretch<1>({changes[0].strip().behind(first), changes[1].strip().behind(first)}, {out},
                                call.rows - first, answer);
  }

 private:
  template <class W>
  static HWY_INLINE W change_of(W x, W last) {
    return ratio(x - last, last, W(0.0));
  }
  template <class W>
  static HWY_INLINE W slope_of(const Spread<W, 2>& spread) {
    return ratio(spread.product, spread.square[0], W(0.0));
  }
};

LODE_LANES(Correl)
LODE_LANES(Beta)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Correl)
LODE_MAKE(Beta)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_correl() {
  using namespace indicator;
  static const Family family = {
      make_Correl({.name = "correl",
                   .aliases = {"runcor"},
                   .family = "statistic",
                   .summary = "correlation of two series over n bars",
                   .formula = "Pearson's r of the values; a constant series: 0",
                   .source = "TA-Lib 0.6.4",
                   .inputs = {Input::kReal, Input::kReal2},
                   .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                   .outputs = {{.name = "real"}},
                   .defaults = {{Profile::kTtr, "period", 10}}}),
      make_Beta({.name = "beta",
                 .family = "statistic",
                 .summary = "slope of the second series' returns on the first's over n bars",
                 .formula = "cov(r0, r1) / var(r0), r = x / x' - 1; var 0: 0",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal, Input::kReal2},
                 .parameters = {{.name = "period", .fallback = 5, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
