// var, stddev: how far the last n values spread.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/statistic/var.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/window_moments-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// 1 / (n - ddof); of one value with ddof 1 there is no variance.
inline double share_of(const Setup& setup) {
  const double count = setup.number(0) - setup.number(2);
  return count > 0.0 ? 1.0 / count : std::numeric_limits<double>::quiet_NaN();
}

template <class V>
struct Var : Shape<1, 1, Missing::kWindow> {
  WindowMoments<V> moments;
  double share;
  explicit Var(const Setup& setup) : moments(setup.whole(0)), share(share_of(setup)) {}
  auto state() { return std::tie(moments); }
  int lookback() const { return moments.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = moments.step(in).square[0] * V(share); }
  HWY_INLINE void stretch(const Call& call) {
    const auto answer = [this]<class W>(const Spread<W, 1>& spread)
                            LODE_INLINED { return std::array<W, 1>{spread.square[0] * W(share)}; };
    moments.template stretch<1>({input_of(call, 0)}, {output_of(call, 0)}, call.rows, answer);
  }
};

template <class V>
struct Stddev : Shape<1, 1, Missing::kWindow> {
  WindowMoments<V> moments;
  double factor;
  double share;
  explicit Stddev(const Setup& setup) : moments(setup.whole(0)), factor(setup.number(1)), share(share_of(setup)) {}
  auto state() { return std::tie(moments); }
  int lookback() const { return moments.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = sqrt(moments.step(in).square[0] * V(share)) * V(factor); }
  HWY_INLINE void stretch(const Call& call) {
    const auto answer = [this]<class W>(const Spread<W, 1>& spread)
                            LODE_INLINED { return std::array<W, 1>{sqrt(spread.square[0] * W(share)) * W(factor)}; };
    moments.template stretch<1>({input_of(call, 0)}, {output_of(call, 0)}, call.rows, answer);
  }
};

LODE_LANES(Var)
LODE_LANES(Stddev)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Var)
LODE_MAKE(Stddev)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_var() {
  using namespace indicator;
  static const Family family = {
      make_Var({.name = "var",
                .aliases = {"runvar"},
                .family = "statistic",
                .summary = "variance of n values",
                .formula = "sum (x - sma(x, n))^2 / (n - ddof); `factor` is there for TA-Lib's sake and does nothing",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 5, .least = 1, .most = 100000},
                               {.name = "factor", .fallback = 1, .least = -3e+37, .most = 3e+37, .whole = false},
                               {.name = "ddof", .fallback = 0, .least = 0, .most = 1}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "ddof", 1}, {Profile::kTtr, "period", 10}}}),
      make_Stddev({.name = "stddev",
                   .aliases = {"runsd"},
                   .family = "statistic",
                   .summary = "standard deviation of n values, times a factor",
                   .formula = "factor sqrt(var(x, n))",
                   .source = "TA-Lib 0.6.4",
                   .inputs = {Input::kReal},
                   .parameters = {{.name = "period", .fallback = 5, .least = 2, .most = 100000},
                                  {.name = "factor", .fallback = 1, .least = -3e+37, .most = 3e+37, .whole = false},
                                  {.name = "ddof", .fallback = 0, .least = 0, .most = 1}},
                   .outputs = {{.name = "real"}},
                   .defaults = {{Profile::kTtr, "ddof", 1}, {Profile::kTtr, "period", 10}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
