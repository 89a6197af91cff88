// Messages of venues' streams to rows: trades, quotes and bars. A stream is a state machine without a socket: texts go
// in, rows and what must be asked again come out. Public data needs no key; Alpaca's login is the caller's to send.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/source.h"
#include "lode/io/source/stream/gap.h"

namespace lode::source {

// One text that came, and where it is kept.
struct StreamFrame {
  std::string_view text;
  Time received_at;
  std::string raw_hash;
  std::int64_t line = 0;  // Its place in the raw bytes, from 1; 0 = unknown.
};

// What one text held. Nothing in it: an acknowledgement, a heartbeat, or what no table takes.
struct StreamRead {
  std::vector<TableRows> tables;  // trades, quotes, bars; each at most once.
  std::vector<Rejected> rejected;
  GapAnswer gap = GapAnswer::kApply;  // kResync: something is missing, see VenueStream::resync.
  std::int64_t records = 0;           // The rejected ones included.
};

enum class Resync : std::uint8_t {
  kReconnect,  // Close, open again, subscribe again.
  kSnapshot,   // Ask the book's snapshot and give it to `snapshot`.
};

class VenueStream {
 public:
  virtual ~VenueStream() = default;

  virtual std::string_view venue() const = 0;  // "binance": the column of the tables.
  // Texts to send behind the opening, for symbols as the venue spells them.
  virtual std::vector<std::string> subscribe(const std::vector<std::string>& symbols) const = 0;
  // E6206 what is no message of the venue; E6202, E6203 and E6204 what the venue refuses. After an error the stream
  // stands as before.
  virtual Result<StreamRead> read(const StreamFrame& frame) = 0;
  // The body of a book's snapshot; only where `resync` is kSnapshot. E6206 when it is none.
  virtual Result<void> snapshot(std::string_view symbol, std::string_view body);
  virtual Resync resync() const { return Resync::kReconnect; }
  // A new connection: numbers begin again.
  virtual void reconnect() {}
};

// alpaca, binance, coinbase, kraken or yahoo; E6208 with the nearest name.
Result<std::unique_ptr<VenueStream>> open_venue_stream(std::string_view venue);
std::vector<std::string> stream_venues();

}  // namespace lode::source
