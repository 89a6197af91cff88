// Passes over pairs.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/pair_lanes.h"

#include <algorithm>
#include <array>
#include <limits>

#include "lode/base/assert.h"
#include "lode/core/stat/valid.h"

// SSE4, AVX2 and AVX-512; the others Highway knows would cost compile time and gain nothing here.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/stat/pair_lanes.cpp"
#include "hwy/foreach_target.h"
#include "lode/core/stat/four_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::stat::HWY_NAMESPACE {
namespace {

// Calls step(four of x, four of y) over all pairs; those beyond the end are missing.
template <class Step>
HWY_INLINE void for_each_four(std::span<const double> x, std::span<const double> y, Step step) {
  std::size_t i = 0;
  for (; i + 4 <= x.size(); i += 4) {
    step(load_four(x.data() + i), load_four(y.data() + i));
  }
  if (i < x.size()) {
    std::array<double, 4> last_x;
    std::array<double, 4> last_y;
    last_x.fill(kMissing);
    last_y.fill(kMissing);
    std::copy(x.begin() + static_cast<std::ptrdiff_t>(i), x.end(), last_x.begin());
    std::copy(y.begin() + static_cast<std::ptrdiff_t>(i), y.end(), last_y.begin());
    step(load_four(last_x.data()), load_four(last_y.data()));
  }
}

HWY_INLINE hn::Mask<D> both(V x, V y) { return hn::And(hn::Eq(x, x), hn::Eq(y, y)); }

PairSums sums(std::span<const double> x, std::span<const double> y) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Four count = set_four(0.0);
  Four sum_x = set_four(0.0);
  Four sum_y = set_four(0.0);
  Four low_x = set_four(kInfinity);
  Four high_x = set_four(-kInfinity);
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
    const auto lane = lanes_of(four);
    return *std::ranges::min_element(lane);
  };
  const auto most = [](const Four& four) HWY_ATTR {
    const auto lane = lanes_of(four);
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
  Four xx = set_four(0.0);
  Four yy = set_four(0.0);
  Four xy = set_four(0.0);
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

double dot_of(std::span<const double> x, std::span<const double> y) {
  Four sum = set_four(0.0);
  std::size_t i = 0;
  for (; i + 4 <= x.size(); i += 4) {
    const Four a = load_four(x.data() + i);
    const Four b = load_four(y.data() + i);
    for (std::size_t k = 0; k < kVectors; ++k) {
      sum.part[k] = hn::Add(sum.part[k], hn::Mul(a.part[k], b.part[k]));
    }
  }
  auto lane = lanes_of(sum);
  for (; i < x.size(); ++i) {
    lane[i % 4] += x[i] * y[i];
  }
  return joined(lane);
}

void moved_on(std::span<double> sums, const double* plus, const double* minus) {
  std::size_t i = 0;
  for (; i + 4 <= sums.size(); i += 4) {
    const Four before = load_four(sums.data() + i);
    const Four more = load_four(plus + i);
    const Four less = load_four(minus + i);
    for (std::size_t k = 0; k < kVectors; ++k) {
      const V after = hn::Sub(hn::Add(before.part[k], more.part[k]), less.part[k]);
      hn::StoreU(after, D(), sums.data() + i + k * kStep);
    }
  }
  for (; i < sums.size(); ++i) {
    sums[i] = (sums[i] + plus[i]) - minus[i];
  }
}

}  // namespace
}  // namespace lode::stat::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::stat {

HWY_EXPORT(sums);
HWY_EXPORT(plain_products);
HWY_EXPORT(scaled_products);
HWY_EXPORT(dot_of);
HWY_EXPORT(moved_on);

PairSums pair_sums(std::span<const double> x, std::span<const double> y) { return HWY_DYNAMIC_DISPATCH(sums)(x, y); }

PairProducts pair_products(std::span<const double> x, std::span<const double> y, double center_x, double center_y,
                           double scale_x, double scale_y) {
  if (scale_x == 1.0 && scale_y == 1.0) {
    return HWY_DYNAMIC_DISPATCH(plain_products)(x, y, center_x, center_y);
  }
  return HWY_DYNAMIC_DISPATCH(scaled_products)(x, y, center_x, center_y, scale_x, scale_y);
}

double dot(std::span<const double> x, std::span<const double> y) {
  LODE_ASSERT(x.size() == y.size());
  return HWY_DYNAMIC_DISPATCH(dot_of)(x, y);
}

void move_on(std::span<double> sums, std::span<const double> plus, std::span<const double> minus) {
  LODE_ASSERT(plus.size() == sums.size() && minus.size() == sums.size());
  HWY_DYNAMIC_DISPATCH(moved_on)(sums, plus.data(), minus.data());
}

}  // namespace lode::stat
#endif  // HWY_ONCE
