// midpoint, midprice: the middle of the range of the last n bars.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/midpoint.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Midpoint : Shape<1, 1, Missing::kWindow> {
  WindowMax<V> most;
  WindowMin<V> least;

  explicit Midpoint(const Setup& setup) : most(setup.whole(0)), least(setup.whole(0)) {}
  auto state() { return std::tie(most, least); }
  int lookback() const { return most.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = (most.step(in[0]) + least.step(in[0])) * V(0.5); }
  HWY_INLINE void stretch(const Call& call) {
    Column<V> tops;
    Column<V> bottoms;
    most.stretch(input_of(call, 0), tops.strip(), call.rows);
    least.stretch(input_of(call, 0), bottoms.strip(), call.rows);
    join<V, 2>({tops.strip(), bottoms.strip()}, output_of(call, 0), call.rows, [](const auto* x) LODE_INLINED {
      using W = std::decay_t<decltype(*x)>;
      return (x[0] + x[1]) * W(0.5);
    });
  }
};

template <class V>
struct Midprice : Shape<2, 1, Missing::kWindow> {
  WindowMax<V> most;
  WindowMin<V> least;

  explicit Midprice(const Setup& setup) : most(setup.whole(0)), least(setup.whole(0)) {}
  auto state() { return std::tie(most, least); }
  int lookback() const { return most.window() - 1; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = (most.step(in[0]) + least.step(in[1])) * V(0.5); }
  HWY_INLINE void stretch(const Call& call) {
    Column<V> tops;
    Column<V> bottoms;
    most.stretch(input_of(call, 0), tops.strip(), call.rows);
    least.stretch(input_of(call, 1), bottoms.strip(), call.rows);
    join<V, 2>({tops.strip(), bottoms.strip()}, output_of(call, 0), call.rows, [](const auto* x) LODE_INLINED {
      using W = std::decay_t<decltype(*x)>;
      return (x[0] + x[1]) * W(0.5);
    });
  }
};

LODE_LANES(Midpoint)
LODE_LANES(Midprice)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Midpoint)
LODE_MAKE(Midprice)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_midpoint() {
  using namespace indicator;
  static const Family family = {
      make_Midpoint({.name = "midpoint",
                     .family = "overlap",
                     .summary = "middle between the highest and the lowest value of the last n",
                     .formula = "(max(x, n) + min(x, n)) / 2",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kReal},
                     .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                     .outputs = {{.name = "real"}}}),
      make_Midprice({.name = "midprice",
                     .family = "overlap",
                     .summary = "middle between the highest high and the lowest low of the last n bars",
                     .formula = "(max(h, n) + min(l, n)) / 2",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kHigh, Input::kLow},
                     .parameters = {{.name = "period", .fallback = 14, .least = 2, .most = 100000}},
                     .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
