// The verdict's rule, apart from its words (docs/verdict.md publishes the table).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

inline constexpr double kUsefulIc = 0.02;  // A mean rank IC worth having; "none" must rule it out.
inline constexpr double kStrongT = 3.0;    // Harvey, Liu & Zhu (2016), "... and the cross-section of expected returns".
inline constexpr double kYearsKept = 0.7;  // Share of years with the sign of the whole.

// |t| a single pre-chosen test needs at 1 %, two-sided, and Bonferroni's for `trials` candidates; 2.58 for 0 or 1.
double needed_t(std::int64_t trials);

// False when the t says there is an edge and the mean it belongs to does not: the other sign, or an interval that holds
// 0. The t tests the sum of one-session rank coefficients; over h sessions ranks do not add up, so the two can part
// (most where a factor sorts by volatility). True when one of them is missing, or the t claims nothing at 5 %.
bool agree(const IcStatistics& ic);

// The spread after costs at one horizon as earned by the book turned to the sign of the rank IC: a factor that predicts
// with the sign turned is traded the other way round and pays the same costs.
Estimate net_in_direction(const HorizonResult& horizon, double sign, double sessions_a_year);

// By rule from numbers and checks.
Verdict verdict_of(const TearSheet& sheet);

// One sentence that says why, with the numbers.
std::string verdict_sentence(const TearSheet& sheet, Verdict verdict);

}  // namespace lode::evaluate
