// What a shell may complete with, read fast and without words: a completion must never disturb the line.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"

namespace lode::flow {

// `kind` as in Parameter::completes: factors (stored names, operators and, from three letters on, library formulas),
// symbols, runs, universes, tables, errors.
// Empty when there is no lake or it cannot be read. Only those that start with `prefix`, at most 200, sorted.
std::vector<std::string> candidates(World& world, std::string_view kind, std::string_view prefix);

}  // namespace lode::flow
