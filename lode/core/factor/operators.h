// The operators of factor formulas: those of the language, and every indicator as ta_NAME.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lode/core/expr/program.h"
#include "lode/core/indicator/indicator.h"

namespace lode::factor {

// One output of an indicator as an operator of the language, with Lode's conventions: ta_rsi(x, period=14). Of several
// outputs each is one: ta_bbands_upper(x, ..), ta_macd_signal(x, ..); the one that is named as its indicator is written
// once, ta_macd(x, ..). Operands are the indicator's inputs in its order, x and y where it takes any series; then its
// parameters, which may also be given by name.
//
// It is recursive: it begins with the first session of the panel, and each name's machine is carried from session to
// session. Its numbers are those of indicator::run_series over the name's column as doubles, rounded once: the same
// bits for any cut of the work. Missing cells are treated as the indicator says (indicator::Missing).
struct IndicatorOperator : expr::Operator {
  const indicator::Indicator* indicator = nullptr;
  std::size_t output = 0;
};

// By name ascending.
std::span<const IndicatorOperator* const> indicator_operators();

// operator_catalog() and indicator_operators().
const expr::OperatorTable& operators();

}  // namespace lode::factor
