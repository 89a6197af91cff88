// The venues' streams, one file each.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "lode/io/source/stream/venue_stream.h"

namespace lode::source {

std::unique_ptr<VenueStream> alpaca_stream();
std::unique_ptr<VenueStream> binance_stream();
std::unique_ptr<VenueStream> coinbase_stream();
std::unique_ptr<VenueStream> kraken_stream();
std::unique_ptr<VenueStream> yahoo_stream();

}  // namespace lode::source
