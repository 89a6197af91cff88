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
      make_Acos(transform_spec("acos", "arc cosine of each value")),
      make_Asin(transform_spec("asin", "arc sine of each value")),
      make_Atan(transform_spec("atan", "arc tangent of each value")),
      make_Cos(transform_spec("cos", "cosine of each value")),
      make_Cosh(transform_spec("cosh", "hyperbolic cosine of each value")),
      make_Exp(transform_spec("exp", "exponential of each value")),
      make_Ln(transform_spec("ln", "natural logarithm of each value")),
      make_Log10(transform_spec("log10", "logarithm to base 10 of each value")),
      make_Sin(transform_spec("sin", "sine of each value")),
      make_Sinh(transform_spec("sinh", "hyperbolic sine of each value")),
      make_Tan(transform_spec("tan", "tangent of each value")),
      make_Tanh(transform_spec("tanh", "hyperbolic tangent of each value")),
      make_Ceil(transform_spec("ceil", "least whole number not below of each value")),
      make_Floor(transform_spec("floor", "greatest whole number not above of each value")),
      make_Sqrt(transform_spec("sqrt", "square root of each value")),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
