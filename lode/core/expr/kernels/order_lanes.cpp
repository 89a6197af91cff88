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

// How many words on each side a word is compared with.
constexpr std::size_t kNear = 3;

// Twice the ranks of the words from `at` on, by the words near them. `is_crowded`: more share a digit than that.
HWY_INLINE hn::Vec<Wide> twice_near(const std::uint64_t* words, std::size_t at, std::uint64_t digit,
                                    hn::Mask<Wide>& is_crowded) {
  const Wide wide;
  const auto upper = hn::Set(wide, ~std::uint64_t{0} << 32);
  const auto one = hn::Set(wide, 1);
  const auto here = hn::LoadU(wide, words + at);
  const auto key = hn::And(here, upper);
  auto twice = hn::Add(hn::Iota(wide, 2 * at), hn::Iota(wide, 2));  // 2 (position + 1), positions one apart.
  for (std::size_t k = 1; k <= kNear; ++k) {
    const auto before = hn::And(hn::LoadU(wide, words + at - k), upper);
    const auto after = hn::And(hn::LoadU(wide, words + at + k), upper);
    // Half a place for a tie, a whole one for a word on the wrong side.
    twice = hn::Sub(twice, hn::IfThenElseZero(hn::Not(hn::Lt(before, key)), one));
    twice = hn::Sub(twice, hn::IfThenElseZero(hn::Lt(key, before), one));
    twice = hn::Add(twice, hn::IfThenElseZero(hn::Lt(after, key), one));
    twice = hn::Add(twice, hn::IfThenElseZero(hn::Not(hn::Lt(key, after)), one));
  }
  const auto same = hn::Set(wide, digit);  // Words that differ by less share their digit.
  is_crowded = hn::Or(hn::Lt(hn::Xor(here, hn::LoadU(wide, words + at - kNear - 1)), same),
                      hn::Lt(hn::Xor(here, hn::LoadU(wide, words + at + kNear + 1)), same));
  return twice;
}

// Runs up to here are ranked by comparing each word with each.
constexpr std::size_t kShortRun = 64;

void rank_short_run(std::span<const std::uint64_t> run, std::size_t before, const RankShare& share, float* out) {
  const Wide wide;
  constexpr std::size_t kStep = hn::MaxLanes(Wide());
  const auto upper = hn::Set(wide, ~std::uint64_t{0} << 32);
  const auto one = hn::Set(wide, 1);
  std::uint64_t twice[kStep];
  for (std::size_t i = 0; i < run.size(); i += kStep) {
    const auto key = hn::And(hn::LoadU(wide, run.data() + i), upper);
    auto ranks = hn::Set(wide, 2 * before + 1);
    for (const std::uint64_t word : run) {
      const auto other = hn::And(hn::Set(wide, word), upper);
      ranks = hn::Add(ranks, hn::IfThenElseZero(hn::Lt(other, key), one));
      ranks = hn::Add(ranks, hn::IfThenElseZero(hn::Not(hn::Lt(key, other)), one));
    }
    hn::StoreU(ranks, wide, twice);
    for (std::size_t lane = 0; lane < std::min(kStep, run.size() - i); ++lane) {
      out[static_cast<std::uint32_t>(run[i + lane])] = share.of(twice[lane]);
    }
  }
}

// Ranks the words that share a digit with the one at `begin`; returns where they end.
std::size_t rank_crowd(std::uint64_t* words, std::size_t begin, std::uint64_t digit, const RankShare& share,
                       float* out) {
  std::uint64_t differences = 0;
  std::size_t end = begin;
  for (; (words[end] ^ words[begin]) < digit; ++end) {
    differences |= words[end] ^ words[begin];
  }
  const std::span<std::uint64_t> run(words + begin, end - begin);
  if (differences >> 32 == 0) {
    const float shared = share.of(begin + 1 + end);
    for (const std::uint64_t word : run) {
      out[static_cast<std::uint32_t>(word)] = shared;
    }
  } else if (run.size() <= kShortRun) {
    rank_short_run(run, begin, share, out);
  } else {
    rank_run(run, begin, static_cast<std::uint32_t>(differences >> 32), share, out);
  }
  return end;
}

void rank_near(std::uint64_t* words, std::size_t n, int left, const RankShare& share, float* out) {
  const Wide wide;
  const hn::Rebind<float, Wide> d;
  const hn::Rebind<std::uint32_t, Wide> du;
  const hn::RebindToSigned<decltype(du)> di;
  constexpr std::size_t kStep = hn::MaxLanes(Wide());
  static_assert(kStep + kNear + 1 <= kWordsBeyond);
  std::fill_n(words - kWordsBeyond, kWordsBeyond, std::uint64_t{0});  // Keys of NaN: no valid word's.
  std::fill_n(words + n, kWordsBeyond, ~std::uint64_t{0});
  const std::uint64_t digit = std::uint64_t{1} << (32 + left);
  float shares[kStep];
  for (std::size_t i = 0; i < n;) {
    hn::Mask<Wide> is_crowded;
    const auto ranks = twice_near(words, i, digit, is_crowded);
    const auto halves = hn::Sub(ranks, hn::Set(wide, share.offset));
    const auto whole = hn::ConvertTo(d, hn::BitCast(di, hn::TruncateTo(du, halves)));
    hn::StoreU(hn::Div(hn::Mul(whole, hn::Set(d, 0.5F)), hn::Set(d, share.divisor)), d, shares);
    // Words before this block are in no run with its own: a run is left behind as a whole.
    const std::intptr_t first_of_run = hn::FindFirstTrue(wide, is_crowded);
    const std::size_t near = first_of_run < 0 ? kStep : static_cast<std::size_t>(first_of_run);
    const std::size_t count = std::min(near, n - i);
    for (std::size_t lane = 0; lane < count; ++lane) {
      out[static_cast<std::uint32_t>(words[i + lane])] = shares[lane];
    }
    i += count;
    if (near < kStep && i < n) {
      i = rank_crowd(words, i, digit, share, out);
    }
  }
}

}  // namespace

void rank_near_words32(std::uint64_t* words, std::size_t n, int left, const RankShare& share, float* out) {
  rank_near(words, n, left, share, out);
}
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
HWY_EXPORT(rank_near_words32);
HWY_EXPORT(divide32);
HWY_EXPORT(divide64);

std::size_t pack_words(const float* values, std::size_t count, std::uint64_t* words, KeyRange& range) {
  return HWY_DYNAMIC_DISPATCH(pack32)(values, count, words, range);
}
std::size_t pack_words(const double* values, std::size_t count, std::uint64_t* words, KeyRange& range) {
  return HWY_DYNAMIC_DISPATCH(pack64)(values, count, words, range);
}
void rank_near_words(std::uint64_t* words, std::size_t n, int left, const RankShare& share, float* out) {
  HWY_DYNAMIC_DISPATCH(rank_near_words32)(words, n, left, share, out);
}
void divide_halves(const std::uint32_t* halves, std::size_t count, float divisor, float* out) {
  HWY_DYNAMIC_DISPATCH(divide32)(halves, count, divisor, out);
}
void divide_halves(const std::uint32_t* halves, std::size_t count, double divisor, double* out) {
  HWY_DYNAMIC_DISPATCH(divide64)(halves, count, divisor, out);
}

}  // namespace lode::expr::kernels
#endif  // HWY_ONCE
