// JSON bodies of sources, read by simdjson: bounded in size and depth, never by exceptions. For .cpp files only: the
// header behind it is large.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "lode/base/result.h"

namespace lode::source {

// The whole document; views into it live as long as the JsonDocument.
class JsonDocument {
 public:
  // E6206 with the parser's reason and `what` when `body` is no JSON, deeper than 64 levels or above 2 GiB. Costs one
  // copy of the body.
  static Result<JsonDocument> read(std::string_view body, std::string_view what);
  simdjson::dom::element root() const { return root_; }

 private:
  std::unique_ptr<simdjson::dom::parser> parser_;  // Elements point into it: it stays where it is when this moves.
  simdjson::dom::element root_;
};

using JsonElement = simdjson::dom::element;

// Members by name: nullopt when absent, null or of another kind.
std::optional<JsonElement> json_member(JsonElement object, std::string_view key);
std::optional<std::string_view> json_text(JsonElement object, std::string_view key);
std::optional<std::int64_t> json_int(JsonElement object, std::string_view key);
std::optional<simdjson::dom::array> json_array(JsonElement object, std::string_view key);
std::optional<simdjson::dom::object> json_object(JsonElement object, std::string_view key);
// The element itself as text or integer.
std::optional<std::string_view> as_text(JsonElement element);
std::optional<std::int64_t> as_int(JsonElement element);

}  // namespace lode::source
