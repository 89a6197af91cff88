// Tests of the lexer: tokens by hand from the grammar.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/syntax/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lode::expr {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> texts(std::string_view text) {
  const auto tokens = tokenize(text);
  std::vector<std::string> result;
  if (!tokens) {
    return {tokens.error().message()};
  }
  for (const Token& token : *tokens) {
    result.push_back(token.kind == TokenKind::kEnd       ? "<end>"
                     : token.kind == TokenKind::kNewline ? "<line>"
                                                         : std::string(token.text));
  }
  return result;
}

double number(std::string_view text) {
  const auto tokens = tokenize(text);
  return tokens && tokens->size() == 2 ? (*tokens)[0].value : -1.0;
}

TEST(Lexer, TakesTheLongestMatch) {
  EXPECT_THAT(texts("a==b<=c**d&&!e"), ElementsAre("a", "==", "b", "<=", "c", "**", "d", "&&", "!", "e", "<end>"));
  EXPECT_THAT(texts("x=1"), ElementsAre("x", "=", "1", "<end>"));
}

TEST(Lexer, ReadsEveryFormOfNumber) {
  EXPECT_EQ(number("2."), 2.0);
  EXPECT_EQ(number(".001"), 0.001);
  EXPECT_EQ(number("1e-12"), 1e-12);
  EXPECT_EQ(number("2.E3"), 2000.0);
  EXPECT_EQ(number("0.00817205"), 0.00817205);
  EXPECT_THAT(texts("2e"), ElementsAre("2", "e", "<end>"));
  EXPECT_THAT(texts("1.5.2"), ElementsAre("1.5", ".2", "<end>"));
}

TEST(Lexer, RefusesANumberThatIsNotFinite) {
  EXPECT_THAT(texts("1e999"), ElementsAre("the number 1e999 is out of range"));
}

TEST(Lexer, NamesHoldDotsAndFieldsLoseTheirDollar) {
  EXPECT_THAT(texts("IndClass.sector + $close"), ElementsAre("IndClass.sector", "+", "close", "<end>"));
  const auto tokens = tokenize("$close");
  ASSERT_TRUE(tokens);
  EXPECT_EQ((*tokens)[0].kind, TokenKind::kField);
  EXPECT_EQ((*tokens)[0].span.begin, 0U);
  EXPECT_EQ((*tokens)[0].span.end, 6U);
}

TEST(Lexer, NewlinesCountOnlyOutsideParentheses) {
  EXPECT_THAT(texts("\n\na\n\nb(\nc\n)\n"), ElementsAre("a", "<line>", "b", "(", "c", ")", "<end>"));
}

TEST(Lexer, CommentsEndWithTheirLine) {
  EXPECT_THAT(texts("a # (b\n"), ElementsAre("a", "<end>"));
  EXPECT_THAT(texts("(a # )\n+ b)"), ElementsAre("(", "a", "+", "b", ")", "<end>"));
}

TEST(Lexer, NamesTheCharacterThatIsNone) {
  EXPECT_THAT(texts("a @ b"), ElementsAre("expected a number, a name or an operator, found the character '@'"));
  EXPECT_THAT(texts("a × b"), ElementsAre("expected a number, a name or an operator, found the character '×'"));
  EXPECT_THAT(texts(std::string_view("a\0b", 3)), ElementsAre(HasSubstr("found byte 0x00")));
  EXPECT_THAT(texts("\xff"), ElementsAre(HasSubstr("found byte 0xff")));
  EXPECT_THAT(texts("a & b&&c|d||e"), ElementsAre("a", "&", "b", "&&", "c", "|", "d", "||", "e", "<end>"));
}

TEST(Lexer, CountsColumnsInCharacters) {
  EXPECT_EQ(line_and_column("ab\n×c", 5), "2:2");
  EXPECT_EQ(line_and_column("rank(", 4), "1:5");
}

}  // namespace
}  // namespace lode::expr
