// Gaps in streams of order books, as state machines without a socket: what came is taken, dropped, or the book must be
// asked again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace lode::source {

enum class GapAnswer : std::uint8_t {
  kApply,   // In order: put it into the book.
  kDrop,    // Older than the book.
  kBuffer,  // Keep it until the snapshot is there.
  kResync,  // Something is missing: throw the book away, ask a snapshot (Binance) or connect again (Coinbase).
};

// Binance's depth: updates carry the first and the last number they hold (U, u). With the snapshot's number L, updates
// with u <= L are dropped; the first one applied must hold L + 1; behind it each U is the u before plus 1.
class DepthSequence {
 public:
  // The snapshot is there. Updates buffered before it are offered again, in their order.
  void snapshot(std::int64_t last_update);
  GapAnswer update(std::int64_t first, std::int64_t last);

 private:
  std::optional<std::int64_t> last_;  // nullopt until the snapshot.
  bool is_joined_ = false;            // An update has been applied to it.
};

// Coinbase's sequence_num: one up with each message of a connection, from 0.
class MessageSequence {
 public:
  GapAnswer message(std::int64_t number);
  void reconnect() { next_.reset(); }

 private:
  std::optional<std::int64_t> next_;
};

}  // namespace lode::source
