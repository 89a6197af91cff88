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
  if (!file) return file.error().message();
  return file->broken.empty() ? "" : file->broken.front().error.message();
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

TEST(FormulaFile, ATableMayNameTheLibraryToo) {
  const auto file = parse_file("# c\nlibrary\tid\tformula\nq\tA\t$close\nq\tB\t-$open\nr\tA\tMean(\n\t$low,\n\t5)\n");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->broken.empty()) << file->broken.front().error.message();
  ASSERT_EQ(file->definitions.size(), 3U);
  EXPECT_EQ(file->definitions[0].name, "q/A");
  EXPECT_EQ(file->definitions[1].name, "q/B");
  EXPECT_EQ(file->definitions[1].text, "-$open");
  EXPECT_EQ(file->definitions[2].name, "r/A");
  EXPECT_TRUE(parse(file->definitions[2].text));
  const auto turned = parse_file("Formula\tnote\tName\nclose - open\tgap\ta\nopen\t\tb\n");
  ASSERT_TRUE(turned);
  ASSERT_EQ(turned->definitions.size(), 2U);
  EXPECT_EQ(turned->definitions[0].name, "a");
  EXPECT_EQ(turned->definitions[0].text, "close - open");
  EXPECT_EQ(message("library\tid\tformula\nq\tclose\n"), "line 2: expected 3 columns, as the header has, found 2");
  EXPECT_EQ(message("library\tid\tformula\nq\tA\tx\nq\tA\ty\n"), "line 3: 'q/A' is defined twice, first on line 2");
}

TEST(FormulaFile, TwoWordsBeforeAFormulaAreItsLibraryAndName) {
  const auto file = parse_file("q\tA\t$close\nq\tB\tMean($open, 5)\na\tclose\t- open\nb\tclose # one\ttwo\n");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->definitions.size(), 4U);
  EXPECT_EQ(file->definitions[0].name, "q/A");
  EXPECT_EQ(file->definitions[1].name, "q/B");
  EXPECT_EQ(file->definitions[1].text, "Mean($open, 5)");
  EXPECT_EQ(file->definitions[2].name, "a") << "a tab inside a formula is a blank";
  EXPECT_EQ(file->definitions[2].text, "close\t- open");
  EXPECT_EQ(file->definitions[3].name, "b");
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
  EXPECT_EQ(message("a = rank(x\nb = y\n"),
            "line 1: expected \")\" to close \"(\" at 1:9, found the definition on line 2");
  EXPECT_EQ(message("a = rank(x\n"), "line 1: expected \")\" to close \"(\" at 1:9, found end of file");
  EXPECT_THAT(message("a = \xff"), HasSubstr("not UTF-8"));
}

TEST(FormulaFile, ShowsTheLineOfTheFile) {
  const auto file = parse_file("a = close\nrank close\n");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->broken.size(), 1U);
  EXPECT_EQ(file->broken[0].error.where(), "  2 | rank close\n    | ^^^^^^^^^^");
  EXPECT_EQ(file->broken[0].name, "line 2");
  EXPECT_EQ(file->broken[0].line, 2);
  EXPECT_EQ(file->definitions.size(), 1U) << "one that cannot be read costs no other";
}

// The names of the definitions, then behind '!' those of the broken ones.
std::string names_of(std::string_view text) {
  const auto file = parse_file(text);
  std::string names;
  for (std::size_t i = 0; file && i < file->definitions.size(); ++i) names += file->definitions[i].name + " ";
  for (std::size_t i = 0; file && i < file->broken.size(); ++i) names += "!" + file->broken[i].name + " ";
  return file ? names : "failed";
}

TEST(FormulaFile, AnUnclosedParenthesisEndsWithTheNextDefinition) {
  EXPECT_EQ(names_of("a\tclose\nb\trank(close\nc\topen\nd\tlow\n"), "a c d !b ");
  EXPECT_EQ(names_of("a = rank(close\nb = open\n"), "b !a ");
  EXPECT_EQ(names_of("a = rank(close,\nb = open\nc = low\n"), "b c !a ") << "nothing ever closes it";
  EXPECT_EQ(names_of("a = rank(close\n  , 5\n# why\nb = rank(open)\n"), "b !a ");
  EXPECT_EQ(names_of("a = rank((close)\nb = rank((open)\nc = rank(low)\n"), "c !a !b ");
  EXPECT_EQ(names_of("a\trank(close\r\nalpha101/002\topen\r\n"), "alpha101/002 !a ");
  EXPECT_EQ(names_of("a = rank(close\n"), "!a ");
}

TEST(FormulaFile, AnArgumentOrAComparisonOnItsOwnLineBeginsNoDefinition) {
  EXPECT_EQ(names_of("a = winsorize(close,\nstd = 4)\nb = open\n"), "a b ");
  EXPECT_EQ(names_of("a = winsorize(\nclose, std\n= 4)\n"), "a ");
  EXPECT_EQ(names_of("a = if(close\n== open, low,\nhigh)\nb = open\n"), "a b ");
  EXPECT_EQ(names_of("a = rank(close\n  +\topen\n  b = 3)\nc = low\n"), "a c ") << "indented lines go on";
  EXPECT_EQ(names_of("a = rank(close\n+\topen\n)\nc = low\n"), "a c ");
}

TEST(FormulaFile, AnEmptyFileHasNoDefinitions) {
  const auto file = parse_file("# nothing\n\n");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->definitions.empty());
}

TEST(FormulaFile, OneProfileAboveWhatItRules) {
  const auto again = parse_file("profile brain\na = close\nprofile Brain\n");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->profile, "brain");
  EXPECT_EQ(again->profile_line, 1);
  const auto second = parse_file("# c\nprofile street\na = close\nprofile brain\nb = close\n");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().number(), E::E1101);
  EXPECT_EQ(second.error().message(), "line 4: profile brain, but line 2 said street: a file has one profile");
  const auto below = parse_file("a = close\nprofile brain\n");
  ASSERT_FALSE(below);
  EXPECT_EQ(below.error().message(), "line 2: profile brain stands below formulas that it would rule");
}

}  // namespace
}  // namespace lode::expr
