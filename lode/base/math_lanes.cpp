// SLEEF's deterministic FMA-free functions over arrays, in every width of x86-64.
//
// sleef.h shows the wide variants only to a file compiled wholly for that CPU, and such a file would leak its inline
// functions into the rest of the program. So the wide ones are declared here, each with its own target attribute.
// There is no sin, cos or lgamma: SLEEF picks their range reduction by a look at all lanes at once, so a value's bits
// would depend on its neighbours. exp, log, pow and tanh treat each lane alone (tested).
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/math_lanes.h"

#include <algorithm>

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

// The four kernels of one width; `d` and `suffix` are the ends of SLEEF's names.
#define LODE_LANES(set, d, suffix, isa, Vector, width, load, store)                            \
  LODE_KERNEL_1(set##_exp, Sleef_cinz_exp##d##_u10##suffix, isa, Vector, width, load, store)   \
  LODE_KERNEL_1(set##_log, Sleef_cinz_log##d##_u10##suffix, isa, Vector, width, load, store)   \
  LODE_KERNEL_1(set##_tanh, Sleef_cinz_tanh##d##_u10##suffix, isa, Vector, width, load, store) \
  LODE_KERNEL_2(set##_pow, Sleef_cinz_pow##d##_u10##suffix, isa, double, Vector, width, load, store)

LODE_LANES(sse2, d2, sse2, "sse2", __m128d, 2, _mm_loadu_pd, _mm_storeu_pd)
LODE_LANES(avx, d4, avx, "avx", __m256d, 4, _mm256_loadu_pd, _mm256_storeu_pd)
LODE_LANES(avx512, d8, avx512fnofma, "avx512f", __m512d, 8, _mm512_loadu_pd, _mm512_storeu_pd)
LODE_KERNEL_2(sse2_pow32, Sleef_cinz_powf4_u10sse2, "sse2", float, __m128, 4, _mm_loadu_ps, _mm_storeu_ps)
LODE_KERNEL_2(avx_pow32, Sleef_cinz_powf8_u10avx, "avx", float, __m256, 8, _mm256_loadu_ps, _mm256_storeu_ps)
LODE_KERNEL_2(avx512_pow32, Sleef_cinz_powf16_u10avx512fnofma, "avx512f", float, __m512, 16, _mm512_loadu_ps,
              _mm512_storeu_ps)

namespace lode::math {

const std::vector<Lanes>& usable_lanes() {
  static const std::vector<Lanes> usable = [] {
    std::vector<Lanes> lanes = {{"sse2", sse2_exp, sse2_log, sse2_tanh, sse2_pow, sse2_pow32}};
    if (__builtin_cpu_supports("avx")) {
      lanes.push_back({"avx", avx_exp, avx_log, avx_tanh, avx_pow, avx_pow32});
    }
    if (__builtin_cpu_supports("avx512f")) {
      lanes.push_back({"avx512", avx512_exp, avx512_log, avx512_tanh, avx512_pow, avx512_pow32});
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
  static const std::vector<Lanes> usable = {{"scalar", each<Sleef_cinz_expd1_u10purec>, each<Sleef_cinz_logd1_u10purec>,
                                             each<Sleef_cinz_tanhd1_u10purec>, each_pow, each_pow32}};
  return usable;
}

}  // namespace lode::math

#endif
