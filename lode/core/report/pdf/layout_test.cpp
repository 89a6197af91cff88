// Lines, slabs and the words of PDF itself.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/core/report/pdf/file.h"
#include "lode/core/report/pdf/lines.h"
#include "lode/core/report/pdf/slab.h"

namespace lode::report {
namespace {

std::vector<std::string> words_of(const std::vector<Line>& lines) {
  std::vector<std::string> out;
  for (const Line& line : lines) {
    std::string& words = out.emplace_back();
    for (const Piece& piece : line.pieces) {
      words += piece.words;
    }
  }
  return out;
}

// The rule written out: a word goes on the line while what stands there, a space and the word are no wider than it.
std::vector<std::string> broken(const std::string& text, double width, double size) {
  std::vector<std::string> out{""};
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    const std::string longer = out.back().empty() ? word : out.back() + " " + word;
    if (size * width_of(Face::kSans, longer) <= width + 1e-6 || out.back().empty()) {
      out.back() = longer;
    } else {
      out.push_back(word);
    }
    at = end + 1;
  }
  return out;
}

TEST(Lines, BreakAtSpacesWhereTheWidthSays) {
  const std::string text = "Windows longer than a day overlap; the naive t counts the same days many times.";
  for (double width = 60.0; width < 400.0; width += 7.0) {
    EXPECT_EQ(words_of(set_lines(text, {}, width)), broken(text, width, 8.5)) << width;
  }
}

TEST(Lines, NumbersAndRangesAreNeverBroken) {
  const Text range = "95 %: " + Text(report::Run{"+0.01 .. +0.03", report::Run::Kind::kRange});
  for (const std::string& line : words_of(set_lines(range, {}, 70.0))) {
    EXPECT_TRUE(line == "95 %:" || line == "+0.01 .. +0.03") << line;
  }
  EXPECT_EQ(words_of(set_lines(words("({})", {report::Run{"8", report::Run::Kind::kNumber}}), {}, 12.0)),
            (std::vector<std::string>{"(8)"}));
}

TEST(Lines, AWordWiderThanTheLineIsCut) {
  const std::vector<Line> lines = set_lines(std::string(100, 'w'), {}, 100.0);
  EXPECT_GT(lines.size(), 5U);
  std::string all;
  for (const Line& line : lines) {
    EXPECT_LE(line.width, 100.0 + 1e-6);
  }
  for (const std::string& words : words_of(lines)) {
    all += words;
  }
  EXPECT_EQ(all, std::string(100, 'w'));
  EXPECT_EQ(set_lines("", {}, 100.0).size(), 1U);
}

Slab slab(double height, bool keeps = false, double gap = 0.0) {
  Slab out{height};
  out.keeps = keeps;
  out.gap = gap;
  return out;
}

constexpr Paper kSmall{100.0, 120.0, 10.0, 10.0, 10.0};  // A body of 100.

TEST(Slabs, AreNeverBrokenOverTwoPages) {
  const std::vector<Placed> places = placed({slab(60.0), slab(30.0, false, 10.0), slab(20.0, false, 10.0)}, kSmall);
  EXPECT_EQ(places[1].page, 0);
  EXPECT_DOUBLE_EQ(places[1].y, 80.0) << "after its gap";
  EXPECT_EQ(places[2].page, 1);
  EXPECT_DOUBLE_EQ(places[2].y, 10.0) << "no gap on top of a page";
}

TEST(Slabs, AHeadingStandsWithWhatItHeads) {
  const std::vector<Placed> places = placed({slab(80.0), slab(10.0, true), slab(5.0, true), slab(20.0)}, kSmall);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(places[i].page, 1) << i;
  }
  EXPECT_DOUBLE_EQ(places[3].y, 25.0);
}

TEST(Slabs, ATablesHeadIsDrawnAgainOnItsNextPage) {
  const auto head = std::make_shared<const Slab>(slab(10.0));
  Slabs slabs{slab(10.0, true)};
  for (int i = 0; i < 6; ++i) {
    slabs.push_back(slab(25.0));
    slabs.back().again = head;
  }
  const std::vector<Placed> places = placed(slabs, kSmall);
  EXPECT_FALSE(places[1].repeats);
  EXPECT_EQ(places[4].page, 1);
  EXPECT_TRUE(places[4].repeats);
  EXPECT_DOUBLE_EQ(places[4].y, 20.0) << "below the head";
  EXPECT_FALSE(places[5].repeats);
}

TEST(Slabs, OneHigherThanAPageGetsItsOwn) {
  const std::vector<Placed> places = placed({slab(10.0), slab(300.0), slab(10.0)}, kSmall);
  EXPECT_EQ(places[1].page, 1);
  EXPECT_EQ(places[2].page, 2);
}

TEST(Slabs, AFrameIsAsHighAsWhatItHolds) {
  double height = 0.0;
  for (const Slab& one : framed({slab(20.0), slab(30.0, false, 5.0)}, 100.0, 8.0)) {
    height += one.height + one.gap;
  }
  EXPECT_DOUBLE_EQ(height, 20.0 + 5.0 + 30.0 + 16.0);
  EXPECT_DOUBLE_EQ(merged({slab(20.0, false, 9.0), slab(30.0, false, 5.0)}).height, 55.0);
}

TEST(PdfFile, NumbersAreShort) {
  EXPECT_EQ(pdf_number(1.5), "1.5");
  EXPECT_EQ(pdf_number(2.0), "2");
  EXPECT_EQ(pdf_number(-0.001), "0");
  EXPECT_EQ(pdf_number(100.0, 0), "100");
  EXPECT_EQ(pdf_number(0.12345, 3), "0.123");
}

// The example of ISO 32000-1, 7.9.2.2 is UTF-16 with its mark; beyond the basic plane there are two units.
TEST(PdfFile, TextIsUtf16WithItsMark) {
  EXPECT_EQ(pdf_text("A\xC3\xA9"), "<FEFF004100E9>");
  EXPECT_EQ(pdf_text("\xF0\x9F\x98\x80"), "<FEFFD83DDE00>");
}

}  // namespace
}  // namespace lode::report
