// Breaking text into lines.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/paragraph.h"

#include "lode/base/text.h"

namespace lode::flow {

std::string paragraph(std::string_view text, std::size_t column, std::size_t indent) {
  std::string out;
  bool starts_line = true;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) {
      continue;
    }
    if (!starts_line && column + 1 + code_points(word) > kPageWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
      starts_line = true;
    }
    if (!starts_line) {
      out += ' ';
      ++column;
    }
    out += word;
    column += code_points(word);
    starts_line = false;
  }
  return out;
}

}  // namespace lode::flow
