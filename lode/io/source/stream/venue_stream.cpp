// Which streams there are.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/venue_stream.h"

#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/stream/venues.h"

namespace lode::source {

Result<void> VenueStream::snapshot(std::string_view symbol, std::string_view) {
  return fail(E::E6208, fmt::format("{} sends its own snapshots; {} has none to give", venue(), quote(symbol)));
}

std::vector<std::string> stream_venues() { return {"alpaca", "binance", "coinbase", "kraken", "yahoo"}; }

Result<std::unique_ptr<VenueStream>> open_venue_stream(std::string_view venue) {
  if (venue == "alpaca") {
    return alpaca_stream();
  }
  if (venue == "binance") {
    return binance_stream();
  }
  if (venue == "coinbase") {
    return coinbase_stream();
  }
  if (venue == "kraken") {
    return kraken_stream();
  }
  if (venue == "yahoo") {
    return yahoo_stream();
  }
  const std::vector<std::string> names = stream_venues();
  return fail(E::E6208, fmt::format("{} is no venue with a stream; there are {}", quote(venue), join(names, ", ")),
              did_you_mean(venue, names));
}

}  // namespace lode::source
