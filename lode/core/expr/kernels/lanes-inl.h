// Vectors of numbers with the operators of arithmetic, so that a kernel reads like its formula: Single is one register
// of any width (one lane included); Pair is two side by side and Stack two rows of a tile, one below the other, of
// anything: both keep the adders busy while a sum waits for itself. Compiled once a target by Highway's foreach_target.
// Every operation here is exact IEEE 754, so all targets agree, and so do all ways to stack.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_EXPR_KERNELS_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_EXPR_KERNELS_LANES_INL_H_
#undef LODE_CORE_EXPR_KERNELS_LANES_INL_H_
#else
#define LODE_CORE_EXPR_KERNELS_LANES_INL_H_
#endif

#include <cstddef>
#include <limits>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lode::expr::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class N>
HWY_INLINE N finite(N x);
template <class N>
HWY_INLINE N missing();

constexpr double kBeyondFloats = 0x1.ffffffp127;  // The least double that rounds to an infinite float.

template <class D>
struct Single {
  using T = hn::TFromD<D>;
  struct Mask {
    hn::Mask<D> m;
  };
  static constexpr std::size_t kWidth = hn::MaxLanes(D());
  static constexpr std::size_t kRows = 1;
  static constexpr std::size_t kCount = kWidth;

  hn::Vec<D> v;

  static HWY_INLINE Single load(const T* from) { return {hn::LoadU(D(), from)}; }
  // Doubles from floats, exactly.
  template <class S>
  static HWY_INLINE Single load_from(const S* from) {
    if constexpr (sizeof(S) == sizeof(T)) {
      return load(from);
    } else {
      return {hn::PromoteTo(D(), hn::LoadU(hn::Rebind<S, D>(), from))};
    }
  }
  template <class S>
  static HWY_INLINE Single load_rows(const S* from, std::size_t /*stride*/) {
    return load_from(from);
  }
  static HWY_INLINE Single set(double value) { return {hn::Set(D(), static_cast<T>(value))}; }
  HWY_INLINE void store(T* to) const { hn::StoreU(v, D(), to); }
  // Rounded once to the type of the cells, infinite (also by that rounding) is missing.
  template <class S>
  HWY_INLINE void store_to(S* to) const {
    if constexpr (sizeof(S) == sizeof(T)) {
      finite(*this).store(to);
    } else {
      // What rounds beyond the largest float is infinite on most CPUs, but that float itself where Highway has no
      // lanes.
      const hn::Rebind<S, D> narrow;
      const auto rounded = hn::IfThenElse(hn::Lt(hn::Abs(v), hn::Set(D(), kBeyondFloats)), v, missing<Single>().v);
      finite(Single<hn::Rebind<S, D>>{hn::DemoteTo(narrow, rounded)}).store(to);
    }
  }
  template <class S>
  HWY_INLINE void store_rows(S* to, std::size_t /*stride*/) const {
    store_to(to);
  }
};

// Two of `H`: side by side, or the second one row below the first.
template <class H, bool kIsStack>
struct Two {
  using Half = H;
  using T = typename Half::T;
  struct Mask {
    typename Half::Mask a;
    typename Half::Mask b;
  };
  static constexpr std::size_t kWidth = kIsStack ? Half::kWidth : 2 * Half::kWidth;
  static constexpr std::size_t kRows = kIsStack ? 2 * Half::kRows : Half::kRows;
  static constexpr std::size_t kCount = kWidth * kRows;

  Half a;
  Half b;

  // From consecutive cells: for what stands in one row, or what store() has written.
  static HWY_INLINE Two load(const T* from) { return {Half::load(from), Half::load(from + Half::kCount)}; }
  template <class S>
  static HWY_INLINE Two load_from(const S* from) {
    return {Half::load_from(from), Half::load_from(from + Half::kCount)};
  }
  // From a tile whose rows are `stride` cells apart.
  template <class S>
  static HWY_INLINE Two load_rows(const S* from, std::size_t stride) {
    return {Half::load_rows(from, stride), Half::load_rows(second(from, stride), stride)};
  }
  static HWY_INLINE Two set(double value) { return {Half::set(value), Half::set(value)}; }
  HWY_INLINE void store(T* to) const {
    a.store(to);
    b.store(to + Half::kCount);
  }
  template <class S>
  HWY_INLINE void store_rows(S* to, std::size_t stride) const {
    a.store_rows(to, stride);
    b.store_rows(second(to, stride), stride);
  }

 private:
  template <class S>
  static HWY_INLINE S* second(S* first, std::size_t stride) {
    return first + (kIsStack ? Half::kRows * stride : Half::kWidth);
  }
};
template <class H>
using Pair = Two<H, false>;
template <class H>
using Stack = Two<H, true>;

#define LODE_LANES_UNARY(name, function)                        \
  template <class D>                                            \
  HWY_INLINE Single<D> name(Single<D> x) {                      \
    return {hn::function(x.v)};                                 \
  }                                                             \
  template <class H, bool kIsStack>                             \
  HWY_INLINE Two<H, kIsStack> name(const Two<H, kIsStack>& x) { \
    return {name(x.a), name(x.b)};                              \
  }
#define LODE_LANES_BINARY(name, function)                                                  \
  template <class D>                                                                       \
  HWY_INLINE Single<D> name(Single<D> x, Single<D> y) {                                    \
    return {hn::function(x.v, y.v)};                                                       \
  }                                                                                        \
  template <class H, bool kIsStack>                                                        \
  HWY_INLINE Two<H, kIsStack> name(const Two<H, kIsStack>& x, const Two<H, kIsStack>& y) { \
    return {name(x.a, y.a), name(x.b, y.b)};                                               \
  }
#define LODE_LANES_COMPARE(name, function)                                                                \
  template <class D>                                                                                      \
  HWY_INLINE typename Single<D>::Mask name(Single<D> x, Single<D> y) {                                    \
    return {hn::function(x.v, y.v)};                                                                      \
  }                                                                                                       \
  template <class H, bool kIsStack>                                                                       \
  HWY_INLINE typename Two<H, kIsStack>::Mask name(const Two<H, kIsStack>& x, const Two<H, kIsStack>& y) { \
    return {name(x.a, y.a), name(x.b, y.b)};                                                              \
  }

LODE_LANES_UNARY(operator-, Neg)
LODE_LANES_UNARY(abs, Abs)
LODE_LANES_UNARY(sqrt, Sqrt)
LODE_LANES_UNARY(floor, Floor)
LODE_LANES_UNARY(ceil, Ceil)
LODE_LANES_BINARY(operator+, Add)
LODE_LANES_BINARY(operator-, Sub)
LODE_LANES_BINARY(operator*, Mul)
LODE_LANES_BINARY(operator/, Div)
LODE_LANES_COMPARE(less, Lt)
LODE_LANES_COMPARE(less_equal, Le)
LODE_LANES_COMPARE(equal, Eq)
#undef LODE_LANES_UNARY
#undef LODE_LANES_BINARY
#undef LODE_LANES_COMPARE

// Masks are taken with the number type they belong to, which a mask alone does not tell: both<N>(..).
template <class N>
struct MaskOps;

template <class D>
struct MaskOps<Single<D>> {
  using N = Single<D>;
  using M = typename N::Mask;
  static HWY_INLINE M both(M x, M y) { return {hn::And(x.m, y.m)}; }
  static HWY_INLINE M either(M x, M y) { return {hn::Or(x.m, y.m)}; }
  static HWY_INLINE N select(M mask, N yes, N no) { return {hn::IfThenElse(mask.m, yes.v, no.v)}; }
  static HWY_INLINE M opposite(M x) { return {hn::Not(x.m)}; }
  static HWY_INLINE M is_nan(N x) { return {hn::IsNaN(x.v)}; }
  static HWY_INLINE bool none(M mask) { return hn::AllFalse(D(), mask.m); }
  static HWY_INLINE bool all(M mask) { return hn::AllTrue(D(), mask.m); }
};
template <class H, bool kIsStack>
struct MaskOps<Two<H, kIsStack>> {
  using N = Two<H, kIsStack>;
  using M = typename N::Mask;
  using Half = MaskOps<H>;
  static HWY_INLINE M both(const M& x, const M& y) { return {Half::both(x.a, y.a), Half::both(x.b, y.b)}; }
  static HWY_INLINE M either(const M& x, const M& y) { return {Half::either(x.a, y.a), Half::either(x.b, y.b)}; }
  static HWY_INLINE N select(const M& mask, const N& yes, const N& no) {
    return {Half::select(mask.a, yes.a, no.a), Half::select(mask.b, yes.b, no.b)};
  }
  static HWY_INLINE M opposite(const M& x) { return {Half::opposite(x.a), Half::opposite(x.b)}; }
  static HWY_INLINE M is_nan(const N& x) { return {Half::is_nan(x.a), Half::is_nan(x.b)}; }
  static HWY_INLINE bool none(const M& mask) { return Half::none(mask.a) && Half::none(mask.b); }
  static HWY_INLINE bool all(const M& mask) { return Half::all(mask.a) && Half::all(mask.b); }
};

template <class N>
HWY_INLINE typename N::Mask both(typename N::Mask x, typename N::Mask y) {
  return MaskOps<N>::both(x, y);
}
template <class N>
HWY_INLINE typename N::Mask either(typename N::Mask x, typename N::Mask y) {
  return MaskOps<N>::either(x, y);
}
template <class N>
HWY_INLINE N select(typename N::Mask mask, N yes, N no) {
  return MaskOps<N>::select(mask, yes, no);
}
template <class N>
HWY_INLINE bool none(typename N::Mask mask) {
  return MaskOps<N>::none(mask);
}
template <class N>
HWY_INLINE bool all(typename N::Mask mask) {
  return MaskOps<N>::all(mask);
}

template <class N>
HWY_INLINE typename N::Mask is_nan(N x) {
  return MaskOps<N>::is_nan(x);
}
// True where either is NaN. Highway's own Ne is false there with AVX-512 (1.0.3).
template <class N>
HWY_INLINE typename N::Mask unequal(N x, N y) {
  return MaskOps<N>::opposite(equal(x, y));
}
template <class N>
HWY_INLINE N missing() {
  return N::set(std::numeric_limits<double>::quiet_NaN());
}
// The value, or the one quiet NaN where it is any NaN or beyond `most`: what a kernel may store.
template <class N>
HWY_INLINE N within(N x, N most) {
  return select<N>(less_equal(abs(x), most), x, missing<N>());
}
template <class N>
HWY_INLINE N largest() {
  return N::set(static_cast<double>(std::numeric_limits<typename N::T>::max()));
}
template <class N>
HWY_INLINE N finite(N x) {
  return within(x, largest<N>());
}
// True where x is missing: NaN, or infinite under a profile that keeps those.
template <class N>
HWY_INLINE typename N::Mask is_missing(N x) {
  return MaskOps<N>::opposite(less_equal(abs(x), largest<N>()));
}
// Joins what stands in rows one below the other: rows[0, kRows).
template <class N, class Row>
HWY_INLINE N stacked(const Row* rows) {
  if constexpr (N::kRows == 1) {
    return rows[0];
  } else {
    return {stacked<typename N::Half>(rows), stacked<typename N::Half>(rows + N::Half::kRows)};
  }
}
// The smaller and the larger, the first of equals; neither may be NaN. Highway's own differ between CPUs in -0 and NaN.
template <class N>
HWY_INLINE N smaller(N x, N y) {
  return select<N>(less(y, x), y, x);
}
template <class N>
HWY_INLINE N larger(N x, N y) {
  return select<N>(less(x, y), y, x);
}

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_EXPR_KERNELS_LANES_INL_H_
