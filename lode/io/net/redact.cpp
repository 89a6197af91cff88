// Redaction by value and by name.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/redact.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lode/base/text.h"
#include "lode/io/net/base64.h"
#include "lode/io/net/escapes.h"

namespace lode::net {

namespace {

constexpr std::size_t kShortest = 4;
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

// What the second character of a spelling can be, where the first stands as it is.
bool may_follow(const Redaction::Pattern& pattern, char c) {
  return c == pattern.bytes[1] || Escapes::is_sign(c) || c == '+' || pattern.is_of_any_case;
}

}  // namespace

// Reads one pattern in a text, every spelling of each character at once: as many ways as there are stay open.
class Redaction::Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), escapes_(text) {}

  Meanings at(std::size_t at) { return escapes_.at(at); }

  // The end of the longest spelling whose first character was read as `first`; npos where there is none.
  std::size_t read(const Redaction::Pattern& pattern, Meaning first) {
    pattern_ = &pattern;
    ways_.clear();
    follow(0, first);
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
    if (!Escapes::is_sign(c)) {
      go(way.done, c, way.at + 1);
      return;
    }
    for (const Meaning& one : escapes_.at(way.at)) {
      follow(way.done, one);
    }
  }

  void follow(std::size_t done, Meaning one) {
    if (one.is_byte()) {
      go(done, one.byte(), one.end);
      return;
    }
    if (one.character() == kReplacementCharacter) {
      replaced(done, one.end);
    }
    const std::string bytes = utf8_of(one.character());
    if (std::string_view(pattern_->bytes).substr(done).starts_with(bytes)) {
      go_on({done + bytes.size(), one.end});
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
    if (c == wanted || (c == '+' && wanted == ' ') ||
        (pattern_->is_of_any_case && lower(std::string_view(&c, 1))[0] == wanted)) {
      go_on({done + 1, at});
    }
  }
  // Ways that meet are next to each other; where more stay open than any spelling of a key has, no more are begun.
  void go_on(Way way) {
    constexpr std::size_t kNext = 32;
    constexpr std::size_t kOpen = 8;  // For each byte of the pattern.
    const auto recent = ways_.end() - static_cast<std::ptrdiff_t>(std::min(ways_.size(), kNext));
    if (ways_.size() < kOpen * (pattern_->bytes.size() + kOpen) && std::find(recent, ways_.end(), way) == ways_.end()) {
      ways_.push_back(way);
    }
  }

  std::string_view text_;
  Escapes escapes_;
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
  const char first = pattern.bytes[0];
  std::string begins = {first};
  if (first == ' ') {
    begins += '+';
  }
  if (static_cast<unsigned char>(first) >= 0x80) {
    begins += utf8_of(kReplacementCharacter)[0];
  }
  if (pattern.is_of_any_case) {
    begins += upper(pattern.bytes.substr(0, 1));
  }
  for (const char c : Escapes::kSigns) {
    begins_[static_cast<unsigned char>(c)] = true;
  }
  for (const char c : begins) {
    begins_[static_cast<unsigned char>(c)] = true;
    auto& list = by_first_[static_cast<unsigned char>(c)];
    if (list.empty() || list.back() != index) {
      list.push_back(index);
    }
  }
  patterns_.push_back(std::move(pattern));
}

// `first`: the first character of the spelling, as it was read. `out` grows by what is found.
void Redaction::find(Reader& reader, std::string_view text, Meaning first, Span& out) const {
  const std::size_t at = out.at;
  const bool is_plain = !Escapes::is_sign(text[at]);
  const char begins = first.is_byte() ? first.byte() : utf8_of(first.character())[0];
  for (const std::uint16_t index : by_first_[static_cast<unsigned char>(begins)]) {
    const Pattern& pattern = patterns_[index];
    if (is_plain && (at + 1 >= text.size() || !may_follow(pattern, text[at + 1]))) {
      continue;
    }
    const std::size_t end = reader.read(pattern, first);
    if (end == std::string_view::npos) {
      continue;
    }
    const bool is_after = pattern.shares_after && end < text.size() && is_base64(text[end]);
    const bool is_before = pattern.shares_before && at > 0 && is_base64(text[at - 1]);
    out.end = std::max(out.end, end + (is_after ? 1 : 0));
    out.begin = std::min(out.begin, at - (is_before ? 1 : 0));
  }
}

Redaction::Span Redaction::find(Reader& reader, std::string_view text, std::size_t at) const {
  Span out{at, at, at};
  if (!Escapes::is_sign(text[at])) {
    find(reader, text, {static_cast<unsigned char>(text[at]), at + 1}, out);
    return out;
  }
  for (const Meaning& first : reader.at(at)) {
    find(reader, text, first, out);
  }
  return out;
}

// Whether a spelling may begin there. What begins inside a run of backslashes begins with the run as well.
bool Redaction::may_begin(std::string_view text, std::size_t at) const {
  return begins_[static_cast<unsigned char>(text[at])] && (text[at] != '\\' || at == 0 || text[at - 1] != '\\');
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
    if (!may_begin(text, at)) {
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
    if (may_begin(text, at)) {
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
