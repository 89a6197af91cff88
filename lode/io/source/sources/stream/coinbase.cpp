// Coinbase's stream: trades, best prices and bars of five minutes as they happen.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/io/source/stream/stream_source.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode {
namespace source::coinbase_stream {
namespace {

const Spec& spec() {
  static const Spec kSpec{.name = "coinbase-stream",
                          .summary = "trades, best bid and ask, and bars of five minutes from Coinbase as they happen",
                          .names = "products as Coinbase spells them: BTC-USD",
                          .kinds = "",
                          .tables = {"trades", "quotes", "bars"},
                          .settings = {{"coinbase.stream_url", "wss://advanced-trade-ws.coinbase.com",
                                        "host of the stream; a mirror or a proxy"}},
                          .paces = {},
                          .example = "lode data watch coinbase --symbols BTC-USD,ETH-USD",
                          .terms = "Coinbase; public market data, no key"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_symbols(spec(), request));
  LODE_TRY(const std::unique_ptr<VenueStream> stream, open_venue_stream("coinbase"));
  StreamPlan out{.url = fmt::format("{}", request.setting(spec(), "coinbase.stream_url")), .venue = "coinbase"};
  out.subscribe = stream->subscribe(request.names);
  return Plan{{stream_request(std::move(out))}};
}

Result<Parsed> parse(const Response& response) { return parse_frames(response, "coinbase"); }

}  // namespace
}  // namespace source::coinbase_stream

const source::Source& source_stream_coinbase() {
  static const source::Source kSource{source::coinbase_stream::spec(), source::coinbase_stream::plan,
                                      source::coinbase_stream::parse};
  return kSource;
}

}  // namespace lode
