// Redaction: what is logged, recorded or told in an error never holds a secret, wherever and however it stands there.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"

namespace lode::net {

inline constexpr std::string_view kRedacted = "REDACTED";

// Replaces secrets by value: as they are, percent- and form-encoded, inside JSON text, in base64 (alone and as the
// password of a Basic authorization) and in hex. Values shorter than 4 characters are no secrets: they would blacken
// every text.
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

 private:
  std::vector<std::string> spellings_;  // Longest first, so that no spelling cuts another in two.
};

// True of names whose value is a credential, by convention.
bool is_credential_header(std::string_view name);
bool is_credential_query(std::string_view name);

}  // namespace lode::net
