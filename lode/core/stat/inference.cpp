// Regressions with their tests.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/inference.h"

#include "lode/base/math.h"
#include "lode/core/stat/distribution.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/regression.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

constexpr double kLevel = 0.975;  // Of the upper end of a 95 % interval.

// Residuals of the rows used, in their order.
std::vector<double> used_of(std::span<const double> residuals) {
  std::vector<double> used;
  for (const double residual : residuals) {
    if (is_valid(residual)) {
      used.push_back(residual);
    }
  }
  return used;
}

void check_residuals(std::span<const double> residuals, SeriesFit& fit) {
  double m2 = 0.0;
  double steps = 0.0;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const double step = i > 0 ? residuals[i] - residuals[i - 1] : 0.0;
    m2 += residuals[i] * residuals[i];
    steps += step * step;
  }
  if (!(m2 > 0.0)) {
    return;
  }
  const auto n = static_cast<double>(residuals.size());
  const double deviation = math::sqrt(m2 / n);
  double m3 = 0.0;
  double m4 = 0.0;
  for (const double residual : residuals) {  // Their mean is 0: there is an intercept.
    const double z = residual / deviation;
    m3 += z * z * z / n;
    m4 += z * z * z * z / n;
  }
  fit.durbin_watson = steps / m2;
  fit.jarque_bera = n / 6.0 * (m3 * m3 + (m4 - 3.0) * (m4 - 3.0) / 4.0);
  fit.jarque_bera_p = 1.0 - chi_square_cdf(fit.jarque_bera, 2.0);
}

}  // namespace

Coefficient coefficient_of(double value, double standard_error, double degrees) {
  Coefficient result{value, standard_error, kMissing, kMissing, kMissing, kMissing};
  if (standard_error > 0.0 && degrees > 0.0) {
    const double reach = student_t_quantile(kLevel, degrees) * standard_error;
    result.t = value / standard_error;
    result.p = student_t_two_sided_p(result.t, degrees);
    result.low = value - reach;
    result.high = value + reach;
  }
  return result;
}

SeriesFit fit_series(std::span<const double> y, std::span<const std::span<const double>> columns, int lag) {
  SeriesFit fit{{}, {}, kMissing, kMissing, kMissing, kMissing};
  const Regression line = ols(y, columns, true);
  fit.n = line.n;
  const std::size_t regressors = columns.size() + 1;
  fit.plain.assign(regressors, coefficient_of(kMissing, kMissing, 0.0));
  fit.robust = fit.plain;
  if (line.n < regressors + 2) {
    return fit;
  }
  fit.lag = lag < 0 ? newey_west_lag(1, line.n) : lag;
  const std::vector<double> robust = newey_west_errors(line, columns, true, fit.lag);
  const auto degrees = static_cast<double>(line.n - line.rank);
  for (std::size_t i = 0; i < regressors; ++i) {
    fit.plain[i] = coefficient_of(line.coefficients[i], line.standard_errors[i], degrees);
    fit.robust[i] = coefficient_of(line.coefficients[i], robust[i], degrees);
  }
  fit.r2 = line.r2;
  check_residuals(used_of(line.residuals), fit);
  return fit;
}

}  // namespace lode::stat
