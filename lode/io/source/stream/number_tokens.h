// Numbers of a JSON text as they were sent. A parser gives the nearest double; who checks a venue's digits (0.10, or
// more of them than a double holds) needs the text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace lode::source {

// The digits behind each member called `key`, at any depth, in the order of the text; a member that is no number is
// left out, as is what looks like one inside a string. `json` is valid JSON. Linear in the bytes.
std::vector<std::string_view> number_tokens(std::string_view json, std::string_view key);

}  // namespace lode::source
