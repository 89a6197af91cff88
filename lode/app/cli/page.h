// Pages: help, docs and completions, the commands of the command line itself. They tell what the program holds and read
// nothing else, so they work in any folder and whatever lode.toml says.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "lode/flow/flow.h"

namespace lode::cli {

// Specs of the pages, which stand beside the catalog's in help and completion. Their `run` is nullptr: see run_page.
std::span<const Flow* const> pages();
const Flow* find_page(std::string_view verb);  // nullptr when there is none.

// `page` is one of pages(). E0009 for an unknown topic, with the nearest.
Result<Outcome> run_page(const Flow& page, const Request& request);

}  // namespace lode::cli
