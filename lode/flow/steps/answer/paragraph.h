// Paragraphs: text broken into lines a terminal of 80 columns holds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lode::flow {

inline constexpr std::size_t kPageWidth = 80;

// Breaks `text` at blanks into lines of at most kPageWidth characters (a longer word keeps its line). The first line
// begins at `column`, which is not written; the others are indented by `indent` blanks. No newline at the end.
std::string paragraph(std::string_view text, std::size_t column = 0, std::size_t indent = 0);

}  // namespace lode::flow
