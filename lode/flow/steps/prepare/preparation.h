// What is done to a factor before it is judged, as options: each step is an operator of the language around the
// formula, so canonical text, prefix test, lineage and the count of trials know of it. Order of factors.md 2.6: fill,
// winsorize, normalize, neutralize, normalize.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/value.h"
#include "lode/flow/flow.h"

namespace lode::flow {

struct Preparation {
  int fill = 0;                         // Sessions a missing value is the last one for, at most; 0 = stays missing
  std::string winsorize;                // "mad": to 3 robust deviations; "0.01": to these quantiles; "" = not
  std::string normalize;                // "zscore", "rank" or ""
  std::vector<std::string> neutralize;  // A level of groups, "size", "beta", formulas, names of factors

  bool is_none() const { return fill == 0 && winsorize.empty() && normalize.empty() && neutralize.empty(); }
};

std::vector<Parameter> preparation_parameters();
// E0004 for what is none of the choices, for two levels of groups, or a list with an empty place.
Result<Preparation> read_preparation(const Request& request);

// Where a list of formulas has commas between them and not inside: "sector,rank(volume, 5)" is two.
Result<std::vector<std::string>> split_formulas(std::string_view text);

// `formula` with the steps around it. `exposures` stand for `neutralize`, as formulas: only a level of groups and
// formulas are left.
std::string prepared_text(const Preparation& preparation, std::string_view formula,
                          const std::vector<std::string>& exposures);

bool is_group_level(std::string_view text);  // "sector", "industry", "subindustry"
// The formula of "size" and "beta"; "" for anything else. Size: log of cap. Beta: of the last 252 sessions (under
// profile lode at least 126) on the mean return of the universe.
std::string exposure_formula(std::string_view text, std::string_view profile);

// As members of a request; nothing where nothing was asked.
void set_preparation(Value& request, const Preparation& preparation);

}  // namespace lode::flow
