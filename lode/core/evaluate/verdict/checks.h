// The coded red flags of a sheet: each a number against a limit (factors 4.2 of the design; docs/verdict.md).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// The checks that follow from the numbers, in a fixed order, each exactly once.
std::vector<Check> red_flags(const TearSheet& sheet);

// True for the ids red_flags() makes.
bool is_red_flag(std::string_view id);

// The number a check holds against its limit, as a path at a headline of `horizon` sessions; "" where it rests on none,
// or on several. Also of the checks of honesty/honesty.h.
std::string path_of_check(std::string_view id, int horizon);

// True for checks whose failure says that the result looks too good: a leak must be ruled out before it means anything.
bool is_too_good(std::string_view id);

// Independent windows of the headline: dates with a coefficient over the horizon.
std::int64_t independent_periods(const TearSheet& sheet);
inline constexpr std::int64_t kFewestPeriods = 30;

inline constexpr int kFewestYears = 3;       // Before years are held against each other.
inline constexpr double kLowCoverage = 0.5;  // Of the universe: below it "strong" is not given.

}  // namespace lode::evaluate
