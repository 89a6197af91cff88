// The t of a multi-session prediction that keeps its size: Hodrick (1992), "Dividend yields and expected stock
// returns", Review of Financial Studies 5, equation (8) and its standard error (1B), carried over to cross-sectional
// ranks.
//
// Instead of correlating today's factor with the next h sessions, whose windows overlap, each session's one-day returns
// are held against the factors of the last h sessions: x_t = (1/n) sum over names of c(rank r_{t+1}) *
// sum_{k=0..h-1} c(rank f_{t-k}). The sum over t is the same, but under the null of no prediction the x_t do not
// overlap and an ordinary t holds its 5 % however persistent the factor is (ux 5.3 of the design; no_overlap_test).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <vector>

#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

struct NoOverlap {
  std::vector<double> series;        // x_t, NaN where undefined.
  double t = kNoValue;               // mean(x) / (standard deviation(x) / sqrt(T))
  double standard_error = kNoValue;  // Of the mean h-session coefficient: that of x in units of a correlation.
  std::size_t n = 0;
};

// `one_day` stands for the one-session label of each row (c(rank r_{t+1})), `factor` for the factor; both centred with
// missing names at 0. n of a row is its number of labels. Rows: the first h - 1 after the first row with a factor are
// dropped; a row without labels, or with no factor row among its last h, has no x. The standard error of the mean IC is
// that of x divided by sqrt(h) and the mean deviations of both sides: for h = 1 and equal cells x_t / deviations is
// IC_t.
NoOverlap no_overlap(const Standing& factor, const Standing& one_day, int horizon, Pool& pool);
// Several horizons in one pass over the factor.
std::vector<NoOverlap> no_overlaps(const Standing& factor, const Standing& one_day, std::span<const int> horizons,
                                   Pool& pool);

// Fills t, standard error and n from the series.
void conclude_no_overlap(const Standing& factor, const Standing& one_day, int horizon, NoOverlap& out);

// The same for each group of names: x_t^g sums over the names of g at t that have a label (`one_day_values`), divided
// by their number. Rows where g has fewer than `min_names` of them, or none with a factor in the window, have no x.
std::vector<NoOverlap> no_overlap_by_group(const Standing& factor, const Standing& one_day, const Panel& one_day_values,
                                           const GroupCodes& codes, int min_names, int horizon, Pool& pool);

// The mean of `n` daily coefficients with the 95 % interval of its no-overlap test: +- 1.96 standard errors. The test
// holds one-day returns against the factor, the mean h-day returns, and where drift and skewness part the two the
// interval must not claim what the t denies. So it reaches |mean| * 1.96 / |t| at least, the values that the t does not
// reject in units of the mean, but no further across 0 than it stayed away from 0 without (where the t is near 0 or of
// the other sign). It changes without a jump in the mean, in the t and in the error, and holds 0 when the t is below
// 1.96.
Estimate ic_estimate(double mean, const NoOverlap& test, std::size_t n);

// Statistics of a daily coefficient series with the no-overlap test that belongs to it. Below `min_dates` dates every
// field is NaN and mean.reason says "12 dates, needs 60".
IcStatistics ic_statistics(const std::vector<double>& series, const NoOverlap& test, int horizon,
                           const Options& options);

}  // namespace lode::evaluate
