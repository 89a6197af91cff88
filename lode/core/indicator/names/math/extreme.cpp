// max, min, minmax, sum: over the last n values.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/math/extreme.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Max : Shape<1, 1, Missing::kWindow> {
  WindowMax<V> most;
  explicit Max(const Setup& setup) : most(setup.whole(0)) {}
  auto state() { return std::tie(most); }
  int lookback() const { return most.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = most.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { most.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct Min : Shape<1, 1, Missing::kWindow> {
  WindowMin<V> least;
  explicit Min(const Setup& setup) : least(setup.whole(0)) {}
  auto state() { return std::tie(least); }
  int lookback() const { return least.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = least.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { least.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

template <class V>
struct Minmax : Shape<1, 2, Missing::kWindow> {
  WindowMin<V> least;
  WindowMax<V> most;
  explicit Minmax(const Setup& setup) : least(setup.whole(0)), most(setup.whole(0)) {}
  auto state() { return std::tie(least, most); }
  int lookback() const { return least.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = least.step(in[0]);
    out[1] = most.step(in[0]);
  }
  HWY_INLINE void stretch(const Call& call) {
    least.stretch(input_of(call, 0), output_of(call, 0), call.rows);
    most.stretch(input_of(call, 0), output_of(call, 1), call.rows);
  }
};

template <class V>
struct Sum : Shape<1, 1, Missing::kWindow> {
  WindowSum<V> sum;
  explicit Sum(const Setup& setup) : sum(setup.whole(0)) {}
  auto state() { return std::tie(sum); }
  int lookback() const { return sum.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = sum.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { sum.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

LODE_LANES(Max)
LODE_LANES(Min)
LODE_LANES(Minmax)
LODE_LANES(Sum)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Max)
LODE_MAKE(Min)
LODE_MAKE(Minmax)
LODE_MAKE(Sum)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_extreme() {
  using namespace indicator;
  static const Family family = {
      make_Max({.name = "max",
                .aliases = {"runmax"},
                .family = "math",
                .summary = "highest of the last n values",
                .formula = "max(x, .., x(n-1))",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "period", 10}}}),
      make_Min({.name = "min",
                .aliases = {"runmin"},
                .family = "math",
                .summary = "lowest of the last n values",
                .formula = "min(x, .., x(n-1))",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "period", 10}}}),
      make_Minmax({.name = "minmax",
                   .family = "math",
                   .summary = "lowest and highest of the last n values",
                   .formula = "min, max",
                   .source = "TA-Lib 0.6.4",
                   .inputs = {Input::kReal},
                   .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                   .outputs = {{.name = "min"}, {.name = "max"}}}),
      make_Sum({.name = "sum",
                .aliases = {"runsum"},
                .family = "math",
                .summary = "sum of the last n values",
                .formula = "x + .. + x(n-1)",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                .outputs = {{.name = "real"}},
                .defaults = {{Profile::kTtr, "period", 10}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
