// Tests of the excerpt: exact lines, and nothing dangerous for a terminal.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/text.h"
#include "lode/core/expr/ast.h"

namespace lode::expr {
namespace {

TEST(Excerpt, UnderlinesTheSpan) {
  EXPECT_EQ(excerpt("rank(ts_corrl(close, volume, 10))", {5, 13}),
            "  1 | rank(ts_corrl(close, volume, 10))\n"
            "    |      ^^^^^^^^");
}

TEST(Excerpt, PutsTheRemarkBehindTheCarets) {
  EXPECT_EQ(excerpt("rank(ts_delta(delay(close, -1), 5))", {27, 29}, "a negative delay reads tomorrow's close"),
            "  1 | rank(ts_delta(delay(close, -1), 5))\n"
            "    |                            ^^ a negative delay reads tomorrow's close");
}

TEST(Excerpt, ShowsTheLineOfTheSpanAndItsNumber) {
  EXPECT_EQ(excerpt("(a +\n b +\n c)", {6, 7}), "  2 |  b +\n    |  ^");
  const std::string tenth = std::string(9, '\n') + "abc";
  EXPECT_EQ(excerpt(tenth, {10, 12}), "  10 | abc\n     |  ^^");
}

TEST(Excerpt, PointsBehindTheEndOfTheText) {
  EXPECT_EQ(excerpt("rank(close", {10, 10}), "  1 | rank(close\n    |           ^");
  EXPECT_EQ(excerpt("", {0, 0}), "  1 | \n    | ^");
  EXPECT_EQ(excerpt("ab", {90, 99}), "  1 | ab\n    |   ^");
}

TEST(Excerpt, EndsTheCaretsWithTheLine) { EXPECT_EQ(excerpt("(ab\ncd)", {1, 7}), "  1 | (ab\n    |  ^^"); }

TEST(Excerpt, CountsCharactersNotBytes) { EXPECT_EQ(excerpt("é@", {2, 3}), "  1 | é@\n    |  ^"); }

TEST(Excerpt, ReplacesControlCharactersAndBrokenBytes) {
  EXPECT_EQ(excerpt("\x1b[31m\tx\xff", {0, 1}), "  1 | ?[31m x?\n    | ^");
  EXPECT_EQ(excerpt("\xc2\x9b"
                    "a\xc2",
                    {2, 3}),
            "  1 | ?a?\n    |  ^");
}

TEST(Excerpt, CutsLongLinesAroundTheCaret) {
  std::string text(2001, 'a');
  text[1000] = '@';
  const std::string result = excerpt(text, {1000, 1001});
  const auto lines = split(result, '\n');
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_LE(lines[0].size(), 110U);
  EXPECT_TRUE(lines[0].starts_with("  1 | ...a"));
  EXPECT_TRUE(lines[0].ends_with("a..."));
  EXPECT_EQ(lines[0][lines[1].find('^')], '@');
}

TEST(Excerpt, KeepsLongCaretsInsideTheCutLine) {
  const std::string text(5000, 'a');
  const auto result = excerpt(text, {0, 5000});
  for (const std::string_view line : split(result, '\n')) {
    EXPECT_LE(line.size(), 110U);
  }
}

}  // namespace
}  // namespace lode::expr
