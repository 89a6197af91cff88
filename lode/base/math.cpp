// Elementary functions: scalars through SLEEF's two-lane form (its one-lane form is several times slower), arrays
// through the widest kernels of this CPU.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/math.h"

#include <sleef.h>

#include <cmath>
#include <limits>

#include "lode/base/math_arrays.h"
#include "lode/base/math_lanes.h"

namespace lode::math {

#if defined(__x86_64__)
#define LODE_SLEEF_1(name, ulp, x) _mm_cvtsd_f64(Sleef_cinz_##name##d2_##ulp##sse2(_mm_set1_pd(x)))
#define LODE_SLEEF_2(name, ulp, x, y) _mm_cvtsd_f64(Sleef_cinz_##name##d2_##ulp##sse2(_mm_set1_pd(x), _mm_set1_pd(y)))
#else
#define LODE_SLEEF_1(name, ulp, x) Sleef_cinz_##name##d1_##ulp##purec(x)
#define LODE_SLEEF_2(name, ulp, x, y) Sleef_cinz_##name##d1_##ulp##purec(x, y)
#endif

double exp(double x) { return LODE_SLEEF_1(exp, u10, x); }
double log(double x) { return LODE_SLEEF_1(log, u10, x); }
double log1p(double x) { return LODE_SLEEF_1(log1p, u10, x); }
double expm1(double x) { return LODE_SLEEF_1(expm1, u10, x); }
double pow(double x, double y) { return LODE_SLEEF_2(pow, u10, x, y); }
double tan(double x) { return LODE_SLEEF_1(tan, u10, x); }
double asin(double x) { return LODE_SLEEF_1(asin, u10, x); }
double acos(double x) { return LODE_SLEEF_1(acos, u10, x); }
double atan(double x) { return LODE_SLEEF_1(atan, u10, x); }
double sinh(double x) { return LODE_SLEEF_1(sinh, u10, x); }
double cosh(double x) { return LODE_SLEEF_1(cosh, u10, x); }
double log10(double x) { return LODE_SLEEF_1(log10, u10, x); }
double sin(double x) { return LODE_SLEEF_1(sin, u10, x); }
double cos(double x) { return LODE_SLEEF_1(cos, u10, x); }
double tanh(double x) { return LODE_SLEEF_1(tanh, u10, x); }
double erf(double x) { return LODE_SLEEF_1(erf, u10, x); }
double erfc(double x) { return LODE_SLEEF_1(erfc, u15, x); }
double lgamma(double x) { return LODE_SLEEF_1(lgamma, u10, x); }

// IEEE 754 fixes every bit of these, so the standard library may serve.
double sqrt(double x) { return std::sqrt(x); }
double floor(double x) { return std::floor(x); }
double ceil(double x) { return std::ceil(x); }
double round_even(double x) { return std::nearbyint(x); }
double abs(double x) { return std::fabs(x); }
double fused(double x, double y, double z) { return std::fma(x, y, z); }
bool is_nan(double x) { return std::isnan(x); }
bool is_finite(double x) { return std::isfinite(x); }

void exp(const double* in, double* out, std::size_t n) { usable_lanes().back().exp(in, out, n); }
void log(const double* in, double* out, std::size_t n) { usable_lanes().back().log(in, out, n); }
void tanh(const double* in, double* out, std::size_t n) { usable_lanes().back().tanh(in, out, n); }
void log10(const double* in, double* out, std::size_t n) { usable_lanes().back().log10(in, out, n); }
void asin(const double* in, double* out, std::size_t n) { usable_lanes().back().asin(in, out, n); }
void acos(const double* in, double* out, std::size_t n) { usable_lanes().back().acos(in, out, n); }
void atan(const double* in, double* out, std::size_t n) { usable_lanes().back().atan(in, out, n); }
void sinh(const double* in, double* out, std::size_t n) { usable_lanes().back().sinh(in, out, n); }
void cosh(const double* in, double* out, std::size_t n) { usable_lanes().back().cosh(in, out, n); }
void sin(const double* in, double* out, std::size_t n) { usable_lanes().back().sin(in, out, n); }
void cos(const double* in, double* out, std::size_t n) { usable_lanes().back().cos(in, out, n); }
void tan(const double* in, double* out, std::size_t n) { usable_lanes().back().tan(in, out, n); }
void pow(const double* x, const double* y, double* out, std::size_t n) { usable_lanes().back().pow(x, y, out, n); }
void pow(const float* x, const float* y, float* out, std::size_t n) { usable_lanes().back().pow32(x, y, out, n); }

namespace {

// Numerator and denominator by Horner's rule, highest power first.
struct Rational {
  double top[8];
  double bottom[8];

  double operator()(double r) const {
    double above = top[0];
    double below = bottom[0];
    for (int i = 1; i < 8; ++i) {
      above = above * r + top[i];
      below = below * r + bottom[i];
    }
    return above / below;
  }
};

// Wichura 1988, Applied Statistics 37(3), pages 477-484, routine PPND16: |p - 0.5| <= 0.425,
constexpr Rational kCentre = {
    {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0},
    {5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0}};
// then r = sqrt(-log(min(p, 1 - p))) up to 5,
constexpr Rational kTail = {
    {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0},
    {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0}};
// and beyond 5.
constexpr Rational kFarTail = {
    {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0},
    {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0}};

}  // namespace

double normal_quantile(double p) {
  if (!(p >= 0.0 && p <= 1.0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double q = p - 0.5;
  if (abs(q) <= 0.425) {
    return q * kCentre(0.180625 - q * q);
  }
  const double tail = q < 0.0 ? p : 1.0 - p;
  if (tail == 0.0) {
    return q < 0.0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  const double r = sqrt(-log(tail));
  const double x = r <= 5.0 ? kTail(r - 1.6) : kFarTail(r - 5.0);
  return q < 0.0 ? -x : x;
}

}  // namespace lode::math
