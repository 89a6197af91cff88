// The factor as weights: every name held by its distance from the mean, long above and short below.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// `returns`: one a date, what weights (f - mean f) / sum |f - mean f| earned over the horizon (Dates::weighted);
// `market`: the mean return of the same names (Dates::mean_label). Alpha and beta by OLS with an intercept (Jensen
// 1968, "The performance of mutual funds", with the universe's mean as the market); errors by Newey & West (1987) with
// the lag of the IC, since windows overlap. Below min_dates dates everything is missing and says why.
WeightedStatistics weighted_statistics(std::span<const double> returns, std::span<const double> market, int horizon,
                                       const Options& options);

}  // namespace lode::evaluate
