// Breaker: leaves a host alone after failures in a row, then lets one request try.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lode/base/time.h"

namespace lode::net {

// Closed: all may pass. Open: nobody, until `wait` has passed. Half open: one probe; its success closes, its failure
// opens for twice as long, up to ten times `wait`. Times are monotonic nanoseconds. Not thread-safe.
class Breaker {
 public:
  enum class State { kClosed, kHalfOpen, kOpen };

  explicit Breaker(int failures = 8, std::int64_t wait_nanos = 30 * kNanosPerSecond)
      : limit_(failures), wait_nanos_(wait_nanos) {}

  // 0: go. Else nanoseconds until asking again makes sense; while a probe is out, a tenth of a second.
  std::int64_t ask(std::int64_t now);
  void succeeded();
  void failed(std::int64_t now);
  void gave_up();  // What was let pass never became an exchange: a probe may be tried by another.

  State state() const { return state_; }

 private:
  int limit_;
  std::int64_t wait_nanos_;
  int failures_ = 0;
  int openings_ = 0;
  std::int64_t open_until_ = 0;
  bool is_probing_ = false;
  State state_ = State::kClosed;
};

}  // namespace lode::net
