// Recorded exchanges with Yahoo as a collector sees them. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/must.h"
#include "lode/base/value.h"
#include "lode/io/source/collect/source.h"
#include "lode/market/test_data.h"

namespace lode::source::yahoo {

// Received at 2025-03-01T12:00Z, behind every recording.
inline constexpr Time kReceived{1'740'830'400'000'000'000};

// Fills status, headers and body of `response` from `yahoo/<name>`.
inline Response recorded(const std::string& name, Request asked) {
  const Value exchange = must(parse_json(read_test_data("yahoo/" + name)));
  Response out{.asked = std::move(asked), .received_at = kReceived};
  out.status = static_cast<int>(exchange.at_path("response.status")->as_int());
  const Value* headers = exchange.at_path("response.headers");
  for (const auto& [key, value] : headers->as_object()) {
    if (value.is_text()) {
      out.headers.emplace_back(key, value.as_text());
    }
  }
  const Value* response = exchange.find("response");
  for (const char* key : {"bodyText", "body"}) {
    const Value* body = response->find(key);
    if (body != nullptr && body->is_text()) {
      out.body = body->as_text();
    }
  }
  if (const Value* body = response->find("bodyJson")) {
    out.body = to_json(*body);
  }
  return out;
}

}  // namespace lode::source::yahoo
