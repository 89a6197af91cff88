// Coinbase's stream: one channel a message, numbered per connection; a number left out means a message lost.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/stream/venue_rows.h"
#include "lode/io/source/stream/venues.h"

namespace lode::source {
namespace {

std::optional<Time> seconds_member(JsonElement object, std::string_view key) {
  std::int64_t seconds = 0;
  return parse_int(json_text(object, key).value_or(""), seconds) ? time_of_seconds(seconds) : std::nullopt;
}

// The side is the maker's: a buyer who waited was sold to. Rows tell who took.
std::string_view taker_of(std::string_view maker) { return maker == "BUY" ? "sell" : maker == "SELL" ? "buy" : ""; }

void read_trades(JsonElement event, VenueRows& rows) {
  if (const auto trades = json_array(event, "trades")) {
    for (const JsonElement trade : *trades) {
      rows.add(StreamTrade{.symbol = json_text(trade, "product_id").value_or(""),
                           .id = std::string(json_text(trade, "trade_id").value_or("")),
                           .time = read_rfc3339(json_text(trade, "time").value_or("")),
                           .price = exact_member(trade, "price"),
                           .size = exact_member(trade, "size"),
                           .side = taker_of(json_text(trade, "side").value_or(""))});
    }
  }
}

void read_quotes(JsonElement event, std::optional<Time> at, VenueRows& rows) {
  if (const auto list = json_array(event, "tickers")) {
    for (const JsonElement one : *list) {
      rows.add(StreamQuote{.symbol = json_text(one, "product_id").value_or(""),
                           .time = at,
                           .bid = number_member(one, "best_bid"),
                           .bid_size = number_member(one, "best_bid_quantity"),
                           .ask = number_member(one, "best_ask"),
                           .ask_size = number_member(one, "best_ask_quantity"),
                           .last = number_member(one, "price")});  // Its other numbers are of 24 hours, not of the day.
    }
  }
}

// Candles of five minutes, sent again until the next begins.
void read_bars(JsonElement event, VenueRows& rows) {
  if (const auto list = json_array(event, "candles")) {
    for (const JsonElement one : *list) {
      rows.add(StreamBar{.symbol = json_text(one, "product_id").value_or(""),
                         .seconds = 300,
                         .start = seconds_member(one, "start"),
                         .open = number_member(one, "open"),
                         .high = number_member(one, "high"),
                         .low = number_member(one, "low"),
                         .close = number_member(one, "close"),
                         .volume = number_member(one, "volume")});
    }
  }
}

class CoinbaseStream : public VenueStream {
 public:
  std::string_view venue() const override { return "coinbase"; }

  std::vector<std::string> subscribe(const std::vector<std::string>& symbols) const override {
    std::vector<std::string> out;
    for (const char* channel : {"market_trades", "ticker", "candles", "heartbeats"}) {
      Value text = Value::object();
      text.set("type", "subscribe");
      text.set("product_ids", text_list(symbols));
      text.set("channel", channel);
      out.push_back(to_json(text));
    }
    return out;
  }

  Result<StreamRead> read(const StreamFrame& frame) override {
    LODE_TRY(const JsonDocument json, JsonDocument::read(frame.text, "Coinbase's stream"));
    if (json_text(json.root(), "type").value_or("") == "error") {
      return fail(E::E6202,
                  fmt::format("Coinbase's stream says {}", quote(json_text(json.root(), "message").value_or(""))));
    }
    const auto number = json_int(json.root(), "sequence_num");
    const std::string_view channel = json_text(json.root(), "channel").value_or("");
    const auto events = json_array(json.root(), "events");
    if (!number || channel.empty() || !events) {
      return fail(E::E6206, "a text of Coinbase's stream without channel, sequence_num or events");
    }
    const GapAnswer gap = sequence_.message(*number);
    VenueRows rows(venue(), frame);
    const auto at = read_rfc3339(json_text(json.root(), "timestamp").value_or(""));
    for (const JsonElement event : *events) {
      if (gap == GapAnswer::kDrop) {
        break;  // Seen before.
      }
      if (channel == "market_trades") {
        read_trades(event, rows);
      } else if (channel == "ticker" || channel == "ticker_batch") {
        read_quotes(event, at, rows);
      } else if (channel == "candles") {
        read_bars(event, rows);
      }
    }
    StreamRead out = rows.take();  // Of a gap too: what came is true, what is missing is asked for.
    out.gap = gap;
    return out;
  }

  void reconnect() override { sequence_.reconnect(); }

 private:
  MessageSequence sequence_;
};

}  // namespace

std::unique_ptr<VenueStream> coinbase_stream() { return std::make_unique<CoinbaseStream>(); }

}  // namespace lode::source
