// Preparation applied: around the formula that is judged, and to a user's own numbers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/core/expr/program.h"
#include "lode/flow/steps/research/research.h"

namespace lode::flow {

// The formula as the request wants it prepared; names of factors in --neutralize become their formulas, which must be
// of `profile` (E0007).
Result<std::string> prepared_formula(World& world, const ResearchRequest& request, const std::string& profile,
                                     const std::string& formula);

inline constexpr std::string_view kOwnNumbers = "values";  // The field that a user's own numbers are in a formula

// What is done to a user's own numbers, as a program over the field kOwnNumbers and fields of the lake, of profile
// lode. Only where something is asked.
Result<expr::Program> compile_values_preparation(World& world, const ResearchRequest& request);
// It as text; "" where nothing is asked.
Result<std::string> values_preparation_text(World& world, const ResearchRequest& request);
// Fields of the lake that it reads; none where nothing is asked.
Result<std::vector<std::string>> fields_for_values(World& world, const ResearchRequest& request);
// The numbers prepared; as they are where nothing is asked.
Result<Panel> prepared_values(World& world, const Study& study, const ResearchRequest& request, const Panel& values);

}  // namespace lode::flow
