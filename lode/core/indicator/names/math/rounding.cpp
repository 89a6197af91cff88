// abs, round, trunc, todeg, torad: of each value.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/math/rounding.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Abs : Shape<1, 1, Missing::kPoint> {
  explicit Abs(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = abs(in[0]); }
};

template <class V>
struct Round : Shape<1, 1, Missing::kPoint> {
  explicit Round(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = floor(in[0] + V(0.5)); }
};

template <class V>
struct Trunc : Shape<1, 1, Missing::kPoint> {
  explicit Trunc(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = select(in[0] < V(0.0), -floor(-in[0]), floor(in[0])); }
};

template <class V>
struct Todeg : Shape<1, 1, Missing::kPoint> {
  explicit Todeg(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = in[0] * V(180.0 / 3.14159265358979323846); }
};

template <class V>
struct Torad : Shape<1, 1, Missing::kPoint> {
  explicit Torad(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = in[0] * V(3.14159265358979323846 / 180.0); }
};

LODE_POINTWISE(Abs)
LODE_POINTWISE(Round)
LODE_POINTWISE(Trunc)
LODE_POINTWISE(Todeg)
LODE_POINTWISE(Torad)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Abs)
LODE_MAKE(Round)
LODE_MAKE(Trunc)
LODE_MAKE(Todeg)
LODE_MAKE(Torad)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_rounding() {
  using namespace indicator;
  static const Family family = {
      make_Abs({.name = "abs",
                .family = "math",
                .summary = "size of each value",
                .formula = "|x|",
                .source = "Tulip Indicators 0.9",
                .inputs = {Input::kReal},
                .outputs = {{.name = "real"}}}),
      make_Round({.name = "round",
                  .family = "math",
                  .summary = "nearest whole number of each value, halves up",
                  .formula = "floor(x + 0.5)",
                  .source = "Tulip Indicators 0.9",
                  .inputs = {Input::kReal},
                  .outputs = {{.name = "real"}}}),
      make_Trunc({.name = "trunc",
                  .family = "math",
                  .summary = "each value without its fraction",
                  .formula = "ceil x below 0, else floor x",
                  .source = "Tulip Indicators 0.9",
                  .inputs = {Input::kReal},
                  .outputs = {{.name = "real"}}}),
      make_Todeg({.name = "todeg",
                  .family = "math",
                  .summary = "radians in degrees",
                  .formula = "180 x / pi",
                  .source = "Tulip Indicators 0.9",
                  .inputs = {Input::kReal},
                  .outputs = {{.name = "real"}}}),
      make_Torad({.name = "torad",
                  .family = "math",
                  .summary = "degrees in radians",
                  .formula = "pi x / 180",
                  .source = "Tulip Indicators 0.9",
                  .inputs = {Input::kReal},
                  .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
