// The table of hosts, their paces and their configured addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/places.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/io/net/address.h"
#include "lode/io/net/redact.h"

namespace lode::net {

namespace {

// Requests a second where the source says or is known to allow them; the rest goes at net.rate. A row is of a source,
// the part of the key before the dot, whose hosts share the pace; or of one host of it, by its whole key, that has a
// pace of its own. A test holds these numbers against those the sources tell.
struct Pace {
  std::string_view name;
  double per_second;
};
constexpr Pace kPaces[] = {
    {"yahoo", 0.5},              // Unpublished; one in two seconds is left alone.
    {"google", 0.5},             // Unpublished.
    {"asx.base_url", 0.1},       // Unpublished; a page of the day.
    {"asx.data_url", 0.2},       // Unpublished.
    {"nasdaq.base_url", 0.5},    // Unpublished.
    {"nasdaq.data_url", 0.2},    // Unpublished.
    {"alpaca", 3.0},             // 200 a minute on the free plan.
    {"alphavantage", 5.0 / 60},  // Five a minute without payment.
    {"binance", 5.0},            // By weight: far below 6,000 a minute.
    {"tavily", 1.0},             // 100 a minute for a development key.
    {"brave", 1.0},              // One a second on the free plan.
    {"gdelt", 0.2},              // One in five seconds.
    {"fred", 1.0},               // 120 a minute.
    {"ecb", 0.5},                // Unpublished.
    {"french", 0.5},             // Unpublished.
};

bool has_pace(std::string_view name) { return std::ranges::find(kPaces, name, &Pace::name) != std::end(kPaces); }

// Of a source, or of a key with a pace of its own.
Rate rate_of(std::string_view name, const Config& config) {
  if (name == "edgar") {
    return Rate::per_second(config.get("edgar.rate").as_double());
  }
  const auto* found = std::ranges::find(kPaces, name, &Pace::name);
  return Rate::per_second(found == std::end(kPaces) ? config.get("net.rate").as_double() : found->per_second);
}

// `url` lies at `base`, or below its path.
bool is_below(const Url& url, const Url& base) {
  if (!url.has_same_origin(base)) {
    return false;
  }
  const std::string_view path = base.path;
  return path == "/" || url.path == path || url.path.starts_with(path.ends_with('/') ? base.path : base.path + "/");
}

Url moved(const Url& url, const Place& place) {
  Url out = url;
  out.scheme = place.base.scheme;
  out.host = place.base.host;
  out.port = place.base.port;
  const std::string front =
      place.base.path.ends_with('/') ? place.base.path.substr(0, place.base.path.size() - 1) : place.base.path;
  out.path = front + url.path;
  return out;
}

bool is_same(const Url& a, const Url& b) { return a.has_same_origin(b) && a.path == b.path; }

}  // namespace

std::string shown_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || text.starts_with("file:")) {  // A folder wants nobody's name.
    return Redaction().url(text);
  }
  const std::size_t scheme = text.substr(0, at).find("//");
  return Redaction().url(
      fmt::format("{}***{}", text.substr(0, scheme == std::string_view::npos ? 0 : scheme + 2), text.substr(at)));
}

Result<Places> Places::from(const Config& config) {
  std::vector<Place> places;
  for (const ConfigKey& key : Config::keys()) {
    if (!key.name.ends_with("_url") || key.fallback.as_text().empty()) {
      continue;  // Without a published address it is no place: a folder of the user's.
    }
    const Result<Url> published = parse_url(key.fallback.as_text());
    LODE_ASSERT(published.has_value());
    Result<Url> base = parse_url(config.get(key.name).as_text());
    // A password may look like a port and a path, "me:12/x@host": no mirror needs the sign it ends with.
    if (!base || !base->query.empty() || config.get(key.name).as_text().find('@') != std::string::npos) {
      return fail(
          E::E5002,
          fmt::format("setting {} is {}, expected https://HOST or http://HOST:PORT without a name or password",
                      key.name, quote(shown_address(config.get(key.name).as_text()))),
          fmt::format("{} is its built-in value; lode config show says where this one stands", key.fallback.as_text()));
    }
    const std::string source = has_pace(key.name) ? key.name : key.name.substr(0, key.name.find('.'));
    const bool is_moved = !is_same(*published, *base);
    places.push_back({*published, std::move(*base), source, rate_of(source, config), is_moved});
  }
  return Places(std::move(places), Rate::per_second(config.get("net.rate").as_double()));
}

Result<OnWire> Places::find(const Url& url) const {
  for (const Place& place : places_) {
    if (place.is_moved && is_below(url, place.base)) {
      return OnWire{url, place.bucket, place.rate, true};
    }
  }
  for (const Place& place : places_) {
    if (url.has_same_origin(place.published)) {
      return OnWire{place.is_moved ? moved(url, place) : url, place.bucket, place.rate, place.is_moved};
    }
  }
  if (!url.is_secure() || !is_public_host(url.host)) {
    return fail(E::E6104,
                fmt::format("{} is not allowed: {}", quote(url.origin()),
                            url.is_secure() ? "it is an address of this machine or network" : "it is not https"),
                "a setting like edgar.base_url names a mirror or a local server: lode config show");
  }
  return OnWire{url, url.host, other_, false};
}

}  // namespace lode::net
