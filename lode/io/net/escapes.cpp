// Readings of a place. A text that is escaped once is read by taking its escapes for what they mean; one that is
// escaped again by doing the same to what was read: each sign that was meant begins an escape, whose letters and digits
// are read the same way.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/escapes.h"

#include <algorithm>
#include <optional>

#include "lode/base/text.h"

namespace lode::net {

namespace {

constexpr int kMostTimes = 16;  // "%2525..41", "&amp;amp;..lt;"

int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

// What numbers and names in escapes are of.
bool is_part(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '#' || c == ';'; }

Meaning byte_at(char c, std::size_t end) { return {static_cast<unsigned char>(c), end}; }

Meaning character_at(std::int32_t character, std::size_t end) {
  return {character < 0x80 ? character : Meaning::kBeyond + character, end};
}

// What the name between '&' and ';' means.
std::optional<std::int32_t> named(std::string_view name) {
  struct Named {
    std::string_view name;
    char meant;
  };
  constexpr std::array<Named, 5> kNamed = {{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  const auto* found = std::ranges::find(kNamed, name, &Named::name);
  if (found != kNamed.end()) {
    return found->meant;
  }
  if (!name.starts_with('#') || name.size() < 2) {
    return std::nullopt;
  }
  const bool is_hex = name[1] == 'x' || name[1] == 'X';
  std::int64_t number = 0;
  if (!is_hex) {
    return parse_int(name.substr(1), number) && number >= 0 && number < 0x110000
               ? std::optional(static_cast<std::int32_t>(number))
               : std::nullopt;
  }
  for (const char c : name.substr(2)) {
    if (hex_digit(c) < 0) {
      return std::nullopt;
    }
    number = number * 16 + hex_digit(c);
  }
  return name.size() > 2 && number < 0x110000 ? std::optional(static_cast<std::int32_t>(number)) : std::nullopt;
}

}  // namespace

std::string utf8_of(std::int32_t character) {
  const auto rest = [&](int shift) { return static_cast<char>(0x80 | ((character >> shift) & 0x3f)); };
  if (character < 0x80) {
    return {static_cast<char>(character)};
  }
  if (character < 0x800) {
    return {static_cast<char>(0xc0 | (character >> 6)), rest(0)};
  }
  if (character < 0x10000) {
    return {static_cast<char>(0xe0 | (character >> 12)), rest(6), rest(0)};
  }
  return {static_cast<char>(0xf0 | (character >> 18)), rest(12), rest(6), rest(0)};
}

void Meanings::add(Meaning one) {
  if (size_ < kMost && std::find(begin(), end(), one) == end()) {
    all_[size_++] = one;
  }
}

Meanings Escapes::read(std::size_t at, int depth) {
  Meanings out;
  out.add(byte_at(text_[at], at + 1));
  if (depth == 0 || !is_sign(text_[at])) {
    return out;
  }
  if (text_.substr(at, 3) == "\xef\xbf\xbd") {
    out.add(character_at(kReplacementCharacter, at + 3));
  }
  std::size_t begin = 0;  // What is meant may be a sign again.
  for (int round = 0; round < depth; ++round) {
    const std::size_t end = out.size();
    for (std::size_t i = begin; i < end; ++i) {
      escaped(out[i], depth - 1, out);
    }
    begin = end;
  }
  return out;
}

// Adds what a sign means together with what follows it.
void Escapes::escaped(Meaning sign, int depth, Meanings& out) {
  if (sign.end >= text_.size()) {
    return;
  }
  if (sign.value == '\\') {
    backslash(sign.end, depth, out);
    return;
  }
  if (sign.value != '%' && sign.value != '&') {
    return;
  }
  // Who escapes letters and digits escapes the sign before them too.
  const bool is_raw = text_[sign.end - 1] == static_cast<char>(sign.value);
  if (is_raw && is_sign(text_[sign.end])) {
    return;
  }
  sign.value == '%' ? percent(sign.end, depth, out) : entity(sign.end, depth, out);
}

// "%2B", "%252B" and so on, and "%u002B".
void Escapes::percent(std::size_t at, int depth, Meanings& out) {
  for (int times = 0; times < kMostTimes; ++times) {
    const char first = part(at, depth);
    if (first == 'u') {
      if (const std::int32_t character = number(at, 4, depth); character >= 0) {
        out.add(character_at(character, at));
      }
      return;
    }
    const int high = hex_digit(first);
    const int low = high < 0 ? -1 : hex_digit(part(at, depth));
    if (low < 0) {
      return;
    }
    const std::int32_t value = high * 16 + low;
    out.add({value, at});
    if (value != '%' || at >= text_.size() || is_sign(text_[at])) {
      return;
    }
  }
}

// One escape behind as many backslashes as texts inside texts need. Those behind a backslash that was itself escaped
// may be escapes of what follows it: "\\u005c\\u0075".
void Escapes::backslash(std::size_t at, int depth, Meanings& out) {
  const std::size_t behind = behind_backslashes(at);
  if (behind > at) {
    out.add({'\\', behind});
    if (text_[at - 1] != '\\') {
      letter(at, depth, out);
    }
  }
  if (behind < text_.size()) {
    letter(behind, depth, out);
  }
}

// What stands behind the backslashes.
void Escapes::letter(std::size_t at, int depth, Meanings& out) {
  constexpr std::string_view kLetters = "bfnrt";
  constexpr std::string_view kMeant = "\b\f\n\r\t";
  for (const Meaning& next : read(at, depth)) {
    if (!next.is_byte()) {
      continue;
    }
    const char c = next.byte();
    if (const std::size_t found = kLetters.find(c); found != std::string_view::npos) {
      out.add(byte_at(kMeant[found], next.end));
    } else if (c == 'u') {
      unicode(next.end, depth, out);
    } else if (c == 'x') {
      std::size_t end = next.end;
      if (const std::int32_t value = number(end, 2, depth); value >= 0) {
        out.add({value, end});
      }
    } else if (hex_digit(c) < 0) {
      out.add(next);
    }
  }
}

// "002b" behind "\u"; two of them are a character beyond the first 65,536.
void Escapes::unicode(std::size_t at, int depth, Meanings& out) {
  const std::int32_t first = number(at, 4, depth);
  if (first < 0) {
    return;
  }
  if (first < 0xd800 || first > 0xdbff) {
    out.add(character_at(first, at));
    return;
  }
  if (at >= text_.size()) {
    return;
  }
  for (const Meaning& sign : read(at, depth)) {
    std::size_t next = sign.value == '\\' ? behind_backslashes(sign.end) : text_.size();
    if (part(next, depth) != 'u') {
      continue;
    }
    const std::int32_t second = number(next, 4, depth);
    if (second >= 0xdc00 && second <= 0xdfff) {
      out.add(character_at(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), next));
    }
  }
}

// "&amp;", "&#43;", "&#x2b;", and each again behind "&amp;" in the place of '&'.
void Escapes::entity(std::size_t at, int depth, Meanings& out) {
  constexpr std::size_t kLongest = 9;
  for (int times = 0; times < kMostTimes; ++times) {
    std::string name;  // Short enough to stand without memory of its own.
    char c = part(at, depth);
    for (; c != '\0' && c != ';' && name.size() < kLongest; c = part(at, depth)) {
      name += c;
    }
    const std::optional<std::int32_t> meant = c == ';' ? named(name) : std::nullopt;
    if (!meant) {
      return;
    }
    out.add(character_at(*meant, at));
    if (*meant != '&' || at >= text_.size() || is_sign(text_[at])) {
      return;
    }
  }
}

// The letter, digit or sign of an escape at `at`, which moves behind it; 0 where there is none.
char Escapes::part(std::size_t& at, int depth) {
  if (at >= text_.size()) {
    return '\0';
  }
  if (!is_sign(text_[at])) {
    return is_part(text_[at]) ? text_[at++] : '\0';
  }
  for (const Meaning& one : read(at, depth)) {
    if (one.is_byte() && is_part(one.byte())) {
      at = one.end;
      return one.byte();
    }
  }
  return '\0';
}

// The number in as many hex digits at `at`, which moves behind them; -1 where they are none.
std::int32_t Escapes::number(std::size_t& at, std::size_t digits, int depth) {
  std::int32_t out = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_digit(part(at, depth));
    if (digit < 0) {
      return -1;
    }
    out = out * 16 + digit;
  }
  return out;
}

// Where backslashes that stand at `at` end.
std::size_t Escapes::behind_backslashes(std::size_t at) {
  if (at < run_begin_ || at > run_end_) {
    run_begin_ = at;
    run_end_ = std::min(text_.find_first_not_of('\\', at), text_.size());
  }
  return run_end_;
}

}  // namespace lode::net
