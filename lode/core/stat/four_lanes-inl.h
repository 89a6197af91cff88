// Four lanes of doubles, in one vector or several, for sums whose order is part of their meaning: element i belongs to
// lane i modulo 4, and lanes are joined as (0 + 1) + (2 + 3) on every CPU. Included once for each vector target.
//
// SPDX-License-Identifier: Apache-2.0
#if defined(LODE_STAT_FOUR_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_STAT_FOUR_LANES_INL_H_
#undef LODE_STAT_FOUR_LANES_INL_H_
#else
#define LODE_STAT_FOUR_LANES_INL_H_
#endif

#include <array>
#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lode::stat::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<double, 4>;
using V = hn::Vec<D>;
constexpr std::size_t kStep = hn::MaxLanes(D());
constexpr std::size_t kVectors = 4 / kStep;  // Of the four lanes.

struct Four {
  V part[kVectors];
};

HWY_INLINE Four set_four(double value) {
  Four out;
  for (V& part : out.part) {
    part = hn::Set(D(), value);
  }
  return out;
}
HWY_INLINE Four load_four(const double* from) {
  Four out;
  for (std::size_t k = 0; k < kVectors; ++k) {
    out.part[k] = hn::LoadU(D(), from + k * kStep);
  }
  return out;
}
HWY_INLINE std::array<double, 4> lanes_of(const Four& four) {
  std::array<double, 4> out;
  for (std::size_t k = 0; k < kVectors; ++k) {
    hn::StoreU(four.part[k], D(), out.data() + k * kStep);
  }
  return out;
}
HWY_INLINE double joined(const std::array<double, 4>& lane) { return (lane[0] + lane[1]) + (lane[2] + lane[3]); }
HWY_INLINE double joined(const Four& four) { return joined(lanes_of(four)); }

}  // namespace lode::stat::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
