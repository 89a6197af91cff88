// Factors kept under names.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "lode/base/value.h"
#include "lode/core/expr/program.h"
#include "lode/flow/flow.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {

// "reversal5", "quality/accruals": E0004 otherwise, and for a name that is an operator of the language.
Result<void> check_factor_name(const std::string& name);

// Compiles `formula` and names its canonical form and hash. A word that is no field may be one of `earlier`, formulas
// that stand above it in their file: what is kept has it written out. E11xx.
Result<lake::NamedFactor> make_factor(const std::string& name, const std::string& formula, const std::string& profile,
                                      const std::string& note, std::span<const expr::NameDefinition> earlier = {});

// The error of a command that has no --allow-lookahead: its help does not offer it.
Error without_lookahead_option(Error error);

Value factor_json(const lake::NamedFactor& factor);

// True where `text` may be the name of a stored factor: no operator but '-' and '/', no blank, no parenthesis.
bool looks_like_name(std::string_view text);

// The error of a text that is no formula, with the nearest of `names` as its help where it may have been meant for one.
Error with_nearest_factor(Error error, std::string_view text, const std::vector<std::string>& names);

// An E1106 that stumbled over the name of a factor inside a formula, with what to do as its help.
Error with_factor_alone(Error error, const std::vector<std::string>& names);

// What the newest run judged of a stored factor, by canonical formula and profile: numbers of `factor list`. `runs` is
// RunStore::newest_of_formulas.
struct FactorNews {
  double coverage;  // NaN = never judged
  double rank_ic;   // Of the horizon nearest to 5 sessions
  double t;
  std::string horizon;  // "5d"; "" = never judged
  std::string run;      // Alias
  Time judged;
};
Result<FactorNews> factor_news(const lake::RunStore& store, const std::vector<lake::RunNews>& runs,
                               const lake::NamedFactor& factor);

}  // namespace lode::flow
