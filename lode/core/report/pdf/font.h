// A TrueType font read from bytes: which glyph shows a character, how wide it is, and the font again with only the
// glyphs a document uses. Tables as in the OpenType specification 1.9 (head, hhea, hmtx, maxp, cmap format 4, loca,
// glyf, OS/2); nothing is looked up on the machine.
//
// Characters stand one after the other: no kerning, no ligatures, no right-to-left. A character the font lacks has
// glyph 0, the empty box.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lode::report {

// The characters of UTF-8 text; a byte that is no text is U+FFFD.
std::vector<char32_t> characters(std::string_view text);

class Font {
 public:
  // `bytes` outlive the font. A file that is no TrueType font with these tables is our own broken invariant (the fonts
  // are compiled in), and stops the program.
  Font(std::string_view bytes, std::string_view name);

  // A thin or fixed space the font lacks is a space.
  std::uint16_t glyph(char32_t character) const;
  // Of the em. Lengths of glyphs as the font's designer drew them.
  double advance(std::uint16_t glyph) const;

  const std::string& name() const { return name_; }
  // In thousandths of the em, as a PDF descriptor names them.
  int ascent() const { return scaled(ascent_); }
  int descent() const { return scaled(descent_); }
  int cap_height() const { return scaled(cap_height_); }
  std::vector<int> bounds() const;  // left, bottom, right, top

  // A font file of `glyphs` (ascending, 0 first) and those they are composed of. `renumbered` gets the new number of
  // each of them.
  std::string subset(const std::vector<std::uint16_t>& glyphs,
                     std::map<std::uint16_t, std::uint16_t>& renumbered) const;

 private:
  std::string_view table(std::string_view tag) const;
  std::string_view outline(std::uint16_t glyph) const;  // Empty for a blank.
  int scaled(int units) const { return units * 1000 / units_per_em_; }

  std::string_view bytes_;
  std::string name_;
  std::map<std::string, std::string_view, std::less<>> tables_;
  std::map<char32_t, std::uint16_t> glyphs_;
  std::vector<std::uint16_t> advances_;
  int units_per_em_ = 1000;
  int glyph_count_ = 0;
  bool long_offsets_ = false;
  int ascent_ = 0;
  int descent_ = 0;
  int cap_height_ = 0;
};

}  // namespace lode::report
