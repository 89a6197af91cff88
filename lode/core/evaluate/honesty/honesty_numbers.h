// What searching cost and what is known already, as numbers with paths, as numbers.h has those of a sheet. They are of
// the day they are asked for: another trial changes them, so no run stores them and `lode why` computes them anew.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/evaluate/honesty/kinship.h"
#include "lode/core/evaluate/numbers.h"

namespace lode::evaluate {

// "honesty.trials", "honesty.dsr", "honesty.q", "honesty.pbo"; missing ones with their reason.
std::vector<Number> honesty_numbers(const Honesty& honesty);

// "kinship.alpha", "kinship.r2", "kinship.<factor>.correlation"; only "kinship.alpha" where there is nothing to tell.
std::vector<Number> kinship_numbers(const Kinship& kinship, double sessions_a_year);

}  // namespace lode::evaluate
