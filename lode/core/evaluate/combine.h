// Several factors as one score: weights from what was known at each date, and nothing later.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lode/base/pool.h"
#include "lode/base/result.h"
#include "lode/market/panel.h"

namespace lode::evaluate {

// How much each factor counts. Statistics are those of the trailing window; all but kEqual may be negative, which turns
// a factor round. Factors are z-scores of their date (ddof 1). "Premium" of a date: mean over names of the z-score
// times the return less its mean, what a deviation of the factor earned.
enum class Weighting : std::uint8_t {
  kEqual,  // The same for all.
  kIc,     // Mean rank IC.
  kIcir,   // Mean over standard deviation of the rank IC.
  kT,      // Newey-West t of the premium.
  kR2,     // Mean squared correlation with returns, with the sign of the mean premium.
  kBeta,   // Mean premium.
  kRidge,  // Coefficients of the pooled regression of returns on all factors, with a penalty on their squares.
  kMaxIr,  // S^-1 m of the premiums: the highest information ratio; S shrunk as Ledoit & Wolf (2004) do.
  kPca,    // First principal component of the factors, turned so that its mean premium is positive.
};
std::string_view to_string(Weighting weighting);           // "max_ir"
Result<Weighting> parse_weighting(std::string_view text);  // E0004 with the nearest.

struct CombineOptions {
  Weighting weighting = Weighting::kIc;
  int window = 252;     // Rows the weights are estimated on, ending horizon + 1 rows before the date they are for.
  int least_rows = 60;  // Of these with a statistic; fewer: no weights, and no score, that date. kEqual needs none.
  int horizon = 5;      // Rows a label spans; it is known horizon + 1 rows later.
  int min_names = 20;   // A date with fewer names that have all factors and a return gives no statistic.
  double ridge = 0.1;   // Penalty, as a share of a factor's variance (1).
};

struct Combination {
  Panel score;  // f64. NaN where fewer than half of the factors have a value, or no weights.
  std::vector<std::vector<double>> weights;  // [factor][row]; their sizes add up to 1; NaN where unknown.
};

// score = sum of w z over the factors a name has, over the sum of the sizes of their w. `factors` and `labels` (forward
// returns of horizon rows) f64 on one axis, infinities count as missing. Cutting later rows off changes no earlier
// score. Same bits for any thread count. Time rows x (names x factors^2 + window x factors^2).
Combination combine(std::span<const Panel* const> factors, const Panel& labels, const CombineOptions& options,
                    Pool& pool);

// The covariance of `series` (equally long, without NaN), by n, shrunk towards its mean variance times the identity:
// (1 - d) S + d m I with the d of Ledoit & Wolf, "A well-conditioned estimator for large-dimensional covariance
// matrices", Journal of Multivariate Analysis 88 (2004), lemma 3.2 to 3.5. Row by row.
std::vector<double> shrunk_covariance(std::span<const std::vector<double>> series);

}  // namespace lode::evaluate
