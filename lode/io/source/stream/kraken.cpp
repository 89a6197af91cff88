// Kraken's stream, version 2: {"channel", "type", "data"} with numbers of JSON; a trade keeps their digits too.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/stream/number_tokens.h"
#include "lode/io/source/stream/venue_rows.h"
#include "lode/io/source/stream/venues.h"

namespace lode::source {
namespace {

// A trade's number with its digits, where those of all trades of the frame are at hand and are this number's.
std::optional<Exact> with_digits(std::optional<Exact> number, const std::vector<std::string_view>& digits,
                                 std::size_t place, std::size_t trades) {
  double same = 0;
  if (number && digits.size() == trades && parse_double(digits[place], same) && same == number->value) {
    number->text = digits[place];
  }
  return number;
}

// Digits of the numbers of a frame's trades.
struct Digits {
  std::vector<std::string_view> price, size;
};

void read_one(std::string_view channel, JsonElement one, Time received_at, VenueRows& rows) {
  const std::string_view symbol = json_text(one, "symbol").value_or("");
  const auto at = read_rfc3339(json_text(one, "timestamp").value_or(""));
  if (channel == "ticker") {
    rows.add(StreamQuote{.symbol = symbol,
                         .time = at ? at : received_at,  // Older servers send none.
                         .bid = number_member(one, "bid"),
                         .bid_size = number_member(one, "bid_qty"),
                         .ask = number_member(one, "ask"),
                         .ask_size = number_member(one, "ask_qty"),
                         .last = number_member(one, "last")});  // Its other numbers are of 24 hours, not of the day.
  } else if (channel == "ohlc") {
    const std::int64_t minutes = json_int(one, "interval").value_or(0);
    rows.add(StreamBar{.symbol = symbol,
                       .seconds = minutes * 60,
                       .start = minutes > 0 && minutes < 1440
                                    ? read_rfc3339(json_text(one, "interval_begin").value_or(""))
                                    : std::nullopt,
                       .open = number_member(one, "open"),
                       .high = number_member(one, "high"),
                       .low = number_member(one, "low"),
                       .close = number_member(one, "close"),
                       .volume = number_member(one, "volume"),
                       .vwap = number_member(one, "vwap"),
                       .trades = json_int(one, "trades")});
  }
}

void read_trades(const simdjson::dom::array& trades, const Digits& digits, VenueRows& rows) {
  std::size_t place = 0;
  for (const JsonElement one : trades) {
    const auto id = json_int(one, "trade_id");
    rows.add(StreamTrade{.symbol = json_text(one, "symbol").value_or(""),
                         .id = id ? std::to_string(*id) : "",
                         .time = read_rfc3339(json_text(one, "timestamp").value_or("")),
                         .price = with_digits(exact_member(one, "price"), digits.price, place, trades.size()),
                         .size = with_digits(exact_member(one, "qty"), digits.size, place, trades.size()),
                         .side = json_text(one, "side").value_or("")});
    ++place;
  }
}

class KrakenStream : public VenueStream {
 public:
  std::string_view venue() const override { return "kraken"; }

  std::vector<std::string> subscribe(const std::vector<std::string>& symbols) const override {
    std::vector<std::string> out;
    for (const char* channel : {"trade", "ticker", "ohlc"}) {
      Value params = Value::object();
      params.set("channel", channel);
      params.set("symbol", text_list(symbols));
      Value text = Value::object();
      text.set("method", "subscribe");
      text.set("params", std::move(params));
      out.push_back(to_json(text));
    }
    return out;
  }

  Result<StreamRead> read(const StreamFrame& frame) override {
    LODE_TRY(const JsonDocument json, JsonDocument::read(frame.text, "Kraken's stream"));
    VenueRows rows(venue(), frame);
    if (const auto words = json_text(json.root(), "error")) {
      return fail(E::E6202, fmt::format("Kraken's stream says {}", quote(*words)));
    }
    const std::string_view channel = json_text(json.root(), "channel").value_or("");
    if (channel.empty() && !json_text(json.root(), "method")) {
      return fail(E::E6206, "a text of Kraken's stream without a channel");
    }
    const auto data = json_array(json.root(), "data");
    if (data && channel == "trade") {
      read_trades(*data, {number_tokens(frame.text, "price"), number_tokens(frame.text, "qty")}, rows);
    } else if (data) {
      for (const JsonElement one : *data) {
        read_one(channel, one, frame.received_at, rows);
      }
    }
    return rows.take();
  }
};

}  // namespace

std::unique_ptr<VenueStream> kraken_stream() { return std::make_unique<KrakenStream>(); }

}  // namespace lode::source
