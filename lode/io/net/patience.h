// Patience: how long to wait before asking again. What the host says, what full jitter says, and how many retries a
// host may cost.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lode/base/random.h"
#include "lode/base/time.h"

namespace lode::net {

// Instant of an HTTP date in any of the three forms of RFC 9110 5.6.7 ("Sun, 06 Nov 1994 08:49:37 GMT"); nullopt for
// anything else. A two-digit year more than 50 years ahead of `now` is the past one.
std::optional<Time> parse_http_date(std::string_view text, Time now);
std::string http_date(Time time);  // The preferred form, to the second.

// Nanoseconds to wait by a Retry-After header: whole seconds or an HTTP date; 0 for a date gone by; nullopt when it is
// neither.
std::optional<std::int64_t> parse_retry_after(std::string_view text, Time now);

// Full jitter (Brooker 2015, "Exponential backoff and jitter"): uniform in [0, min(most, first * 2^(attempt-1))], so
// that many who failed together do not come back together. `attempt` counts from 1.
struct Backoff {
  std::int64_t first_nanos = kNanosPerSecond;
  std::int64_t most_nanos = 60 * kNanosPerSecond;
  std::int64_t wait(int attempt, Random& random) const;
};

// Retries one host may cost: a store of `most` that each retry takes one from and each good answer gives a tenth back,
// so that a host that is down is not asked several times for each of ten thousand requests.
class RetryBudget {
 public:
  explicit RetryBudget(int most = 20) : most_(most), tenths_(most * 10) {}
  bool take();  // False: spent.
  void give();

 private:
  int most_;
  int tenths_;
};

}  // namespace lode::net
