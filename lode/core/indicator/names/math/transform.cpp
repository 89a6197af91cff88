// acos, asin, atan, ceil, cos, cosh, exp, floor, ln, log10, sin, sinh, sqrt, tan, tanh: of each value.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/math/transform.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/hilbert-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Acos : Shape<1, 1, Missing::kPoint> {
  explicit Acos(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::acos(x); });
  }
};

template <class V>
struct Asin : Shape<1, 1, Missing::kPoint> {
  explicit Asin(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::asin(x); });
  }
};

template <class V>
struct Atan : Shape<1, 1, Missing::kPoint> {
  explicit Atan(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::atan(x); });
  }
};

template <class V>
struct Cos : Shape<1, 1, Missing::kPoint> {
  explicit Cos(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::cos(x); });
  }
};

template <class V>
struct Cosh : Shape<1, 1, Missing::kPoint> {
  explicit Cosh(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::cosh(x); });
  }
};

template <class V>
struct Exp : Shape<1, 1, Missing::kPoint> {
  explicit Exp(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::exp(x); });
  }
};

template <class V>
struct Ln : Shape<1, 1, Missing::kPoint> {
  explicit Ln(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::log(x); });
  }
};

template <class V>
struct Log10 : Shape<1, 1, Missing::kPoint> {
  explicit Log10(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::log10(x); });
  }
};

template <class V>
struct Sin : Shape<1, 1, Missing::kPoint> {
  explicit Sin(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::sin(x); });
  }
};

template <class V>
struct Sinh : Shape<1, 1, Missing::kPoint> {
  explicit Sinh(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::sinh(x); });
  }
};

template <class V>
struct Tan : Shape<1, 1, Missing::kPoint> {
  explicit Tan(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::tan(x); });
  }
};

template <class V>
struct Tanh : Shape<1, 1, Missing::kPoint> {
  explicit Tanh(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) {
    out[0] = each(in[0], [](double x) { return math::tanh(x); });
  }
};

template <class V>
struct Ceil : Shape<1, 1, Missing::kPoint> {
  explicit Ceil(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = -floor(-in[0]); }
};

template <class V>
struct Floor : Shape<1, 1, Missing::kPoint> {
  explicit Floor(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = floor(in[0]); }
};

template <class V>
struct Sqrt : Shape<1, 1, Missing::kPoint> {
  explicit Sqrt(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = sqrt(in[0]); }
};

LODE_LANES(Acos)
LODE_LANES(Asin)
LODE_LANES(Atan)
LODE_LANES(Cos)
LODE_LANES(Cosh)
LODE_LANES(Exp)
LODE_LANES(Ln)
LODE_LANES(Log10)
LODE_LANES(Sin)
LODE_LANES(Sinh)
LODE_LANES(Tan)
LODE_LANES(Tanh)
LODE_LANES(Ceil)
LODE_LANES(Floor)
LODE_LANES(Sqrt)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Acos)
LODE_MAKE(Asin)
LODE_MAKE(Atan)
LODE_MAKE(Cos)
LODE_MAKE(Cosh)
LODE_MAKE(Exp)
LODE_MAKE(Ln)
LODE_MAKE(Log10)
LODE_MAKE(Sin)
LODE_MAKE(Sinh)
LODE_MAKE(Tan)
LODE_MAKE(Tanh)
LODE_MAKE(Ceil)
LODE_MAKE(Floor)
LODE_MAKE(Sqrt)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_transform() {
  using namespace indicator;
  static const Family family = {
      make_Acos({.name = "acos",
                 .family = "math",
                 .summary = "arc cosine of each value",
                 .formula = "acos x; outside its domain: missing",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "real"}}}),
      make_Asin({.name = "asin",
                 .family = "math",
                 .summary = "arc sine of each value",
                 .formula = "asin x; outside its domain: missing",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "real"}}}),
      make_Atan({.name = "atan",
                 .family = "math",
                 .summary = "arc tangent of each value",
                 .formula = "atan x; outside its domain: missing",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "real"}}}),
      make_Cos({.name = "cos",
                .family = "math",
                .summary = "cosine of each value",
                .formula = "cos x; outside its domain: missing",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .outputs = {{.name = "real"}}}),
      make_Cosh({.name = "cosh",
                 .family = "math",
                 .summary = "hyperbolic cosine of each value",
                 .formula = "cosh x; outside its domain: missing",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "real"}}}),
      make_Exp({.name = "exp",
                .family = "math",
                .summary = "exponential of each value",
                .formula = "exp x; outside its domain: missing",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .outputs = {{.name = "real"}}}),
      make_Ln({.name = "ln",
               .family = "math",
               .summary = "natural logarithm of each value",
               .formula = "ln x; outside its domain: missing",
               .source = "TA-Lib 0.6.4",
               .inputs = {Input::kReal},
               .outputs = {{.name = "real"}}}),
      make_Log10({.name = "log10",
                  .family = "math",
                  .summary = "logarithm to base 10 of each value",
                  .formula = "log10 x; outside its domain: missing",
                  .source = "TA-Lib 0.6.4",
                  .inputs = {Input::kReal},
                  .outputs = {{.name = "real"}}}),
      make_Sin({.name = "sin",
                .family = "math",
                .summary = "sine of each value",
                .formula = "sin x; outside its domain: missing",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .outputs = {{.name = "real"}}}),
      make_Sinh({.name = "sinh",
                 .family = "math",
                 .summary = "hyperbolic sine of each value",
                 .formula = "sinh x; outside its domain: missing",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "real"}}}),
      make_Tan({.name = "tan",
                .family = "math",
                .summary = "tangent of each value",
                .formula = "tan x; outside its domain: missing",
                .source = "TA-Lib 0.6.4",
                .inputs = {Input::kReal},
                .outputs = {{.name = "real"}}}),
      make_Tanh({.name = "tanh",
                 .family = "math",
                 .summary = "hyperbolic tangent of each value",
                 .formula = "tanh x; outside its domain: missing",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "real"}}}),
      make_Ceil({.name = "ceil",
                 .family = "math",
                 .summary = "least whole number not below of each value",
                 .formula = "ceil x; outside its domain: missing",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "real"}}}),
      make_Floor({.name = "floor",
                  .family = "math",
                  .summary = "greatest whole number not above of each value",
                  .formula = "floor x; outside its domain: missing",
                  .source = "TA-Lib 0.6.4",
                  .inputs = {Input::kReal},
                  .outputs = {{.name = "real"}}}),
      make_Sqrt({.name = "sqrt",
                 .family = "math",
                 .summary = "square root of each value",
                 .formula = "sqrt x; outside its domain: missing",
                 .source = "TA-Lib 0.6.4",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
