// The probability of backtest overfitting by combinatorially symmetric cross-validation: how often the strategy that is
// best on one half of the history is below the middle on the other half.
//
// Bailey, Borwein, Lopez de Prado & Zhu, "The probability of backtest overfitting", Journal of Computational Finance 20
// (2017), section 2.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lode::stat {

// What all choices of half of the blocks say. NaN: not enough data.
struct Overfitting {
  double probability;            // PBO: share of choices whose logit is not above 0.
  double loss_probability;       // Share of choices whose best one loses out of sample (Sharpe ratio below 0).
  double slope;                  // OLS of the best one's Sharpe ratio out of sample on that in sample.
  double intercept;              // Of that line.
  std::size_t choices = 0;       // C(blocks, blocks / 2).
  std::size_t rows_used = 0;     // A multiple of `blocks`; the oldest are left out.
  std::vector<double> logits;    // By choice: ln(w / (1 - w)), w = average rank out of sample / (strategies + 1).
  std::vector<double> best_in;   // By choice: Sharpe ratios, per period, of the best in sample ..
  std::vector<double> best_out;  // .. and what it then made.
};

// `strategies`: returns of each, one a row of time, equally long. Blocks are runs of rows of equal length. A NaN return
// is left out of its strategy alone; a strategy without a Sharpe ratio (fewer than 2 returns, or constant) in a half is
// never the best of it and ranks last. The first of equals is the best. `blocks` even, 2 to 20; fewer than 2 strategies
// or less than 2 rows a block: all NaN. Time C(blocks, blocks/2) x strategies x blocks.
Overfitting overfitting(std::span<const std::span<const double>> strategies, int blocks = 16);

}  // namespace lode::stat
