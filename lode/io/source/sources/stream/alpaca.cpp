// Alpaca's stream: trades, quotes and bars of a minute as they happen.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/io/source/stream/stream_source.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode {
namespace source::alpaca_stream {
namespace {

const Spec& spec() {
  static const Spec kSpec{
      .name = "alpaca-stream",
      .summary = "trades, quotes and bars of a minute from Alpaca as they happen",
      .names = "symbols of US stocks: AAPL",
      .kinds = "",
      .tables = {"trades", "quotes", "bars"},
      .settings = {{"alpaca.stream_url", "wss://stream.data.alpaca.markets", "host of the stream; a mirror or a proxy"},
                   {"alpaca.key", "", "key id of an account, free at https://alpaca.markets", true, true},
                   {"alpaca.secret", "", "secret of that key", true, true},
                   {"alpaca.feed", "iex", "which feed: iex, sip, delayed_sip"}},
      .paces = {},
      .example = "lode data watch alpaca --symbols AAPL,MSFT",
      .terms = "Alpaca; a free key gives IEX, for personal use"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_symbols(spec(), request));
  LODE_TRY(const std::unique_ptr<VenueStream> stream, open_venue_stream("alpaca"));
  StreamPlan out{.url = fmt::format("{}/v2/{}", request.setting(spec(), "alpaca.stream_url"),
                                    request.setting(spec(), "alpaca.feed")),
                 .venue = "alpaca"};
  out.subscribe = stream->subscribe(request.names);
  Value login = Value::object();
  login.set("action", "auth");
  login.set("key", request.setting(spec(), "alpaca.key"));
  login.set("secret", request.setting(spec(), "alpaca.secret"));
  out.login = to_json(login);
  out.login_done = "\"authenticated\"";
  return Plan{{stream_request(std::move(out))}};
}

Result<Parsed> parse(const Response& response) { return parse_frames(response, "alpaca"); }

}  // namespace
}  // namespace source::alpaca_stream

const source::Source& source_stream_alpaca() {
  static const source::Source kSource{source::alpaca_stream::spec(), source::alpaca_stream::plan,
                                      source::alpaca_stream::parse};
  return kSource;
}

}  // namespace lode
