// Places: where the hosts of sources really are (base URLs of the configuration), how often each may be asked, and
// which may be private.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/config.h"
#include "lode/base/result.h"
#include "lode/io/net/bucket.h"
#include "lode/io/net/url.h"

namespace lode::net {

// One host. Hosts with the same bucket share its pace: EDGAR counts requests of a user over all its hosts.
struct Place {
  Url published;  // As sources name it.
  Url base;       // As configured: another host, port or path in front. The same as `published` by default.
  std::string bucket;
  Rate rate;
  bool is_moved = false;  // The user named another address, which may be private and plain http.
};

// What a published address is on the wire.
struct OnWire {
  Url url;
  std::string bucket;
  Rate rate;
  bool may_be_private = false;
};

// An address of the settings as it may be shown: "https://***@host/" where an '@' stands in it, so that no name and
// password is seen, whatever their characters, and without the value of a key in its query.
std::string shown_address(std::string_view text);

class Places {
 public:
  // The hosts of the configuration's `*_url` keys. E5002 when one is no address or holds an '@', naming its key.
  static Result<Places> from(const Config& config);
  explicit Places(std::vector<Place> places = {}, Rate other = Rate::per_second(2.0))
      : places_(std::move(places)), other_(other) {}

  // A moved host's requests go to its base; an address below a configured base is the user's too. Any other host has a
  // bucket of its own at the pace of net.rate. E6104 where the address is private or not TLS and nobody named it.
  Result<OnWire> find(const Url& url) const;
  const std::vector<Place>& all() const { return places_; }

 private:
  std::vector<Place> places_;
  Rate other_;
};

}  // namespace lode::net
