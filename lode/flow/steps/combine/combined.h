// Several factors as one: their values over the study, weighted by what was known at each date, judged as any factor.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/core/evaluate/combine.h"
#include "lode/flow/steps/research/research.h"

namespace lode::flow {

inline constexpr std::string_view kCombineFlow = "factor combine";

// One factor of a combination, compiled.
struct Part {
  std::string name;  // As asked
  Subject subject;
  expr::Program program;
};

struct CombineAsk {
  std::vector<std::string> names;    // Formulas, or names of stored or library factors; 2 to 50
  evaluate::CombineOptions options;  // `horizon` and `min_names` follow the request: the headline's
  ResearchRequest research;
  Value recipe = {};  // Of a recorded run: profiles of the formulas
};

// The combination's own parameters, before those of research.
std::vector<Parameter> combine_parameters();
// E0003, E0004, E0007
Result<CombineAsk> read_combine(World& world, const Request& request);
// Of a recorded run, to compute it again.
Result<CombineAsk> combine_of(const lake::Run& run);

struct Combined {
  Judgement judgement;
  std::vector<Part> parts;
  evaluate::Combination values;  // On all rows of the study
};

// Compiles and computes the factors, combines them by weights from windows that end before what is known, and judges
// the result. Labels of late exits, which later prices decide, are not learnt from. The prefix test computes all of it
// again on truncated history. E1113, E1114 no date with weights, E1107.
Result<Combined> combine(World& world, const CombineAsk& ask);

}  // namespace lode::flow
