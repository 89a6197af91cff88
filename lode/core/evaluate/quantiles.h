// Buckets in numbers, and whether they climb.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/core/evaluate/kernel/book.h"
#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/stat/bootstrap.h"

namespace lode::evaluate {

// One entry a bucket. Returns are means over dates of the bucket's mean label, divided by the horizon; their errors are
// those of the daily returns of the bucket's overlapping tranches, which do not overlap. NaN with a reason below
// min_dates.
std::vector<QuantileStatistics> quantile_statistics(const Dates& dates, const Book& book, int horizon,
                                                    const Options& options);

// Spearman of bucket number and mean return over the buckets that have one; NaN below 2.
double monotonicity(const std::vector<QuantileStatistics>& quantiles);

// p of "the bucket returns do not climb" against "every step climbs": the MR test of Patton & Timmermann (2010),
// "Monotonicity in asset returns", Journal of Financial Economics 98: J = the smallest step; p = share of stationary
// bootstrap resamples whose smallest centred step reaches J (1,000 resamples, mean block T^(1/3)). The direction is
// that of top less bottom; since the data choose it, p is doubled (at most 1). Rows where a bucket has no return are
// left out; NaN below `min_dates` rows or 2 buckets.
double monotonicity_p(const std::vector<std::vector<double>>& daily_returns, std::uint64_t seed, int min_dates,
                      Pool& pool);
// The same with the draws of its resamples, which many series of one seed share.
std::vector<stat::BlockDraws> monotonicity_draws(std::uint64_t seed);
double monotonicity_p(const std::vector<std::vector<double>>& daily_returns, std::vector<stat::BlockDraws>& draws,
                      int min_dates, Pool& pool);

}  // namespace lode::evaluate
