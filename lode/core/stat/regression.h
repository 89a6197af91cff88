// Ordinary least squares with a few regressors, by Householder QR, with plain and Newey-West errors.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lode::stat {

// A fitted regression. Vectors over regressors have the intercept (if any) first, then the columns as given; a column
// that is collinear with those before it is dropped: its coefficient, error and t are NaN.
struct Regression {
  std::vector<double> coefficients;
  std::vector<double> standard_errors;  // Plain: residual variance with n - rank degrees of freedom.
  std::vector<double> t;
  std::vector<double> residuals;  // One a row; NaN for rows left out.
  double r2;                      // Against the mean with an intercept, against 0 without; NaN for constant y.
  std::size_t n = 0;              // Rows used.
  std::size_t rank = 0;           // Regressors kept.
};

// Regresses y on `columns` (each as long as y). Rows with a NaN in y or any column are left out. With fewer rows than
// regressors + 1, coefficients that exist are given, errors are NaN; without any row everything is NaN. A column counts
// as collinear when less than 1e-10 of its length is left after projection on the columns before it.
Regression ols(std::span<const double> y, std::span<const std::span<const double>> columns, bool intercept);

// Standard errors robust to heteroskedasticity and to autocorrelation up to `lag` (Newey & West 1987, Bartlett weights,
// no small-sample factor) of a regression on the same data. The rows used count as neighbours in their order. For the
// regression of a factor's returns on other factors.
std::vector<double> newey_west_errors(const Regression& fit, std::span<const std::span<const double>> columns,
                                      bool intercept, int lag);

}  // namespace lode::stat
