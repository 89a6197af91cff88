// Binance's streams: trades, tickers, klines and the book's changes, bare or wrapped as {"stream","data"}. The book is
// kept by the rule of its documentation: changes wait for the snapshot, then each must follow the one before.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <utility>

#include "lode/base/text.h"
#include "lode/io/source/stream/venue_rows.h"
#include "lode/io/source/stream/venues.h"

namespace lode::source {
namespace {

constexpr std::size_t kMostBuffered = 10'000;  // Changes that wait for a snapshot; more and it is asked again.
constexpr std::int64_t kFirstMicros = 100'000'000'000'000;  // As milliseconds the year 5138, as microseconds 1973.

// Milliseconds, or microseconds where the connection asked for them.
std::optional<Time> stamp_member(JsonElement object, std::string_view key) {
  const auto number = json_int(object, key);
  if (!number || *number < kFirstMicros) {
    return number ? time_of_millis(*number) : std::nullopt;
  }
  const auto at = time_of_seconds(*number / 1'000'000);
  return at ? std::optional(Time{*number * 1000}) : std::nullopt;
}

StreamTrade read_trade(JsonElement message, std::string_view number) {
  const auto id = json_int(message, number);
  bool is_maker_buyer = false;
  const auto maker = json_member(message, "m");
  const bool is_told = maker && maker->get(is_maker_buyer) == simdjson::SUCCESS;
  return {.symbol = json_text(message, "s").value_or(""),
          .id = id ? fmt::format("{}{}", number == "a" ? "a" : "", *id) : "",  // Aggregates have numbers of their own.
          .time = stamp_member(message, "T"),
          .price = exact_member(message, "p"),
          .size = exact_member(message, "q"),
          .side = !is_told         ? ""
                  : is_maker_buyer ? "sell"
                                   : "buy"};
}

StreamQuote read_quote(JsonElement message, Time received_at) {
  const auto at = stamp_member(message, "E");
  return {.symbol = json_text(message, "s").value_or(""),
          .time = at ? at : received_at,  // bookTicker of spot tells no time.
          .bid = number_member(message, "b"),
          .bid_size = number_member(message, "B"),
          .ask = number_member(message, "a"),
          .ask_size = number_member(message, "A"),
          .last = number_member(message, "c")};
}

StreamBar read_bar(JsonElement bar) {
  bool is_closed = false;
  const auto closed = json_member(bar, "x");
  const bool is_final = closed && closed->get(is_closed) == simdjson::SUCCESS && is_closed;
  const auto seconds = read_interval(json_text(bar, "i").value_or(""));
  return {.symbol = json_text(bar, "s").value_or(""),
          .seconds = seconds.value_or(0),
          .start = seconds ? stamp_member(bar, "t") : std::nullopt,
          .open = number_member(bar, "o"),
          .high = number_member(bar, "h"),
          .low = number_member(bar, "l"),
          .close = number_member(bar, "c"),
          .volume = number_member(bar, "v"),
          .amount = number_member(bar, "q"),
          .trades = json_int(bar, "n"),
          .is_open = !is_final};
}

using Side = std::map<double, double>;  // Price to size.

// [["price","size"], ...]: a size of 0 takes the price away. False when a level is none.
bool read_levels(JsonElement object, std::string_view key, std::vector<std::pair<double, double>>& out) {
  const auto levels = json_array(object, key);
  if (!levels) {
    return false;
  }
  for (const JsonElement level : *levels) {
    simdjson::dom::array pair;
    JsonElement price, size;
    std::pair<double, double> both;
    if (level.get(pair) != simdjson::SUCCESS || pair.at(0).get(price) != simdjson::SUCCESS ||
        pair.at(1).get(size) != simdjson::SUCCESS || !parse_double(as_text(price).value_or(""), both.first) ||
        !parse_double(as_text(size).value_or(""), both.second) || !(both.first > 0) || !(both.second >= 0)) {
      return false;
    }
    out.push_back(both);
  }
  return true;
}

void change(Side& side, const std::vector<std::pair<double, double>>& levels) {
  for (const auto& [price, size] : levels) {
    if (size > 0) {
      side[price] = size;
    } else {
      side.erase(price);
    }
  }
}

struct Change {
  std::int64_t first = 0, last = 0;
  std::vector<std::pair<double, double>> bids, asks;
};

struct Book {
  DepthSequence sequence;
  Side bids, asks;
  std::vector<Change> waiting;

  // What the change means; the book is changed when it is applied, and thrown away when something is missing.
  GapAnswer take(const Change& one) {
    const GapAnswer answer = sequence.update(one.first, one.last);
    if (answer == GapAnswer::kApply) {
      change(bids, one.bids);
      change(asks, one.asks);
    } else if (answer == GapAnswer::kBuffer) {
      if (waiting.size() == kMostBuffered) {
        waiting.clear();
        return GapAnswer::kResync;
      }
      waiting.push_back(one);
    } else if (answer == GapAnswer::kResync) {
      bids.clear();
      asks.clear();
      waiting = {one};
    }
    return answer;
  }
};

class BinanceStream : public VenueStream {
 public:
  std::string_view venue() const override { return "binance"; }
  Resync resync() const override { return Resync::kSnapshot; }
  void reconnect() override { books_.clear(); }

  std::vector<std::string> subscribe(const std::vector<std::string>& symbols) const override {
    std::vector<std::string> streams;
    for (const std::string& symbol : symbols) {
      for (const char* kind : {"trade", "bookTicker", "kline_1m"}) {
        streams.push_back(fmt::format("{}@{}", lower(symbol), kind));
      }
    }
    Value out = Value::object();
    out.set("method", "SUBSCRIBE");
    out.set("params", text_list(streams));
    out.set("id", 1);
    return {to_json(out)};
  }

  Result<StreamRead> read(const StreamFrame& frame) override {
    LODE_TRY(const JsonDocument json, JsonDocument::read(frame.text, "Binance's stream"));
    JsonElement message = json.root();
    if (const auto code = json_int(message, "code")) {
      return fail(*code == -1003 ? E::E6203 : E::E6202,
                  fmt::format("Binance's stream says {} {}", *code, quote(json_text(message, "msg").value_or(""))));
    }
    if (const auto inner = json_member(message, "data")) {
      message = *inner;
    }
    VenueRows rows(venue(), frame);
    const std::string_view kind = json_text(message, "e").value_or("");
    GapAnswer gap = GapAnswer::kApply;
    if (kind == "trade") {
      rows.add(read_trade(message, "t"));
    } else if (kind == "aggTrade") {
      rows.add(read_trade(message, "a"));
    } else if (kind == "24hrTicker" || (kind.empty() && json_text(message, "b") && json_text(message, "a"))) {
      rows.add(read_quote(message, frame.received_at));
    } else if (kind == "kline") {
      const auto bar = json_member(message, "k");
      rows.add(bar ? read_bar(*bar) : StreamBar{.symbol = json_text(message, "s").value_or("")});
    } else if (kind == "depthUpdate") {
      LODE_TRY(gap, take_depth(message, rows));
    } else if (kind.empty() && !json_member(message, "id")) {
      return fail(E::E6206, "a text of Binance's stream that names no event");
    }
    StreamRead out = rows.take();
    out.gap = gap;
    return out;
  }

  Result<void> snapshot(std::string_view symbol, std::string_view body) override {
    LODE_TRY(const JsonDocument json, JsonDocument::read(body, "Binance's depth"));
    const auto last = json_int(json.root(), "lastUpdateId");
    Change whole;
    if (!last || !read_levels(json.root(), "bids", whole.bids) || !read_levels(json.root(), "asks", whole.asks)) {
      return fail(E::E6206, fmt::format("a snapshot of {} without lastUpdateId, bids and asks", quote(symbol)));
    }
    Book& book = books_[upper(symbol)];
    book.sequence.snapshot(*last);
    book.bids.clear();
    book.asks.clear();
    change(book.bids, whole.bids);
    change(book.asks, whole.asks);
    const std::vector<Change> waiting = std::exchange(book.waiting, {});
    for (const Change& one : waiting) {
      if (book.take(one) == GapAnswer::kResync) {
        return fail(E::E6207, fmt::format("the snapshot of {} is older than the changes that came before it: ask again",
                                          quote(symbol)));
      }
    }
    return {};
  }

 private:
  // A change of the book gives its best prices, when it is applied.
  Result<GapAnswer> take_depth(JsonElement message, VenueRows& rows) {
    const std::string_view symbol = json_text(message, "s").value_or("");
    const auto first = json_int(message, "U");
    const auto last = json_int(message, "u");
    Change one;
    if (symbol.empty() || !first || !last || !read_levels(message, "b", one.bids) ||
        !read_levels(message, "a", one.asks)) {
      return fail(E::E6206, "a change of a book without s, U, u, b and a");
    }
    one.first = *first;
    one.last = *last;
    Book& book = books_[upper(symbol)];
    const GapAnswer answer = book.take(one);
    if (answer == GapAnswer::kApply) {
      StreamQuote best{.symbol = symbol, .time = stamp_member(message, "E")};
      if (!book.bids.empty()) {
        best.bid = book.bids.rbegin()->first;
        best.bid_size = book.bids.rbegin()->second;
      }
      if (!book.asks.empty()) {
        best.ask = book.asks.begin()->first;
        best.ask_size = book.asks.begin()->second;
      }
      rows.add(best);
    }
    return answer;
  }

  std::map<std::string, Book, std::less<>> books_;
};

}  // namespace

std::unique_ptr<VenueStream> binance_stream() { return std::make_unique<BinanceStream>(); }

}  // namespace lode::source
