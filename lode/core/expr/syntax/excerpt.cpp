// The excerpt under an error: the line of the formula, and a caret line below it. Safe to print: control characters and
// broken UTF-8 never reach the terminal.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/text.h"
#include "lode/core/expr/ast.h"

namespace lode::expr {
namespace {

constexpr std::size_t kWidth = 96;   // Characters of a line shown at most.
constexpr std::size_t kBefore = 36;  // Of those, before the caret when a line is cut.
constexpr std::string_view kCut = "...";

// The line as printable characters (one element a column) and where a byte of it stands.
struct Columns {
  std::vector<std::string> characters;
  std::vector<std::size_t> column_of_byte;  // One more than bytes.
};

std::size_t character_length(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return length <= rest.size() && is_utf8(rest.substr(0, length)) ? length : 0;
}

Columns columns_of(std::string_view line) {
  Columns columns;
  std::size_t at = 0;
  while (at < line.size()) {
    const std::size_t length = character_length(line.substr(at));
    const auto byte = static_cast<unsigned char>(line[at]);
    // U+0080..U+009F are control characters too (they begin with C2 and a byte below A0).
    const bool control =
        byte < 0x20 || byte == 0x7F || (byte == 0xC2 && static_cast<unsigned char>(line[at + 1]) < 0xA0);
    const std::size_t used = std::max<std::size_t>(length, 1);
    columns.column_of_byte.insert(columns.column_of_byte.end(), used, columns.characters.size());
    if (byte == '\t') {
      columns.characters.emplace_back(" ");
    } else if (length == 0 || control) {
      columns.characters.emplace_back("?");
    } else {
      columns.characters.emplace_back(line.substr(at, length));
    }
    at += used;
  }
  columns.column_of_byte.push_back(columns.characters.size());
  return columns;
}

}  // namespace

std::string excerpt(std::string_view text, Span span, std::string_view remark) {
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t newline = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
  const std::size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t line_end = std::min(text.find('\n', begin), text.size());
  const auto line_number = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line_begin), '\n') + 1;

  // Only bytes near the caret matter: a line may be as long as the whole text.
  const std::string_view line = text.substr(line_begin, line_end - line_begin);
  const Columns columns = columns_of(line);
  const std::size_t count = columns.characters.size();
  const std::size_t caret = columns.column_of_byte[begin - line_begin];
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, line_end);
  const std::size_t caret_end = std::max(columns.column_of_byte[end - line_begin], caret + 1);

  const std::size_t first = count <= kWidth || caret <= kBefore ? 0 : std::min(caret - kBefore, count - kWidth);
  const std::size_t last = std::min(count, first + kWidth);
  std::string shown(first > 0 ? kCut : "");
  const std::size_t indent = shown.size() + caret - first;
  for (std::size_t column = first; column < last; ++column) {
    shown += columns.characters[column];
  }
  shown += last < count ? kCut : "";

  const std::string number = std::to_string(line_number);
  const std::size_t carets = std::min(caret_end, std::max(last, caret + 1)) - caret;
  std::string result = fmt::format("  {} | {}\n  {} | {}{}", number, shown, std::string(number.size(), ' '),
                                   std::string(indent, ' '), std::string(carets, '^'));
  if (!remark.empty()) {
    result += fmt::format(" {}", remark);
  }
  return result;
}

}  // namespace lode::expr
