// How long a prediction lives: rank IC over a fixed ladder of horizons, and its half-life.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "lode/core/evaluate/kernel/no_overlap.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

inline constexpr std::array<int, 8> kDecayHorizons{1, 2, 3, 5, 10, 21, 42, 63};

// Appends the point of a horizon on the ladder; with fewer than min_dates dates its IC is missing, with the reason.
void add_decay_point(int horizon, const std::vector<double>& rank_ic, const NoOverlap& test, const Options& options,
                     std::vector<DecayPoint>& decay);

// The horizon at which the IC is half of that at 1 session, by a straight line through log IC over horizon (least
// squares over the points with the sign of the first). No interval. Missing, with a reason, when the IC at 1 session is
// not distinguishable from 0, when fewer than 3 points share its sign, or when the line does not fall. n: points used.
Estimate half_life(const std::vector<DecayPoint>& decay);

}  // namespace lode::evaluate
