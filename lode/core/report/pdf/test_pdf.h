// Reads a PDF that Lode wrote, for the tests: objects through the cross-references, streams inflated, and the words of
// each page through the font's own table, as a viewer's search does.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "lode/base/text.h"
#include "lode/core/report/scene/test_page.h"

namespace lode::report::test {

// A string of a page and where it begins; y from the top.
struct PaperWords {
  std::string font;  // "F0"
  double size;
  double x;
  double y;
  std::vector<int> numbers;
  std::string text;  // UTF-8
};

class ReadPdf {
 public:
  explicit ReadPdf(const std::string& bytes) : bytes_(bytes) {
    const std::size_t start = std::stoul(bytes.substr(bytes.rfind("startxref") + 10));
    EXPECT_EQ(bytes.substr(start, 5), "xref\n");
    std::size_t at = start + 7;
    const int count = std::stoi(bytes.substr(at));
    at = bytes.find('\n', at) + 1;
    for (int number = 0; number < count; ++number) {
      const std::string row = bytes.substr(at + 20U * static_cast<std::size_t>(number), 20);
      if (number > 0) {
        const std::size_t place = std::stoul(row);
        const std::string opening = std::to_string(number) + " 0 obj\n";
        EXPECT_EQ(bytes.substr(place, opening.size()), opening);
        objects_[number] = bytes.substr(place + opening.size(), bytes.find("endobj", place) - place - opening.size());
      }
    }
    trailer = bytes.substr(bytes.rfind("trailer"));
    const std::string root = object(first(trailer, "/Root "));
    catalog = root;
    const std::string tree = object(first(root, "/Pages "));
    const std::string kids = tree.substr(tree.find("/Kids[") + 6);
    for (std::size_t from = 0; from < kids.find(']');) {
      pages.push_back(object(std::atoi(kids.c_str() + from)));
      from = kids.find("R ", from) + 2;
    }
  }

  const std::string& object(int number) const { return objects_.at(number); }
  std::size_t size() const { return objects_.size(); }

  // Number of the object that stands behind a key.
  static int first(const std::string& text, const std::string& key) {
    const std::size_t at = text.find(key);
    EXPECT_NE(at, std::string::npos) << key;
    return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + key.size());
  }

  // The object's own bytes: a stream may hold the word endobj.
  std::string stream(int number) const {
    const std::string opening = "\n" + std::to_string(number) + " 0 obj\n";
    const std::size_t place = bytes_.find(opening);
    const std::size_t begin = bytes_.find("stream\n", place) + 7;
    const auto length = static_cast<std::size_t>(first(bytes_.substr(place, begin - place), "/Length "));
    return inflated(bytes_.substr(begin, length));
  }

  std::string content(std::size_t page) const { return stream(first(pages[page], "/Contents ")); }

  // Object of the font a page calls F0, F1 or F2.
  int font(const std::string& name) const { return first(object(first(pages[0], "/Resources ")), "/" + name + " "); }

  std::vector<PaperWords> words(std::size_t page) const {
    std::vector<PaperWords> out;
    const double height = std::stod(pages[page].substr(pages[page].find("595.28 ") + 7));
    const std::string drawn = content(page);
    for (const std::string_view line : split(drawn, '\n')) {
      // BT /F0 8.5 Tf 0 0 0 rg 1 0 0 1 x y Tm <0001> Tj ET
      const std::vector<std::string_view> parts = split(line, ' ');
      if (parts.front() != "BT") {
        continue;
      }
      EXPECT_EQ(parts.size(), 18U);
      const auto number = [&](std::size_t i) { return std::stod(std::string(parts[i])); };
      PaperWords one{std::string(parts[1].substr(1)), number(2), number(12), height - number(13), {}, ""};
      if (!tables_.contains(one.font)) {
        tables_[one.font] = unicode_of(font(one.font));
      }
      const std::string digits(parts[15].substr(1, parts[15].size() - 2));
      for (std::size_t i = 0; i < digits.size(); i += 4) {
        one.numbers.push_back(std::stoi(digits.substr(i, 4), nullptr, 16));
        one.text += tables_[one.font].at(one.numbers.back());
      }
      out.push_back(one);
    }
    return out;
  }

  // All words of a page, one string a line.
  std::string text(std::size_t page) const {
    std::string out;
    for (const PaperWords& one : words(page)) {
      out += one.text + "\n";
    }
    return out;
  }

  std::string text() const {
    std::string out;
    for (std::size_t page = 0; page < pages.size(); ++page) {
      out += text(page);
    }
    return out;
  }

  std::string trailer;
  std::string catalog;
  std::vector<std::string> pages;

 private:
  static std::string utf8(const std::string& utf16) {
    std::string out;
    for (std::size_t i = 0; i < utf16.size(); i += 4) {
      unsigned code = static_cast<unsigned>(std::stoul(utf16.substr(i, 4), nullptr, 16));
      if (code >= 0xD800 && code < 0xDC00) {
        i += 4;
        code = 0x10000U + ((code - 0xD800U) << 10U) +
               (static_cast<unsigned>(std::stoul(utf16.substr(i, 4), nullptr, 16)) - 0xDC00U);
      }
      if (code < 0x80) {
        out += static_cast<char>(code);
        continue;
      }
      const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      out += static_cast<char>((0xFF00U >> static_cast<unsigned>(more + 1) & 0xFFU) |
                               code >> (6U * static_cast<unsigned>(more)));
      for (int k = more - 1; k >= 0; --k) {
        out += static_cast<char>(0x80U | (code >> (6U * static_cast<unsigned>(k)) & 0x3FU));
      }
    }
    return out;
  }

  std::map<int, std::string> unicode_of(int font) const {
    const std::string table = stream(first(object(font), "/ToUnicode "));
    std::map<int, std::string> out;
    for (const std::string_view line : split(table, '\n')) {  // <0001> <0041>
      if (line.size() >= 13 && line[0] == '<' && line[5] == '>' && line[7] == '<' && line != "<0000> <FFFF>") {
        out[std::stoi(std::string(line.substr(1, 4)), nullptr, 16)] =
            utf8(std::string(line.substr(8, line.size() - 9)));
      }
    }
    return out;
  }

  std::string bytes_;
  std::map<int, std::string> objects_;
  mutable std::map<std::string, std::map<int, std::string>> tables_;  // Read once a font.
};

// Without any space, thin ones too: what a viewer and a browser must agree on.
inline std::string squeezed(std::string text) {
  for (const std::string_view space : {" ", "\n", "\t", "\xE2\x80\xAF", "\xC2\xA0"}) {
    for (std::size_t at = text.find(space); at != std::string::npos; at = text.find(space, at)) {
      text.erase(at, space.size());
    }
  }
  return text;
}

}  // namespace lode::report::test
