// add, sub, mult, div: two series, bar by bar.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/math/operator.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Add : Shape<2, 1, Missing::kPoint> {
  explicit Add(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = in[0] + in[1]; }
};

template <class V>
struct Sub : Shape<2, 1, Missing::kPoint> {
  explicit Sub(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = in[0] - in[1]; }
};

template <class V>
struct Mult : Shape<2, 1, Missing::kPoint> {
  explicit Mult(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = in[0] * in[1]; }
};

template <class V>
struct Div : Shape<2, 1, Missing::kPoint> {
  explicit Div(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = in[0] / in[1]; }
};

LODE_POINTWISE(Add)
LODE_POINTWISE(Sub)
LODE_POINTWISE(Mult)
LODE_POINTWISE(Div)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Add)
LODE_MAKE(Sub)
LODE_MAKE(Mult)
LODE_MAKE(Div)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_operator() {
  using namespace indicator;
  static const Family family = {
      make_Add({.name = "add",
                .family = "math",
                .summary = "sum of two series",
                .formula = "x + y",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal, Input::kReal2},
                .outputs = {{.name = "real"}}}),
      make_Sub({.name = "sub",
                .family = "math",
                .summary = "difference of two series",
                .formula = "x - y",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal, Input::kReal2},
                .outputs = {{.name = "real"}}}),
      make_Mult({.name = "mult",
                 .aliases = {"mul"},
                 .family = "math",
                 .summary = "product of two series",
                 .formula = "x y",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal, Input::kReal2},
                 .outputs = {{.name = "real"}}}),
      make_Div({.name = "div",
                .family = "math",
                .summary = "quotient of two series",
                .formula = "x / y, as IEEE 754 divides",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal, Input::kReal2},
                .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
