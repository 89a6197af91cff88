// Options: the words behind a command, read by the Spec of its flow. CLI11 does the reading; meaning, defaults and
// suggestions come from the Spec, so every flow has the same manners.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/flow/flow.h"

namespace lode::cli {

// Options every command has.
struct Globals {
  std::string lake;     // --lake DIR
  std::string threads;  // --threads N
  bool json = false;    // --json
  bool quiet = false;   // -q, --quiet
  int verbosity = 0;    // -v, -vv
};

// The same as Parameters, for help and completion.
const std::vector<Parameter>& global_parameters();

// True when a global option of this spelling is followed by a value.
bool takes_value(std::string_view option);

struct Arguments {
  Globals globals;
  Value request;  // Raw values by parameter name, as complete_request takes them
};

// Reads `words` for `flow` (nullptr: globals only). A word that starts with one dash and is longer than two bytes is a
// value, so that '-ts_delta(close,5)' needs no "--". E0002 unknown option (nearest named), E0003 option without value,
// E0004 too many values, a value for a flag, an empty --lake or --threads, an option given twice with two values unless
// it gathers, and `-o -` (standard output) where what is written is no rows.
Result<Arguments> read_arguments(const Flow* flow, const std::vector<std::string>& words);

}  // namespace lode::cli
