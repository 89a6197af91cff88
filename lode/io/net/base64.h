// base64 (RFC 4648, section 4), as WebSocket keys, Basic authorizations and stream frames use it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lode::net {

std::string base64(std::string_view bytes);  // With padding.
// nullopt for another alphabet, a wrong length, or bits that are set behind the last byte.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace lode::net
