// Delivery: one call of a Client, from its requests to their answers, on the caller's thread.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lode/io/net/client.h"
#include "lode/io/net/hosts.h"
#include "lode/io/net/validators.h"

namespace lode::net {

// The parts of a client that its deliveries share; all thread-safe.
struct Parts {
  const ClientOptions& options;
  const Clock& clock;
  Sleeper& sleeper;
  Log& log;
  Metrics& metrics;
  Hosts& hosts;
  const Validators& validators;
};

// One request under way: what it asks for now (a redirect changes that) and when it may go on.
struct Job {
  std::size_t index = 0;
  const HttpRequest* asked = nullptr;
  Redaction redaction;
  std::string method;
  Url url;  // As published, after redirects.
  OnWire wire;
  HttpHeaders headers;
  std::string body;
  int attempt = 1;
  int redirects = 0;
  std::int64_t due = 0;  // Monotonic nanoseconds.
  std::int64_t started = 0;
  bool is_out = false;  // Bytes are on their way.
  std::string trouble;  // Of the last try, for the message of giving up.
};

class Delivery {
 public:
  Delivery(const Parts& parts, Transfers& transfers) : parts_(parts), transfers_(transfers) {}
  void run(std::span<const HttpRequest> requests, int parallel, const Http::Answered& answered);

 private:
  using Jobs = std::vector<std::unique_ptr<Job>>;

  void admit(std::size_t index, const HttpRequest& request);
  void start_due();
  void start(Job& job);
  void send(Job& job);
  void wait();
  void take(Transferred done);
  void troubled(Job& job, const Transferred& done);
  void answered(Job& job, HttpResponse response);
  bool redirect(Job& job, const HttpResponse& response);
  bool retry(Job& job, std::int64_t least_wait, bool was_refused);
  void finish(Job& job, Result<HttpResponse> answer);
  void give_up(const Job& job);
  void count(const Job& job, std::string_view kind);
  Failure unreachable(const Job& job, std::string_view why) const;
  std::string shown(const Job& job) const;
  std::int64_t next_due() const;

  const Parts& parts_;
  Transfers& transfers_;
  Jobs jobs_;
  const Http::Answered* answer_ = nullptr;
  bool is_stopped_ = false;
};

}  // namespace lode::net
