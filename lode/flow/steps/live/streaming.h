// Streaming: a venue's stream into the lake until somebody stops it. What comes goes the way of every answer:
//
//   frames     of a second together, to the archive as they came, then into the source's queue
//   consume    every few seconds: parsed, through the gates, one commit
//
// A frame that is archived is stored once, wherever the process ends. What a venue sent while the stream was down is
// not there, and each such hole is told with its length.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lode/flow/steps/collect/collect.h"
#include "lode/flow/steps/collect/watching.h"

namespace lode::flow {

struct StreamReport {
  CollectReport total;  // Tables, records, what was set aside, commits.
  std::int64_t frames = 0;
  std::int64_t connections = 0;
  std::int64_t lost = 0;          // Connections that ended before we did.
  std::int64_t tries_failed = 0;  // To connect, the first time or again.
  std::int64_t gaps = 0;          // Of `lost` left by us: the venue's numbers showed that messages are missing.
  double down_seconds = 0.0;  // Not connected: from a loss, or from the beginning, to the next connection or the end.
  bool is_down = false;       // At the end.
  std::string why_lost;       // The last loss or failed try.
};

// `options.every_seconds`: between commits, 5 where it is 0. E6201 a key is missing, E6208 no symbols, E6202 and E6203
// the venue refuses us, E6103 and E6104 its place; a venue that is down is tried again. What came before an error is
// stored. A clean stop by Ctrl-C or SIGTERM, and the end of `options.seconds_most`, are no errors.
Result<StreamReport> stream(World& world, const source::Source& source, source::FetchRequest request,
                            const WatchOptions& options);

// E6001 when it ended by itself and never was connected: nothing was watched.
std::optional<Error> stream_finding(const StreamReport& report);
Value stream_json(const StreamReport& report);
std::string stream_text(const StreamReport& report);

}  // namespace lode::flow
