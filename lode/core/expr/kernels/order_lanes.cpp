// Keys of floats and shares of ranks, many at a time.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/order_lanes.h"

#include <algorithm>
#include <bit>
#include <type_traits>

#include "lode/core/expr/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/expr/kernels/order_lanes.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lode::expr::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Wide = hn::ScalableTag<std::uint64_t>;

// Unsigned images whose order is that of the floats; -0 has become 0.
template <class D>
HWY_INLINE auto monotone(D d, hn::VFromD<D> value) {
  const hn::RebindToSigned<D> ds;
  const hn::RebindToUnsigned<D> du;
  const auto bits = hn::BitCast(ds, hn::Add(value, hn::Zero(d)));
  const auto flip = hn::Or(hn::BroadcastSignBit(bits), hn::Set(ds, hwy::LimitsMin<hn::TFromD<decltype(ds)>>()));
  return hn::BitCast(du, hn::Xor(bits, flip));
}

// The keys of a vector of values, each in the upper half of its word.
template <class T>
HWY_INLINE hn::Vec<Wide> upper_keys(const T* values, hn::Mask<Wide>& known) {
  const Wide wide;
  if constexpr (sizeof(T) == sizeof(double)) {
    const hn::RebindToFloat<Wide> d;
    const auto value = hn::LoadU(d, values);
    known = hn::RebindMask(wide, hn::Eq(value, value));
    return hn::AndNot(hn::Set(wide, 0xFFFF'FFFFU), monotone(d, value));
  } else {
    const hn::Rebind<float, Wide> d;
    const auto value = hn::LoadU(d, values);
    const hn::RebindToFloat<Wide> dd;
    const auto image = hn::PromoteTo(dd, value);  // Exact; a mask of the width of the words.
    known = hn::RebindMask(wide, hn::Eq(image, image));
    return hn::ShiftLeft<32>(hn::PromoteTo(wide, monotone(d, value)));
  }
}

template <class T>
std::size_t pack(const T* values, std::size_t count, std::uint64_t* words, KeyRange& range) {
  const Wide wide;
  constexpr std::size_t kStep = hn::MaxLanes(Wide());
  static_assert(kStep <= kWordsBeyond);
  std::size_t valid = 0;
  auto index = hn::Iota(wide, 0);
  auto least = hn::Set(wide, ~std::uint64_t{0});
  auto most = hn::Zero(wide);
  const auto take = [&](const T* from, hn::Mask<Wide> wanted) HWY_ATTR {
    hn::Mask<Wide> known;
    const auto key = upper_keys(from, known);
    known = hn::And(known, wanted);
    valid += hn::CompressStore(hn::Or(key, index), known, wide, words + valid);
    least = hn::Min(least, hn::IfThenElse(known, key, hn::Set(wide, ~std::uint64_t{0})));
    most = hn::Max(most, hn::IfThenElseZero(known, key));
    index = hn::Add(index, hn::Set(wide, kStep));
  };
  std::size_t i = 0;
  const auto all = hn::FirstN(wide, kStep);
  for (; i + kStep <= count; i += kStep) {
    take(values + i, all);
  }
  if (i < count) {
    T rest[kStep] = {};
    std::copy(values + i, values + count, rest);
    take(rest, hn::FirstN(wide, count - i));
  }
  range = {static_cast<std::uint32_t>(hn::GetLane(hn::MinOfLanes(wide, least)) >> 32),
           static_cast<std::uint32_t>(hn::GetLane(hn::MaxOfLanes(wide, most)) >> 32)};
  return valid;
}

template <class T>
void divide(const std::uint32_t* halves, std::size_t count, T divisor, T* out) {
  const hn::ScalableTag<T> d;
  const hn::Rebind<std::int32_t, decltype(d)> di;
  constexpr std::size_t kStep = hn::MaxLanes(hn::ScalableTag<T>());
  const auto half = hn::Set(d, T{0.5});
  const auto by = hn::Set(d, divisor);
  const auto share = [&](const std::uint32_t* from) HWY_ATTR {
    const auto whole = hn::LoadU(di, reinterpret_cast<const std::int32_t*>(from));
    if constexpr (sizeof(T) == sizeof(double)) {
      return hn::Div(hn::Mul(hn::PromoteTo(d, whole), half), by);
    } else {
      return hn::Div(hn::Mul(hn::ConvertTo(d, whole), half), by);
    }
  };
  std::size_t i = 0;
  for (; i + kStep <= count; i += kStep) {
    hn::StoreU(share(halves + i), d, out + i);
  }
  if (i < count) {
    std::uint32_t rest[kStep] = {};
    T shares[kStep];
    std::copy(halves + i, halves + count, rest);
    hn::StoreU(share(rest), d, shares);
    std::copy_n(shares, count - i, out + i);
  }
}

}  // namespace

std::size_t pack32(const float* values, std::size_t count, std::uint64_t* words, KeyRange& range) {
  return pack(values, count, words, range);
}
std::size_t pack64(const double* values, std::size_t count, std::uint64_t* words, KeyRange& range) {
  return pack(values, count, words, range);
}
void divide32(const std::uint32_t* halves, std::size_t count, float divisor, float* out) {
  divide(halves, count, divisor, out);
}
void divide64(const std::uint32_t* halves, std::size_t count, double divisor, double* out) {
  divide(halves, count, divisor, out);
}

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::expr::kernels {

HWY_EXPORT(pack32);
HWY_EXPORT(pack64);
HWY_EXPORT(divide32);
HWY_EXPORT(divide64);

std::size_t pack_words(const float* values, std::size_t count, std::uint64_t* words, KeyRange& range) {
  return HWY_DYNAMIC_DISPATCH(pack32)(values, count, words, range);
}
std::size_t pack_words(const double* values, std::size_t count, std::uint64_t* words, KeyRange& range) {
  return HWY_DYNAMIC_DISPATCH(pack64)(values, count, words, range);
}
void divide_halves(const std::uint32_t* halves, std::size_t count, float divisor, float* out) {
  HWY_DYNAMIC_DISPATCH(divide32)(halves, count, divisor, out);
}
void divide_halves(const std::uint32_t* halves, std::size_t count, double divisor, double* out) {
  HWY_DYNAMIC_DISPATCH(divide64)(halves, count, divisor, out);
}

}  // namespace lode::expr::kernels
#endif  // HWY_ONCE
