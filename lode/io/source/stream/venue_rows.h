// What the streams share in writing rows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/parts/price_rows.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode::source {

// A number as text or as a number of JSON; nullopt when it is neither, or not finite.
struct Exact {
  double value = 0;
  std::string_view text;  // As sent; "" where it came as a number of JSON.
};
std::optional<Exact> exact_member(JsonElement object, std::string_view key);
std::optional<double> number_member(JsonElement object, std::string_view key);

struct StreamTrade {
  std::string_view symbol;
  std::string id;
  std::optional<Time> time;
  std::optional<Exact> price, size;
  std::string_view side;  // "buy", "sell", "" = not told.
};
struct StreamQuote {
  std::string_view symbol;
  std::optional<Time> time;
  std::optional<double> bid, bid_size, ask, ask_size, last, volume, open, high, low;
};
struct StreamBar {
  std::string_view symbol;
  std::int64_t seconds = 60;
  std::optional<Time> start;
  std::optional<double> open, high, low, close, volume, amount, vwap;
  std::optional<std::int64_t> trades;
  bool is_open = false;       // Not final yet.
  bool is_corrected = false;  // A later version of a bar sent before.
};

// Rows of one frame. What lacks a symbol, a time or a price above 0 is set aside with E6210.
class VenueRows {
 public:
  VenueRows(std::string_view venue, const StreamFrame& frame);
  void add(const StreamTrade& trade);
  void add(const StreamQuote& quote);
  void add(const StreamBar& bar);
  StreamRead take();

 private:
  Time known(Time at) const { return at > frame_.received_at ? at : frame_.received_at; }
  void reject(std::string reason, std::string_view symbol);

  std::string_view venue_;
  const StreamFrame& frame_;
  StreamRead out_;
  RowWriter trades_, quotes_;
  FeedBars bars_;
};

}  // namespace lode::source
