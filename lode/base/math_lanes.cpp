// SLEEF's deterministic FMA-free functions over arrays, in every width of x86-64.
//
// sleef.h shows the wide variants only to a file compiled wholly for that CPU, and such a file would leak its inline
// functions into the rest of the program. So the wide ones are declared here, each with its own target attribute.
// sin, cos and tan pick their range reduction by a look at all lanes at once (SLEEF 3.5, TRIGRANGEMAX2 and
// TRIGRANGEMAX): a value's bits would depend on its neighbours, so a vector whose lanes want different ones goes value
// by value. The others treat each lane alone (tested). There is no lgamma, whose branches are many.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/math_lanes.h"

#include <algorithm>

#include "lode/base/math.h"

#if defined(__x86_64__)
#include <immintrin.h>

// A kernel of one argument: whole vectors, then the rest in a padded one.
#define LODE_KERNEL_1(kernel, callee, isa, Vector, width, load, store)                     \
  extern "C" __attribute__((target(isa))) Vector callee(Vector);                           \
  namespace {                                                                              \
  __attribute__((target(isa))) void kernel(const double* in, double* out, std::size_t n) { \
    std::size_t i = 0;                                                                     \
    for (; i + (width) <= n; i += (width)) {                                               \
      store(out + i, callee(load(in + i)));                                                \
    }                                                                                      \
    if (i < n) {                                                                           \
      double tail[width] = {};                                                             \
      std::copy(in + i, in + n, tail);                                                     \
      store(tail, callee(load(tail)));                                                     \
      std::copy(tail, tail + (n - i), out + i);                                            \
    }                                                                                      \
  }                                                                                        \
  }

// A kernel of an angle: vectors whose values want the same range reduction; the others and the rest one by one.
#define LODE_KERNEL_ANGLE(kernel, callee, scalar, isa, Vector, width, load, store)         \
  extern "C" __attribute__((target(isa))) Vector callee(Vector);                           \
  namespace {                                                                              \
  __attribute__((target(isa))) void kernel(const double* in, double* out, std::size_t n) { \
    std::size_t i = 0;                                                                     \
    for (; i + (width) <= n; i += (width)) {                                               \
      if (is_one_reduction(in + i, width)) {                                               \
        store(out + i, callee(load(in + i)));                                              \
      } else {                                                                             \
        std::transform(in + i, in + i + (width), out + i, scalar);                         \
      }                                                                                    \
    }                                                                                      \
    std::transform(in + i, in + n, out + i, scalar);                                       \
  }                                                                                        \
  }

// A kernel of two arguments.
#define LODE_KERNEL_2(kernel, callee, isa, T, Vector, width, load, store)                   \
  extern "C" __attribute__((target(isa))) Vector callee(Vector, Vector);                    \
  namespace {                                                                               \
  __attribute__((target(isa))) void kernel(const T* x, const T* y, T* out, std::size_t n) { \
    std::size_t i = 0;                                                                      \
    for (; i + (width) <= n; i += (width)) {                                                \
      store(out + i, callee(load(x + i), load(y + i)));                                     \
    }                                                                                       \
    if (i < n) {                                                                            \
      T left[width] = {};                                                                   \
      T right[width] = {};                                                                  \
      std::copy(x + i, x + n, left);                                                        \
      std::copy(y + i, y + n, right);                                                       \
      store(left, callee(load(left), load(right)));                                         \
      std::copy(left, left + (n - i), out + i);                                             \
    }                                                                                       \
  }                                                                                         \
  }

// The kernels of one width; `d` and `suffix` are the ends of SLEEF's names.
#define LODE_LANES(set, d, suffix, isa, Vector, width, load, store)                                               \
  LODE_KERNEL_1(set##_exp, Sleef_cinz_exp##d##_u10##suffix, isa, Vector, width, load, store)                      \
  LODE_KERNEL_1(set##_log, Sleef_cinz_log##d##_u10##suffix, isa, Vector, width, load, store)                      \
  LODE_KERNEL_1(set##_tanh, Sleef_cinz_tanh##d##_u10##suffix, isa, Vector, width, load, store)                    \
  LODE_KERNEL_1(set##_log10, Sleef_cinz_log10##d##_u10##suffix, isa, Vector, width, load, store)                  \
  LODE_KERNEL_1(set##_asin, Sleef_cinz_asin##d##_u10##suffix, isa, Vector, width, load, store)                    \
  LODE_KERNEL_1(set##_acos, Sleef_cinz_acos##d##_u10##suffix, isa, Vector, width, load, store)                    \
  LODE_KERNEL_1(set##_atan, Sleef_cinz_atan##d##_u10##suffix, isa, Vector, width, load, store)                    \
  LODE_KERNEL_1(set##_sinh, Sleef_cinz_sinh##d##_u10##suffix, isa, Vector, width, load, store)                    \
  LODE_KERNEL_1(set##_cosh, Sleef_cinz_cosh##d##_u10##suffix, isa, Vector, width, load, store)                    \
  LODE_KERNEL_ANGLE(set##_sin, Sleef_cinz_sin##d##_u10##suffix, lode::math::sin, isa, Vector, width, load, store) \
  LODE_KERNEL_ANGLE(set##_cos, Sleef_cinz_cos##d##_u10##suffix, lode::math::cos, isa, Vector, width, load, store) \
  LODE_KERNEL_ANGLE(set##_tan, Sleef_cinz_tan##d##_u10##suffix, lode::math::tan, isa, Vector, width, load, store) \
  LODE_KERNEL_2(set##_pow, Sleef_cinz_pow##d##_u10##suffix, isa, double, Vector, width, load, store)

namespace {

// Whether SLEEF reduces the range of all these angles in the same way.
bool is_one_reduction(const double* x, std::size_t n) {
  constexpr double kSmall = 15.0;   // TRIGRANGEMAX2
  constexpr double kLarge = 1e+14;  // TRIGRANGEMAX
  std::size_t small = 0;
  std::size_t not_large = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double size = x[i] < 0.0 ? -x[i] : x[i];
    small += size < kSmall ? 1 : 0;
    not_large += size < kLarge ? 1 : 0;
  }
  return small == n || (small == 0 && (not_large == n || not_large == 0));
}

}  // namespace

LODE_LANES(sse2, d2, sse2, "sse2", __m128d, 2, _mm_loadu_pd, _mm_storeu_pd)
LODE_LANES(avx, d4, avx, "avx", __m256d, 4, _mm256_loadu_pd, _mm256_storeu_pd)
LODE_LANES(avx512, d8, avx512fnofma, "avx512f", __m512d, 8, _mm512_loadu_pd, _mm512_storeu_pd)
LODE_KERNEL_2(sse2_pow32, Sleef_cinz_powf4_u10sse2, "sse2", float, __m128, 4, _mm_loadu_ps, _mm_storeu_ps)
LODE_KERNEL_2(avx_pow32, Sleef_cinz_powf8_u10avx, "avx", float, __m256, 8, _mm256_loadu_ps, _mm256_storeu_ps)
LODE_KERNEL_2(avx512_pow32, Sleef_cinz_powf16_u10avx512fnofma, "avx512f", float, __m512, 16, _mm512_loadu_ps,
              _mm512_storeu_ps)

#define LODE_SET(set)                                                                                                \
  {                                                                                                                  \
    #set, set##_exp, set##_log, set##_tanh, set##_log10, set##_asin, set##_acos, set##_atan, set##_sinh, set##_cosh, \
        set##_sin, set##_cos, set##_tan, set##_pow, set##_pow32                                                      \
  }

namespace lode::math {

const std::vector<Lanes>& usable_lanes() {
  static const std::vector<Lanes> usable = [] {
    std::vector<Lanes> lanes = {LODE_SET(sse2)};
    if (__builtin_cpu_supports("avx")) {
      lanes.push_back(LODE_SET(avx));
    }
    if (__builtin_cpu_supports("avx512f")) {
      lanes.push_back(LODE_SET(avx512));
    }
    return lanes;
  }();
  return usable;
}

}  // namespace lode::math

#else
#include <sleef.h>

namespace {

template <double (*callee)(double)>
void each(const double* in, double* out, std::size_t n) {
  std::transform(in, in + n, out, callee);
}

void each_pow(const double* x, const double* y, double* out, std::size_t n) {
  std::transform(x, x + n, y, out, Sleef_cinz_powd1_u10purec);
}

void each_pow32(const float* x, const float* y, float* out, std::size_t n) {
  std::transform(x, x + n, y, out, Sleef_cinz_powf1_u10purec);
}

}  // namespace

namespace lode::math {

const std::vector<Lanes>& usable_lanes() {
  static const std::vector<Lanes> usable = {{"scalar", each<exp>, each<log>, each<tanh>, each<log10>, each<asin>,
                                             each<acos>, each<atan>, each<sinh>, each<cosh>, each<sin>, each<cos>,
                                             each<tan>, each_pow, each_pow32}};
  return usable;
}

}  // namespace lode::math

#endif
