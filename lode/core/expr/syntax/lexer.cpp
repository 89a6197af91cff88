// The lexer: one pass over the bytes, no table, no backtracking beyond one character.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/syntax/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c) || c == '.'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

// Two characters before one: the longest match wins.
constexpr std::array<std::string_view, 7> kPairs = {"**", "<=", ">=", "==", "!=", "&&", "||"};
constexpr std::string_view kSingles = "+-*/^<>=!&|(),?:";

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    while (position_ < text_.size()) {
      LODE_CHECK(step());
    }
    if (!tokens_.empty() && tokens_.back().kind == TokenKind::kNewline) {
      tokens_.pop_back();
    }
    const std::uint32_t end = tokens_.empty() ? 0 : tokens_.back().span.end;
    tokens_.push_back({TokenKind::kEnd, {end, end}, {}, 0.0});
    return std::move(tokens_);
  }

 private:
  Result<void> step() {
    const char c = text_[position_];
    if (is_blank(c)) {
      ++position_;
      return {};
    }
    if (c == '#') {
      position_ = std::min(text_.find('\n', position_), text_.size());
      return {};
    }
    if (c == '\n') {
      newline();
      return {};
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      return number();
    }
    if (is_name_start(c)) {
      push(TokenKind::kName, name_length(position_));
      return {};
    }
    if (c == '$' && is_name_start(peek(1))) {
      ++position_;
      push(TokenKind::kField, name_length(position_));
      --tokens_.back().span.begin;  // The '$' belongs to what a caret underlines.
      return {};
    }
    return symbol();
  }

  char peek(std::size_t ahead) const { return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0'; }

  std::size_t name_length(std::size_t from) const {
    std::size_t end = from;
    while (end < text_.size() && is_name_part(text_[end])) {
      ++end;
    }
    return end - from;
  }

  void push(TokenKind kind, std::size_t length) {
    const Span span{static_cast<std::uint32_t>(position_), static_cast<std::uint32_t>(position_ + length)};
    tokens_.push_back({kind, span, text_.substr(position_, length), 0.0});
    position_ += length;
  }

  void newline() {
    const bool matters = depth_ == 0 && !tokens_.empty() && tokens_.back().kind != TokenKind::kNewline;
    if (matters) {
      push(TokenKind::kNewline, 1);
    } else {
      ++position_;
    }
  }

  std::size_t skip_digits(std::size_t at) const {
    while (at < text_.size() && is_digit(text_[at])) {
      ++at;
    }
    return at;
  }

  // digits [ "." [ digits ] ] [ exp ] | "." digits [ exp ]; an 'e' without digits behind it is no exponent.
  std::size_t number_length() const {
    std::size_t at = skip_digits(position_);
    if (at < text_.size() && text_[at] == '.') {
      at = skip_digits(at + 1);
    }
    if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
      std::size_t digits = at + 1;
      if (digits < text_.size() && (text_[digits] == '+' || text_[digits] == '-')) {
        ++digits;
      }
      const std::size_t end = skip_digits(digits);
      at = end > digits ? end : at;
    }
    return at - position_;
  }

  Result<void> number() {
    push(TokenKind::kNumber, number_length());
    Token& token = tokens_.back();
    if (!parse_double(token.text, token.value) || !math::is_finite(token.value)) {
      return fail_at(E::E1101, fmt::format("the number {} is out of range", token.text.substr(0, 40)), text_,
                     token.span);
    }
    return {};
  }

  Result<void> symbol() {
    const std::string_view pair = text_.substr(position_, 2);
    if (std::find(kPairs.begin(), kPairs.end(), pair) != kPairs.end()) {
      push(TokenKind::kSymbol, 2);
      return {};
    }
    const char c = text_[position_];
    if (kSingles.find(c) == std::string_view::npos) {
      return unknown_character();
    }
    depth_ += c == '(' ? 1 : 0;
    depth_ -= c == ')' && depth_ > 0 ? 1 : 0;
    push(TokenKind::kSymbol, 1);
    return {};
  }

  Result<void> unknown_character() const {
    const auto byte = static_cast<unsigned char>(text_[position_]);
    std::size_t end = position_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) {
      ++end;  // The rest of a UTF-8 character.
    }
    const std::string_view character = text_.substr(position_, end - position_);
    const Span span{static_cast<std::uint32_t>(position_), static_cast<std::uint32_t>(end)};
    const bool printable = byte >= 0x20 && byte != 0x7F && is_utf8(character);
    const std::string shown =
        printable ? fmt::format("the character '{}'", character) : fmt::format("byte {:#04x}", byte);
    std::string hint;
    if (byte == '$') {
      hint = "write a field's name behind it: $close";
    }
    return fail_at(E::E1101, "expected a number, a name or an operator, found " + shown, text_, span, std::move(hint));
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int depth_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> tokenize(std::string_view text) { return Lexer(text).run(); }

std::string describe(const Token& token) {
  if (token.kind == TokenKind::kEnd) {
    return "end of formula";
  }
  if (token.kind == TokenKind::kNewline) {
    return "a new line";
  }
  const bool cut = token.text.size() > 40;
  return fmt::format("\"{}{}{}\"", token.kind == TokenKind::kField ? "$" : "", token.text.substr(0, 40),
                     cut ? "..." : "");
}

std::string line_and_column(std::string_view text, std::uint32_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::string_view line = newline == std::string_view::npos ? before : before.substr(newline + 1);
  const auto columns = std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // Continuation bytes are no characters of their own.
  });
  return fmt::format("{}:{}", lines + 1, columns + 1);
}

Failure fail_at(ErrorNumber number, std::string message, std::string_view text, Span span, std::string hint,
                std::string_view remark) {
  return fail(Error(number, std::move(message), std::move(hint)).at(excerpt(text, span, remark)));
}

}  // namespace lode::expr
