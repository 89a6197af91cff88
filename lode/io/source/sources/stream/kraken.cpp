// Kraken's stream: trades, best prices and bars of a minute as they happen.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/io/source/stream/stream_source.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode {
namespace source::kraken_stream {
namespace {

const Spec& spec() {
  static const Spec kSpec{
      .name = "kraken-stream",
      .summary = "trades, best bid and ask, and bars of a minute from Kraken as they happen",
      .names = "pairs as Kraken spells them: BTC/USD",
      .kinds = "",
      .tables = {"trades", "quotes", "bars"},
      .settings = {{"kraken.stream_url", "wss://ws.kraken.com", "host of the stream; a mirror or a proxy"}},
      .paces = {},
      .example = "lode data watch kraken --symbols BTC/USD,ETH/USD",
      .terms = "Kraken; public market data, no key"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_symbols(spec(), request));
  LODE_TRY(const std::unique_ptr<VenueStream> stream, open_venue_stream("kraken"));
  StreamPlan out{.url = fmt::format("{}/v2", request.setting(spec(), "kraken.stream_url")), .venue = "kraken"};
  out.subscribe = stream->subscribe(request.names);
  return Plan{{stream_request(std::move(out))}};
}

Result<Parsed> parse(const Response& response) { return parse_frames(response, "kraken"); }

}  // namespace
}  // namespace source::kraken_stream

const source::Source& source_stream_kraken() {
  static const source::Source kSource{source::kraken_stream::spec(), source::kraken_stream::plan,
                                      source::kraken_stream::parse};
  return kSource;
}

}  // namespace lode
