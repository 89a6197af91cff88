// Alpaca's data stream: arrays of messages, told apart by T. t trade, q quote, b bar, u a bar corrected, d a day's bar.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/stream/venue_rows.h"
#include "lode/io/source/stream/venues.h"

namespace lode::source {
namespace {

std::optional<Time> time_member(JsonElement message, std::string_view key) {
  return read_rfc3339(json_text(message, key).value_or(""));
}

StreamTrade read_trade(JsonElement message) {
  const auto id = json_int(message, "i");
  return {.symbol = json_text(message, "S").value_or(""),
          .id = id ? std::to_string(*id) : "",
          .time = time_member(message, "t"),
          .price = exact_member(message, "p"),
          .size = exact_member(message, "s")};
}

StreamQuote read_quote(JsonElement message) {
  return {.symbol = json_text(message, "S").value_or(""),
          .time = time_member(message, "t"),
          .bid = number_member(message, "bp"),
          .bid_size = number_member(message, "bs"),
          .ask = number_member(message, "ap"),
          .ask_size = number_member(message, "as")};
}

StreamBar read_bar(JsonElement message, std::string_view kind) {
  return {.symbol = json_text(message, "S").value_or(""),
          .seconds = kind == "d" ? 0 : 60,
          .start = time_member(message, "t"),
          .open = number_member(message, "o"),
          .high = number_member(message, "h"),
          .low = number_member(message, "l"),
          .close = number_member(message, "c"),
          .volume = number_member(message, "v"),
          .vwap = number_member(message, "vw"),
          .trades = json_int(message, "n"),
          .is_open = kind == "d",  // The day's bar so far, sent each minute.
          .is_corrected = kind == "u"};
}

// 402 and the other 4xx of keys; 405, 406, 407 limits; 5xx and the rest their own trouble.
Error refusal(JsonElement message) {
  const std::int64_t code = json_int(message, "code").value_or(0);
  const std::string words =
      fmt::format("Alpaca's stream says {} {}", code, quote(json_text(message, "msg").value_or("")));
  const ErrorNumber number = code == 405 || code == 406 || code == 407 ? E::E6203
                             : code >= 400 && code < 500               ? E::E6202
                                                                       : E::E6204;
  return Error(number, words);
}

class AlpacaStream : public VenueStream {
 public:
  std::string_view venue() const override { return "alpaca"; }

  std::vector<std::string> subscribe(const std::vector<std::string>& symbols) const override {
    Value out = Value::object();
    out.set("action", "subscribe");
    for (const char* channel : {"trades", "quotes", "bars", "updatedBars"}) {
      out.set(channel, text_list(symbols));
    }
    return {to_json(out)};
  }

  Result<StreamRead> read(const StreamFrame& frame) override {
    LODE_TRY(const JsonDocument json, JsonDocument::read(frame.text, "Alpaca's stream"));
    simdjson::dom::array messages;
    if (json.root().get(messages) != simdjson::SUCCESS) {
      return fail(E::E6206, "a text of Alpaca's stream that is no list of messages");
    }
    VenueRows rows(venue(), frame);
    for (const JsonElement message : messages) {
      const std::string_view kind = json_text(message, "T").value_or("");
      if (kind == "error") {
        return fail(refusal(message));
      }
      if (kind == "t") {
        rows.add(read_trade(message));
      } else if (kind == "q") {
        rows.add(read_quote(message));
      } else if (kind == "b" || kind == "u" || kind == "d") {
        rows.add(read_bar(message, kind));
      }
    }
    return rows.take();
  }
};

}  // namespace

std::unique_ptr<VenueStream> alpaca_stream() { return std::make_unique<AlpacaStream>(); }

}  // namespace lode::source
