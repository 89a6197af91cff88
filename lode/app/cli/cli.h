// The command line: words in, answer out, exit code back.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lode/app/cli/answer.h"

namespace lode::cli {

// Runs one command line (without the program's name) in `folder` with these environment variables.
int run(const std::vector<std::string>& arguments, const std::vector<std::pair<std::string, std::string>>& environment,
        const std::string& folder, const Terminal& terminal);

}  // namespace lode::cli
