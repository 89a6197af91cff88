// Proxies taken apart.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/proxy.h"

#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/net/url.h"

namespace lode::net {

namespace {

// Where what follows "http://" begins; 0 without a scheme. What looks like the end of one further on is of a password.
std::size_t behind_scheme(std::string_view address) {
  const std::size_t sign = address.find_first_of(":@");
  return sign != std::string_view::npos && address.substr(sign).starts_with("://") ? sign + 3 : 0;
}

struct Parts {
  std::string_view scheme;  // With "://"; empty: none.
  std::string name;
  std::string password;
  bool has_name = false, has_password = false;
  std::string_view host;  // And all behind it.
};

Parts parts_of(std::string_view proxy) {
  Parts out;
  out.scheme = proxy.substr(0, behind_scheme(proxy));
  const std::string_view rest = proxy.substr(out.scheme.size());
  const std::size_t at = rest.rfind('@');
  out.host = at == std::string_view::npos ? rest : rest.substr(at + 1);
  if (at == std::string_view::npos) {
    return out;
  }
  const std::string_view whose = rest.substr(0, at);
  const std::size_t colon = whose.find(':');
  out.has_name = true;
  out.has_password = colon != std::string_view::npos;
  out.name = percent_decode(whose.substr(0, colon));
  out.password = out.has_password ? percent_decode(whose.substr(colon + 1)) : "";
  return out;
}

}  // namespace

std::string shown_proxy(std::string_view proxy) {
  const Parts parts = parts_of(proxy);
  return fmt::format("{}{}{}", parts.scheme, parts.has_name ? "***@" : "", parts.host);
}

Result<std::string> proxy_address(std::string_view setting) {
  const Parts parts = parts_of(setting);
  const std::string scheme = parts.scheme.empty() ? "http://" : std::string(parts.scheme);
  const std::string host(parts.host);
  if (!parse_url(scheme + host)) {
    return fail(E::E5002,
                fmt::format("setting net.proxy is {}, expected http://HOST:PORT",
                            quote(fmt::format("{}{}{}", scheme, parts.has_name ? "***@" : "", host))),
                "lode config show says where it stands");
  }
  if (!parts.has_name) {
    return scheme + host;
  }
  const std::string password = parts.has_password ? ":" + percent_encode(parts.password) : "";
  return fmt::format("{}{}{}@{}", scheme, percent_encode(parts.name), password, host);
}

std::vector<std::string> proxy_secrets(std::string_view address) {
  const Parts parts = parts_of(address);
  return {parts.name, parts.password};
}

}  // namespace lode::net
