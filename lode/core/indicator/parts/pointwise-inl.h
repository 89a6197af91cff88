// Indicators of each bar alone, without state: the bars of one instrument can go side by side, as instruments do.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_
#endif

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

// In the place of LODE_LANES.
#define LODE_POINTWISE(Name)                                                                             \
  inline void series_##Name(const Setup& setup, const Call& call) { walk_pointwise<Name>(setup, call); } \
  inline std::unique_ptr<LaneMachine> lanes_##Name(const Setup& setup, bool is_padded) {                 \
    return std::make_unique<BlockMachine<Name>>(setup, is_padded);                                       \
  }

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_POINTWISE_INL_H_
