// Url: an address taken apart by the same parser that connects to it, so that what is checked is what is reached.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/base/result.h"

namespace lode::net {

// An absolute http, https, ws or wss address. Numeric hosts are in their plain form ("0x7f.1" is "127.0.0.1"), hosts in
// lower case, a fragment is dropped.
struct Url {
  std::string scheme;
  std::string host;   // Without brackets.
  int port = 0;       // Always set: 80 or 443 when the text has none.
  std::string path;   // Begins with '/'.
  std::string query;  // Without '?'.

  std::string origin() const;  // "https://host" or "https://host:8443".
  std::string text() const;
  bool is_secure() const { return scheme == "https" || scheme == "wss"; }
  bool has_same_origin(const Url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

// E6104 for another scheme, no host, a name or password in the address, control characters, more than 16 KiB.
Result<Url> parse_url(std::string_view text);
// `reference` as a Location header writes it, against the address that sent it. E6104 likewise.
Result<Url> resolve(const Url& base, std::string_view reference);

// The text with the name and password of its address hidden, "http://***@host/": what a message may show of it.
std::string without_userinfo(std::string_view text);

// Name and value of each part of a query, as written (percent-encoded), in order; a part without '=' has no value.
std::vector<std::pair<std::string_view, std::string_view>> query_parts(std::string_view query);
// Percent-encodes every byte but the unreserved ones of RFC 3986: letters, digits and -._~
std::string percent_encode(std::string_view text);
std::string percent_decode(std::string_view text);  // What is no %XX stays.

}  // namespace lode::net
