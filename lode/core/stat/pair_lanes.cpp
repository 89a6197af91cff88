// Passes over pairs.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/pair_lanes.h"

#include <algorithm>
#include <array>
#include <limits>

#include "lode/core/stat/valid.h"

// SSE4, AVX2 and AVX-512; the others Highway knows would cost compile time and gain nothing here.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/stat/pair_lanes.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lode::stat::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<double, 4>;
using V = hn::Vec<D>;
constexpr std::size_t kVectors = 4 / hn::MaxLanes(D());  // Of the four lanes.

// Four lanes, in one vector or several.
struct Four {
  V part[kVectors];
};

HWY_INLINE Four set(double value) {
  Four out;
  for (V& part : out.part) {
    part = hn::Set(D(), value);
  }
  return out;
}
HWY_INLINE Four load(const double* from) {
  Four out;
  for (std::size_t k = 0; k < kVectors; ++k) {
    out.part[k] = hn::LoadU(D(), from + k * hn::MaxLanes(D()));
  }
  return out;
}
HWY_INLINE std::array<double, 4> lanes(const Four& four) {
  std::array<double, 4> out;
  for (std::size_t k = 0; k < kVectors; ++k) {
    hn::StoreU(four.part[k], D(), out.data() + k * hn::MaxLanes(D()));
  }
  return out;
}
HWY_INLINE double joined(const Four& four) {
  const auto lane = lanes(four);
  return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

// Calls step(four of x, four of y) over all pairs; those beyond the end are missing.
template <class Step>
HWY_INLINE void for_each_four(std::span<const double> x, std::span<const double> y, Step step) {
  std::size_t i = 0;
  for (; i + 4 <= x.size(); i += 4) {
    step(load(x.data() + i), load(y.data() + i));
  }
  if (i < x.size()) {
    std::array<double, 4> last_x;
    std::array<double, 4> last_y;
    last_x.fill(kMissing);
    last_y.fill(kMissing);
    std::copy(x.begin() + static_cast<std::ptrdiff_t>(i), x.end(), last_x.begin());
    std::copy(y.begin() + static_cast<std::ptrdiff_t>(i), y.end(), last_y.begin());
    step(load(last_x.data()), load(last_y.data()));
  }
}

HWY_INLINE hn::Mask<D> both(V x, V y) { return hn::And(hn::Eq(x, x), hn::Eq(y, y)); }

PairSums sums(std::span<const double> x, std::span<const double> y) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Four count = set(0.0);
  Four sum_x = set(0.0);
  Four sum_y = set(0.0);
  Four low_x = set(kInfinity);
  Four high_x = set(-kInfinity);
  Four low_y = low_x;
  Four high_y = high_x;
  for_each_four(x, y, [&](const Four& four_x, const Four& four_y) HWY_ATTR {
    for (std::size_t k = 0; k < kVectors; ++k) {
      const V a = four_x.part[k];
      const V b = four_y.part[k];
      const auto known = both(a, b);
      count.part[k] = hn::Add(count.part[k], hn::IfThenElseZero(known, hn::Set(D(), 1.0)));
      sum_x.part[k] = hn::Add(sum_x.part[k], hn::IfThenElseZero(known, a));
      sum_y.part[k] = hn::Add(sum_y.part[k], hn::IfThenElseZero(known, b));
      low_x.part[k] = hn::Min(low_x.part[k], hn::IfThenElse(known, a, low_x.part[k]));
      high_x.part[k] = hn::Max(high_x.part[k], hn::IfThenElse(known, a, high_x.part[k]));
      low_y.part[k] = hn::Min(low_y.part[k], hn::IfThenElse(known, b, low_y.part[k]));
      high_y.part[k] = hn::Max(high_y.part[k], hn::IfThenElse(known, b, high_y.part[k]));
    }
  });
  const auto least = [](const Four& four) HWY_ATTR {
    const auto lane = lanes(four);
    return *std::ranges::min_element(lane);
  };
  const auto most = [](const Four& four) HWY_ATTR {
    const auto lane = lanes(four);
    return *std::ranges::max_element(lane);
  };
  PairSums out{.n = static_cast<std::size_t>(joined(count)),
               .sum_x = joined(sum_x),
               .sum_y = joined(sum_y),
               .low_x = kMissing,
               .high_x = kMissing,
               .low_y = kMissing,
               .high_y = kMissing};
  if (out.n > 0) {
    out.low_x = least(low_x);
    out.high_x = most(high_x);
    out.low_y = least(low_y);
    out.high_y = most(high_y);
  }
  return out;
}

template <bool kScaled>
PairProducts products(std::span<const double> x, std::span<const double> y, double center_x, double center_y,
                      double scale_x, double scale_y) {
  Four xx = set(0.0);
  Four yy = set(0.0);
  Four xy = set(0.0);
  const V mean_x = hn::Set(D(), center_x);
  const V mean_y = hn::Set(D(), center_y);
  for_each_four(x, y, [&](const Four& four_x, const Four& four_y) HWY_ATTR {
    for (std::size_t k = 0; k < kVectors; ++k) {
      const auto known = both(four_x.part[k], four_y.part[k]);
      V a = hn::IfThenElseZero(known, hn::Sub(four_x.part[k], mean_x));
      V b = hn::IfThenElseZero(known, hn::Sub(four_y.part[k], mean_y));
      if constexpr (kScaled) {
        a = hn::Div(a, hn::Set(D(), scale_x));
        b = hn::Div(b, hn::Set(D(), scale_y));
      }
      xx.part[k] = hn::Add(xx.part[k], hn::Mul(a, a));
      yy.part[k] = hn::Add(yy.part[k], hn::Mul(b, b));
      xy.part[k] = hn::Add(xy.part[k], hn::Mul(a, b));
    }
  });
  return {joined(xx), joined(yy), joined(xy)};
}

PairProducts plain_products(std::span<const double> x, std::span<const double> y, double center_x, double center_y) {
  return products<false>(x, y, center_x, center_y, 1.0, 1.0);
}
PairProducts scaled_products(std::span<const double> x, std::span<const double> y, double center_x, double center_y,
                             double scale_x, double scale_y) {
  return products<true>(x, y, center_x, center_y, scale_x, scale_y);
}

}  // namespace
}  // namespace lode::stat::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::stat {

HWY_EXPORT(sums);
HWY_EXPORT(plain_products);
HWY_EXPORT(scaled_products);

PairSums pair_sums(std::span<const double> x, std::span<const double> y) { return HWY_DYNAMIC_DISPATCH(sums)(x, y); }

PairProducts pair_products(std::span<const double> x, std::span<const double> y, double center_x, double center_y,
                           double scale_x, double scale_y) {
  if (scale_x == 1.0 && scale_y == 1.0) {
    return HWY_DYNAMIC_DISPATCH(plain_products)(x, y, center_x, center_y);
  }
  return HWY_DYNAMIC_DISPATCH(scaled_products)(x, y, center_x, center_y, scale_x, scale_y);
}

}  // namespace lode::stat
#endif  // HWY_ONCE
