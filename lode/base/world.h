// World: everything a flow or an io module may touch, passed in and never global. `app/world` builds the real one;
// tests build a TestWorld. `core` never sees it: it takes values, a seed and a pool.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// Header lines in the order they came; names compare without case.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// One HTTP exchange. Collectors plan requests and parse responses; only this door sends them.
struct HttpRequest {
  std::string method = "GET";
  std::string url;  // As the source publishes it; a configured base URL takes its place on the wire only.
  HttpHeaders headers;
  std::string body;

  std::string source;                       // Who asks ("edgar"): a label of metrics, logs and records.
  std::vector<std::string> secrets;         // Keys and tokens that stand in the above: never logged, recorded, told in
                                            // an error or carried to another host.
  std::vector<std::string> redirect_hosts;  // Where a redirect may lead besides the host of `url`.
  std::vector<int> answers;                 // Statuses that are answers where they would be tried again (429, 5xx).
  int redirects = 5;                        // Followed at most; 0: the redirect itself is the answer.
  int attempts = 0;                         // Tries at most; 0: as configured.
  std::int64_t most_bytes = std::int64_t{64} << 20;  // Of the decoded body; more is E6105.
  bool is_bulk = false;                              // A large file: waits ten times as long for each byte.
  bool is_conditional = false;  // Asks for what changed since the answer last told to stored(); else status is 304.
  bool is_repeatable = false;   // A POST or PATCH that does no harm when it arrives twice, so that it may be retried.
  bool is_private = false;      // The answer is itself a secret (a token, a crumb): records keep no body of it.
};
struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;  // Decoded: no transfer or content encoding is left.
  Time received_at;  // When its first byte arrived.
  std::string url;   // That answered, after redirects.
  int attempts = 1;  // Tries it took.
  // Of a recording whose host stood in the place of another (base URLs): the address that really was asked; else "".
  std::string asked_in_place;
};
// The first header of that name; nullptr when there is none.
const std::string* find_header(const HttpHeaders& headers, std::string_view name);

// Every status is an answer: what it means is the collector's to say. Errors are what kept an answer away: E6001 the
// host cannot be reached, E6101 it is left alone after failures, E6102 it asks for longer patience, E6103 its
// certificate, E6104 a place nobody may go to, E6105 a body beyond the limits, E6106 a recording is missing. Safe to
// call from several threads.
class Http {
 public:
  // Takes the answer to request `index`; false asks for no more.
  using Answered = std::function<bool(std::size_t index, Result<HttpResponse> answer)>;

  virtual ~Http() = default;
  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
  // Sends all, up to `parallel` at a time, and hands each answer on as it comes, in any order, on this thread.
  virtual void send_all(std::span<const HttpRequest> requests, int parallel, const Answered& answered);
  // Nothing goes to the host of `url` before `until`, from this process or another of the same user.
  virtual void hold(std::string_view url, Time until);
  // The effect of an answer is durable: later conditional requests for its URL may be told that nothing changed.
  virtual Result<void> stored(const HttpRequest& request, const HttpResponse& response);
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
