// Hosts: what a client remembers of each host between exchanges: its breaker, its retry budget, its jitter; and the
// metrics that tell of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "lode/base/metrics.h"
#include "lode/io/net/breaker.h"
#include "lode/io/net/bucket.h"
#include "lode/io/net/client.h"

namespace lode::net {

// Thread-safe.
class Hosts {
 public:
  Hosts(const ClientOptions& options, const Clock& clock, Metrics& metrics);

  Bucket& bucket(const OnWire& wire) { return buckets_.of(wire.bucket, wire.rate); }
  // Of the breaker: 0 or nanoseconds to wait. What was let pass must end with one of the three below.
  std::int64_t ask(const std::string& host);
  void succeeded(const std::string& host, const std::string& source);
  void failed(const std::string& host, const std::string& source);
  void gave_up(const std::string& host);
  bool may_retry(const std::string& host);  // Takes from the budget.
  std::int64_t backoff(int attempt);

 private:
  struct Host {
    Breaker breaker;
    RetryBudget budget;
  };
  Host& of(const std::string& host);
  void tell(const Host& host, const std::string& source);

  std::mutex mutex_;
  int breaker_failures_;
  std::int64_t breaker_wait_nanos_;
  int retry_budget_;
  Backoff backoff_;
  Random random_;
  const Clock& clock_;
  Metrics& metrics_;
  Buckets buckets_;
  std::map<std::string, Host> hosts_;
};

// `source` as a metric's label: what is no short lower-case word is "other", so that labels stay few.
std::string label_of(const std::string& source);

}  // namespace lode::net
