// sma, wma, trima: means of the last n values, by how they weigh them.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/sma.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Sma : Shape<1, 1, Missing::kWindow> {
  SimpleMean<V> mean;

  explicit Sma(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct Wma : Shape<1, 1, Missing::kWindow> {
  WeightedMean<V> mean;

  explicit Wma(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct Trima : Shape<1, 1, Missing::kWindow> {
  TriangularMean<V> mean;

  explicit Trima(const Setup& setup) : mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

LODE_LANES(Sma)
LODE_LANES(Wma)
LODE_LANES(Trima)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Sma)
LODE_MAKE(Wma)
LODE_MAKE(Trima)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_sma() {
  using namespace indicator;
  static const Family family = {
      make_Sma({.name = "sma",
                .aliases = {"runmean"},
                .family = "overlap",
                .summary = "simple mean of the last n values",
                .formula = "(x + x1 + ... + x(n-1)) / n",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "period", 10}}}),
      make_Wma({.name = "wma",
                .family = "overlap",
                .summary = "linearly weighted mean: the newest value counts n times, the oldest once",
                .formula = "(n x + (n-1) x1 + ... + 1 x(n-1)) / (n (n+1) / 2)",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "period", 10}}}),
      make_Trima({.name = "trima",
                  .family = "overlap",
                  .summary = "triangular mean: the middle of the window counts most",
                  .formula = "sma(sma(x, a), b); n odd: a = b = (n+1)/2; n even: a = n/2, b = a + 1",
                  .source = "TA-Lib 0.6.4",
                  .inputs = {Input::kReal},
                  .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                  .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
