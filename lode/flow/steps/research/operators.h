// The operators of the formula language, at the doors: what their Specs say, and what they give, computed as it is
// asked.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/pool.h"
#include "lode/core/expr/profile_notes.h"
#include "lode/core/expr/program.h"
#include "lode/flow/flow.h"

namespace lode::flow {

// All of one operator: name, signature, summary, definition, source, aliases, parameters, options, `profiles` (how
// they differ, a sentence each), `infinite` (the same of infinite cells, or null), and `examples`: each
// with its formula, its panels and, by profile, its values or the error of a formula that the profile does not have.
// The last example is the operator at its traps: a gap, ties, zeros.
Value operator_json(const expr::Operator& op, Pool& pool);

// One sentence about an infinite cell under qlib.
std::string infinite_sentence(const expr::InfiniteCell& cell);

// The same of every operator: data.operators. The text has one line each.
Outcome list_operators(Pool& pool);

}  // namespace lode::flow
