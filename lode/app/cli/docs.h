// The offline documentation: the guides of docs/, put into the program when it is built, and the pages of commands and
// errors, which come from their specs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/flow.h"

namespace lode::cli {

// One file of docs/: name without folder and ending, in lower case ("formulas", "decisions/0003-tile-interpreter").
struct Guide {
  std::string_view name;
  std::string_view text;  // Markdown
};

// By name. Generated from docs/ (tools/cmake/guides.cmake).
std::span<const Guide> guides();

// The first heading of a guide.
std::string_view guide_title(const Guide& guide);

// Every topic but error numbers, for completion and near misses.
std::vector<std::string> docs_topics();

// `topic` is a guide, a command, a noun, an error number, "errors", or "" for the list of all. E0009 with the nearest.
Result<Outcome> docs_page(std::string_view topic);

}  // namespace lode::cli
