// Tests of the formula file reader.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/core/expr/ast.h"

namespace lode::expr {
namespace {

using ::testing::HasSubstr;

std::string message(std::string_view text) {
  const auto file = parse_file(text);
  return file ? "" : file.error().message();
}

TEST(FormulaFile, ReadsBothFormsOfDefinition) {
  const auto file = parse_file("profile paper\n\na = rank(close) # why\n042\t-1 * b\nalpha101/043 \t c == d\n");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->profile, "paper");
  ASSERT_EQ(file->definitions.size(), 3U);
  EXPECT_EQ(file->definitions[0].name, "a");
  EXPECT_EQ(file->definitions[0].text, "rank(close)");
  EXPECT_EQ(file->definitions[0].line, 3);
  EXPECT_EQ(file->definitions[1].name, "042");
  EXPECT_EQ(file->definitions[2].text, "c == d");
  EXPECT_EQ(file->definitions[2].line, 5);
}

TEST(FormulaFile, SkipsAHeaderCommentsAndAByteOrderMark) {
  const auto file = parse_file("\xEF\xBB\xBF# library\r\nID\tformula\r\nx\tclose\r\n");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->definitions.size(), 1U);
  EXPECT_EQ(file->definitions[0].text, "close");
  EXPECT_EQ(file->definitions[0].line, 3);
}

TEST(FormulaFile, GoesOnWhileAParenthesisIsOpen) {
  const auto file = parse_file("a = rank(\n  close # not here: )\n  + 1)\nb = a\n");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->definitions.size(), 2U);
  EXPECT_TRUE(parse(file->definitions[0].text));
  EXPECT_EQ(file->definitions[1].line, 4);
}

TEST(FormulaFile, ReadsOptions) {
  const auto file = parse_file("option min_periods = 10\noption Ties=first\na = close\n");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->options.size(), 2U);
  EXPECT_EQ(file->options[0].name, "min_periods");
  EXPECT_EQ(file->options[0].value, "10");
  EXPECT_EQ(file->options[1].name, "ties");
  EXPECT_EQ(file->options[1].line, 2);
}

TEST(FormulaFile, ANameMayBeAWordOfTheHeader) {
  const auto file = parse_file("profile = close\noption = open\n");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->profile, "");
  EXPECT_EQ(file->definitions.size(), 2U);
}

TEST(FormulaFile, NamesTheLineThatIsWrong) {
  EXPECT_EQ(message("a = close\nrank(close)\n"), "line 2: expected NAME = FORMULA, or NAME, a tab and FORMULA");
  EXPECT_EQ(message("a =\n"), "line 1: 'a' has no formula");
  EXPECT_EQ(message("a = x\nb = y\na = z\n"), "line 3: 'a' is defined twice, first on line 1");
  EXPECT_EQ(message("2a = x\n"), "line 1: expected a name before the formula, found \"2a\"");
  EXPECT_EQ(message("option x\n"), "line 1: expected option NAME = VALUE, the value a number or a name");
  EXPECT_EQ(message("a = rank(x\nb = y\n"), "expected \")\" to close \"(\" at 1:9, found end of file");
  EXPECT_THAT(message("a = \xff"), HasSubstr("not UTF-8"));
}

TEST(FormulaFile, ShowsTheLineOfTheFile) {
  const auto file = parse_file("a = close\nrank close\n");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().where(), "  2 | rank close\n    | ^^^^^^^^^^");
}

TEST(FormulaFile, AnEmptyFileHasNoDefinitions) {
  const auto file = parse_file("# nothing\n\n");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->definitions.empty());
}

}  // namespace
}  // namespace lode::expr
