// Client: the Http of a real World. Each request passes, in this order: the address check, the host's breaker, the pace
// shared by processes, the wire with its limits, redirects, and retries with full jitter; each retry and each redirect
// passes all of it again, so that a retry costs a token too.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lode/base/world.h"
#include "lode/io/net/patience.h"
#include "lode/io/net/places.h"
#include "lode/io/net/recorder.h"
#include "lode/io/net/transfer.h"

namespace lode::net {

// Waits. A test's moves a clock instead.
class Sleeper {
 public:
  virtual ~Sleeper() = default;
  virtual void sleep(std::int64_t nanos) = 0;
};
class RealSleeper final : public Sleeper {
 public:
  void sleep(std::int64_t nanos) override;
};

struct ClientOptions {
  Places places;
  Route route;
  std::string rate_folder;       // Shared by the user's processes; empty: each counts for itself.
  std::string validator_folder;  // Of the lake; empty: conditional requests ask for everything.
  std::string user_agent = "lode";
  int attempts = 6;
  Backoff backoff;
  std::int64_t longest_wait_nanos = 120 * kNanosPerSecond;  // By Retry-After or a hold; more is E6102.
  std::int64_t longest_hold_nanos = kNanosPerDay;           // That a Retry-After can put on a host.
  int breaker_failures = 8;
  std::int64_t breaker_wait_nanos = 30 * kNanosPerSecond;
  int retry_budget = 20;
  TransferLimits limits;             // Of a request that is not bulk; most_bytes comes with the request.
  std::uint64_t seed = 0;            // Of the jitter.
  Recorder* recorder = nullptr;      // Sees every finished exchange; null: nobody does.
  std::function<bool()> is_stopped;  // Asked while waiting; true ends every exchange with E0010.
};

// What the settings say. E5002 for a base URL or proxy that is no address.
Result<ClientOptions> client_options(const Config& config);

class Client final : public Http {
 public:
  // All parts outlive the client.
  Client(ClientOptions options, const Clock& clock, Sleeper& sleeper, Log& log, Metrics& metrics);
  ~Client() override;

  Result<HttpResponse> send(const HttpRequest& request) override;
  void send_all(std::span<const HttpRequest> requests, int parallel, const Answered& answered) override;
  void hold(std::string_view url, Time until) override;
  Result<void> stored(const HttpRequest& request, const HttpResponse& response) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lode::net
