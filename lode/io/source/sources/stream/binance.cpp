// Binance's stream: trades, best prices and bars of a minute as they happen.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/io/source/stream/stream_source.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode {
namespace source::binance_stream {
namespace {

const Spec& spec() {
  static const Spec kSpec{.name = "binance-stream",
                          .summary = "trades, best bid and ask, and bars of a minute from Binance as they happen",
                          .names = "pairs as Binance spells them: BTCUSDT",
                          .kinds = "",
                          .tables = {"trades", "quotes", "bars"},
                          .settings = {{"binance.stream_url", "wss://data-stream.binance.vision",
                                        "host of the stream; a mirror or a proxy"}},
                          .paces = {},
                          .example = "lode data watch binance --symbols BTCUSDT,ETHUSDT",
                          .terms = "Binance; public market data, no key"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_symbols(spec(), request));
  LODE_TRY(const std::unique_ptr<VenueStream> stream, open_venue_stream("binance"));
  StreamPlan out{.url = fmt::format("{}/ws", request.setting(spec(), "binance.stream_url")), .venue = "binance"};
  out.subscribe = stream->subscribe(request.names);
  return Plan{{stream_request(std::move(out))}};
}

Result<Parsed> parse(const Response& response) { return parse_frames(response, "binance"); }

}  // namespace
}  // namespace source::binance_stream

const source::Source& source_stream_binance() {
  static const source::Source kSource{source::binance_stream::spec(), source::binance_stream::plan,
                                      source::binance_stream::parse};
  return kSource;
}

}  // namespace lode
