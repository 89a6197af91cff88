// What a shell may complete with, read fast and without words: a completion must never disturb the line.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"

namespace lode::flow {

// `kind` as in Parameter::completes: factors (stored names, operators and, from three letters on,
// library formulas), symbols, runs, numbers (runs, and behind a dot
// or where one run is left, the ids of its numbers), commits (newest 200), universes, tables, mics (exchanges with a
// calendar), metrics (numbers of an evaluation), indicators, errors (numbers of errors and warnings, and the word
// metric). Empty when there is no lake or it cannot be read. Only those that start with `prefix`, sorted; of more than
// 200 (of ids: 2,000) the first, and the last of all, so that what they share at their beginning is what all share.
std::vector<std::string> candidates(World& world, std::string_view kind, std::string_view prefix);

}  // namespace lode::flow
