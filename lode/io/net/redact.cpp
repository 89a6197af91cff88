// Redaction by value and by name.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/redact.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lode/base/text.h"
#include "lode/io/net/base64.h"

namespace lode::net {

namespace {

constexpr std::size_t kShortest = 4;
constexpr std::int32_t kReplacement = 0xfffd;

// How deep texts stand inside texts, so that a body of nothing but escapes costs what its length says: six times quoted
// (one backslash is 63 then), or sixteen times percent-encoded or written as HTML.
constexpr std::size_t kMostBackslashes = 64;
constexpr std::size_t kMostTimes = 16;

std::string hexadecimal(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

// The part of base64 text that depends on `secret` alone, when it stands `shift` bytes behind a multiple of three.
std::string base64_inside(std::string_view secret, std::size_t shift) {
  const std::string whole = base64(std::string(shift, 'x') + std::string(secret));
  const std::size_t start = shift == 0 ? 0 : shift + 1;
  const std::size_t bits = (shift + secret.size()) * 8;
  const std::size_t end = bits / 6;  // Characters whose six bits are all of it.
  return end > start ? whole.substr(start, end - start) : "";
}

// For addresses: '-' and '_' in the place of '+' and '/'.
std::string of_addresses(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
         c == '-' || c == '_';
}

int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

// The number in `digits` hex digits at `at`; -1 where they are none.
std::int32_t hex_number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at > text.size() || text.size() - at < digits) {
    return -1;
  }
  std::int32_t out = 0;
  for (const char c : text.substr(at, digits)) {
    const int digit = hex_digit(c);
    if (digit < 0) {
      return -1;
    }
    out = out * 16 + digit;
  }
  return out;
}

std::string utf8(std::int32_t code) {
  const auto rest = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    return {static_cast<char>(code)};
  }
  if (code < 0x800) {
    return {static_cast<char>(0xc0 | (code >> 6)), rest(0)};
  }
  if (code < 0x10000) {
    return {static_cast<char>(0xe0 | (code >> 12)), rest(6), rest(0)};
  }
  return {static_cast<char>(0xf0 | (code >> 18)), rest(12), rest(6), rest(0)};
}

// What the second character of a spelling can be, where the first stands as it is.
bool may_follow(const Redaction::Pattern& pattern, char c) {
  return c == pattern.bytes[1] || c == '%' || c == '\\' || c == '&' || c == '+' || c == '\xef' ||
         pattern.is_of_any_case;
}

}  // namespace

// Reads one pattern in a text, every spelling of each character at once: as many ways as there are stay open.
class Redaction::Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // The end of the longest spelling that begins at `at`; npos where there is none.
  std::size_t read(const Redaction::Pattern& pattern, std::size_t at) {
    pattern_ = &pattern;
    ways_.clear();
    ways_.push_back({0, at});
    std::size_t end = std::string_view::npos;
    for (std::size_t k = 0; k < ways_.size(); ++k) {
      const Way way = ways_[k];
      if (way.done == pattern.bytes.size()) {
        end = end == std::string_view::npos ? way.at : std::max(end, way.at);
      } else if (way.at < text_.size()) {
        step(way);
      }
    }
    return end;
  }

 private:
  struct Way {
    std::size_t done;  // Bytes of the pattern behind it.
    std::size_t at;    // Where it goes on in the text.
    bool operator==(const Way&) const = default;
  };

  void step(Way way) {
    const char c = text_[way.at];
    const char wanted = pattern_->bytes[way.done];
    go(way.done, c, way.at + 1);
    if (static_cast<unsigned char>(wanted) >= 0x80 && text_.substr(way.at, 3) == utf8(kReplacement)) {
      replaced(way.done, way.at + 3);
    }
    if (c == '+' && wanted == ' ') {
      go(way.done, ' ', way.at + 1);
    } else if (c == '%') {
      percent(way);
    } else if (c == '\\') {
      backslash(way, wanted);
    } else if (c == '&') {
      entity(way);
    }
  }

  // "%2B", "%252B" and so on, and "%u002B".
  void percent(Way way) {
    for (std::size_t at = way.at + 1; at < way.at + 1 + 2 * kMostTimes; at += 2) {
      byte(way.done, hex_number(text_, at, 2), at + 2);
      if (at < text_.size() && text_[at] == 'u') {
        code(way.done, hex_number(text_, at + 1, 4), at + 5);
      }
      if (text_.substr(std::min(at, text_.size()), 2) != "25") {
        return;
      }
    }
  }

  // One escape behind as many backslashes as texts inside texts need.
  void backslash(Way way, char wanted) {
    const std::size_t at = behind_backslashes(way.at);
    for (std::size_t run = 2; wanted == '\\' && run <= at - way.at; run *= 2) {
      go(way.done, '\\', way.at + run);
    }
    if (at == text_.size()) {
      return;
    }
    constexpr std::string_view kLetters = "bfnrt";
    constexpr std::string_view kMeant = "\b\f\n\r\t";
    const char c = text_[at];
    if (const std::size_t letter = kLetters.find(c); letter != std::string_view::npos) {
      go(way.done, kMeant[letter], at + 1);
    } else if (c == 'x') {
      byte(way.done, hex_number(text_, at + 1, 2), at + 3);
    } else if (c == 'u') {
      unicode(way.done, at);
    } else if (hex_digit(c) < 0) {
      go(way.done, c, at + 1);
    }
  }

  // Where backslashes that stand at `at` end, or as many as count.
  std::size_t behind_backslashes(std::size_t at) const {
    const std::string_view rest = text_.substr(std::min(at, text_.size()), kMostBackslashes);
    return at + std::min(rest.find_first_not_of('\\'), rest.size());
  }

  // "u002b" at `at`; two of them are a character beyond the first 65,536.
  void unicode(std::size_t done, std::size_t at) {
    const std::int32_t first = hex_number(text_, at + 1, 4);
    if (first < 0xd800 || first > 0xdbff) {
      code(done, first, at + 5);
      return;
    }
    const std::size_t next = behind_backslashes(at + 5);
    const std::int32_t second = next >= text_.size() || text_[next] != 'u' ? -1 : hex_number(text_, next + 1, 4);
    if (second >= 0xdc00 && second <= 0xdfff) {
      code(done, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), next + 5);
    }
  }

  // "&amp;", "&#43;", "&#x2b;", and each again behind "&amp;" in the place of '&'.
  void entity(Way way) {
    struct Named {
      std::string_view name;
      char meant;
    };
    constexpr std::array<Named, 5> kNamed = {
        {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}}};
    constexpr std::size_t kLongest = 10;
    const std::size_t last = std::min(text_.size(), way.at + 1 + 4 * kMostTimes);
    for (std::size_t at = way.at + 1; at < last; at += 4) {
      const std::string_view rest = text_.substr(at);
      for (const Named& one : kNamed) {
        if (rest.starts_with(one.name)) {
          go(way.done, one.meant, at + one.name.size());
        }
      }
      const std::size_t end = rest.substr(0, kLongest).find(';');
      if (rest[0] == '#' && end != std::string_view::npos && end > 1) {
        const bool is_hex = rest[1] == 'x' || rest[1] == 'X';
        std::int64_t number = -1;
        if (is_hex) {
          number = hex_number(rest, 2, end - 2);
        } else if (!parse_int(rest.substr(1, end - 1), number)) {
          number = -1;
        }
        code(way.done, number < 0x110000 ? static_cast<std::int32_t>(number) : -1, at + end + 1);
      }
      if (!rest.starts_with("amp;")) {
        return;
      }
    }
  }

  void byte(std::size_t done, std::int32_t value, std::size_t at) {
    if (value >= 0) {
      go(done, static_cast<char>(value), at);
    }
  }
  void code(std::size_t done, std::int32_t value, std::size_t at) {
    if (value < 0) {
      return;
    }
    if (value == kReplacement) {
      replaced(done, at);
    }
    const std::string bytes = utf8(value);
    if (bytes.size() == 1) {
      go(done, bytes[0], at);
    } else if (std::string_view(pattern_->bytes).substr(done).starts_with(bytes)) {
      go_on({done + bytes.size(), at});
    }
  }
  // Bytes that are no UTF-8 come back as U+FFFD, one for each or one for some.
  void replaced(std::size_t done, std::size_t at) {
    const auto is_high = [&](std::size_t k) { return static_cast<unsigned char>(pattern_->bytes[k]) >= 0x80; };
    for (std::size_t k = done; k < pattern_->bytes.size() && k < done + 4 && is_high(k); ++k) {
      go_on({k + 1, at});
    }
  }
  void go(std::size_t done, char c, std::size_t at) {
    const char wanted = pattern_->bytes[done];
    if (c == wanted || (pattern_->is_of_any_case && lower(std::string_view(&c, 1))[0] == wanted)) {
      go_on({done + 1, at});
    }
  }
  void go_on(Way way) {
    if (std::ranges::find(ways_, way) == ways_.end()) {
      ways_.push_back(way);
    }
  }

  std::string_view text_;
  const Redaction::Pattern* pattern_ = nullptr;
  std::vector<Way> ways_;
};

Redaction::Redaction(std::span<const std::string> secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() < kShortest) {
      continue;
    }
    add({.bytes = secret});
    add({.bytes = hexadecimal(secret), .is_of_any_case = true});
    const std::string whole = base64(secret);
    const std::string bare = whole.substr(0, whole.find('='));
    for (const std::string& one : {whole, of_addresses(whole), bare, of_addresses(bare)}) {
      add({.bytes = one});
    }
    constexpr std::size_t kShortestInside = 6;
    for (std::size_t shift = 0; shift < 3 && secret.size() >= kShortestInside; ++shift) {
      const std::string inside = base64_inside(secret, shift);
      const bool shares_after = (shift + secret.size()) % 3 != 0;
      for (const std::string& one : {inside, of_addresses(inside)}) {
        add({.bytes = one, .shares_before = shift > 0, .shares_after = shares_after});
      }
    }
  }
}

void Redaction::add(Pattern pattern) {
  const bool is_known = std::ranges::any_of(patterns_, [&](const Pattern& one) {
    return one.bytes == pattern.bytes && one.shares_before == pattern.shares_before &&
           one.shares_after == pattern.shares_after;
  });
  if (is_known) {
    return;
  }
  const auto index = static_cast<std::uint16_t>(patterns_.size());
  const auto first = static_cast<unsigned char>(pattern.bytes[0]);
  std::string begins = {static_cast<char>(first), '%', '\\', '&', first == ' ' ? '+' : '&'};
  if (first >= 0x80) {
    begins += utf8(kReplacement)[0];
  }
  if (pattern.is_of_any_case) {
    begins += upper(pattern.bytes.substr(0, 1));
  }
  for (const char c : begins) {
    auto& list = by_first_[static_cast<unsigned char>(c)];
    if (list.empty() || list.back() != index) {
      list.push_back(index);
    }
  }
  patterns_.push_back(std::move(pattern));
}

Redaction::Span Redaction::find(Reader& reader, std::string_view text, std::size_t at) const {
  Span out{at, at};
  for (const std::uint16_t index : by_first_[static_cast<unsigned char>(text[at])]) {
    const Pattern& pattern = patterns_[index];
    const bool is_plain = text[at] == pattern.bytes[0];
    const bool is_escape = text[at] == '%' || text[at] == '\\' || text[at] == '&' || text[at] == '+';
    if (is_plain && !is_escape && (at + 1 >= text.size() || !may_follow(pattern, text[at + 1]))) {
      continue;
    }
    const std::size_t end = reader.read(pattern, at);
    if (end == std::string_view::npos) {
      continue;
    }
    const bool is_after = pattern.shares_after && end < text.size() && is_base64(text[end]);
    const bool is_before = pattern.shares_before && at > 0 && is_base64(text[at - 1]);
    out.end = std::max(out.end, end + (is_after ? 1 : 0));
    out.begin = std::min(out.begin, at - (is_before ? 1 : 0));
  }
  return out;
}

std::string Redaction::text(std::string_view text) const {
  if (patterns_.empty()) {
    return std::string(text);
  }
  std::string out;
  std::size_t told = 0;  // Behind it nothing is told yet.
  Span open;             // Secrets that overlap are one.
  Reader reader(text);
  const auto close = [&] {
    if (open.end > 0) {
      out.append(text.substr(told, open.begin - told)).append(kRedacted);
      told = open.end;
    }
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (by_first_[static_cast<unsigned char>(text[at])].empty()) {
      continue;
    }
    const Span found = find(reader, text, at);
    if (found.end == found.begin) {
      continue;
    }
    if (open.end > 0 && found.begin < open.end) {
      open.end = std::max(open.end, found.end);
      continue;
    }
    close();
    open = found;
  }
  close();
  return out.append(text.substr(told));
}

bool Redaction::holds_secret(std::string_view text) const {
  Reader reader(text);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!by_first_[static_cast<unsigned char>(text[at])].empty()) {
      const Span found = find(reader, text, at);
      if (found.end > found.begin) {
        return true;
      }
    }
  }
  return false;
}

std::string Redaction::url(std::string_view url) const {
  const std::size_t question = url.find('?');
  if (question == std::string_view::npos) {
    return text(url);
  }
  std::string out(url.substr(0, question));
  char between = '?';
  for (const std::string_view part : split(url.substr(question + 1), '&')) {
    const std::size_t equals = part.find('=');
    out += between;
    if (equals != std::string_view::npos && is_credential_query(part.substr(0, equals))) {
      out.append(part.substr(0, equals + 1)).append(kRedacted);
    } else {
      out += part;
    }
    between = '&';
  }
  return text(out);
}

HttpHeaders Redaction::headers(const HttpHeaders& headers) const {
  HttpHeaders out;
  for (const auto& [name, value] : headers) {
    const std::size_t equals = lower(name) == "set-cookie" ? value.find('=') : std::string::npos;
    if (equals != std::string::npos) {
      out.emplace_back(name, value.substr(0, equals + 1) + std::string(kRedacted));  // That it came is no secret.
      continue;
    }
    out.emplace_back(name, is_credential_header(name) ? std::string(kRedacted) : text(value));
  }
  return out;
}

bool is_credential_header(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "authorization", "proxy-authorization", "cookie",  "set-cookie",
      "cookie2",       "set-cookie2",         "api-key", "apca-api-key-id"};
  const std::string low = lower(name);
  return std::ranges::find(kNames, low) != kNames.end() || low.ends_with("-token") || low.ends_with("-key") ||
         low.ends_with("-secret-key") || low.ends_with("-secret");
}

bool is_credential_query(std::string_view name) {
  static constexpr std::array<std::string_view, 15> kNames = {
      "apikey", "api_key",   "api-key", "key",       "token",           "access_token",    "auth", "crumb", "secret",
      "sig",    "signature", "gcrumb",  "sessionid", "x-amz-signature", "x-amz-credential"};
  const std::string low = lower(name);
  return std::ranges::find(kNames, low) != kNames.end() || low == "x-amz-security-token" || low == "csrftoken";
}

}  // namespace lode::net
