// The proxy of the settings, http://NAME:PASSWORD@HOST:PORT: as it is given to libcurl, as it may be shown, and what of
// it is a secret. The last '@' ends the password, which may hold one, and any other sign of an address too.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::net {

// "http://***@host:3128" where a name and password stand in it, whatever their characters.
std::string shown_proxy(std::string_view proxy);

// With its scheme, and with name and password percent-encoded; those that are written so already stay. E5002 when it is
// no address.
Result<std::string> proxy_address(std::string_view setting);

// Name and password of such an address: what no message may hold.
std::vector<std::string> proxy_secrets(std::string_view address);

}  // namespace lode::net
