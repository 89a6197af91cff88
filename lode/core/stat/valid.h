// What counts as a value in the kernels' inner loops: inline, without libm.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

namespace lode::stat {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Not NaN. Infinity is a value.
template <class T>
constexpr bool is_valid(T x) {
  return x == x;  // NOLINT(misc-redundant-expression): false for NaN alone
}

// Neither NaN nor infinite.
template <class T>
constexpr bool is_finite(T x) {
  return x - x == T{0};  // NOLINT(misc-redundant-expression): NaN for NaN and infinities
}

}  // namespace lode::stat
