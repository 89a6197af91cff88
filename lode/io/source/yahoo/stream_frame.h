// Frames of Yahoo's stream of prices: base64 of a protobuf message, bare or in a JSON object under "message". Pure.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/base/time.h"

namespace lode::source::yahoo {

// What the message says; numbers of single precision as they were written, rounded to `price_hint` places where told.
struct StreamQuote {
  std::string id, currency, exchange;
  std::optional<Time> time;
  std::int64_t quote_type = 0;
  std::int64_t market_hours = 0;  // 0 pre, 1 regular, 2 post.
  std::optional<double> price, change_percent, change, day_high, day_low, open, previous_close, bid, ask;
  std::optional<std::int64_t> day_volume, bid_size, ask_size, last_size;
  std::optional<std::int64_t> price_hint;
  std::optional<double> circulating_supply, market_cap;
};

// E6206: no base64, a message that is cut off, a wire type that is none, or no id. Fields not known are passed over.
Result<StreamQuote> read_stream_frame(std::string_view frame);
// The bytes of standard base64 (RFC 4648, padding optional at the end); nullopt for anything else.
std::optional<std::string> read_base64(std::string_view text);

}  // namespace lode::source::yahoo
