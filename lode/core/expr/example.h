// Examples of operators, computed: what stands in a Spec, and the traps every operator meets (a gap, a tie, a zero),
// under any profile. For the pages of the operators, which so hold no number that was typed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/expr/program.h"

namespace lode::expr {

// The panels of an Example: one field a row of `names`, its sessions below each other. `g` is a group, -1 = none.
struct ExamplePanel {
  std::string name;
  std::vector<std::vector<double>> rows;  // [session][instrument], NaN = missing
};
std::vector<ExamplePanel> example_panels(std::string_view fields);

// The values of `formula` over panels as Example::fields writes them: [session][instrument], in doubles. E1101..E1114
// when the formula is none under the profile.
Result<std::vector<std::vector<double>>> run_example(std::string_view formula, std::string_view fields,
                                                     const Profile& profile, const OperatorTable& table, Pool& pool);

// A call of the operator at its plainest, over panels that hold a gap, ties, zeros and, for operators of groups, a lone
// member and one without a group. `expected` is empty: that is for run_example to say.
struct Trap {
  std::string formula;
  std::string fields;
};
Trap trap_of(const Operator& op);

}  // namespace lode::expr
