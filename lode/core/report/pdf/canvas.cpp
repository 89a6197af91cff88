// Drawing as PDF content, and the fonts it uses.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/canvas.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/assert.h"
#include "lode/base/hash.h"

namespace lode::report {
namespace {

constexpr double kEm = 1000.0;  // PDF counts a font's lengths in thousandths.

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

Colour parse(std::string_view hex) {
  const auto part = [&](std::size_t at) { return (digit(hex[at]) * 16 + digit(hex[at + 1])) / 255.0; };
  return {part(1), part(3), part(5)};
}

std::string rgb(Colour colour) {
  return pdf_number(colour.red, 3) + " " + pdf_number(colour.green, 3) + " " + pdf_number(colour.blue, 3);
}

std::string stroke_state(const Stroke& stroke) {
  const std::string_view dash = stroke.dash == Dash::kDashed   ? "[4 2] 0 d 0 J "
                                : stroke.dash == Dash::kDotted ? "[.1 2] 0 d 1 J "
                                                               : "[] 0 d 1 J ";
  return fmt::format("{} RG {} w {}1 j ", rgb(stroke.colour), pdf_number(stroke.width), dash);
}

// "ABCDEF": a cut font is named after what is in it.
std::string cut_tag(std::string_view file) {
  const std::string hash = sha256_hex(file);
  std::string out;
  for (std::size_t i = 0; i < 6; ++i) {
    out += static_cast<char>('A' + digit(hash[i]));
  }
  return out;
}

// Which character each number stands for, for whoever copies or searches text (ISO 32000-1, 9.10.3).
std::string to_unicode(const std::vector<char32_t>& order) {
  std::string out =
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering "
      "(UCS) /Supplement 0>> def\n/CMapName /Lode def\n/CMapType 2 def\n1 begincodespacerange\n<0000> "
      "<FFFF>\nendcodespacerange\n";
  constexpr std::size_t kMost = 100;  // Of one block.
  for (std::size_t begin = 0; begin < order.size(); begin += kMost) {
    const std::size_t end = std::min(begin + kMost, order.size());
    out += fmt::format("{} beginbfchar\n", end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      const auto code = static_cast<unsigned>(order[i]);
      out += code < 0x10000 ? fmt::format("<{:04X}> <{:04X}>\n", i, code)
                            : fmt::format("<{:04X}> <{:04X}{:04X}>\n", i, 0xD800U + ((code - 0x10000U) >> 10U),
                                          0xDC00U + ((code - 0x10000U) & 0x3FFU));
    }
    out += "endbfchar\n";
  }
  return out + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

}  // namespace

Colour colour_named(std::string_view token) {
  const auto found = std::ranges::find(palette(), token, &Token::name);
  LODE_ASSERT(found != palette().end());
  return parse(found->light);
}

Colour colour_of(Role role) { return colour_named(token_name(role)); }

Colour tint(Colour colour, double share) {
  const auto mix = [&](double part) { return 1.0 - share * (1.0 - part); };
  return {mix(colour.red), mix(colour.green), mix(colour.blue)};
}

double width_of(Face face, std::string_view words) {
  const Font& font = font_of(face);
  double width = 0.0;
  for (const char32_t code : characters(words)) {
    width += font.advance(font.glyph(code));
  }
  return width;
}

std::string UsedCharacters::numbered(Face face, std::string_view words) {
  Used& used = faces_[static_cast<std::size_t>(face)];
  std::string out;
  for (const char32_t code : characters(words)) {
    const auto [found, is_new] = used.numbers.emplace(code, static_cast<int>(used.order.size()));
    if (is_new) {
      used.order.push_back(code);
    }
    out += fmt::format("{:04X}", found->second);
  }
  return out;
}

int UsedCharacters::write_face(PdfFile& file, Face face, const Used& used) const {
  const Font& font = font_of(face);
  std::set<std::uint16_t> glyphs{0};
  for (const char32_t code : used.order) {
    glyphs.insert(font.glyph(code));
  }
  std::map<std::uint16_t, std::uint16_t> renumbered;
  const std::string cut = font.subset({glyphs.begin(), glyphs.end()}, renumbered);
  std::string to_glyph;
  std::string widths;
  for (const char32_t code : used.order) {
    const std::uint16_t glyph = renumbered.at(font.glyph(code));
    to_glyph += static_cast<char>(glyph >> 8U);
    to_glyph += static_cast<char>(glyph & 0xFFU);
    widths += pdf_number(font.advance(font.glyph(code)) * kEm, 1) + " ";
  }
  const std::string name = cut_tag(cut) + "+" + font.name();
  const std::vector<int> box = font.bounds();
  const int bytes = file.add_stream(fmt::format("/Length1 {}", cut.size()), cut);
  constexpr int kFixedWidth = 1;  // Flags of ISO 32000-1, table 123.
  constexpr int kPlain = 32;
  const int descriptor = file.add(
      fmt::format("<</Type/FontDescriptor/FontName/{}/Flags {}/FontBBox[{} {} {} {}]/ItalicAngle 0/Ascent {}/Descent "
                  "{}/CapHeight {}/StemV 80/FontFile2 {}>>",
                  name, kPlain + (face == Face::kMono ? kFixedWidth : 0), box[0], box[1], box[2], box[3], font.ascent(),
                  font.descent(), font.cap_height(), reference(bytes)));
  const int map = file.add_stream("", to_glyph);
  const int inner = file.add(
      fmt::format("<</Type/Font/Subtype/CIDFontType2/BaseFont/{}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
                  "/Supplement 0>>/FontDescriptor {}/W[0[{}]]/CIDToGIDMap {}>>",
                  name, reference(descriptor), widths, reference(map)));
  const int unicode = file.add_stream("", to_unicode(used.order));
  return file.add(
      fmt::format("<</Type/Font/Subtype/Type0/BaseFont/{}/Encoding/Identity-H/DescendantFonts[{}]/ToUnicode {}>>", name,
                  reference(inner), reference(unicode)));
}

std::array<int, kFaces> UsedCharacters::write(PdfFile& file) const {
  std::array<int, kFaces> out{};
  for (std::size_t i = 0; i < kFaces; ++i) {
    out[i] = faces_[i].order.empty() ? 0 : write_face(file, static_cast<Face>(i), faces_[i]);
  }
  return out;
}

std::string Canvas::place(Spot spot) const { return pdf_number(spot.x) + " " + pdf_number(height_ - spot.y) + " "; }

void Canvas::words(double x, double baseline, Face face, double size, Colour colour, std::string_view text) {
  if (text.empty()) {
    return;
  }
  content_ += fmt::format("BT /F{} {} Tf {} rg 1 0 0 1 {}Tm <{}> Tj ET\n", static_cast<int>(face), pdf_number(size),
                          rgb(colour), place({x, baseline}), used_->numbered(face, text));
}

void Canvas::lines(const std::vector<Spot>& spots, const Stroke& stroke) {
  if (spots.empty()) {
    return;
  }
  content_ += stroke_state(stroke) + place(spots.front()) + "m ";
  for (std::size_t i = 1; i < std::max<std::size_t>(spots.size(), 2); ++i) {
    content_ += place(spots[std::min(i, spots.size() - 1)]) + "l ";
  }
  content_ += "S\n";
}

void Canvas::area(const std::vector<Spot>& outline, Colour colour, double opacity) {
  if (outline.empty()) {
    return;
  }
  content_ += opacity < 0.3 ? "q /O14 gs " : opacity < 1.0 ? "q /O50 gs " : "q ";
  content_ += rgb(colour) + " rg " + place(outline.front()) + "m ";
  for (std::size_t i = 1; i < outline.size(); ++i) {
    content_ += place(outline[i]) + "l ";
  }
  content_ += "f Q\n";
}

void Canvas::rectangle(double x, double y, double width, double height, Colour colour) {
  content_ +=
      fmt::format("{} rg {}{} {} re f\n", rgb(colour), place({x, y + height}), pdf_number(width), pdf_number(height));
}

void Canvas::frame(double x, double y, double width, double height, const Stroke& stroke) {
  content_ += fmt::format("{}{}{} {} re S\n", stroke_state(stroke), place({x, y + height}), pdf_number(width),
                          pdf_number(height));
}

void Canvas::dot(Spot center, double radius, Colour colour) {
  // A line of no length with round ends.
  lines({center}, {colour, 2.0 * radius, Dash::kSolid});
}

std::string_view opacity_states() { return "/O14<</ca .14>>/O50<</ca .5>>"; }

}  // namespace lode::report
