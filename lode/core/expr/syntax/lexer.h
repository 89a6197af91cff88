// Lexer of the formula language: text to tokens, longest match, comments dropped (factors.md 1.1).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/core/expr/ast.h"

namespace lode::expr {

enum class TokenKind : std::uint8_t {
  kNumber,   // value
  kName,     // rank, IndClass.sector, and, not: as written
  kField,    // $close: text without the '$'
  kSymbol,   // + ** <= ( ...
  kNewline,  // Only outside parentheses, never first, never twice in a row.
  kEnd,      // Always last, an empty span behind the last visible character.
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Span span;
  std::string_view text;  // Into the lexed text, which must outlive the token.
  double value = 0.0;
};

// All tokens of `text`, kEnd last. Linear. E1101 for a character that belongs to no token or a number out of range.
Result<std::vector<Token>> tokenize(std::string_view text);

// The token in words, for "found ...": `"rank"`, `end of formula`.
std::string describe(const Token& token);

// "1:6": line and column of a byte, both from 1, columns in characters.
std::string line_and_column(std::string_view text, std::uint32_t offset);

// The error of `number` at `span`, with its excerpt.
Failure fail_at(ErrorNumber number, std::string message, std::string_view text, Span span, std::string hint = {},
                std::string_view remark = {});

}  // namespace lode::expr
