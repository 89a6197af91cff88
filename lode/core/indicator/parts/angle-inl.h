// Angles of the cycle indicators, as formulas over V: arc tangent of a ratio, sine of degrees. They serve one
// instrument or a register of them with the same operations, where a library's function would be a call a value.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_ANGLE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_ANGLE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_ANGLE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_ANGLE_INL_H_
#endif

#include "lode/core/indicator/engine/machine-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDegrees = 180.0 / kPi;

// atan(x) / x by Taylor's series in z = x^2, for |x| <= tan(pi / 16): what is left out is below 1e-17 of it. Pairs are
// joined by pairs, so that few operations wait for one another.
template <class V>
HWY_INLINE V small_arc(V z) {
  const auto pair = [&](double n) LODE_INLINED { return V(1.0 / n) - V(1.0 / (n + 2.0)) * z; };
  const V z2 = z * z;
  const V z4 = z2 * z2;
  const V low = pair(1.0) + pair(5.0) * z2;
  const V middle = pair(9.0) + pair(13.0) * z2;
  const V high = pair(17.0) + V(1.0 / 21.0) * z2;
  return low + (middle + high * z4) * z4;
}

// atan(rise / run) in degrees, -90 to 90, to 2 units in the last place; run is not 0. The ratio is turned back by the
// nearest eighth of half a turn, in the one division there is:
// atan(a / b) = k pi / 8 + atan((a - t b) / (b + t a)), t = tan(k pi / 8).
template <class V>
HWY_INLINE V degrees_of_slope(V rise, V run) {
  const V a = abs(rise);
  const V b = abs(run);
  const auto first = a > V(0.19891236737965800) * b;  // tan(pi / 16)
  const auto second = a > V(0.66817863791929890) * b;
  const auto third = a > V(1.4966057626654890) * b;
  const auto fourth = a > V(5.0273394921258481) * b;
  const V t =
      select(third, V(2.4142135623730950), select(second, V(1.0), select(first, V(0.41421356237309505), V(0.0))));
  const V turned =
      select(fourth, V(90.0), select(third, V(67.5), select(second, V(45.0), select(first, V(22.5), V(0.0)))));
  const V above = select(fourth, -b, a - t * b);
  const V below = select(fourth, a, b + t * a);
  const V ratio = above / below;
  const V out = turned + ratio * small_arc(ratio * ratio) * V(kDegrees);
  return select(select(run < V(0.0), -rise, rise) < V(0.0), -out, out);
}

// sin(degrees), for -360 to 720, to 2e-16: Taylor's series within an eighth of a turn of the next quarter.
template <class V>
HWY_INLINE V sine_of(V degrees) {
  const V quarters = floor(degrees * V(1.0 / 90.0) + V(0.5));
  const V x = (degrees - quarters * V(90.0)) * V(1.0 / kDegrees);
  const V z = x * x;
  const V z2 = z * z;
  const V z4 = z2 * z2;
  const V sine =
      ((V(1.0) - V(1.0 / 6.0) * z) + (V(1.0 / 120.0) - V(1.0 / 5040.0) * z) * z2) +
      ((V(1.0 / 362880.0) - V(1.0 / 39916800.0) * z) + (V(1.0 / 6227020800.0) - V(1.0 / 1307674368000.0) * z) * z2) *
          z4;
  const V cosine = ((V(1.0) - V(1.0 / 2.0) * z) + (V(1.0 / 24.0) - V(1.0 / 720.0) * z) * z2) +
                   ((V(1.0 / 40320.0) - V(1.0 / 3628800.0) * z) +
                    (V(1.0 / 479001600.0) - V(1.0 / 87178291200.0) * z) * z2 + V(1.0 / 20922789888000.0) * z4) *
                       z4;
  const V halves = floor(quarters * V(0.5));  // Of a turn.
  const auto is_odd = quarters - halves * V(2.0) > V(0.5);
  const auto is_turned = halves - floor(halves * V(0.5)) * V(2.0) > V(0.5);
  const V out = select(is_odd, cosine, x * sine);
  return select(is_turned, -out, out);
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_ANGLE_INL_H_
