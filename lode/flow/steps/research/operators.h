// The operators of the formula language, at the doors: what their Specs say, and what they give, computed as it is
// asked.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/pool.h"
#include "lode/core/expr/program.h"
#include "lode/flow/flow.h"

namespace lode::flow {

// All of one operator: name, signature, summary, definition, source, aliases, parameters, options, and `examples`: each
// with its formula, its panels and, by profile, its values or the error of a formula that the profile does not have.
// The last example is the operator at its traps: a gap, ties, zeros.
Value operator_json(const expr::Operator& op, Pool& pool);

// The same of every operator: data.operators. The text has one line each.
Outcome list_operators(Pool& pool);

}  // namespace lode::flow
