// The array kernels of base/math, one set a vector width. Only base/math and its tests look in here.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace lode::math {

// One width's kernels: out[i] = f(in[i]) for n values, `in` may equal `out`. All widths give the same bits.
struct Lanes {
  const char* name;  // "sse2", "avx", "avx512"
  void (*exp)(const double* in, double* out, std::size_t n);
  void (*log)(const double* in, double* out, std::size_t n);
  void (*tanh)(const double* in, double* out, std::size_t n);
  void (*log10)(const double* in, double* out, std::size_t n);
  void (*asin)(const double* in, double* out, std::size_t n);
  void (*acos)(const double* in, double* out, std::size_t n);
  void (*atan)(const double* in, double* out, std::size_t n);
  void (*sinh)(const double* in, double* out, std::size_t n);
  void (*cosh)(const double* in, double* out, std::size_t n);
  void (*sin)(const double* in, double* out, std::size_t n);
  void (*cos)(const double* in, double* out, std::size_t n);
  void (*tan)(const double* in, double* out, std::size_t n);
  void (*pow)(const double* x, const double* y, double* out, std::size_t n);
  void (*pow32)(const float* x, const float* y, float* out, std::size_t n);
};

// What this CPU can run, narrowest first; never empty.
const std::vector<Lanes>& usable_lanes();

}  // namespace lode::math
