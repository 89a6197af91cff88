// A formula and the length of the data: which window reaches back further than there is history.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "lode/base/result.h"
#include "lode/core/expr/program.h"

namespace lode::expr {

// The error of a formula that has no value on `sessions` sessions: E1105 with a caret under the first window that is
// longer than them, or under the whole formula where only windows of windows are; E1114 without a caret where it is not
// the length. `text` is the formula as typed, `lookback` what it compiled to
// needs (Program::lookback).
Error no_value(std::string_view text, int lookback, const OperatorTable& table, std::size_t sessions,
               std::size_t names);

}  // namespace lode::expr
