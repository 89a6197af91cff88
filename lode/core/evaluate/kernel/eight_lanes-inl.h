// Eight lanes of doubles, in one vector or several, for sums whose order is part of their meaning: element i belongs to
// lane i modulo 8, and lanes are joined as ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)) on every CPU. Included once for
// each vector target.
//
// SPDX-License-Identifier: Apache-2.0
#if defined(LODE_EVALUATE_EIGHT_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_EVALUATE_EIGHT_LANES_INL_H_
#undef LODE_EVALUATE_EIGHT_LANES_INL_H_
#else
#define LODE_EVALUATE_EIGHT_LANES_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lode::evaluate::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<double, 8>;
using V = hn::Vec<D>;
constexpr std::size_t kStep = hn::MaxLanes(D());
constexpr std::size_t kVectors = 8 / kStep;  // Of the eight lanes.

struct Eight {
  V part[kVectors];
};

HWY_INLINE Eight set_eight(double value) {
  Eight out;
  for (V& part : out.part) {
    part = hn::Set(D(), value);
  }
  return out;
}

// Bucket numbers of kStep names, one a lane; and the lanes that are bucket k.
HWY_INLINE hn::Vec<hn::Rebind<std::uint64_t, D>> load_buckets(const std::uint8_t* from) {
  const hn::Rebind<std::uint32_t, D> half;
  return hn::PromoteTo(hn::Rebind<std::uint64_t, D>(),
                       hn::PromoteTo(half, hn::LoadU(hn::Rebind<std::uint8_t, D>(), from)));
}
HWY_INLINE hn::Mask<D> names_in(hn::Vec<hn::Rebind<std::uint64_t, D>> buckets, std::size_t k) {
  return hn::RebindMask(D(), hn::Eq(buckets, hn::Set(hn::Rebind<std::uint64_t, D>(), k)));
}

// The sum of all lanes, each with what the elements after the last whole eight add to it.
HWY_INLINE double joined(const Eight& eight, const std::array<double, 8>& rest) {
  std::array<double, 8> lane;
  for (std::size_t v = 0; v < kVectors; ++v) {
    hn::StoreU(eight.part[v], D(), lane.data() + v * kStep);
  }
  for (std::size_t i = 0; i < 8; ++i) {
    lane[i] += rest[i];
  }
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

}  // namespace lode::evaluate::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
