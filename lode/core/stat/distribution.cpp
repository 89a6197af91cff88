// Distribution functions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/distribution.h"

#include "lode/base/math.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

constexpr double kInverseSqrt2 = 0.70710678118654752440;
constexpr double kInverseSqrt2Pi = 0.39894228040143267794;
constexpr double kTiny = 1e-300;   // Stands in for a zero denominator in Lentz's method.
constexpr double kEnough = 1e-16;  // A step that moves the result by less ends the iteration.
constexpr int kMaxSteps = 20'000;  // Needed steps grow like sqrt(max(a, b)); this serves 1e7 and more.
// Above so many degrees the front factor of the beta, a difference of large lgammas, loses more than 1e-9, and A&S
// 26.7.8, a normal that errs by the order of 1 / degrees^2, is the better of the two.
constexpr double kNearlyNormal = 1e6;

double away_from_zero(double x) { return math::abs(x) < kTiny ? kTiny : x; }

// The continued fraction of I_x(a, b) without its front factor; converges fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  double c = 1.0;
  double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
  double value = d;
  for (int step = 1; step <= kMaxSteps; ++step) {
    const double m = step;
    const double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    d = 1.0 / away_from_zero(1.0 + even * d);
    c = away_from_zero(1.0 + even / c);
    value *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    d = 1.0 / away_from_zero(1.0 + odd * d);
    c = away_from_zero(1.0 + odd / c);
    value *= d * c;
    if (math::abs(d * c - 1.0) < kEnough) {
      break;
    }
  }
  return value;
}

// x^a e^-x / Gamma(a), the front factor of both forms of P(a, x).
double gamma_front(double a, double x) { return math::exp(a * math::log(x) - x - math::lgamma(a)); }

double gamma_series(double a, double x) {
  double term = 1.0 / a;
  double total = term;
  for (int step = 1; step <= kMaxSteps && term > kEnough * total; ++step) {
    term *= x / (a + step);
    total += term;
  }
  return total * gamma_front(a, x);
}

// Upper tail Q(a, x).
double gamma_fraction(double a, double x) {
  double b = x + 1.0 - a;
  double c = 1.0 / kTiny;
  double d = 1.0 / away_from_zero(b);
  double value = d;
  for (int step = 1; step <= kMaxSteps; ++step) {
    const double numerator = -step * (step - a);
    b += 2.0;
    d = 1.0 / away_from_zero(numerator * d + b);
    c = away_from_zero(b + numerator / c);
    value *= d * c;
    if (math::abs(d * c - 1.0) < kEnough) {
      break;
    }
  }
  return value * gamma_front(a, x);
}

}  // namespace

double normal_pdf(double x) { return kInverseSqrt2Pi * math::exp(-0.5 * x * x); }

double normal_cdf(double x) { return 0.5 * math::erfc(-x * kInverseSqrt2); }

double normal_two_sided_p(double z) { return math::erfc(math::abs(z) * kInverseSqrt2); }

double incomplete_beta(double a, double b, double x) {
  if (!(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0)) {
    return kMissing;
  }
  if (x == 0.0 || x == 1.0) {
    return x;
  }
  const double log_front =
      math::lgamma(a + b) - math::lgamma(a) - math::lgamma(b) + a * math::log(x) + b * math::log1p(-x);
  const double front = math::exp(log_front);
  if (x < (a + 1.0) / (a + b + 2.0)) {
    return front * beta_fraction(a, b, x) / a;
  }
  return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

double incomplete_gamma(double a, double x) {
  if (!(a > 0.0 && x >= 0.0)) {
    return kMissing;
  }
  if (x == 0.0) {
    return 0.0;
  }
  return x < a + 1.0 ? gamma_series(a, x) : 1.0 - gamma_fraction(a, x);
}

double student_t_two_sided_p(double t, double degrees) {
  if (degrees > kNearlyNormal) {
    return normal_two_sided_p(t * (1.0 - 0.25 / degrees) / math::sqrt(1.0 + 0.5 * t * t / degrees));
  }
  return incomplete_beta(0.5 * degrees, 0.5, degrees / (degrees + t * t));
}

double student_t_cdf(double t, double degrees) {
  const double tail = 0.5 * student_t_two_sided_p(t, degrees);
  return t > 0.0 ? 1.0 - tail : tail;
}

double student_t_quantile(double p, double degrees) {
  const double z = math::normal_quantile(p);
  if (!math::is_finite(z) || !(degrees > 0.0) || z == 0.0) {
    return degrees > 0.0 ? z : kMissing;
  }
  if (z > 0.0) {
    return -student_t_quantile(1.0 - p, degrees);  // The lower tail keeps its accuracy.
  }
  double low = 2.0 * z;  // Tails are heavier than the normal's.
  while (student_t_cdf(low, degrees) > p) {
    low *= 2.0;
  }
  double high = 0.0;
  for (double middle = 0.5 * low; middle > low && middle < high; middle = 0.5 * (low + high)) {
    (student_t_cdf(middle, degrees) < p ? low : high) = middle;
  }
  return high;
}

double chi_square_cdf(double x, double degrees) {
  return x < 0.0 && degrees > 0.0 ? 0.0 : incomplete_gamma(0.5 * degrees, 0.5 * x);
}

}  // namespace lode::stat
