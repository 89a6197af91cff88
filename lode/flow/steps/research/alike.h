// Many factors judged alike: names to programs, those this lake cannot compute set aside, the rest judged on one study.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "lode/flow/steps/research/research.h"

namespace lode::flow {

// What of the names asked for was not judged, and why.
using LeftOut = std::vector<std::pair<std::string, std::string>>;

struct JudgedAlike {
  LeftOut left_out;
  std::int64_t trials = 0;             // Ever tried on this universe, these included.
  std::shared_ptr<const Study> study;  // That all were judged on
  ResearchRequest request;             // Of the first, which has the options of all
  std::string vault;                   // vault_text(), "" without a vault
  std::vector<std::string> warnings;   // As of the first recording.
};

// Called for each factor as it is judged; what it does not keep is gone.
using OnJudged = std::function<void(const std::string& name, const Judged& judged, const Recorded& recorded)>;

// Judges each of `names` by the other parameters of `request` (research_parameters), records it and counts it as a
// trial, as factor eval does. A formula that does not compile, one whose fields this lake has not, and one that cannot
// be judged are left out. E3005 when none compiles; errors of the lake as open_study.
Result<JudgedAlike> judge_alike(World& world, const Request& request, const std::vector<std::string>& names,
                                const OnJudged& on_judged);

// research_parameters() for verbs that take several factors and no values.
std::vector<Parameter> several_factors_parameters();

// What was left out, for --json and as warnings.
Value left_out_json(const LeftOut& left_out);
void warn_of(const LeftOut& left_out, Outcome& out);

}  // namespace lode::flow
