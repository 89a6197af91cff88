// Url, by libcurl's parser.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "lode/base/text.h"

namespace lode::net {

namespace {

constexpr std::size_t kLongest = 16 << 10;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Parsed = std::unique_ptr<CURLU, FreeUrl>;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) {
    return {};
  }
  std::string out(text);
  curl_free(text);
  return out;
}

Failure refuse(std::string_view text, std::string_view why) {
  return fail(E::E6104, fmt::format("{} is no address Lode goes to: {}", quote(without_userinfo(text)), why),
              "an address is https://HOST/PATH; lode explain E6104");
}

Result<Url> taken_apart(CURLU* url, std::string_view shown) {
  Url out;
  out.scheme = part(url, CURLUPART_SCHEME);
  if (out.scheme != "https" && out.scheme != "http" && out.scheme != "wss" && out.scheme != "ws") {
    return refuse(shown, fmt::format("its scheme is '{}'", out.scheme));
  }
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty()) {
    return refuse("it", "it holds a name or password, which belong into a header");
  }
  out.host = lower(part(url, CURLUPART_HOST));
  if (out.host.starts_with('[') && out.host.ends_with(']')) {
    out.host = out.host.substr(1, out.host.size() - 2);
  }
  if (out.host.ends_with('.')) {
    out.host.pop_back();  // The same host, spelt as the root of names.
  }
  std::int64_t port = out.is_secure() ? 443 : 80;
  const std::string given = part(url, CURLUPART_PORT);
  if (!given.empty() && (!parse_int(given, port) || port < 1 || port > 65535)) {
    return refuse(shown, "its port is out of range");
  }
  out.port = static_cast<int>(port);
  if (out.host.empty()) {
    return refuse(shown, "it names no host");
  }
  out.path = part(url, CURLUPART_PATH);
  out.query = part(url, CURLUPART_QUERY);
  return out;
}

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
}

Result<Url> parsed(CURLU* url, std::string_view text) {
  if (text.size() > kLongest) {
    return refuse(text.substr(0, 80), "it is longer than 16 KiB");
  }
  if (!is_plain(text)) {
    return refuse(text, "it holds blanks or control characters");
  }
  const std::string copy(text);
  const CURLUcode code =
      url == nullptr ? CURLUE_OUT_OF_MEMORY
                     : curl_url_set(url, CURLUPART_URL, copy.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS);
  if (code != CURLUE_OK) {
    return refuse(text, curl_url_strerror(code));
  }
  return taken_apart(url, text);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

}  // namespace

std::string Url::origin() const {
  const bool is_usual = port == (is_secure() ? 443 : 80);
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return is_usual ? scheme + "://" + name : fmt::format("{}://{}:{}", scheme, name, port);
}

std::string Url::text() const { return origin() + path + (query.empty() ? "" : "?" + query); }

Result<Url> parse_url(std::string_view text) {
  const Parsed url(curl_url());
  return parsed(url.get(), text);
}

Result<Url> resolve(const Url& base, std::string_view reference) {
  const Parsed url(curl_url());
  LODE_TRY(const Url whole, parsed(url.get(), base.text()));
  return parsed(url.get(), reference);
}

std::string without_userinfo(std::string_view text) {
  const std::size_t scheme = text.find("//");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 2;
  const std::size_t end = std::min(text.find_first_of("/?#", begin), text.size());
  std::size_t at = text.substr(0, end).rfind('@');
  if (at == std::string_view::npos) {
    // A password may hold what ends an address's host: then what stands for its port is none.
    const std::string_view host = text.substr(begin, end - begin);
    const std::size_t colon = host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
    const bool is_port = colon == std::string_view::npos ||
                         (colon + 1 < host.size() && std::ranges::all_of(host.substr(colon + 1), is_digit));
    at = is_port ? at : text.rfind('@');
  }
  return at == std::string_view::npos || at < begin ? std::string(text)
                                                    : fmt::format("{}***{}", text.substr(0, begin), text.substr(at));
}

std::vector<std::pair<std::string_view, std::string_view>> query_parts(std::string_view query) {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  if (query.empty()) {
    return out;
  }
  for (const std::string_view one : split(query, '&')) {
    const std::size_t equals = one.find('=');
    out.emplace_back(one.substr(0, equals), equals == std::string_view::npos ? "" : one.substr(equals + 1));
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                               c == '.' || c == '_' || c == '~';
    if (is_unreserved) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace lode::net
