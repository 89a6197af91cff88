// What can be known of the network from here.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/look.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <sys/socket.h>

#include <fstream>

#include "lode/base/counted.h"
#include "lode/base/text.h"
#include "lode/io/net/address.h"
#include "lode/io/net/client.h"
#include "lode/io/net/proxy.h"

namespace lode::net {

namespace {

// Whether a network card has an address that others could answer to.
bool has_address() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) {
    return true;  // Unknown is no reason for a warning.
  }
  bool found = false;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6)) {
      continue;
    }
    const std::string text = to_string(*one->ifa_addr);
    found = found || (!text.starts_with("127.") && text != "::1" && !text.starts_with("fe80:"));
  }
  freeifaddrs(list);
  return found;
}

std::string moved_hosts(const Places& places) {
  std::vector<std::string> moved;
  for (const Place& place : places.all()) {
    if (place.is_moved) {
      moved.push_back(fmt::format("{} at {}", place.published.host, place.base.origin()));
    }
  }
  return moved.empty() ? "" : ", " + join_some(moved, 3);
}

}  // namespace

Look look_at_network(const Config& config) {
  const Result<ClientOptions> options = client_options(config);
  if (!options) {
    return {Look::State::kUnusable, "network: " + options.error().message(), options.error().hint()};
  }
  const Route& route = options->route;
  Look out;
  out.fact =
      fmt::format("network: {}, {}{}; nobody was asked", curl_version_text(),
                  route.proxy.empty() ? "no proxy" : "proxy " + shown_proxy(route.proxy), moved_hosts(options->places));
  const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
  const bool has_own = !route.ca_file.empty();
  const std::string certificates = has_own ? route.ca_file : info->cainfo == nullptr ? "" : info->cainfo;
  if (!certificates.empty() && !std::ifstream(certificates)) {
    out.state = has_own ? Look::State::kUnusable : Look::State::kDoubtful;
    out.fact += fmt::format("; certificates cannot be read: {}", certificates);
    out.remedy = has_own ? "setting net.ca_file names a file of certificates: lode config show"
                         : "install the usual certificates (Debian: apt-get install ca-certificates)";
  } else if (route.proxy.empty() && !has_address()) {
    out.state = Look::State::kDoubtful;
    out.remedy = "this machine has no address but its own: fetching will not work, everything else does";
  }
  return out;
}

}  // namespace lode::net
