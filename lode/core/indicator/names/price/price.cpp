// avgprice, medprice, typprice, wclprice: one price of a bar.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/price/price.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/pointwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Avgprice : Shape<4, 1, Missing::kPoint> {
  explicit Avgprice(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = (in[1] + in[2] + in[3] + in[0]) * V(0.25); }
};

template <class V>
struct Medprice : Shape<2, 1, Missing::kPoint> {
  explicit Medprice(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = (in[0] + in[1]) * V(0.5); }
};

template <class V>
struct Typprice : Shape<3, 1, Missing::kPoint> {
  explicit Typprice(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = typical(in[0], in[1], in[2]); }
};

template <class V>
struct Wclprice : Shape<3, 1, Missing::kPoint> {
  explicit Wclprice(const Setup&) {}
  auto state() { return std::tie(); }
  static int lookback() { return 0; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = (in[0] + in[1] + V(2.0) * in[2]) * V(0.25); }
};

LODE_POINTWISE(Avgprice)
LODE_POINTWISE(Medprice)
LODE_POINTWISE(Typprice)
LODE_POINTWISE(Wclprice)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Avgprice)
LODE_MAKE(Medprice)
LODE_MAKE(Typprice)
LODE_MAKE(Wclprice)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_price() {
  using namespace indicator;
  static const Family family = {
      make_Avgprice({.name = "avgprice",
                     .family = "price",
                     .summary = "mean of the four prices",
                     .formula = "(o + h + l + c) / 4",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kOpen, Input::kHigh, Input::kLow, Input::kClose},
                     .outputs = {{.name = "real"}}}),
      make_Medprice({.name = "medprice",
                     .family = "price",
                     .summary = "middle of the range",
                     .formula = "(h + l) / 2",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kHigh, Input::kLow},
                     .outputs = {{.name = "real"}}}),
      make_Typprice({.name = "typprice",
                     .family = "price",
                     .summary = "typical price",
                     .formula = "(h + l + c) / 3",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                     .outputs = {{.name = "real"}}}),
      make_Wclprice({.name = "wclprice",
                     .aliases = {"wcprice"},
                     .family = "price",
                     .summary = "close weighted twice",
                     .formula = "(h + l + 2c) / 4",
                     .source = "TA-Lib 0.6.4",
                     .inputs = {Input::kHigh, Input::kLow, Input::kClose},
                     .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
