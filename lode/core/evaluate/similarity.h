// How alike factors are: what they say of names, and what their books earn.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/evaluate/kernel/places.h"
#include "lode/market/panel.h"

namespace lode::evaluate {

// A symmetric table of correlations: at(i, j), 1 on the diagonal where a factor varies at all, NaN where unknown.
struct Correlations {
  std::size_t count = 0;
  std::vector<double> cells;  // Row by row.
  std::vector<int> dates;     // Behind each cell.

  double at(std::size_t i, std::size_t j) const { return cells[i * count + j]; }
};

// Mean over dates of the Spearman correlation of two factors across the names that have both; dates with fewer than
// `min_names` of these, and those where either is constant, take no part. All panels f64 on one axis. Every date is
// exact: where two factors miss the same names a coefficient is one dot product of ranks, else both are ranked again
// among the names they share. Time pairs x cells. Same bits for any thread count.
Correlations rank_correlations(std::span<const Panel* const> factors, int min_names, Pool& pool);
// The same of factors that were sorted before: two bytes a cell, for many factors.
Correlations rank_correlations_of_places(std::span<const Places* const> factors, int min_names, Pool& pool);

// Pearson correlation of series over the rows that both have, at least `min_rows` of them.
Correlations series_correlations(std::span<const std::span<const double>> series, int min_rows);

}  // namespace lode::evaluate
