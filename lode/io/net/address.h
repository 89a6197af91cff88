// Which network addresses a source may live at: public ones. Everything that means this machine, this network or nobody
// is private, so that no answer of a source can lead Lode to the machine's own services.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

struct sockaddr;

namespace lode::net {

// False for loopback, private, link-local (cloud metadata too), shared, benchmark, documentation, multicast and
// reserved blocks of IPv4 and IPv6 (IANA special-purpose registries), IPv4 inside IPv6 by its inner address.
bool is_public(const sockaddr& address);
// The same of a host that is a numeric address; true for a name, whose addresses are checked when it is connected to.
bool is_public_host(std::string_view host);
std::string to_string(const sockaddr& address);  // "127.0.0.1", "::1"

}  // namespace lode::net
