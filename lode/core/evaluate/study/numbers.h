// The numbers of event study, shape and sensitivity as named numbers (numbers.h).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/core/evaluate/numbers.h"

namespace lode::evaluate {

// Offsets of the event study that have numbers of their own; the report's table has all of them.
inline constexpr int kEventOffsets[] = {-10, -5, -1, 1, 2, 3, 5, 10, 21};
// "5_before", "3_after" for -5 and 3.
std::string event_key(int offset);

// Paths: "event.q5.3_after", "event.spread.day_0", "shape.skew", "shape.2019.median", "stability.21d", "exposure.beta",
// "group.<name>.place", "sensitivity.window_1_half.rank_ic", "sensitivity.place". Nothing of what the sheet has not
// looked at.
std::vector<Number> study_numbers(const TearSheet& sheet);

}  // namespace lode::evaluate
