// Command: what the words before the options mean: a flow, a page of the command line itself, a noun to list, or a
// mistake with the nearest word.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/flow/flow.h"

namespace lode::cli {

enum class CommandKind : std::uint8_t { kFlow, kPage, kNoun, kHome, kHelp, kVersion, kComplete };

struct Command {
  CommandKind kind = CommandKind::kHome;
  const Flow* flow = nullptr;     // kFlow, kPage
  std::string noun;               // kNoun
  bool brief_help = false;        // -h
  bool full_help = false;         // --help
  std::vector<std::string> rest;  // Arguments behind the command words, global ones before them included
};

// Splits the command line (without the program's name). E0001 for an unknown noun or verb, with the nearest.
Result<Command> find_command(const std::vector<std::string>& arguments);

// Nouns in the order of their journeys, then by name; and the verbs of one, the pages of the command line among those
// without a noun.
std::vector<std::string> nouns();
std::vector<const Flow*> flows_of(std::string_view noun);  // By verb; "": those of the top level.

}  // namespace lode::cli
