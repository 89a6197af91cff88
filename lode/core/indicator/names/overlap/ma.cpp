// ma: the average that `type` names.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/ma.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Ma : Shape<1, 1, Missing::kWindow> {
  MovingAverage<V> mean;

  explicit Ma(const Setup& setup) : mean(setup.whole(0), setup.whole(1)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return mean.lookback(); }
  Missing missing() const { return mean.missing(); }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

LODE_LANES(Ma)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Ma)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_ma() {
  using namespace indicator;
  static const Family family = {
      make_Ma(
          {.name = "ma",
           .family = "overlap",
           .summary = "the average that `type` names",
           .formula = "type(x, n); n = 1 copies",
           .source = "TA-Lib 0.6.4",
           .inputs = {Input::kReal},
           .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000},
                          {.name = "type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
