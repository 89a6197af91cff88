// Reading and cutting TrueType fonts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/font.h"

#include <algorithm>
#include <set>

#include "lode/base/assert.h"
#include "lode/base/text.h"

namespace lode::report {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// Big-endian numbers of a table; reading past its end stops the program.
std::uint16_t u16(std::string_view bytes, std::size_t at) {
  LODE_ASSERT(at + 2 <= bytes.size());
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8U |
                                    static_cast<unsigned char>(bytes[at + 1]));
}
int i16(std::string_view bytes, std::size_t at) { return static_cast<std::int16_t>(u16(bytes, at)); }
std::uint32_t u32(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(u16(bytes, at)) << 16U | u16(bytes, at + 2);
}

void put16(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8U & 0xFFU);
  out += static_cast<char>(value & 0xFFU);
}
void put32(std::string& out, std::uint32_t value) {
  put16(out, value >> 16U);
  put16(out, value & 0xFFFFU);
}
void set16(std::string& out, std::size_t at, unsigned value) {
  out[at] = static_cast<char>(value >> 8U & 0xFFU);
  out[at + 1] = static_cast<char>(value & 0xFFU);
}
void set32(std::string& out, std::size_t at, std::uint32_t value) {
  set16(out, at, value >> 16U);
  set16(out, at + 2, value & 0xFFFFU);
}

// Sum of the 32-bit words of a table, padded with zeros.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (24U - 8U * (i % 4));
  }
  return sum;
}

// cmap format 4: the segments of the basic plane.
std::map<char32_t, std::uint16_t> read_characters(std::string_view cmap) {
  std::string_view segments;
  for (std::size_t i = 0; i < u16(cmap, 2); ++i) {
    const std::string_view one = cmap.substr(u32(cmap, 8 + 8 * i));
    if (u16(cmap, 4 + 8 * i) == 3 && u16(cmap, 6 + 8 * i) == 1 && u16(one, 0) == 4) {
      segments = one;
    }
  }
  LODE_ASSERT(!segments.empty());
  std::map<char32_t, std::uint16_t> out;
  const std::size_t count = u16(segments, 6) / 2U;
  const std::size_t starts = 16 + 2 * count;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned end = u16(segments, 14 + 2 * i);
    const unsigned start = u16(segments, starts + 2 * i);
    const unsigned delta = u16(segments, starts + 2 * count + 2 * i);
    const std::size_t place = starts + 4 * count + 2 * i;
    const unsigned offset = u16(segments, place);
    for (unsigned code = start; code <= end && code != 0xFFFF; ++code) {
      const unsigned found = offset == 0 ? code : u16(segments, place + offset + 2 * (code - start));
      const unsigned glyph = offset != 0 && found == 0 ? 0 : (found + delta) & 0xFFFFU;
      if (glyph != 0) {
        out.emplace(code, static_cast<std::uint16_t>(glyph));
      }
    }
  }
  return out;
}

// Calls `take` with the place of each component's glyph number in a composed outline.
template <class Take>
void for_components(std::string_view outline, Take take) {
  if (outline.empty() || i16(outline, 0) >= 0) {
    return;
  }
  constexpr unsigned kWords = 0x1, kScale = 0x8, kMore = 0x20, kTwoScales = 0x40, kMatrix = 0x80;
  for (std::size_t at = 10;;) {
    const unsigned flags = u16(outline, at);
    take(at + 2);
    at += 4 + ((flags & kWords) != 0 ? 4U : 2U);
    at += (flags & kScale) != 0 ? 2U : (flags & kTwoScales) != 0 ? 4U : (flags & kMatrix) != 0 ? 8U : 0U;
    if ((flags & kMore) == 0) {
      return;
    }
  }
}

std::string font_file(const std::vector<std::pair<std::string, std::string>>& tables) {
  const auto count = static_cast<unsigned>(tables.size());
  unsigned power = 1;
  unsigned log = 0;
  for (; power * 2 <= count; power *= 2) {
    ++log;
  }
  std::string out("\0\1\0\0", 4);
  for (const unsigned word : {count, power * 16, log, count * 16 - power * 16}) {
    put16(out, word);
  }
  std::size_t offset = 12 + 16 * tables.size();
  std::size_t head = 0;
  for (const auto& [tag, bytes] : tables) {
    head = tag == "head" ? offset : head;
    out += tag;
    put32(out, checksum(bytes));
    put32(out, static_cast<std::uint32_t>(offset));
    put32(out, static_cast<std::uint32_t>(bytes.size()));
    offset += (bytes.size() + 3) / 4 * 4;
  }
  for (const auto& [tag, bytes] : tables) {
    out += bytes;
    out.append((4 - bytes.size() % 4) % 4, '\0');
  }
  set32(out, head + 8, 0xB1B0AFBAU - checksum(out));
  return out;
}

}  // namespace

std::vector<char32_t> characters(std::string_view text) {
  std::vector<char32_t> out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    char32_t code = length == 0 ? kReplacement : length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      code = code << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    out.push_back(code < 0x20 || code == 0x7F ? U' ' : code);
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

Font::Font(std::string_view bytes, std::string_view name) : bytes_(bytes), name_(name) {
  for (std::size_t i = 0; i < u16(bytes, 4); ++i) {
    const std::size_t row = 12 + 16 * i;
    const std::size_t offset = u32(bytes, row + 8);
    const std::size_t length = u32(bytes, row + 12);
    LODE_ASSERT(offset + length <= bytes.size());
    tables_.emplace(bytes.substr(row, 4), bytes.substr(offset, length));
  }
  const std::string_view head = table("head");
  units_per_em_ = u16(head, 18);
  LODE_ASSERT(units_per_em_ > 0);
  long_offsets_ = i16(head, 50) == 1;
  glyph_count_ = u16(table("maxp"), 4);
  ascent_ = i16(table("hhea"), 4);
  descent_ = i16(table("hhea"), 6);
  cap_height_ = u16(table("OS/2"), 0) >= 2 ? i16(table("OS/2"), 88) : ascent_;
  const std::size_t measured = u16(table("hhea"), 34);
  for (std::size_t i = 0; i < static_cast<std::size_t>(glyph_count_); ++i) {
    advances_.push_back(u16(table("hmtx"), 4 * std::min(i, measured - 1)));
  }
  glyphs_ = read_characters(table("cmap"));
}

std::string_view Font::table(std::string_view tag) const {
  const auto found = tables_.find(tag);
  LODE_ASSERT(found != tables_.end());
  return found->second;
}

std::uint16_t Font::glyph(char32_t character) const {
  const auto found = glyphs_.find(character);
  const bool is_space = character == U'\u00A0' || character == U'\u2009' || character == U'\u202F';
  return found != glyphs_.end() ? found->second : is_space ? glyph(U' ') : std::uint16_t{0};
}

double Font::advance(std::uint16_t glyph) const {
  return static_cast<double>(advances_[glyph]) / static_cast<double>(units_per_em_);
}

std::vector<int> Font::bounds() const {
  std::vector<int> out;
  for (const std::size_t at : {36U, 38U, 40U, 42U}) {
    out.push_back(scaled(i16(table("head"), at)));
  }
  return out;
}

std::string_view Font::outline(std::uint16_t glyph) const {
  const std::string_view loca = table("loca");
  const std::size_t from = long_offsets_ ? u32(loca, 4U * glyph) : 2U * u16(loca, 2U * glyph);
  const std::size_t to = long_offsets_ ? u32(loca, 4U * glyph + 4U) : 2U * u16(loca, 2U * glyph + 2U);
  return table("glyf").substr(from, to - from);
}

std::string Font::subset(const std::vector<std::uint16_t>& glyphs,
                         std::map<std::uint16_t, std::uint16_t>& renumbered) const {
  std::set<std::uint16_t> kept(glyphs.begin(), glyphs.end());
  kept.insert(0);
  for (std::vector<std::uint16_t> open(kept.begin(), kept.end()); !open.empty();) {
    const std::string_view one = outline(open.back());
    open.pop_back();
    for_components(one, [&](std::size_t at) {
      if (kept.insert(u16(one, at)).second) {
        open.push_back(u16(one, at));
      }
    });
  }
  renumbered.clear();
  for (const std::uint16_t glyph : kept) {
    renumbered.emplace(glyph, static_cast<std::uint16_t>(renumbered.size()));
  }
  std::string glyf;
  std::string loca;
  std::string hmtx;
  for (const std::uint16_t glyph : kept) {
    put32(loca, static_cast<std::uint32_t>(glyf.size()));
    std::string one(outline(glyph));
    for_components(outline(glyph), [&](std::size_t at) { set16(one, at, renumbered.at(u16(one, at))); });
    glyf += one;
    glyf.append((4 - glyf.size() % 4) % 4, '\0');
    put16(hmtx, advances_[glyph]);
    put16(hmtx, one.empty() ? 0U : u16(one, 2));  // A blank has no left side.
  }
  put32(loca, static_cast<std::uint32_t>(glyf.size()));
  std::string head(table("head"));
  set32(head, 8, 0);
  set16(head, 50, 1);
  std::string maxp(table("maxp"));
  set16(maxp, 4, static_cast<unsigned>(kept.size()));
  std::string hhea(table("hhea"));
  set16(hhea, 34, static_cast<unsigned>(kept.size()));
  return font_file({{"cvt ", std::string(table("cvt "))},
                    {"fpgm", std::string(table("fpgm"))},
                    {"glyf", glyf},
                    {"head", head},
                    {"hhea", hhea},
                    {"hmtx", hmtx},
                    {"loca", loca},
                    {"maxp", maxp},
                    {"prep", std::string(table("prep"))}});
}

}  // namespace lode::report
