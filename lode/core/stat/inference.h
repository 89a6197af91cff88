// A regression of one series on others with what is needed to trust it: plain and robust errors, p-values, intervals,
// and whether the residuals look like noise.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lode::stat {

// A coefficient and its test against 0 by Student's t. NaN: not estimated, or no error (collinear, too few rows).
struct Coefficient {
  double value;
  double standard_error;
  double t;
  double p;    // Two-sided.
  double low;  // 95 % interval.
  double high;
};
// The same for an estimate with `degrees` degrees of freedom.
Coefficient coefficient_of(double value, double standard_error, double degrees);

struct SeriesFit {
  std::vector<Coefficient> plain;   // Intercept first, then the columns as given.
  std::vector<Coefficient> robust;  // The same values with Newey-West errors.
  double r2;
  double durbin_watson;  // sum (e_t - e_{t-1})^2 / sum e_t^2 over the rows used: 2 without autocorrelation.
  double jarque_bera;    // n/6 (skewness^2 + (kurtosis - 3)^2 / 4) of the residuals, moments by n.
  double jarque_bera_p;  // By chi-square with 2 degrees: small where residuals are not normal.
  int lag = 0;           // Of Newey-West.
  std::size_t n = 0;     // Rows with a value in all.
};

// OLS of y on an intercept and `columns`. Rows with a NaN are left out. Degrees of freedom: n - rank. `lag` below 0:
// newey_west_lag(1, n). Everything is NaN where fewer rows than regressors + 2 are left.
SeriesFit fit_series(std::span<const double> y, std::span<const std::span<const double>> columns, int lag = -1);

}  // namespace lode::stat
