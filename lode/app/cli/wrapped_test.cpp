// Text that fits a terminal: what is broken, and what never is.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/wrapped.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "lode/base/text.h"

namespace lode::cli {
namespace {

// The widest line; the oracle of every fit below.
std::size_t width_of(const std::string& text) {
  std::size_t widest = 0;
  for (const std::string_view line : split(text, '\n')) {
    widest = std::max(widest, code_points(line));
  }
  return widest;
}

// The words, however they are laid out: breaking lines may add and lose nothing.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view line : split(text, '\n')) {
    for (const std::string_view word : split(line, ' ')) {
      if (!word.empty()) words.emplace_back(word);
    }
  }
  return words;
}

TEST(Wrapped, LeavesATextAloneThatNoTerminalShowsOrThatFits) {
  const std::string line = "one two three four five six seven eight nine ten\n";
  EXPECT_EQ(wrapped(line, 0), line);
  EXPECT_EQ(wrapped(line, 48), line);
  EXPECT_EQ(wrapped(line, 5), line) << "no room for words at all";
  EXPECT_EQ(wrapped("", 80), "");
  EXPECT_EQ(wrapped("\n\n", 80), "\n\n");
}

TEST(Wrapped, BreaksASentenceAtBlanksUnderItsFirstWord) {
  EXPECT_EQ(wrapped("one two three four five six\n", 20), "one two three four\nfive six\n");
  EXPECT_EQ(wrapped("  one two three four five six\n", 20), "  one two three four\n  five six\n");
  EXPECT_EQ(wrapped("- one two three four five six", 20), "- one two three four\n  five six");
  EXPECT_EQ(wrapped("12. one two three four five", 20), "12. one two three\n    four five");
}

TEST(Wrapped, FillsAnewAParagraphThatStandsInLongerLines) {
  EXPECT_EQ(wrapped("one two three four five six\nseven eight nine.\nTen.\n", 20),
            "one two three four\nfive six seven eight\nnine.\nTen.\n");
  EXPECT_EQ(wrapped("- one two three four five\n  six seven\n- eight\n", 20),
            "- one two three four\n  five six seven\n- eight\n");
  EXPECT_EQ(wrapped("one two three four five.\nsix seven\n", 20), "one two three four\nfive.\nsix seven\n")
      << "another sentence";
  EXPECT_EQ(wrapped("one two three four five\n  six  7\n", 20), "one two three four\nfive\n  six  7\n") << "a row";
}

TEST(Wrapped, LosesNoWordAtAnyWidth) {
  const std::string text =
      "Verdict: No sign of prediction 5 days ahead (rank IC +0.002, t 0.8, 1,254 dates); an IC of 0.02 or more either "
      "way is ruled out.\n\n  kept  a long explanation of what was kept and why it was kept, in many words indeed\n";
  for (int columns = 0; columns < 130; ++columns) {
    const std::string shown = wrapped(text, columns);
    EXPECT_EQ(words_of(shown), words_of(text)) << columns;
    if (columns >= 40) {
      EXPECT_LE(width_of(shown), static_cast<std::size_t>(std::max(columns, 40))) << shown;
    }
  }
}

TEST(Wrapped, CountsCharactersNotBytes) {
  // Twenty characters of two and three bytes each fit twenty columns.
  EXPECT_EQ(wrapped("éééé éééé éééé ééééé", 20), "éééé éééé éééé ééééé");
  EXPECT_EQ(wrapped("…… …… …… …… …… …… ……", 20), "…… …… …… …… …… …… ……");
  EXPECT_EQ(wrapped("éééé éééé éééé éééé éé", 20), "éééé éééé éééé éééé\néé");
}

TEST(Wrapped, KeepsFormulasQuotesAndLongWordsWhole) {
  EXPECT_EQ(wrapped("see rank(ts_corr(close, volume, 10)) for it", 20),
            "see\nrank(ts_corr(close, volume, 10))\nfor it");
  EXPECT_EQ(wrapped("it is (high - low) / (high + low) there", 20), "it is\n(high - low) / (high + low)\nthere");
  EXPECT_EQ(wrapped("type 'a b c d e f g h i j' now", 20), "type\n'a b c d e f g h i j'\nnow");
  EXPECT_EQ(wrapped("the day's one two three o'clock", 20), "the day's one two\nthree o'clock");
  EXPECT_EQ(wrapped("a aaaaaaaaaaaaaaaaaaaaaaaaaaaa b", 20), "a\naaaaaaaaaaaaaaaaaaaaaaaaaaaa\nb");
  EXPECT_EQ(wrapped("an interval (of 95 % here) ends", 20), "an interval (of 95 %\nhere) ends");
  EXPECT_EQ(wrapped("an open 'quote that never closes", 20), "an open 'quote that\nnever closes");
  EXPECT_EQ(wrapped("unmatched ) and ) brackets ( too", 20), "unmatched ) and )\nbrackets ( too");
}

TEST(Wrapped, GoesOnUnderTheWordsBehindAName) {
  EXPECT_EQ(wrapped("a  10\nkept  one two three four five\nb  11\n", 20),
            "a  10\nkept  one two three\n      four five\nb  11\n");
}

TEST(Wrapped, LeavesRowsOfTablesTreesAndCodeWhole) {
  const std::string row = "name  value\nalpha  12,345  a long remark\nbeta  12,345  a remark\n";
  EXPECT_EQ(wrapped(row, 24), row);
  const std::string tree = "+- factor        rank(ts_mean(returns, 5))\n|  +- close       lake commit 5, 6 parts\n";
  EXPECT_EQ(wrapped(tree, 24), tree);
  const std::string code = "```text\none two three four five six seven eight\n```\n";
  EXPECT_EQ(wrapped(code, 24), code);
  EXPECT_EQ(wrapped("| a | b of many words in a row |\n", 24), "| a | b of many words in a row |\n");
}

TEST(Wrapped, BreaksALineOfFactsBetweenThem) {
  EXPECT_EQ(wrapped("rank(close)  all  2020-01..2025-01  1,260 sessions\n\nnext\n", 32),
            "rank(close)  all\n  2020-01..2025-01\n  1,260 sessions\n\nnext\n");
}

TEST(Wrapped, KeepsALineToPasteWholeAndBreaksWhatAnErrorSays) {
  EXPECT_EQ(wrapped("error[E0008]: no folder x to write y in it\nhelp: mkdir -p x, then the same again", 24),
            "error[E0008]: no folder\n      x to write y in it\nhelp: mkdir -p x, then the same again");
}

TEST(Wrapped, APathOfATreeLosesItsMiddleWhereTheLineIsTooLong) {
  const std::string leaf =
      "|  |  +- prices/someone/data/vendor/daily/2020/bars_2020.csv  sha256 1234...  rows 12,345   set aside 0";
  const std::string told = wrapped(leaf, 80);
  EXPECT_EQ(told.size(), 80U) << told;
  EXPECT_TRUE(told.starts_with("|  |  +- prices")) << told;
  EXPECT_NE(told.find("..."), std::string::npos);
  EXPECT_NE(told.find("bars_2020.csv  sha256 1234...  rows 12,345   set aside 0"), std::string::npos) << told;
  EXPECT_EQ(wrapped(leaf, 200), leaf) << "it fits";
  EXPECT_EQ(wrapped(leaf, 0), leaf) << "no terminal";
}

TEST(Wrapped, WhatIsNoPathOfATreeStaysWhole) {
  for (const char* line : {"|  +- close / delay(close, 5) - delay(close, 10)    lake commit 5",
                           "+- factor                         close/delay(close,5)+open/delay(open,5)",
                           "|  +- close                       lake commit 5 (2026-01-02 10:00 UTC), 6 parts"}) {
    EXPECT_EQ(wrapped(line, 40), line);
  }
  EXPECT_EQ(wrapped("|  +- a/b.csv                       sha256 1234...  rows 1", 40),
            "|  +- a/b.csv                       sha256 1234...  rows 1")
      << "nothing to take away";
}

}  // namespace
}  // namespace lode::cli
