// acos, asin, atan, ceil, cos, cosh, exp, floor, ln, log10, sin, sinh, sqrt, tan, tanh: of each value.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/math/transform.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/elementary-inl.h"
#include "lode/core/indicator/parts/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
HWY_INLINE V ceil(V x) {
  return -floor(-x);
}

#define LODE_TRANSFORM(Name, function)                                      \
  template <class V>                                                        \
  struct Name : Shape<1, 1, Missing::kPoint> {                              \
    explicit Name(const Setup&) {}                                          \
    auto state() { return std::tie(); }                                     \
    static int lookback() { return 0; }                                     \
    HWY_INLINE void step(const V* in, V* out) { out[0] = function(in[0]); } \
  };                                                                        \
  LODE_POINTWISE(Name)

LODE_TRANSFORM(Acos, acos)
LODE_TRANSFORM(Asin, asin)
LODE_TRANSFORM(Atan, atan)
LODE_TRANSFORM(Ceil, ceil)
LODE_TRANSFORM(Cos, cos)
LODE_TRANSFORM(Cosh, cosh)
LODE_TRANSFORM(Exp, exp)
LODE_TRANSFORM(Floor, floor)
LODE_TRANSFORM(Ln, log)
LODE_TRANSFORM(Log10, log10)
LODE_TRANSFORM(Sin, sin)
LODE_TRANSFORM(Sinh, sinh)
LODE_TRANSFORM(Sqrt, sqrt)
LODE_TRANSFORM(Tan, tan)
LODE_TRANSFORM(Tanh, tanh)
#undef LODE_TRANSFORM

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
