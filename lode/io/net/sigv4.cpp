// The four steps of Signature Version 4: canonical request, string to sign, signing key, signature.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/sigv4.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/net/url.h"

namespace lode::net {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
constexpr int kLongest = 7 * 24 * 3600;  // Seconds a presigned address may hold, by AWS.

using Query = std::vector<std::pair<std::string, std::string>>;  // Encoded names and values.

std::string hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  const unsigned char* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                   reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  LODE_ASSERT(made != nullptr);
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string hexadecimal(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

// "20260105T120000Z" and its day.
std::string stamp(Time now) {
  std::string text = to_string(Time{now.nanos - now.nanos % kNanosPerSecond});
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

// Each piece between slashes encoded; `decodes` for paths whose encoding on the wire may be any.
std::string encoded_path(std::string_view path, bool decodes) {
  std::vector<std::string> pieces;
  for (const std::string_view piece : split(path, '/')) {
    pieces.push_back(percent_encode(decodes ? percent_decode(piece) : std::string(piece)));
  }
  return join(pieces, "/");
}

// Without "." and ".." and doubled slashes (RFC 3986 5.2.4), the slash at the end kept.
std::string normalized_path(std::string_view path) {
  std::vector<std::string> kept;
  for (const std::string_view piece : split(path, '/')) {
    if (piece == "..") {
      if (!kept.empty()) {
        kept.pop_back();
      }
    } else if (!piece.empty() && piece != ".") {
      kept.emplace_back(piece);
    }
  }
  const std::string inside = join(kept, "/");
  return "/" + inside + (path.ends_with('/') && !inside.empty() ? "/" : "");
}

std::string canonical_path(const AwsScope& scope, const Url& url) {
  return scope.service == "s3" ? encoded_path(url.path, true) : encoded_path(normalized_path(url.path), false);
}

Query query_of(const Url& url) {
  Query out;
  for (const auto& [name, value] : query_parts(url.query)) {
    out.emplace_back(percent_encode(percent_decode(name)), percent_encode(percent_decode(value)));
  }
  return out;
}

std::string canonical_query(Query query) {
  std::ranges::sort(query);
  std::vector<std::string> parts;
  for (const auto& [name, value] : query) {
    parts.push_back(name + "=" + value);
  }
  return join(parts, "&");
}

// Blanks in a row are one, and none at the ends.
std::string folded(std::string_view value) {
  std::string out;
  for (const char c : trim(value)) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank || !out.ends_with(' ')) {
      out += is_blank ? ' ' : c;
    }
  }
  return out;
}

std::string host_of(const Url& url) { return url.origin().substr(url.scheme.size() + 3); }

// Lower-case name -> values with commas between.
std::map<std::string, std::string> signed_headers(const HttpHeaders& headers, const Url& url) {
  static constexpr std::array<std::string_view, 4> kChanged = {"user-agent", "expect", "transfer-encoding",
                                                               "x-amzn-trace-id"};
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : headers) {
    const std::string low = lower(name);
    if (std::ranges::find(kChanged, low) != kChanged.end()) {
      continue;
    }
    const auto [at, is_new] = out.emplace(low, folded(value));
    if (!is_new) {
      at->second += "," + folded(value);
    }
  }
  out.emplace("host", host_of(url));
  return out;
}

std::string names_of(const std::map<std::string, std::string>& headers) {
  std::vector<std::string> names;
  for (const auto& [name, value] : headers) {
    names.push_back(name);
  }
  return join(names, ";");
}

// What both forms sign.
struct Signing {
  const AwsScope& scope;
  const AwsCredentials& credentials;
  std::string time;

  std::string place() const {
    return fmt::format("{}/{}/{}/aws4_request", time.substr(0, 8), scope.region, scope.service);
  }
  std::string signature(std::string_view method, const Url& url, const Query& query,
                        const std::map<std::string, std::string>& headers, std::string_view payload) const {
    std::string lines;
    for (const auto& [name, value] : headers) {
      lines += name + ":" + value + "\n";
    }
    const std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", method, canonical_path(scope, url),
                                              canonical_query(query), lines, names_of(headers), payload);
    const std::string to_sign = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, place(), sha256_hex(canonical));
    std::string key = hmac("AWS4" + credentials.secret_key, time.substr(0, 8));
    for (const std::string_view step :
         {std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")}) {
      key = hmac(key, step);
    }
    return hexadecimal(hmac(key, to_sign));
  }
};

}  // namespace

Result<HttpHeaders> aws_sign(const AwsScope& scope, const AwsCredentials& credentials, Time now,
                             const HttpRequest& request) {
  LODE_TRY(const Url url, parse_url(request.url));
  const Signing signing{scope, credentials, stamp(now)};
  const std::string payload = sha256_hex(request.body);
  HttpHeaders out = {{"X-Amz-Date", signing.time}};
  if (!credentials.session_token.empty()) {
    out.emplace_back("X-Amz-Security-Token", credentials.session_token);
  }
  if (scope.service == "s3") {
    out.emplace_back("X-Amz-Content-Sha256", payload);
  }
  HttpHeaders all = request.headers;
  all.insert(all.end(), out.begin(), out.end());
  const auto headers = signed_headers(all, url);
  out.emplace_back("Authorization",
                   fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                               credentials.access_key, signing.place(), names_of(headers),
                               signing.signature(request.method, url, query_of(url), headers, payload)));
  return out;
}

Result<std::string> aws_presign(const AwsScope& scope, const AwsCredentials& credentials, Time now,
                                const HttpRequest& request, int seconds) {
  LODE_TRY(Url url, parse_url(request.url));
  if (seconds < 1 || seconds > kLongest) {
    return fail(E::E6104, fmt::format("a presigned address for {} s, expected 1 to {}", seconds, kLongest));
  }
  const Signing signing{scope, credentials, stamp(now)};
  const auto headers = signed_headers({}, url);
  Query query = query_of(url);
  const auto add = [&](std::string_view name, std::string_view value) {
    query.emplace_back(percent_encode(name), percent_encode(value));
  };
  add("X-Amz-Algorithm", kAlgorithm);
  add("X-Amz-Credential", credentials.access_key + "/" + signing.place());
  add("X-Amz-Date", signing.time);
  add("X-Amz-Expires", std::to_string(seconds));
  add("X-Amz-SignedHeaders", names_of(headers));
  if (!credentials.session_token.empty()) {
    add("X-Amz-Security-Token", credentials.session_token);
  }
  const std::string payload = scope.service == "s3" ? std::string(kUnsigned) : sha256_hex(request.body);
  const std::string signature = signing.signature(request.method, url, query, headers, payload);
  // The path goes out as it was signed, so that what reads it meets the same bytes.
  url.path = scope.service == "s3" ? canonical_path(scope, url) : url.path;
  url.query = canonical_query(query) + "&X-Amz-Signature=" + signature;
  return url.text();
}

}  // namespace lode::net
