// Redaction: what is logged, recorded or told in an error never holds a secret, wherever and however it stands there.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"
#include "lode/io/net/escapes.h"

namespace lode::net {

inline constexpr std::string_view kRedacted = "REDACTED";

// Replaces secrets by value, in whatever mixture of spellings a host echoes them: each character as it is or
// percent-encoded (hex digits of either case, "%252b" too), a blank as '+', by an escape of JSON ("\/", "\u002B",
// inside text inside text) or of HTML ("&amp;", "&#x2b;"), or by one of them inside another, three deep; in hex; in
// base64, plain or for addresses, alone or as a part of more (the password of a Basic authorization). Values shorter
// than 4 characters are no secrets: they would blacken every text.
class Redaction {
 public:
  Redaction() = default;
  explicit Redaction(std::span<const std::string> secrets);

  std::string text(std::string_view text) const;
  // By value, and parts of the query whose name says that they are a key: apikey, token, crumb, signature and the like.
  std::string url(std::string_view url) const;
  // By value, and the whole value of headers that carry credentials: Authorization, Cookie, X-*-Key, *-Token; of
  // Set-Cookie all but the cookie's name.
  HttpHeaders headers(const HttpHeaders& headers) const;
  bool holds_secret(std::string_view text) const;

  // One text to look for. In base64 its first and last characters may share their bits with what stands beside them.
  struct Pattern {
    std::string bytes;
    bool is_of_any_case = false;
    bool shares_before = false;
    bool shares_after = false;
  };

 private:
  struct Span {
    std::size_t at = 0;
    std::size_t begin = 0, end = 0;
  };
  class Reader;
  void add(Pattern pattern);
  bool may_begin(std::string_view text, std::size_t at) const;
  // The longest spelling of a pattern that begins at `at`, with the characters it shares; empty where there is none.
  Span find(Reader& reader, std::string_view text, std::size_t at) const;
  void find(Reader& reader, std::string_view text, Meaning first, Span& out) const;

  std::vector<Pattern> patterns_;
  std::array<bool, 256> begins_ = {};                     // Bytes that a spelling may begin with.
  std::array<std::vector<std::uint16_t>, 256> by_first_;  // Patterns that a byte may be the first of.
};

// True of names whose value is a credential, by convention.
bool is_credential_header(std::string_view name);
bool is_credential_query(std::string_view name);

}  // namespace lode::net
