// Trades, quotes and bars of streams. A row of a stream is known when it was received, never before: the event's own
// time is the venue's word.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/venue_rows.h"

#include <fmt/format.h>

#include <cmath>

#include "lode/base/text.h"

namespace lode::source {
namespace {

double or_missing(const std::optional<double>& value) {
  return value.value_or(std::numeric_limits<double>::quiet_NaN());
}
// A price of 0 is one there is none of.
std::optional<double> above_zero(const std::optional<double>& value) {
  return value && *value > 0 ? value : std::nullopt;
}

}  // namespace

std::optional<Exact> exact_member(JsonElement object, std::string_view key) {
  const auto member = json_member(object, key);
  Exact out;
  if (!member) {
    return std::nullopt;
  }
  if (const auto text = as_text(*member)) {
    out.text = *text;
    return parse_double(*text, out.value) && std::isfinite(out.value) ? std::optional(out) : std::nullopt;
  }
  return member->get(out.value) == simdjson::SUCCESS && std::isfinite(out.value) ? std::optional(out) : std::nullopt;
}

std::optional<double> number_member(JsonElement object, std::string_view key) {
  const auto exact = exact_member(object, key);
  return exact ? std::optional(exact->value) : std::nullopt;
}

VenueRows::VenueRows(std::string_view venue, const StreamFrame& frame)
    : venue_(venue),
      frame_(frame),
      trades_("trades", {std::string(venue) + "-stream", frame.raw_hash}),
      quotes_("quotes", {std::string(venue) + "-stream", frame.raw_hash}),
      bars_({std::string(venue) + "-stream", frame.raw_hash}, frame.received_at) {}

void VenueRows::reject(std::string reason, std::string_view symbol) {
  out_.rejected.push_back(bad_record(frame_.line, std::move(reason), frame_.text.substr(0, 1000), symbol));
}

void VenueRows::add(const StreamTrade& trade) {
  ++out_.records;
  if (trade.symbol.empty() || trade.id.empty() || !trade.time) {
    return reject("a trade without symbol, number or time", trade.symbol);
  }
  if (!trade.price || !(trade.price->value > 0) || !trade.size || !(trade.size->value > 0)) {
    return reject("a trade whose price or size is not above 0", trade.symbol);
  }
  trades_.put(venue_).put(trade.symbol).put(std::string_view(trade.id)).put(utc_date(*trade.time)).put(*trade.time);
  trades_.put(trade.price->value).put(trade.size->value).put_some(trade.price->text).put_some(trade.size->text);
  trades_.put_some(trade.side);
  trades_.end({*trade.time, known(*trade.time), false}, frame_.line);
}

void VenueRows::add(const StreamQuote& quote) {
  ++out_.records;
  if (quote.symbol.empty() || !quote.time) {
    return reject("a quote without symbol or time", quote.symbol);
  }
  const auto bid = above_zero(quote.bid);
  const auto ask = above_zero(quote.ask);
  const auto last = above_zero(quote.last);
  if (!bid && !ask && !last) {
    return reject("a quote without a price above 0", quote.symbol);
  }
  quotes_.put(venue_).put(quote.symbol).put(utc_date(*quote.time)).put(*quote.time);
  quotes_.put(bid).put(bid ? quote.bid_size : std::nullopt).put(ask).put(ask ? quote.ask_size : std::nullopt);
  quotes_.put(last).put(quote.volume).put(above_zero(quote.open)).put(above_zero(quote.high));
  quotes_.put(above_zero(quote.low)).put_null().put_null().put_null().put_null();
  quotes_.end({*quote.time, known(*quote.time), false}, frame_.line);
}

void VenueRows::add(const StreamBar& bar) {
  ++out_.records;
  std::string normal;
  if (!bar.start || !normalize_symbol(bar.symbol, normal)) {
    return reject("a bar without symbol or start", bar.symbol);
  }
  FeedBar row{.id = instrument_id(kNoMic, normal), .symbol = bar.symbol, .interval_seconds = bar.seconds};
  row.session = utc_date(*bar.start);
  row.start = *bar.start;
  row.end = Time{bar.start->nanos + (bar.seconds > 0 ? bar.seconds * kNanosPerSecond : kNanosPerDay)};
  row.open = or_missing(bar.open);
  row.high = or_missing(bar.high);
  row.low = or_missing(bar.low);
  row.close = or_missing(bar.close);
  row.volume = or_missing(bar.volume);
  row.amount = or_missing(bar.amount);
  row.vwap = or_missing(bar.vwap);
  row.trades = bar.trades;
  row.is_open = bar.is_open;
  row.is_corrected = true;  // Known when received, whatever version it is.
  row.line = frame_.line;
  bars_.add(row, out_.rejected);
}

StreamRead VenueRows::take() {
  if (trades_.rows() > 0) {
    out_.tables.push_back(trades_.take());
  }
  if (quotes_.rows() > 0) {
    out_.tables.push_back(quotes_.take());
  }
  if (bars_.rows() > 0) {
    out_.tables.push_back(bars_.take());
  }
  return std::move(out_);
}

}  // namespace lode::source
