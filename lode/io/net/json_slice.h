// The bytes of one member inside JSON text, as they stand: a recorded body must not change by being read and written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace lode::net {

// The text of the value at `path` ("response.bodyJson") in a JSON object; nullopt when it is not there or the text is
// no JSON on the way to it. Of a doubled key the last, as parse_json.
std::optional<std::string_view> json_slice(std::string_view json, std::string_view path);

}  // namespace lode::net
