// The syntax tree of a formula: what the parser read, before any meaning. Positions point into the text, for carets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::expr {

// Byte range [begin, end) of the formula's text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

enum class AstKind : std::uint8_t {
  kNumber,  // value
  kName,    // text: a field, a group ("indclass.sector"), or the value of an option; lower case, '$' stripped
  kCall,    // text: operator name as canonical for symbols ("add", "where"), else as written in lower case; children
  kOption,  // text = name of the keyword, one child
};

// Nodes live in one array; children are indices into it, smaller than their parent's (post-order), so that no walk
// needs recursion on the user's depth.
struct AstNode {
  AstKind kind = AstKind::kNumber;
  Span span;  // The whole sub-expression.
  Span name;  // The name or symbol alone (kCall, kName, kOption).
  double value = 0.0;
  std::string text;
  std::vector<std::uint32_t> children;
};

struct Ast {
  std::string source;          // The text the spans point into.
  std::vector<AstNode> nodes;  // The root is the last.
};

// Limits of one formula (E1112).
inline constexpr std::size_t kMaxTextBytes = 64 * 1024;
inline constexpr int kMaxDepth = 256;
inline constexpr std::size_t kMaxNodes = 10'000;

// Reads one expression in any of the three notations (factors.md 1.1). Linear in the text; no recursion on user depth
// beyond kMaxDepth. E1101, E1108, E1112.
Result<Ast> parse(std::string_view text);

// One definition of a formula file: `name = expr`, `name TAB expr` or a row of a table.
struct Definition {
  std::string name;
  std::string text;
  int line = 0;  // 1-based line it starts on.
};
struct FileOption {
  std::string name;
  std::string value;  // A number or a name, as written.
  int line = 0;
};
// A definition that cannot be read; it costs no other one.
struct BrokenDefinition {
  std::string name;  // "line 3" where it has none
  int line = 0;
  Error error;  // E1101
};
struct FormulaFile {
  std::string profile;              // "" unless a line `profile NAME` set it ..
  int profile_line = 0;             // .. here, 1-based
  std::vector<FileOption> options;  // Lines `option NAME = VALUE`: defaults of every operator that has the option.
  std::vector<Definition> definitions;
  std::vector<BrokenDefinition> broken;  // In order of their lines
};
// Reads a formula file: '#' comments, definitions over several lines while a parenthesis is open, a first line
// `id TAB formula` as header, `profile NAME` and `option NAME = VALUE`. A header may name more columns, in any order:
// those called library (class, group, set, category), id (name, factor) and formula (expression, expr) are read, and
// the factor is called library/id; so it is without a header where two words stand before the formula. Does not parse
// the expressions. Broken, with
// the line: neither form of definition, an empty formula, a name given twice, a parenthesis never closed. Such a one
// ends before the next line that begins a definition. E1101: bytes not UTF-8, an option that is none, a profile below a
// formula or a second one that differs, all of which would change what every formula means.
Result<FormulaFile> parse_file(std::string_view text);

// Excerpt with a caret line, as the errors print it:
//   1 | rank(ts_corrl(close, volume, 10))
//     |      ^^^^^^^^
// `remark`, if any, stands behind the carets. Multi-line text shows the line of `span`; long lines are cut around it.
std::string excerpt(std::string_view text, Span span, std::string_view remark = {});

}  // namespace lode::expr
