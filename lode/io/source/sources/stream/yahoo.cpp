// Yahoo's stream: prices of symbols as they change.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/io/source/stream/stream_source.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode {
namespace source::yahoo_stream {
namespace {

const Spec& spec() {
  static const Spec kSpec{
      .name = "yahoo-stream",
      .summary = "last price, bid and ask of symbols from Yahoo as they change",
      .names = "symbols as Yahoo spells them: AAPL, CBA.AX, BTC-USD",
      .kinds = "",
      .tables = {"quotes"},
      .settings = {{"yahoo.stream_url", "wss://streamer.finance.yahoo.com", "host of the stream; a mirror or a proxy"}},
      .paces = {},
      .example = "lode data watch yahoo --symbols AAPL,MSFT",
      .terms = "Yahoo; an unofficial interface for personal use, no redistribution, best effort"};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_symbols(spec(), request));
  LODE_TRY(const std::unique_ptr<VenueStream> stream, open_venue_stream("yahoo"));
  StreamPlan out{.url = fmt::format("{}/?version=2", request.setting(spec(), "yahoo.stream_url")), .venue = "yahoo"};
  out.subscribe = stream->subscribe(request.names);
  out.repeat_seconds = 15;  // Else it falls silent.
  return Plan{{stream_request(std::move(out))}};
}

Result<Parsed> parse(const Response& response) { return parse_frames(response, "yahoo"); }

}  // namespace
}  // namespace source::yahoo_stream

const source::Source& source_stream_yahoo() {
  static const source::Source kSource{source::yahoo_stream::spec(), source::yahoo_stream::plan,
                                      source::yahoo_stream::parse};
  return kSource;
}

}  // namespace lode
