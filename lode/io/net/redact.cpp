// Redaction by value and by name.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/redact.h"

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/net/base64.h"
#include "lode/io/net/url.h"

namespace lode::net {

namespace {

constexpr std::size_t kShortest = 4;

std::string form_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == ' ' ? "+" : percent_encode(std::string_view(&c, 1));
  }
  return out;
}

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

void add_spellings(std::string_view secret, std::vector<std::string>& out) {
  const std::string quoted = to_json(Value(secret));
  out.emplace_back(secret);
  out.push_back(percent_encode(secret));
  out.push_back(lower(percent_encode(secret)));
  out.push_back(form_encoded(secret));
  out.push_back(quoted.substr(1, quoted.size() - 2));
  out.push_back(hexadecimal(secret));
  out.push_back(upper(hexadecimal(secret)));
  out.push_back(base64(secret));
  if (secret.size() >= 6) {
    for (std::size_t shift = 0; shift < 3; ++shift) {
      out.push_back(base64_inside(secret, shift));
    }
  }
}

}  // namespace

Redaction::Redaction(std::span<const std::string> secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() >= kShortest) {
      add_spellings(secret, spellings_);
    }
  }
  std::erase_if(spellings_, [](const std::string& spelling) { return spelling.size() < kShortest; });
  std::ranges::sort(spellings_, [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  const auto doubled = std::ranges::unique(spellings_);
  spellings_.erase(doubled.begin(), doubled.end());
}

std::string Redaction::text(std::string_view text) const {
  std::string out(text);
  for (const std::string& spelling : spellings_) {
    for (std::size_t at = 0; (at = out.find(spelling, at)) != std::string::npos; at += kRedacted.size()) {
      out.replace(at, spelling.size(), kRedacted);
    }
  }
  return out;
}

bool Redaction::holds_secret(std::string_view text) const {
  return std::ranges::any_of(
      spellings_, [&](const std::string& spelling) { return text.find(spelling) != std::string_view::npos; });
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
