// The layout of a page about a number.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/number_page.h"

#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/flow/steps/answer/paragraph.h"

namespace lode::flow {

std::string number_page(std::string_view number, std::string_view title, std::string_view meaning,
                        std::span<const PageExample> examples, std::string_view rest) {
  std::string page = fmt::format("{}  {}\n\n{}\n", number, title, paragraph(meaning));
  for (const PageExample& example : examples) {
    if (example.text.empty()) {
      continue;
    }
    page += fmt::format("\n{}\n", example.title);
    for (const std::string_view line : split(example.text, '\n')) {
      page += fmt::format("    {}\n", line);
    }
  }
  return rest.empty() ? page : page + fmt::format("\n{}\n", rest);
}

}  // namespace lode::flow
