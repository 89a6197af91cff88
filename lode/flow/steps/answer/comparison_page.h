// A comparison as the report core/report writes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/core/report/comparison/comparison.h"
#include "lode/flow/steps/research/alike.h"
#include "lode/io/lake/honesty/books.h"

namespace lode::flow {

// One judged factor, and what its report needs.
struct Compared {
  std::string name;  // As asked for.
  std::string run;   // Alias; "" when not recorded.
  std::string run_hash;
  std::string code_version;
  Subject subject;
  evaluate::TearSheet sheet;
  Panel factor;                         // f64
  std::optional<lake::TrialBook> book;  // nullopt when its headline has none.
};
Compared compared(const std::string& name, const Judged& judged, const Recorded& recorded);

// Judges them all by today's count of trials: the first was judged when the later ones were not yet tried.
void allow_for_all(std::int64_t trials, std::vector<Compared>& all);

// The report's input. Checks of trials, deflated Sharpe ratios and q are those of today, all of them on record. `all`
// outlives it.
Result<report::Comparison> comparison_of(const JudgedAlike& alike, std::vector<Compared>& all,
                                         const evaluate::Correlations& values, const evaluate::Correlations& books);

}  // namespace lode::flow
