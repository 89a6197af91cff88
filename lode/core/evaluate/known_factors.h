// How much of a book is what others publish already: market, size, value, momentum.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// OLS of `book` (return a session before costs, NaN = none) on an intercept and all of `known` at once, Newey-West
// errors, over the sessions where all are known; the correlation of each is over the sessions where it and the book
// are (Fama & French 1993, "Common risk factors in the returns on stocks and bonds", equation 1 without the riskless
// rate, since the book pays for itself). Below min_dates common sessions the regression is missing and says why.
KnownResult known_result(std::span<const KnownReturns> known, std::span<const double> book, const Options& options);

}  // namespace lode::evaluate
