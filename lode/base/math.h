// Elementary functions with the same bits on every CPU: SLEEF's FMA-free, deterministic family (Sleef_cinz_*_u10, at
// most 1 ulp; erfc 1.5). libm picks FMA variants at run time and so differs between machines; core/ may not call it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lode::math {

// Scalars. NaN in, NaN out; domain errors give NaN, overflow gives infinity, as IEEE 754 asks.
double exp(double x);
double log(double x);
double log10(double x);
double log1p(double x);
double expm1(double x);
double pow(double x, double y);
double sin(double x);
double cos(double x);
double tan(double x);
double asin(double x);
double acos(double x);
double atan(double x);
double sinh(double x);
double cosh(double x);
double tanh(double x);
double erf(double x);
double erfc(double x);
double lgamma(double x);
double sqrt(double x);  // Correctly rounded everywhere.
double floor(double x);
double ceil(double x);
double round_even(double x);
double abs(double x);
double fused(double x, double y, double z);  // x y + z, rounded once (IEEE 754's fusedMultiplyAdd): exact everywhere.
bool is_nan(double x);
bool is_finite(double x);

// Arrays, out[i] = f(in[i]), n values; `in` may equal `out`. Same bits as the scalars, 5 to 15 times faster. The
// other functions stand in math_arrays.h; lgamma, whose path SLEEF chooses by all lanes at once, has no such form.
void exp(const double* in, double* out, std::size_t n);
void log(const double* in, double* out, std::size_t n);
void pow(const double* x, const double* y, double* out, std::size_t n);
void pow(const float* x, const float* y, float* out, std::size_t n);  // At most 1 ulp of float.
void tanh(const double* in, double* out, std::size_t n);

// Inverse of the standard normal CDF (Wichura 1988, AS 241, PPND16): about 1e-16 relative. p outside (0, 1): NaN,
// at 0 and 1 -+ infinity.
double normal_quantile(double p);

}  // namespace lode::math
