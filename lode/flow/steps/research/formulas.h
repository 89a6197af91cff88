// The formulas of one call, compiled together: what fails is set aside with its reason, and the rest is computed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/program.h"
#include "lode/flow/steps/research/compute.h"

namespace lode::flow {

struct Compiled {
  expr::Program program;           // All roots
  std::vector<std::string> names;  // One a root
  std::vector<std::string> texts;
  std::vector<int> lookbacks;
  int lookahead = 0;  // Of the formula that looks farthest
  std::vector<std::string> warnings;
};

// The fields that the data at hand can give; a nullptr to it: not asked yet.
using Available = std::set<std::string>;
// The error of a formula with what the data at hand say of it.
using Explain = std::function<Error(const NamedText& formula, Error error)>;

// Compiles every formula against the standard fields and those of `fields` (may be null). One that fails goes to
// `formulas.failures`, as `explain` tells it; when nothing is left: the first error, noting the others. E1113 for a
// field that `available` (may be null) lacks.
Result<Compiled> compile_all(const ComputeRequest& request, Formulas& formulas, const expr::Fields* fields,
                             const Available* available, const Explain& explain);

}  // namespace lode::flow
