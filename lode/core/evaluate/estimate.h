// Estimates with intervals and reasons, and annual rates.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

inline constexpr double kNormal95 = 1.959963984540054;  // Two-sided 5 % point of the normal.

// value +- 1.96 standard errors; no interval when the error is unknown.
Estimate make_estimate(double value, double standard_error, std::size_t n);
Estimate missing_estimate(std::size_t n, std::string reason);

// "12 dates, needs 60".
std::string too_few(std::size_t n, int needed, std::string_view what);

// (1 + mean a session)^A - 1; NaN for -1 or less.
double annual_rate(double mean_a_session, double sessions_a_year);
// The mean of daily returns and its interval as annual rates.
Estimate annual_estimate(double mean, double standard_error, std::size_t n, double sessions_a_year);

}  // namespace lode::evaluate
