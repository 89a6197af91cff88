// What every name owes to factors, one regression of its returns a name: betas with plain and robust errors, and their
// summary over names with the signs kept and every name counted.
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

inline constexpr int kLeastInstrumentRows = 30;  // Returns of a name, for its regression to be made.

struct InstrumentRegression {
  std::size_t column = 0;  // Of the panel.
  stat::SeriesFit fit;     // Intercept first, then the factors as given.
};

// Regresses the returns of each column of `returns` (f64; row t the return earned in session t) on `factors`, one value
// a row each. Columns with fewer than `least_rows` rows that have all values are left out. `lag`: of Newey-West, below
// 0 by the rule of newey_west_lag(). In column order; same bits for any thread count.
std::vector<InstrumentRegression> instrument_regressions(const Panel& returns,
                                                         std::span<const std::span<const double>> factors,
                                                         int least_rows, int lag, Pool& pool);

// Over names, of factor `factor` (0 = the first; the intercept has no summary). NaN: no name was tested.
struct LoadingSummary {
  std::size_t tested = 0;  // Names with a beta and an error.
  double mean_beta;        // Signed, as are all of these.
  double median_beta;
  double mean_t;  // Of the robust t.
  double median_t;
  double mean_r2;
  double median_r2;
  std::size_t significant = 0;     // |t| > 1.96, robust: 5 % of names do so by luck.
  std::size_t significant_bh = 0;  // p at or below 5 % after Benjamini-Hochberg over the names tested.
  std::size_t positive = 0;        // Names with a beta above 0.
};
LoadingSummary summarize(std::span<const InstrumentRegression> regressions, std::size_t factor);

}  // namespace lode::evaluate
