// The layout of a page about a number Lode prints: its title, what it means, two examples, and what else there is to
// say.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lode::flow {

struct PageExample {
  std::string_view title;  // "Fails"
  std::string_view text;   // Lines; empty: the example is left out.
};

// "NUMBER  title", the meaning in lines of a page, each example indented under its title, then `rest` (paragraphs that
// are broken already, with an empty line between) when it is not empty. Ends in '\n'.
std::string number_page(std::string_view number, std::string_view title, std::string_view meaning,
                        std::span<const PageExample> examples, std::string_view rest);

}  // namespace lode::flow
