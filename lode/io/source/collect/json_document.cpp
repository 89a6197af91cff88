// Bounded reading of JSON bodies.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/collect/json_document.h"

#include <fmt/format.h>

namespace lode::source {
namespace {

constexpr std::size_t kMostBytes = std::size_t{2} << 30;
constexpr std::size_t kMostDepth = 64;  // The deepest body of a source has nine levels.

}  // namespace

Result<JsonDocument> JsonDocument::read(std::string_view body, std::string_view what) {
  if (body.size() > kMostBytes) {
    return fail(E::E6206, fmt::format("{} of {} bytes is above the {} that are read", what, body.size(), kMostBytes));
  }
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (body.starts_with(kMark)) {  // Some senders put it there (RFC 8259, 8.1, lets us ignore it); the parser does not.
    body.remove_prefix(kMark.size());
  }
  JsonDocument out;
  out.parser_ = std::make_unique<simdjson::dom::parser>();
  auto error = out.parser_->allocate(body.size(), kMostDepth);
  if (error == simdjson::SUCCESS) {
    error = out.parser_->parse(body.data(), body.size(), true).get(out.root_);
  }
  if (error != simdjson::SUCCESS) {
    return fail(E::E6206,
                fmt::format("{} of {} bytes is no JSON: {}", what, body.size(), simdjson::error_message(error)),
                "the body is kept aside; what was stored before stays");
  }
  return out;
}

std::optional<JsonElement> json_member(JsonElement object, std::string_view key) {
  JsonElement out;
  return object[key].get(out) == simdjson::SUCCESS && !out.is_null() ? std::optional(out) : std::nullopt;
}

std::optional<std::string_view> as_text(JsonElement element) {
  std::string_view out;
  return element.get(out) == simdjson::SUCCESS ? std::optional(out) : std::nullopt;
}

std::optional<std::int64_t> as_int(JsonElement element) {
  std::int64_t out = 0;
  return element.get(out) == simdjson::SUCCESS ? std::optional(out) : std::nullopt;
}

std::optional<std::string_view> json_text(JsonElement object, std::string_view key) {
  const auto member = json_member(object, key);
  return member ? as_text(*member) : std::nullopt;
}

std::optional<std::int64_t> json_int(JsonElement object, std::string_view key) {
  const auto member = json_member(object, key);
  return member ? as_int(*member) : std::nullopt;
}

std::optional<simdjson::dom::array> json_array(JsonElement object, std::string_view key) {
  simdjson::dom::array out;
  return object[key].get(out) == simdjson::SUCCESS ? std::optional(out) : std::nullopt;
}

std::optional<simdjson::dom::object> json_object(JsonElement object, std::string_view key) {
  simdjson::dom::object out;
  return object[key].get(out) == simdjson::SUCCESS ? std::optional(out) : std::nullopt;
}

}  // namespace lode::source
