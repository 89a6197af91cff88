// Exact sums that go on from session to session.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/noted_sum.h"

#include <algorithm>
#include <limits>

#include "lode/core/expr/kernels/targets.h"
#include "lode/core/expr/kernels/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/expr/kernels/noted_sum.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lode/core/expr/kernels/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::expr::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Doubles = hn::CappedTag<double, 8>;
using Floats = hn::Rebind<float, Doubles>;
constexpr std::size_t kStep = hn::MaxLanes(Doubles());
static_assert(kLanes % kStep == 0);

// The valid values, 0 for others.
HWY_INLINE hn::Vec<Floats> valid_or_zero(const float* from) {
  const Floats f;
  const auto x = hn::LoadU(f, from);
  return hn::IfThenElseZero(hn::Le(hn::Abs(x), hn::Set(f, std::numeric_limits<float>::max())), x);
}

HWY_INLINE hn::Vec<Floats> nearer(hn::Vec<Floats> least, hn::Vec<Floats> size) {
  const Floats f;
  return hn::IfThenElse(hn::And(hn::Lt(size, least), hn::Gt(size, hn::Zero(f))), size, least);
}

// Looks at the whole window of kStep lanes.
HWY_INLINE void look(const Tile<const float>& x, std::size_t lane, int days, SumNotes& notes, std::size_t at) {
  const Floats f;
  const Doubles d;
  const auto largest = hn::Set(f, std::numeric_limits<float>::max());
  const auto one = hn::Set(f, 1.0F);
  auto sum = hn::Zero(d);
  auto least = largest;
  auto most = hn::Zero(f);
  auto seen = one;
  for (int k = 0; k < days; ++k) {
    const float* from = x.row(static_cast<std::size_t>(k)) + lane;
    const auto value = valid_or_zero(from);
    sum = hn::Add(sum, hn::PromoteTo(d, value));
    least = nearer(least, hn::Abs(value));
    most = hn::Max(most, hn::Abs(value));
    seen = hn::IfThenElse(hn::Le(hn::Abs(hn::LoadU(f, from)), largest), hn::Add(seen, one), one);
  }
  hn::StoreU(sum, d, notes.sum + at);
  hn::StoreU(least, f, notes.least + at);
  hn::StoreU(most, f, notes.most + at);
  hn::StoreU(seen, f, notes.seen + at);
  hn::StoreU(valid_or_zero(x.row(0) + lane), f, notes.leaving + at);
}

// kStep lanes go on by one session.
HWY_INLINE void go_on(const Tile<const float>& x, std::size_t lane, int days, SumNotes& notes, std::size_t at) {
  const Floats f;
  const Doubles d;
  const float* today = x.row(static_cast<std::size_t>(days) - 1) + lane;
  const auto largest = hn::Set(f, std::numeric_limits<float>::max());
  const auto one = hn::Set(f, 1.0F);
  const auto value = valid_or_zero(today);
  const auto sum = hn::Add(hn::LoadU(d, notes.sum + at), hn::PromoteTo(d, value));
  hn::StoreU(hn::Sub(sum, hn::PromoteTo(d, hn::LoadU(f, notes.leaving + at))), d, notes.sum + at);
  hn::StoreU(nearer(hn::LoadU(f, notes.least + at), hn::Abs(value)), f, notes.least + at);
  hn::StoreU(hn::Max(hn::LoadU(f, notes.most + at), hn::Abs(value)), f, notes.most + at);
  const auto is_valid = hn::Le(hn::Abs(hn::LoadU(f, today)), largest);
  hn::StoreU(hn::IfThenElse(is_valid, hn::Add(hn::LoadU(f, notes.seen + at), one), one), f, notes.seen + at);
  hn::StoreU(valid_or_zero(x.row(0) + lane), f, notes.leaving + at);
}

enum class Doubt : unsigned char { kNone, kZero, kWide };

// Stores the sums or means of kStep lanes, missing where the window has gaps. Says what forbids to take them.
template <bool kIsMean>
HWY_INLINE Doubt put(const SumNotes& notes, std::size_t at, int days, float* out) {
  const Floats f;
  const Doubles d;
  const auto is_full = hn::Ge(hn::LoadU(f, notes.seen + at), hn::Set(f, static_cast<float>(days) + 1.0F));
  // Sums stay below days * most, a bit for the value that has yet to leave; the last place of `least` is above
  // least * 2^-24, a bit for the rounding of this product: 53 - 24 - 2.
  const auto range = hn::Mul(hn::LoadU(f, notes.least + at), hn::Set(f, 0x1p27F / static_cast<float>(days)));
  const auto is_wide = hn::And(is_full, hn::Gt(hn::LoadU(f, notes.most + at), range));
  const auto sum = hn::LoadU(d, notes.sum + at);
  float results[kStep];
  Single<Doubles>{kIsMean ? hn::Div(sum, hn::Set(d, static_cast<double>(days))) : sum}.store_to(results);
  hn::StoreU(hn::IfThenElse(is_full, hn::LoadU(f, results), hn::Set(f, kMissing<float>)), f, out);
  if (!hn::AllFalse(f, is_wide)) {
    return Doubt::kWide;
  }
  // Of the exact sum, before it is rounded to a float: nothing else has a sign that depends on the order.
  const auto seen = hn::PromoteTo(d, hn::LoadU(f, notes.seen + at));
  const auto is_full_sum = hn::Ge(seen, hn::Set(d, static_cast<double>(days) + 1.0));
  const auto is_zero = hn::And(is_full_sum, hn::Eq(sum, hn::Zero(d)));
  return hn::AllFalse(d, is_zero) ? Doubt::kNone : Doubt::kZero;
}

template <bool kIsMean>
void noted(const KernelCall<float>& call, std::span<std::byte> bytes) {
  const int days = window_days(call.arguments);
  const std::size_t back = static_cast<std::size_t>(days) - 1;
  LODE_ASSERT(call.out.rows == 1 && call.history == back && call.out.width % kLanes == 0);
  LODE_ASSERT(bytes.size() == call.out.width / kLanes * sizeof(SumNotes));
  const Tile<const float>& x = call.operands[0];
  auto* notes = reinterpret_cast<SumNotes*>(bytes.data());
  for (std::size_t lane = 0; lane < call.out.width; lane += kLanes, ++notes) {
    const bool is_known = notes->seen[0] > 0.0F;
    Doubt doubt = Doubt::kNone;
    for (std::size_t at = 0; at < kLanes; at += kStep) {
      if (is_known) {
        go_on(x, lane + at, days, *notes, at);
      } else {
        look(x, lane + at, days, *notes, at);
      }
      doubt = std::max(doubt, put<kIsMean>(*notes, at, days, call.out.cells + lane + at));
    }
    if (doubt == Doubt::kNone) {
      continue;
    }
    const Tile<const float> operands[] = {{x.cells + lane, x.rows, kLanes, x.stride}};
    KernelCall<float> again = call;
    again.operands = operands;
    again.out = {call.out.cells + lane, 1, kLanes, call.out.stride};
    (kIsMean ? ts_mean() : ts_sum()).run32(again);
    for (std::size_t at = 0; is_known && doubt == Doubt::kWide && at < kLanes; at += kStep) {
      look(x, lane + at, days, *notes, at);
    }
  }
}

}  // namespace

void noted_sum(const KernelCall<float>& call, std::span<std::byte> notes) { noted<false>(call, notes); }
void noted_mean(const KernelCall<float>& call, std::span<std::byte> notes) { noted<true>(call, notes); }

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::expr::kernels {
namespace {

HWY_EXPORT(noted_sum);
HWY_EXPORT(noted_mean);

constexpr int kLeastDays = 12;      // Shorter windows are as quickly added up.
constexpr int kMostMeanDays = 256;  // Means of longer ones are corrected by what a second pass finds.

}  // namespace

std::size_t noted_sum_bytes(const KernelArguments& arguments) {
  const bool is_full = arguments.options.empty() || arguments.options[0] == 0.0;
  return is_full && window_days(arguments) >= kLeastDays ? sizeof(SumNotes) / kLanes : 0;
}

std::size_t noted_mean_bytes(const KernelArguments& arguments) {
  return window_days(arguments) <= kMostMeanDays ? noted_sum_bytes(arguments) : 0;
}

void run_noted_sum(const KernelCall<float>& call, std::span<std::byte> notes) {
  HWY_DYNAMIC_DISPATCH(noted_sum)(call, notes);
}
void run_noted_mean(const KernelCall<float>& call, std::span<std::byte> notes) {
  HWY_DYNAMIC_DISPATCH(noted_mean)(call, notes);
}

}  // namespace lode::expr::kernels
#endif  // HWY_ONCE
