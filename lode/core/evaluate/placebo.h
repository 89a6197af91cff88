// How far the mean rank IC of a factor goes when it knows nothing about names: the factor with its columns shuffled.
//
// One shuffle of the names is held for all dates, so the placebo keeps what makes long-horizon coefficients wander: the
// factor's persistence and the overlap of the labels. The mean rank IC of a shuffle p is sum_i G[p(i)][i] with G =
// (1/T) sum_t u_t v_t', u and v the standardised ranks; over all shuffles its mean is 0 and its variance |G|^2 / (n -
// 1) (Hoeffding 1951, "A combinatorial central limit theorem"), exact when the same n names are there on every date,
// with each date's own n otherwise. |G|^2 is not formed but estimated by random signs, E|Gz|^2 = |G|^2 (Hutchinson
// 1990), with 16 seeded probes: the band's width is good to about 5 %. The band is the normal's 95 %.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/evaluate/kernel/places.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// Standard deviation of the mean rank IC over shuffles; NaN below min_dates dates.
double placebo_deviation(const SortedRows& factor, const LabelRows& labels, const Options& options, Pool& pool);

}  // namespace lode::evaluate
