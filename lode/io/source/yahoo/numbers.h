// Numbers of Yahoo's JSON. For .cpp files only: simdjson's header is large.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <optional>
#include <string_view>

#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/yahoo/chart_body.h"

namespace lode::source::yahoo {

// The number, or the `raw` of {"raw": 1.5, "fmt": "1.50"}; nullopt when absent, no number or infinite.
inline std::optional<double> number_member(JsonElement object, std::string_view key) {
  const auto member = json_member(object, key);
  double out = 0;
  if (!member) {
    return std::nullopt;
  }
  if (member->get(out) != simdjson::SUCCESS) {
    const auto raw = json_member(*member, "raw");
    if (!raw || raw->get(out) != simdjson::SUCCESS) {
      return std::nullopt;
    }
  }
  return std::isfinite(out) ? std::optional(out) : std::nullopt;
}
// The same above 0: Yahoo writes 0 for a price there is none of.
inline std::optional<double> price_member(JsonElement object, std::string_view key) {
  const auto out = number_member(object, key);
  return out && *out > 0 ? out : std::nullopt;
}
// In major units, in as few digits as single precision holds.
inline double major(double value, double per) {
  const double written = as_written(value);
  return per == 1 ? written : as_written(static_cast<double>(static_cast<float>(written / per)));
}

}  // namespace lode::source::yahoo
