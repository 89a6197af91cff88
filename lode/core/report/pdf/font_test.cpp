// Fonts: what is read, and what is left when they are cut.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/font.h"

#include <gtest/gtest.h>

#include "lode/core/report/pdf/fonts.h"

namespace lode::report {
namespace {

TEST(Font, CharactersOfUtf8) {
  EXPECT_EQ(characters("a\xC3\xA9\xE2\x88\x92\xF0\x9F\x98\x80"), (std::vector<char32_t>{'a', 0xE9, 0x2212, 0x1F600}));
  EXPECT_EQ(characters("\xFF"
                       "b\n"),
            (std::vector<char32_t>{0xFFFD, 'b', ' '}));
}

// Liberation Sans has the widths of Arial, Liberation Mono those of Courier New (Adobe font metrics, thousandths).
TEST(Font, LettersAreAsWideAsTheFacesTheyStandFor) {
  const Font& sans = font_of(Face::kSans);
  for (const auto& [letter, width] : {std::pair{U'A', 667}, {U'i', 222}, {U'0', 556}, {U'9', 556}, {U' ', 278}}) {
    EXPECT_NEAR(sans.advance(sans.glyph(letter)) * 1000.0, width, 1.0) << static_cast<char>(letter);
  }
  const Font& bold = font_of(Face::kBold);
  EXPECT_NEAR(bold.advance(bold.glyph(U'A')) * 1000.0, 722, 1.0);
  const Font& mono = font_of(Face::kMono);
  for (const char32_t letter : {U'i', U'W', U'_'}) {
    EXPECT_NEAR(mono.advance(mono.glyph(letter)) * 1000.0, 600, 1.0);
  }
}

TEST(Font, TheFacesHaveWhatReportsWrite) {
  for (const Face face : {Face::kSans, Face::kBold, Face::kMono}) {
    for (const char32_t code : {U'\u2212', U'\u202F', U'\u2013', U'\u00B7', U'\u03B1', U'\u0416'}) {
      EXPECT_NE(font_of(face).glyph(code), 0) << static_cast<unsigned>(code);
    }
    EXPECT_EQ(font_of(face).glyph(U'\u4E2D'), 0) << "the empty box";
  }
}

unsigned u32(const std::string& bytes, std::size_t at) {
  unsigned out = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    out = out << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
  }
  return out;
}

// The sum of all words of a whole font file is this number (OpenType, head table).
TEST(Font, ACutFontIsAFontFile) {
  const Font& sans = font_of(Face::kSans);
  std::map<std::uint16_t, std::uint16_t> renumbered;
  const std::string cut = sans.subset({0, sans.glyph(U'A'), sans.glyph(U'\u00E9')}, renumbered);
  unsigned sum = 0;
  for (std::size_t at = 0; at < cut.size(); at += 4) {
    sum += u32(cut, at);
  }
  EXPECT_EQ(sum, 0xB1B0AFBAU);
  EXPECT_LT(cut.size(), 12U * 1024U);
  EXPECT_EQ(renumbered.at(0), 0);
}

TEST(Font, ComposedLettersBringTheirParts) {
  const Font& sans = font_of(Face::kSans);
  std::map<std::uint16_t, std::uint16_t> alone;
  sans.subset({0, sans.glyph(U'A')}, alone);
  EXPECT_EQ(alone.size(), 2U);
  std::map<std::uint16_t, std::uint16_t> composed;
  const std::string cut = sans.subset({0, sans.glyph(U'\u00E9')}, composed);
  EXPECT_GE(composed.size(), 4U) << "e with acute is drawn from e and acute";
  EXPECT_TRUE(composed.contains(sans.glyph(U'e')));
  unsigned at = 0;
  for (const auto& [glyph, number] : composed) {
    EXPECT_EQ(number, at++) << "numbered in order";
    EXPECT_LE(number, glyph);
  }
}

TEST(Font, AdvancesSurviveTheCut) {
  const Font& sans = font_of(Face::kSans);
  std::map<std::uint16_t, std::uint16_t> renumbered;
  const std::string cut = sans.subset({0, sans.glyph(U'W'), sans.glyph(U'i')}, renumbered);
  std::size_t hmtx = 0;
  for (std::size_t row = 12; row < 12 + 16 * 9; row += 16) {
    hmtx = cut.substr(row, 4) == "hmtx" ? u32(cut, row + 8) : hmtx;
  }
  for (const char32_t letter : {U'W', U'i'}) {
    const unsigned found = u32(cut, hmtx + 4U * renumbered.at(sans.glyph(letter))) >> 16U;
    EXPECT_DOUBLE_EQ(found / 2048.0, sans.advance(sans.glyph(letter)));
  }
}

}  // namespace
}  // namespace lode::report
