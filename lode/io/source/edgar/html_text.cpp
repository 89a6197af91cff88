// Strips filed HTML to its text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/html_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lode/base/text.h"

namespace lode::source::edgar {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// Windows-1252 from 0x80 on; 0 where it has nothing.
constexpr std::array<std::uint16_t, 32> kWindows = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// Named characters that filings use, sorted (HTML 4.01, section 24).
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 58> kNamed = {{
    {"Auml", 0xC4},    {"Eacute", 0xC9},  {"Ouml", 0xD6},     {"Uuml", 0xDC},     {"aacute", 0xE1},  {"acute", 0xB4},
    {"agrave", 0xE0},  {"amp", '&'},      {"apos", '\''},     {"auml", 0xE4},     {"bull", 0x2022},  {"ccedil", 0xE7},
    {"cent", 0xA2},    {"copy", 0xA9},    {"dagger", 0x2020}, {"deg", 0xB0},      {"divide", 0xF7},  {"eacute", 0xE9},
    {"egrave", 0xE8},  {"emsp", ' '},     {"ensp", ' '},      {"euro", 0x20AC},   {"frac12", 0xBD},  {"frac14", 0xBC},
    {"frac34", 0xBE},  {"ge", 0x2265},    {"gt", '>'},        {"hellip", 0x2026}, {"iacute", 0xED},  {"laquo", 0xAB},
    {"ldquo", 0x201C}, {"le", 0x2264},    {"lsquo", 0x2018},  {"lt", '<'},        {"mdash", 0x2014}, {"middot", 0xB7},
    {"minus", 0x2212}, {"nbsp", ' '},     {"ndash", 0x2013},  {"ntilde", 0xF1},   {"oacute", 0xF3},  {"ouml", 0xF6},
    {"para", 0xB6},    {"plusmn", 0xB1},  {"pound", 0xA3},    {"quot", '"'},      {"raquo", 0xBB},   {"rdquo", 0x201D},
    {"reg", 0xAE},     {"rsquo", 0x2019}, {"sect", 0xA7},     {"shy", 0xAD},      {"thinsp", ' '},   {"times", 0xD7},
    {"trade", 0x2122}, {"uacute", 0xFA},  {"uuml", 0xFC},     {"yen", 0xA5},
}};

// Tags between which nothing is text.
constexpr std::array<std::string_view, 5> kSilent = {"script", "style", "ix:header", "title", "xbrl:hidden"};
// Tags that stand within a line; any other begins a new one.
constexpr std::array<std::string_view, 18> kInline = {
    "a",     "abbr", "b",      "big",    "em",  "font", "i", "ix:continuation", "ix:nonfraction", "ix:nonnumeric", "s",
    "small", "span", "strike", "strong", "sub", "sup",  "u"};

class Writer {
 public:
  explicit Writer(std::size_t bytes) { out_.reserve(bytes / 2); }

  // Runs of blanks become one; none stands at the beginning of a line.
  void text(std::string_view piece) {
    std::size_t from = 0;
    while (from < piece.size()) {
      std::size_t at = from;
      while (at < piece.size() && static_cast<unsigned char>(piece[at]) > ' ') {
        ++at;
      }
      word(piece.substr(from, at - from));
      while (at < piece.size() && static_cast<unsigned char>(piece[at]) <= ' ') {
        blank_ = true;
        ++at;
      }
      from = at;
    }
  }
  void character(std::uint32_t c) {
    if (c == ' ' || c == 0xA0) {
      blank_ = true;
    } else if (c >= 0x20 && c != 0xAD && c != 0x200B) {  // Soft hyphens and empty spaces are not seen.
      char bytes[4];
      word({bytes, encode(c, bytes)});
    }
  }
  void line() {
    blank_ = false;
    if (!out_.empty() && out_.back() != '\n') {
      out_ += '\n';
    }
  }
  void blank() { blank_ = true; }
  std::string take() {
    line();
    return std::move(out_);
  }

 private:
  void word(std::string_view piece) {
    if (piece.empty()) {
      return;
    }
    if (blank_ && !out_.empty() && out_.back() != '\n') {
      out_ += ' ';
    }
    blank_ = false;
    out_.append(piece);
  }
  static std::size_t encode(std::uint32_t c, char* to) {
    if (c < 0x80) {
      to[0] = static_cast<char>(c);
      return 1;
    }
    const std::size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr std::array<std::uint32_t, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
    to[0] = static_cast<char>(kLead[more] | (c >> (6 * more)));
    for (std::size_t i = 1; i <= more; ++i) {
      to[i] = static_cast<char>(0x80 | ((c >> (6 * (more - i))) & 0x3F));
    }
    return more + 1;
  }

  std::string out_;
  bool blank_ = false;
};

std::uint32_t numbered(std::string_view digits) {
  const bool is_hex = !digits.empty() && (digits[0] | 32) == 'x';
  digits.remove_prefix(is_hex ? 1 : 0);
  std::uint32_t value = 0;
  if (digits.empty() || digits.size() > 7) {
    return 0;
  }
  for (const char c : digits) {
    const bool is_letter = is_hex && (c | 32) >= 'a' && (c | 32) <= 'f';
    if (!is_letter && (c < '0' || c > '9')) {
      return 0;
    }
    value = value * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(is_letter ? (c | 32) - 'a' + 10 : c - '0');
  }
  if (value >= 0x80 && value < 0xA0) {
    return kWindows[value - 0x80];  // Filers number them by Windows' table.
  }
  return value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? 0 : value;
}

// The character of the entity at html[at] == '&', and past it; 0 when it is none, then a plain '&'.
std::uint32_t entity(std::string_view html, std::size_t& at) {
  const std::string_view rest = html.substr(at + 1, 10);
  const std::size_t end = rest.find(';');
  std::uint32_t out = 0;
  if (end != kNone && end > 0) {
    const std::string_view name = rest.substr(0, end);
    if (name[0] == '#') {
      out = numbered(name.substr(1));
    } else {
      const auto found = std::ranges::lower_bound(kNamed, name, {}, &std::pair<std::string_view, std::uint32_t>::first);
      out = found != kNamed.end() && found->first == name ? found->second : 0;
    }
  }
  at += out == 0 ? 1 : end + 2;
  return out == 0 ? '&' : out;
}

// Name of the tag that opens at html[at] == '<', lower case, at most 15 bytes; a closing tag's name without the slash.
std::string_view tag_name(std::string_view html, std::size_t at, std::array<char, 16>& buffer) {
  std::size_t size = 0;
  for (std::size_t i = at + 1 + (at + 1 < html.size() && html[at + 1] == '/' ? 1 : 0);
       i < html.size() && size < buffer.size(); ++i) {
    const char c = html[i];
    if (c <= ' ' || c == '>' || c == '/') {
      break;
    }
    buffer[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  }
  return {buffer.data(), size};
}

// Past the closing tag of a silent one; the end when it never closes.
std::size_t past_silent(std::string_view html, std::size_t at, std::string_view name) {
  std::array<char, 16> buffer{};
  for (at = html.find("</", at); at != kNone; at = html.find("</", at + 2)) {
    if (tag_name(html, at, buffer) == name) {
      return std::min(html.find('>', at), html.size() - 1) + 1;
    }
  }
  return html.size();
}

// Past the tag at html[at] == '<', with what it does to the text.
std::size_t tag(std::string_view html, std::size_t at, Writer& out) {
  if (html.substr(at, 4) == "<!--") {
    const std::size_t end = html.find("-->", at + 4);
    return end == kNone ? html.size() : end + 3;
  }
  const char next = at + 1 < html.size() ? html[at + 1] : ' ';
  const bool is_tag =
      (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '/' || next == '!' || next == '?';
  if (!is_tag) {
    out.text("<");
    return at + 1;
  }
  const std::size_t close = html.find('>', at);
  const std::size_t end = close == kNone ? html.size() : close + 1;
  std::array<char, 16> buffer{};
  const std::string_view name = tag_name(html, at, buffer);
  if (next != '/' && std::ranges::find(kSilent, name) != kSilent.end() && html[end - 1] == '>' &&
      html[end - 2] != '/') {
    return past_silent(html, end, name);
  }
  if (name == "td" || name == "th") {
    out.blank();
  } else if (std::ranges::find(kInline, name) == kInline.end()) {
    out.line();
  }
  return end;
}

std::string strip(std::string_view html) {
  Writer out(html.size());
  for (std::size_t at = 0; at < html.size();) {
    std::size_t mark = at;
    while (mark < html.size() && html[mark] != '<' && html[mark] != '&') {
      ++mark;
    }
    out.text(html.substr(at, mark - at));
    at = mark;
    if (at == html.size()) {
      break;
    }
    if (html[at] == '&') {
      out.character(entity(html, at));
    } else {
      at = tag(html, at, out);
    }
  }
  return out.take();
}

std::string from_windows(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint32_t code = byte >= 0x80 && byte < 0xA0 ? kWindows[byte - 0x80] : byte;
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xC0 | (code >> 6));
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      out += static_cast<char>(0xE0 | (code >> 12));
      out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return out;
}

}  // namespace

std::string html_text(std::string_view html) { return is_utf8(html) ? strip(html) : strip(from_windows(html)); }

std::string plain_text(std::string_view text) {
  Writer out(text.size());
  std::string converted = is_utf8(text) ? std::string(text) : from_windows(text);
  std::ranges::replace(converted, '\r', '\n');  // .nc files end their lines by a lone CR.
  for (const std::string_view line : split(converted, '\n')) {
    const std::string_view bare = trim(line);
    const bool is_mark = bare.size() > 2 && bare.size() < 40 && bare.front() == '<' && bare.back() == '>';
    if (!is_mark) {
      out.text(line);
      out.line();
    }
  }
  return out.take();
}

}  // namespace lode::source::edgar
