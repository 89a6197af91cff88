// World: everything a flow or an io module may touch, passed in and never global. `app/world` builds the real one;
// tests build a TestWorld. `core` never sees it: it takes values, a seed and a pool.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "lode/base/config.h"
#include "lode/base/log.h"
#include "lode/base/metrics.h"
#include "lode/base/pool.h"
#include "lode/base/result.h"
#include "lode/base/time.h"

namespace lode {

// The wall clock and the monotonic clock. Durations use `monotonic_nanos` only.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual std::int64_t monotonic_nanos() const = 0;
};

// Raw bytes by content hash: what a source delivered, kept so that every number can be walked back to it.
// `put` is durable when it returns; the same bytes give the same hash and are stored once.
class Archive {
 public:
  virtual ~Archive() = default;
  virtual Result<std::string> put(std::string_view source, std::string_view bytes, std::string_view headers_json) = 0;
  virtual Result<std::string> get(std::string_view hash) const = 0;  // E0009 when absent; E8005 when damaged.
};

// One HTTP exchange. Collectors plan requests and parse responses; only this door sends them.
struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Time received_at;
};
class Http {
 public:
  virtual ~Http() = default;
  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;  // E6001 when the host cannot be reached.
};

// Progress of a long step; called from the thread that runs the flow. total 0 means unknown. Returning false asks
// for a clean stop (Ctrl-C): the flow then returns E0010 with what it did kept.
using Progress = std::function<bool(std::string_view phase, std::int64_t done, std::int64_t total)>;

// Shows `plan` to whoever can be asked and asks for leave: true = do it.
using Consent = std::function<bool(std::string_view plan)>;

// Takes the answer piece by piece while it is made, so that who waits for it reads on at once: a pipe, a file behind >.
// False: nobody takes it any more, and the flow may stop.
using Out = std::function<bool(std::string_view piece)>;

// Reads standard input: at least one byte as soon as any is there, at most `most`; 0 at its end.
using In = std::function<std::size_t(char* to, std::size_t most)>;

// References only: whoever builds the World owns the parts and outlives it.
struct World {
  Clock& clock;
  Archive& archive;
  Http& http;
  Log& log;
  Metrics& metrics;
  Pool& pool;
  const Config& config;
  std::string lake;   // Folder of the lake (--lake, LODE_LAKE, default ./lake).
  Progress progress;  // May be empty.
  Consent consent;    // Empty: nobody is there to ask.
  Out out = {};       // Empty: the whole answer goes into the Outcome.
  In in = {};         // Empty: nothing is piped in.
};

// Asks `world.progress` (true when there is none): false means stop.
bool report_progress(const World& world, std::string_view phase, std::int64_t done, std::int64_t total);

}  // namespace lode
