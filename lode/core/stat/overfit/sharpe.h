// Sharpe ratios that know how long, how skewed and how often tried they are. All of one period (a day, a month):
// multiply by the root of the periods of a year for display alone.
//
// Bailey & Lopez de Prado, "The Sharpe ratio efficient frontier", Journal of Risk 15 (2012), for PSR and MinTRL; "The
// deflated Sharpe ratio", Journal of Portfolio Management 40 (2014), for DSR; Bailey, Borwein, Lopez de Prado & Zhu,
// "Pseudo-mathematics and financial charlatanism", Notices of the AMS 61 (2014), for MinBTL.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace lode::stat {

// What a series of returns says about its Sharpe ratio. NaN cells are skipped.
struct ReturnShape {
  double sharpe;      // mean / standard deviation (n - 1), per period; NaN for n < 2 or a constant.
  double skew;        // m3 / m2^1.5, moments by n; 0 for a normal.
  double kurtosis;    // m4 / m2^2, raw: 3 for a normal.
  std::size_t n = 0;  // Valid returns.
};
ReturnShape return_shape(std::span<const double> returns);

// Standard error of a Sharpe ratio: sqrt((1 - skew sr + (kurtosis - 1)/4 sr^2) / (n - 1)). NaN for n < 2 or a shape
// that no sample has (a negative radicand).
double sharpe_error(const ReturnShape& shape);

// PSR: probability that the true Sharpe ratio is above `benchmark`, Phi((sr - benchmark) / sharpe_error).
double probabilistic_sharpe(const ReturnShape& shape, double benchmark);

// Expected largest of `trials` independent standard normals: (1 - g) z(1 - 1/N) + g z(1 - 1/(N e)), g = 0.5772..; 0 for
// one trial or none. Times the deviation of Sharpe ratios it is what the best of worthless trials shows.
double expected_maximum(double trials);

// DSR: PSR against the expected best of `trials` worthless ones whose Sharpe ratios have the standard deviation
// `trial_deviation`. `trials` counts independent trials and may be a fraction.
double deflated_sharpe(const ReturnShape& shape, double trial_deviation, double trials);

// The deviation of Sharpe ratios of worthless trials of n normal returns, 1 / sqrt(n - 1): when that across trials is
// not known.
double null_sharpe_deviation(std::size_t n);

// MinTRL: returns needed before PSR(benchmark) reaches `confidence`; infinite when sr <= benchmark and confidence >
// 1/2.
double least_track_record(const ReturnShape& shape, double benchmark, double confidence);

// MinBTL: years of data needed before the expected best of `trials` worthless strategies stays below `target_sharpe` a
// year: (expected_maximum / target)^2.
double least_backtest_years(double trials, double target_sharpe);

}  // namespace lode::stat
