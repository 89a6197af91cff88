// The planted signals and decoys of a synthetic market, and how their strength is set.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/core/synth/market.h"

namespace lode::synth {

// What a unit of each score adds to the log return of the next session, in the instrument's own deviations.
struct Strength {
  double quality = 0.0;
  double reversal = 0.0;
};

// The strengths at which the formulas of signals() have the rank ICs asked for.
Strength strength_for(double quality_ic, double reversal_ic);

// quality, reversal, noise, slow noise: what tells of each score, as a formula.
std::vector<Signal> signals(const MarketOptions& options);

// Sessions of returns behind the score of reversal.
inline constexpr std::size_t kReversalWindow = 5;

}  // namespace lode::synth
