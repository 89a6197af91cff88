// crossover, crossany, lag, decay, edecay: what signals are made of.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/momentum/cross.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Crossover : Shape<2, 1, Missing::kWindow> {
  Before<V> before0;
  Before<V> before1;
  explicit Crossover(const Setup&) {}
  auto state() { return std::tie(before0, before1); }
  static int lookback() { return 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = before0.step(in[0]);
    const V y = before1.step(in[1]);
    out[0] = select(in[0] > in[1] && x <= y, V(1.0), V(0.0));
  }
};

template <class V>
struct Crossany : Shape<2, 1, Missing::kWindow> {
  Before<V> before0;
  Before<V> before1;
  explicit Crossany(const Setup&) {}
  auto state() { return std::tie(before0, before1); }
  static int lookback() { return 1; }
  HWY_INLINE void step(const V* in, V* out) {
    const V x = before0.step(in[0]);
    const V y = before1.step(in[1]);
    out[0] = select((in[0] > in[1] && x <= y) || (in[0] < in[1] && x >= y), V(1.0), V(0.0));
  }
};

template <class V>
struct LagBars : Shape<1, 1, Missing::kPoint> {
  int n;
  Lag<V> before;
  explicit LagBars(const Setup& setup) : n(setup.whole(0)), before(n) {}
  auto state() { return std::tie(before); }
  int lookback() const { return n; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = before.step(in[0]); }
};

template <class V>
struct Decay : Shape<1, 1, Missing::kSkip> {
  double share;
  bool has_bar = false;
  V last{};
  explicit Decay(const Setup& setup) : share(1.0 / setup.number(0)) {}
  auto state() { return std::tie(has_bar, last); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V low = last - V(share);
    last = has_bar ? larger(in[0], low) : in[0];
    has_bar = true;
    out[0] = last;
  }
};

template <class V>
struct Edecay : Shape<1, 1, Missing::kSkip> {
  double share;
  bool has_bar = false;
  V last{};
  explicit Edecay(const Setup& setup) : share(1.0 / setup.number(0)) {}
  auto state() { return std::tie(has_bar, last); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    const V low = last * V(1.0 - share);
    last = has_bar ? larger(in[0], low) : in[0];
    has_bar = true;
    out[0] = last;
  }
};

LODE_LANES(Crossover)
LODE_LANES(Crossany)
LODE_LANES(LagBars)
LODE_LANES(Decay)
LODE_LANES(Edecay)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Crossover)
LODE_MAKE(Crossany)
LODE_MAKE(LagBars)
LODE_MAKE(Decay)
LODE_MAKE(Edecay)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_cross() {
  using namespace indicator;
  static const Family family = {
      make_Crossover({.name = "crossover",
                      .family = "math",
                      .summary = "1 where the first series crosses above the second",
                      .formula = "x > y and x' <= y'",
                      .source = "Tulip Indicators 0.9",
                      .inputs = {Input::kReal, Input::kReal2},
                      .outputs = {{.name = "cross", .whole = true}}}),
      make_Crossany({.name = "crossany",
                     .family = "math",
                     .summary = "1 where two series cross",
                     .formula = "x > y and x' <= y', or x < y and x' >= y'",
                     .source = "Tulip Indicators 0.9",
                     .inputs = {Input::kReal, Input::kReal2},
                     .outputs = {{.name = "cross", .whole = true}}}),
      make_LagBars({.name = "lag",
                    .family = "math",
                    .summary = "the value n bars ago",
                    .formula = "x(n)",
                    .source = "Tulip Indicators 0.9",
                    .inputs = {Input::kReal},
                    .parameters = {{.name = "period", .fallback = 1, .least = 1, .most = 100000}},
                    .outputs = {{.name = "real"}}}),
      make_Decay({.name = "decay",
                  .family = "math",
                  .summary = "the value, or what is left of an earlier one that falls by 1/n a bar",
                  .formula = "y = max(x, y' - 1/n)",
                  .source = "Tulip Indicators 0.9",
                  .inputs = {Input::kReal},
                  .parameters = {{.name = "period", .fallback = 5, .least = 1, .most = 100000}},
                  .outputs = {{.name = "real"}},
                  .unstable = true}),
      make_Edecay({.name = "edecay",
                   .family = "math",
                   .summary = "the value, or what is left of an earlier one that fades by the share 1/n a bar",
                   .formula = "y = max(x, y' (1 - 1/n))",
                   .source = "Tulip Indicators 0.9",
                   .inputs = {Input::kReal},
                   .parameters = {{.name = "period", .fallback = 5, .least = 1, .most = 100000}},
                   .outputs = {{.name = "real"}},
                   .unstable = true}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
