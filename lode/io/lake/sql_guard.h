// Which SQL a reader may run: a statement's syntax tree against a list of what is harmless.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/base/result.h"
#include "lode/base/value.h"

namespace lode::lake {

// `tree` is what the engine's json_serialize_sql gives. Passes exactly one SELECT over the lake's tables, its own CTEs
// and information_schema, with no table function beyond those that make rows from their arguments. E2017 else; the
// engine's lock stands behind this, so neither has to be perfect.
Result<void> check_statement(const Value& tree);

}  // namespace lode::lake
