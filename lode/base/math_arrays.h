// More functions of lode/base/math.h over arrays, for code that has many values in hand at once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lode::math {

// out[i] = f(in[i]), n values; `in` may equal `out`. The bits of the scalars, several times faster.
void log10(const double* in, double* out, std::size_t n);
void asin(const double* in, double* out, std::size_t n);
void acos(const double* in, double* out, std::size_t n);
void atan(const double* in, double* out, std::size_t n);
void sinh(const double* in, double* out, std::size_t n);
void cosh(const double* in, double* out, std::size_t n);
// These are fast where neighbouring values are of one size: all below 15, or all of 15 to 1e14.
void sin(const double* in, double* out, std::size_t n);
void cos(const double* in, double* out, std::size_t n);
void tan(const double* in, double* out, std::size_t n);

}  // namespace lode::math
