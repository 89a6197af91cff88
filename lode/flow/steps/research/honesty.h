// What searching cost a judgement: the books of all trials that the lake has on record of this universe, and what is
// left of one of them. As of today: another trial changes it, so it is told anew and is no number of a run.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/flow/steps/research/research.h"
#include "lode/io/lake/honesty/books.h"

namespace lode::flow {

// What the headline of a sheet earned and traded, as it is stored; nullopt when it has no book.
std::optional<lake::TrialBook> book_of(const evaluate::TearSheet& sheet, lake::Trial trial);

// The books as core/evaluate takes them.
evaluate::TrialBook plain_book(const lake::TrialBook& book);

// `own` against every trial on record in the universe; it takes the place of its own stored book. `turned`: its rank IC
// is below 0.
Result<evaluate::Honesty> honesty_of(lake::Lake& lake, const lake::TrialBook& own, double cost_bps, bool turned,
                                     double sessions_a_year);
// The same from the stored book of a trial; nullopt when there is none.
Result<std::optional<evaluate::Honesty>> stored_honesty(lake::Lake& lake, const lake::Trial& trial,
                                                        const evaluate::TearSheet& evidence);

// The books of the lake's named factors beside `own`, itself left out.
Result<evaluate::Kinship> kinship_of(lake::Lake& lake, const lake::TrialBook& own);

// A trial as its run's outcome keeps it, so that its book is found again.
Value trial_json(const lake::Trial& trial);

// honesty_numbers and kinship_numbers (core/evaluate/honesty) of a recorded run, as of today; none for a run without a
// book, or of before trials were kept with their runs.
Result<std::vector<evaluate::Number>> numbers_of_today(lake::Lake& lake, const lake::Run& run);

// Appends honesty_numbers and kinship_numbers of what is known of both.
void add_numbers_of_today(const std::optional<evaluate::Honesty>& honesty,
                          const std::optional<evaluate::Kinship>& kinship, double sessions_a_year,
                          std::vector<evaluate::Number>& numbers);

// Fills judged.honesty, judged.kinship and the rows of the honesty panel; nothing where the headline has no book.
Result<void> add_honesty(const Study& study, const ResearchRequest& request, Judged& judged);

// The numbers as one object: trials, their ideas, both deviations with what they leave, q, PBO or why there is none.
Value honesty_json(const evaluate::Honesty& honesty);

// Alike factors and what is left after them, or the reason why there are none.
Value kinship_json(const evaluate::Kinship& kinship);

// PBO of the books of a law, or the reason why there is none.
Value overfitting_json(const evaluate::TrialLaw& law);

// Checks of a sheet as the rows of --json.
Value checks_json(std::span<const evaluate::Check> checks);

}  // namespace lode::flow
