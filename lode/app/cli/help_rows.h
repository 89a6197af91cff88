// Rows of help pages: what a parameter is called and what it means.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/flow/flow.h"

namespace lode::cli {

// "-o, --output PATH", "FORMULA"
std::string parameter_usage(const Parameter& parameter);

// Summary, choices, "[default: 5] [env: LODE_THREADS]".
std::string parameter_meaning(const Parameter& parameter);

// Both in two columns, one row a parameter, of the positional ones or of the options. Lines end in '\n'.
std::string parameter_rows(const std::vector<Parameter>& parameters, bool positional);

// "lode factor eval [FORMULA] [--options]"
std::string usage_line(const FlowSpec& spec);

// First letter large, period at the end.
std::string sentence(std::string_view text);

}  // namespace lode::cli
