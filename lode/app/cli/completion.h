// Shell completion: three small scripts that ask `lode __complete`, and what it answers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"

namespace lode::cli {

// The script of bash, zsh or fish; E0004 for another shell.
Result<std::string> completion_script(std::string_view shell);

// Candidates for the last of `words` (those behind `lode`; the last may be empty): commands, verbs, options, choices,
// and factors, symbols, runs, universes, tables from the lake.
std::vector<std::string> complete_words(World& world, const std::vector<std::string>& words);

}  // namespace lode::cli
