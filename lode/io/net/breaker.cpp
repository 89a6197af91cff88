// The circuit breaker's three states.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/breaker.h"

#include <algorithm>

namespace lode::net {

namespace {
constexpr std::int64_t kProbeLook = kNanosPerSecond / 10;
constexpr int kLongest = 10;  // Times the wait.
}  // namespace

std::int64_t Breaker::ask(std::int64_t now) {
  if (state_ == State::kClosed) {
    return 0;
  }
  if (state_ == State::kOpen) {
    if (now < open_until_) {
      return open_until_ - now;
    }
    state_ = State::kHalfOpen;
    is_probing_ = false;
  }
  if (is_probing_) {
    return kProbeLook;
  }
  is_probing_ = true;
  return 0;
}

void Breaker::succeeded() {
  state_ = State::kClosed;
  failures_ = 0;
  openings_ = 0;
  is_probing_ = false;
}

void Breaker::failed(std::int64_t now) {
  if (state_ == State::kOpen) {
    return;  // Sent before it opened: told already.
  }
  ++failures_;
  if (state_ == State::kHalfOpen || failures_ >= limit_) {
    const std::int64_t times = std::min(kLongest, 1 << std::min(openings_, 10));
    ++openings_;
    state_ = State::kOpen;
    open_until_ = now + times * wait_nanos_;
    is_probing_ = false;
    failures_ = 0;
  }
}

void Breaker::gave_up() { is_probing_ = false; }

}  // namespace lode::net
