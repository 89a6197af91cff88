// The memory of hosts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/hosts.h"

#include <fmt/format.h>

#include <algorithm>

namespace lode::net {

namespace {
constexpr std::uint64_t kJitterStream = 0x6e6574;  // Any constant: one stream of its own.
}

Hosts::Hosts(const ClientOptions& options, const Clock& clock, Metrics& metrics)
    : breaker_failures_(options.breaker_failures),
      breaker_wait_nanos_(options.breaker_wait_nanos),
      retry_budget_(options.retry_budget),
      backoff_(options.backoff),
      random_(options.seed, kJitterStream),
      clock_(clock),
      metrics_(metrics),
      buckets_(options.rate_folder, clock) {}

Hosts::Host& Hosts::of(const std::string& host) {
  const auto found = hosts_.find(host);
  if (found != hosts_.end()) {
    return found->second;
  }
  return hosts_.emplace(host, Host{Breaker(breaker_failures_, breaker_wait_nanos_), RetryBudget(retry_budget_)})
      .first->second;
}

void Hosts::tell(const Host& host, const std::string& source) {
  const Breaker::State state = host.breaker.state();
  metrics_.set("lode_source_circuit_state",
               state == Breaker::State::kClosed     ? 0.0
               : state == Breaker::State::kHalfOpen ? 1.0
                                                    : 2.0,
               fmt::format("source=\"{}\"", label_of(source)));
}

std::int64_t Hosts::ask(const std::string& host) {
  const std::lock_guard lock(mutex_);
  return of(host).breaker.ask(clock_.monotonic_nanos());
}

void Hosts::succeeded(const std::string& host, const std::string& source) {
  const std::lock_guard lock(mutex_);
  Host& known = of(host);
  known.breaker.succeeded();
  known.budget.give();
  tell(known, source);
}

void Hosts::failed(const std::string& host, const std::string& source) {
  const std::lock_guard lock(mutex_);
  Host& known = of(host);
  known.breaker.failed(clock_.monotonic_nanos());
  tell(known, source);
}

void Hosts::gave_up(const std::string& host) {
  const std::lock_guard lock(mutex_);
  of(host).breaker.gave_up();
}

bool Hosts::may_retry(const std::string& host) {
  const std::lock_guard lock(mutex_);
  return of(host).budget.take();
}

std::int64_t Hosts::backoff(int attempt) {
  const std::lock_guard lock(mutex_);
  return backoff_.wait(attempt, random_);
}

std::string label_of(const std::string& source) {
  constexpr std::size_t kLongest = 32;
  const bool is_word = !source.empty() && source.size() <= kLongest && std::ranges::all_of(source, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return is_word ? source : "other";
}

}  // namespace lode::net
