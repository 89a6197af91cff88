// Elementary functions of each instrument's number. A block of instruments goes through lode/base/math's arrays, which
// give the bits of its scalars; so do several numbers of one instrument that are asked for at once.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_ELEMENTARY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_ELEMENTARY_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_ELEMENTARY_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_ELEMENTARY_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "lode/base/math.h"
#include "lode/base/math_arrays.h"
#include "lode/core/indicator/engine/machine-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// Numbers that go through the arrays' widest registers without a remainder, which would be taken one by one.
inline constexpr std::size_t kFull = 8;

#define LODE_ELEMENTARY(name)                                                         \
  template <class V>                                                                  \
  HWY_INLINE V name(V x) {                                                            \
    if constexpr (std::is_same_v<V, double>) {                                        \
      return math::name(x);                                                           \
    } else {                                                                          \
      alignas(64) std::array<double, V::kLanes> cells;                                \
      x.store(cells.data());                                                          \
      math::name(cells.data(), cells.data(), V::kLanes);                              \
      return V::load(cells.data());                                                   \
    }                                                                                 \
  }                                                                                   \
  template <class V, std::size_t count>                                               \
  HWY_INLINE std::array<V, count> name(std::array<V, count> x) {                      \
    if constexpr (std::is_same_v<V, double>) {                                        \
      static_assert(count <= kFull);                                                  \
      alignas(64) std::array<double, kFull> cells;                                    \
      std::fill(std::copy(x.begin(), x.end(), cells.begin()), cells.end(), x[0]);     \
      math::name(cells.data(), cells.data(), count <= kFull / 2 ? kFull / 2 : kFull); \
      std::copy_n(cells.begin(), count, x.begin());                                   \
    } else {                                                                          \
      for (V & one : x) {                                                             \
        one = name(one);                                                              \
      }                                                                               \
    }                                                                                 \
    return x;                                                                         \
  }

LODE_ELEMENTARY(acos)
LODE_ELEMENTARY(asin)
LODE_ELEMENTARY(atan)
LODE_ELEMENTARY(cos)
LODE_ELEMENTARY(cosh)
LODE_ELEMENTARY(exp)
LODE_ELEMENTARY(log)
LODE_ELEMENTARY(log10)
LODE_ELEMENTARY(sin)
LODE_ELEMENTARY(sinh)
LODE_ELEMENTARY(tan)
LODE_ELEMENTARY(tanh)
#undef LODE_ELEMENTARY

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_ELEMENTARY_INL_H_
