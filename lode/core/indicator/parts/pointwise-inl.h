// Indicators of each bar alone, or of it and the one n bars ago: the bars of one instrument can go side by side, as
// instruments do.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_
#endif

#include <algorithm>
#include <tuple>
#include <type_traits>
#include "lode/base/assert.h"
#include "lode/core/indicator/engine/machine-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// A whole history of one instrument, kBlockLanes bars at a time.
template <template <class> class Name>
HWY_INLINE void walk_pointwise(const Setup& setup, const Call& call) {
  static_assert(std::is_same_v<decltype(Name<Lanes>(setup).state()), std::tuple<>>);
  Name<double> single(setup);
  LODE_ASSERT(call.input_stride == 1 && call.output_stride == 1);
  LODE_ASSERT(single.missing() == Missing::kPoint && single.lookback() + setup.unstable == 0);
  Name<Lanes> wide(setup);
  Lanes in[Name<Lanes>::kInputs];
  Lanes out[Name<Lanes>::kOutputs];
  std::size_t t = 0;
  for (; t + kBlockLanes <= call.rows; t += kBlockLanes) {
    read_bar<Name<Lanes>::kInputs>(call, t, in);
    wide.step(in, out);
    write_bar<Name<Lanes>::kOutputs>(call, t, out);
  }
  double one[Name<Lanes>::kInputs];
  double answer[Name<Lanes>::kOutputs];
  for (; t < call.rows; ++t) {
    read_bar<Name<Lanes>::kInputs>(call, t, one);
    single.step(one, answer);
    write_bar<Name<Lanes>::kOutputs>(call, t, answer);
  }
}

// The same of f(x, x n bars ago), with n the lookback.
template <template <class> class Name>
HWY_INLINE void walk_lagged(const Setup& setup, const Call& call) {
  const Name<double> single(setup);
  const Name<Lanes> wide(setup);
  LODE_ASSERT(call.input_stride == 1 && call.output_stride == 1);
  LODE_ASSERT(single.missing() == Missing::kPoint && setup.unstable == 0);
  const auto lag = static_cast<std::size_t>(single.lookback());
  const double* const x = call.inputs[0];
  double* const out = call.outputs[0];
  std::size_t t = std::min(lag, call.rows);
  std::fill_n(out, t, missing<double>());
  for (; t + kBlockLanes <= call.rows; t += kBlockLanes) {
    store(wide.f(load<Lanes>(x + t), load<Lanes>(x + t - lag)), out + t);
  }
  for (; t < call.rows; ++t) {
    out[t] = single.f(x[t], x[t - lag]);
  }
}

// In the place of LODE_LANES.
#define LODE_POINTWISE(Name) LODE_SERIES_BY(walk_pointwise, Name)
#define LODE_LAGGED(Name) LODE_SERIES_BY(walk_lagged, Name)
#define LODE_SERIES_BY(walk, Name)                                                             \
  inline void series_##Name(const Setup& setup, const Call& call) { walk<Name>(setup, call); } \
  LODE_BUT_SERIES(Name)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_
