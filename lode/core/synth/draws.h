// Everything of a synthetic market that no price decides: common factor returns, each instrument's own shocks with
// clustered volatility and fat tails, and the hidden scores behind its signals. Drawn before the walk through time, so
// instruments can be drawn in parallel.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/base/pool.h"
#include "lode/core/synth/cast.h"

namespace lode::synth {

// Row-major [session][instrument], one value a cell, absent cells included.
struct Draws {
  std::vector<double> shock;     // Log return close to close, without what the planted signals add.
  std::vector<double> bend;      // Standard normal: how the session's return parts into night and day.
  std::vector<double> wick;      // Log length of both wicks together, above 0.
  std::vector<double> upper;     // Share of the wicks above the body, (0, 1): shows the hidden score of slow noise.
  std::vector<double> place;     // Average trade between low (0) and high (1): shows the hidden score of quality.
  std::vector<double> turnover;  // Shares traded over the typical number.
  std::vector<double> quality;   // The hidden score that moves returns, standard normal.

  // What a score earned more than its strength on each session, a unit of score, in own deviations: a signal is a risk.
  std::vector<double> quality_luck;
  std::vector<double> reversal_luck;
};

// Every random number of the market, drawn by (seed, stream, session, instrument): the same bits for any number of
// threads. Memory: seven doubles a cell, sessions x instruments cells.
Draws make_draws(const MarketOptions& options, const Cast& cast, std::size_t sessions, Pool& pool);

}  // namespace lode::synth
