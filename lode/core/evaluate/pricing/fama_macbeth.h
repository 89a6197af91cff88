// Fama and MacBeth: what a unit of each exposure earned, date by date, and whether that is more than luck.
//
// Fama & MacBeth, "Risk, return, and equilibrium", Journal of Political Economy 81 (1973); Shanken, "On the estimation
// of beta-pricing models", Review of Financial Studies 5 (1992), for exposures that are estimated.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/stat/inference.h"
#include "lode/market/panel.h"

namespace lode::evaluate {

struct FamaMacBethOptions {
  bool standardizes = true;  // Exposures to mean 0 and deviation 1 (n - 1) each date: premiums are a deviation's worth.
  int min_names = 20;        // Dates with fewer complete names have no cross-section.
  int horizon = 1;           // Rows a label spans: the lag of Newey-West is at least one less.
};

struct FamaMacBeth {
  std::vector<std::vector<double>> premiums;  // [intercept, exposures as given][row]; NaN where the date has none.
  std::vector<stat::Coefficient> means;  // Means of these with Newey-West errors and Student's t, dates - 1 degrees.
  std::vector<double> r2;                // By row: of the date's cross-section.
  double mean_r2;
  double mean_names;      // A date.
  std::size_t dates = 0;  // With a cross-section.
  int lag = 0;
};

// OLS across names of `returns` (the forward return of row t) on `exposures` (of row t), with an intercept, each date
// alone, over the names that have all. An exposure that is constant or collinear on a date has no premium that date.
// All panels f64 on one axis. Same bits for any thread count.
FamaMacBeth fama_macbeth(const Panel& returns, std::span<const Panel* const> exposures,
                         const FamaMacBethOptions& options, Pool& pool);

// Shanken's factor 1 + l' S^-1 l on the variance of premiums when exposures are betas estimated on factors with the
// covariance S: `premiums` l of the factors, `factors` their return series (NaN rows left out). NaN for a singular S.
double shanken_factor(std::span<const double> premiums, std::span<const std::span<const double>> factors);

}  // namespace lode::evaluate
