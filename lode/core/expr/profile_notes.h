// How the profiles differ in an operator, told in a sentence each: what its page and `lode factor show` say.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/expr/operator.h"
#include "lode/core/expr/program.h"

namespace lode::expr {

// One sentence a difference; empty where all profiles compute the same from finite cells.
std::vector<std::string> profile_notes(const Spec& spec);

// A formula whose cell is a number under qlib, where an infinite one lives on, and missing under the other profiles.
struct InfiniteCell {
  std::string formula;   // "1 / log(1 / x)"
  std::string operands;  // "x is 0": of the cell
  double value = 0.0;    // Under qlib
};
// Found by computing; nothing for operators that read an infinite cell as missing under every profile.
std::optional<InfiniteCell> infinite_cell(const Operator& op, const OperatorTable& table, Pool& pool);

}  // namespace lode::expr
