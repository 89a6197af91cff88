// Numbers with the operators of arithmetic, so that a step reads like its formula: `double`, one instrument; or
// `Lanes`, sixteen instruments side by side in one or several registers. Compiled once a target by Highway's
// foreach_target. Every operation is exact IEEE 754 and the same for both, so both give the same bits on all targets.
// Only fused() rounds a product and its sum together, and it does so on every target.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_ENGINE_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_ENGINE_LANES_INL_H_
#undef LODE_CORE_INDICATOR_ENGINE_LANES_INL_H_
#else
#define LODE_CORE_INDICATOR_ENGINE_LANES_INL_H_
#endif

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>

#include "hwy/highway.h"
#include "lode/base/math.h"
#include "lode/core/indicator/engine/block.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A lambda that is part of its surroundings: called, it would have its captures in memory.
#undef LODE_INLINED
#define LODE_INLINED HWY_ATTR __attribute__((always_inline))

// Masks answer to && || ! as bool does; both sides are always computed, which nobody notices: nothing here has effects.
struct RegisterMask {
  hn::Mask<hn::CappedTag<double, kBlockLanes>> m;
  friend HWY_INLINE RegisterMask operator&&(RegisterMask x, RegisterMask y) { return {hn::And(x.m, y.m)}; }
  friend HWY_INLINE RegisterMask operator||(RegisterMask x, RegisterMask y) { return {hn::Or(x.m, y.m)}; }
  friend HWY_INLINE RegisterMask operator!(RegisterMask x) { return {hn::Not(x.m)}; }
  friend HWY_INLINE bool any(RegisterMask x) { return !hn::AllFalse(hn::CappedTag<double, kBlockLanes>(), x.m); }
};

// One register of instruments.
struct Register {
  using D = hn::CappedTag<double, kBlockLanes>;
  using Mask = RegisterMask;
  static constexpr std::size_t kLanes = hn::MaxLanes(D());
  hn::Vec<D> v;

  Register() = default;
  HWY_INLINE Register(double x) : v(hn::Set(D(), x)) {}  // NOLINT(google-explicit-constructor): `x * 2.0` is arithmetic
  explicit HWY_INLINE Register(hn::Vec<D> x) : v(x) {}
  static HWY_INLINE Register load(const double* from) { return Register(hn::LoadU(D(), from)); }
  HWY_INLINE void store(double* to) const { hn::StoreU(v, D(), to); }

  friend HWY_INLINE Register operator-(Register x) { return Register(hn::Neg(x.v)); }
  friend HWY_INLINE Register operator+(Register x, Register y) { return Register(hn::Add(x.v, y.v)); }
  friend HWY_INLINE Register operator-(Register x, Register y) { return Register(hn::Sub(x.v, y.v)); }
  friend HWY_INLINE Register operator*(Register x, Register y) { return Register(hn::Mul(x.v, y.v)); }
  friend HWY_INLINE Register operator/(Register x, Register y) { return Register(hn::Div(x.v, y.v)); }
  friend HWY_INLINE Mask operator<(Register x, Register y) { return {hn::Lt(x.v, y.v)}; }
  friend HWY_INLINE Mask operator<=(Register x, Register y) { return {hn::Le(x.v, y.v)}; }
  friend HWY_INLINE Mask operator>(Register x, Register y) { return {hn::Lt(y.v, x.v)}; }
  friend HWY_INLINE Mask operator>=(Register x, Register y) { return {hn::Le(y.v, x.v)}; }
  friend HWY_INLINE Mask operator==(Register x, Register y) { return {hn::Eq(x.v, y.v)}; }
  friend HWY_INLINE Register select(Mask mask, Register yes, Register no) {
    return Register(hn::IfThenElse(mask.m, yes.v, no.v));
  }
  friend HWY_INLINE Register fused(Register x, Register y, Register z) {
#if HWY_NATIVE_FMA
    return Register(hn::MulAdd(x.v, y.v, z.v));
#else
    return fused_by_lane(x, y, z);
#endif
  }
  friend HWY_INLINE Register abs(Register x) { return Register(hn::Abs(x.v)); }
  friend HWY_INLINE Register sqrt(Register x) { return Register(hn::Sqrt(x.v)); }
  friend HWY_INLINE Register floor(Register x) { return Register(hn::Floor(x.v)); }
#if HWY_ARCH_X86
  // On x86 Min is `x < y ? x : y`, which is what we mean also for NaN and -0; elsewhere it may not be.
  friend HWY_INLINE Register smaller(Register x, Register y) { return Register(hn::Min(x.v, y.v)); }
  friend HWY_INLINE Register larger(Register x, Register y) { return Register(hn::Max(x.v, y.v)); }
#else
  friend HWY_INLINE Register smaller(Register x, Register y) { return select(x < y, x, y); }
  friend HWY_INLINE Register larger(Register x, Register y) { return select(x > y, x, y); }
#endif

 private:
  // CPUs without the instruction: made before 2013.
  static HWY_NOINLINE Register fused_by_lane(Register x, Register y, Register z) {
    std::array<double, kLanes> cells[3];
    x.store(cells[0].data());
    y.store(cells[1].data());
    z.store(cells[2].data());
    for (std::size_t k = 0; k < kLanes; ++k) {
      cells[0][k] = math::fused(cells[0][k], cells[1][k], cells[2][k]);
    }
    return load(cells[0].data());
  }
};

// Two of `H` side by side: while one waits for its sum, the other is added.
template <class H>
struct Two {
  struct Mask {
    typename H::Mask a;
    typename H::Mask b;
    friend HWY_INLINE Mask operator&&(Mask x, Mask y) { return {x.a && y.a, x.b && y.b}; }
    friend HWY_INLINE Mask operator||(Mask x, Mask y) { return {x.a || y.a, x.b || y.b}; }
    friend HWY_INLINE Mask operator!(Mask x) { return {!x.a, !x.b}; }
    friend HWY_INLINE bool any(Mask x) { return any(x.a) || any(x.b); }
  };
  static constexpr std::size_t kLanes = 2 * H::kLanes;
  H a;
  H b;

  Two() = default;
  HWY_INLINE Two(double x) : a(x), b(x) {}  // NOLINT(google-explicit-constructor): as in Register
  HWY_INLINE Two(H x, H y) : a(x), b(y) {}
  static HWY_INLINE Two load(const double* from) { return {H::load(from), H::load(from + H::kLanes)}; }
  HWY_INLINE void store(double* to) const {
    a.store(to);
    b.store(to + H::kLanes);
  }

  friend HWY_INLINE Two operator-(Two x) { return {-x.a, -x.b}; }
  friend HWY_INLINE Two operator+(Two x, Two y) { return {x.a + y.a, x.b + y.b}; }
  friend HWY_INLINE Two operator-(Two x, Two y) { return {x.a - y.a, x.b - y.b}; }
  friend HWY_INLINE Two operator*(Two x, Two y) { return {x.a * y.a, x.b * y.b}; }
  friend HWY_INLINE Two operator/(Two x, Two y) { return {x.a / y.a, x.b / y.b}; }
  friend HWY_INLINE Mask operator<(Two x, Two y) { return {x.a < y.a, x.b < y.b}; }
  friend HWY_INLINE Mask operator<=(Two x, Two y) { return {x.a <= y.a, x.b <= y.b}; }
  friend HWY_INLINE Mask operator>(Two x, Two y) { return {x.a > y.a, x.b > y.b}; }
  friend HWY_INLINE Mask operator>=(Two x, Two y) { return {x.a >= y.a, x.b >= y.b}; }
  friend HWY_INLINE Mask operator==(Two x, Two y) { return {x.a == y.a, x.b == y.b}; }
  friend HWY_INLINE Two select(Mask mask, Two yes, Two no) {
    return {select(mask.a, yes.a, no.a), select(mask.b, yes.b, no.b)};
  }
  friend HWY_INLINE Two fused(Two x, Two y, Two z) { return {fused(x.a, y.a, z.a), fused(x.b, y.b, z.b)}; }
  friend HWY_INLINE Two abs(Two x) { return {abs(x.a), abs(x.b)}; }
  friend HWY_INLINE Two sqrt(Two x) { return {sqrt(x.a), sqrt(x.b)}; }
  friend HWY_INLINE Two floor(Two x) { return {floor(x.a), floor(x.b)}; }
  friend HWY_INLINE Two smaller(Two x, Two y) { return {smaller(x.a, y.a), smaller(x.b, y.b)}; }
  friend HWY_INLINE Two larger(Two x, Two y) { return {larger(x.a, y.a), larger(x.b, y.b)}; }
};

template <std::size_t n>
struct Side {
  using type = Two<typename Side<n / 2>::type>;
};
template <>
struct Side<Register::kLanes> {
  using type = Register;
};
using Lanes = typename Side<kBlockLanes>::type;

// The same for one instrument.
HWY_INLINE double select(bool mask, double yes, double no) { return mask ? yes : no; }
HWY_INLINE bool any(bool mask) { return mask; }
HWY_INLINE double abs(double x) { return std::abs(x); }
HWY_INLINE double smaller(double x, double y) { return x < y ? x : y; }
HWY_INLINE double larger(double x, double y) { return x > y ? x : y; }
using One = hn::CappedTag<double, 1>;
HWY_INLINE double fused(double x, double y, double z) {
#if HWY_NATIVE_FMA
  return __builtin_fma(x, y, z);
#else
  return math::fused(x, y, z);
#endif
}
HWY_INLINE double sqrt(double x) { return hn::GetLane(hn::Sqrt(hn::Set(One(), x))); }
HWY_INLINE double floor(double x) { return hn::GetLane(hn::Floor(hn::Set(One(), x))); }

template <class V>
inline constexpr std::size_t kLanesOf = V::kLanes;
template <>
inline constexpr std::size_t kLanesOf<double> = 1;

template <class V>
HWY_INLINE V load(const double* from) {
  if constexpr (std::is_same_v<V, double>) {
    return *from;
  } else {
    return V::load(from);
  }
}
template <class V>
HWY_INLINE void store(V x, double* to) {
  if constexpr (std::is_same_v<V, double>) {
    *to = x;
  } else {
    x.store(to);
  }
}
template <class V>
HWY_INLINE auto is_missing(V x) {
  return !(x == x);
}
template <class V>
HWY_INLINE V missing() {
  return V(std::numeric_limits<double>::quiet_NaN());
}

// f of each instrument's number: for functions that have no vector form with the same bits.
template <class V, class F>
HWY_INLINE V each(V x, F f) {
  if constexpr (std::is_same_v<V, double>) {
    return f(x);
  } else {
    std::array<double, V::kLanes> cells;
    x.store(cells.data());
    for (double& cell : cells) {
      cell = f(cell);
    }
    return V::load(cells.data());
  }
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_ENGINE_LANES_INL_H_
