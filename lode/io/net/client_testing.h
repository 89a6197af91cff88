// A client in a test's hand: time stands still and moves by waiting, and a source's address is a server on 127.0.0.1.
// For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/io/net/client.h"

namespace lode::net {

// Moves the clock on and keeps what was waited.
class ClockSleeper final : public Sleeper {
 public:
  explicit ClockSleeper(FixedClock& clock) : clock_(clock) {}
  void sleep(std::int64_t nanos) override {
    waits.push_back(nanos);
    clock_.advance(nanos);
  }
  std::int64_t total() const {
    std::int64_t sum = 0;
    for (const std::int64_t one : waits) {
      sum += one;
    }
    return sum;
  }
  std::vector<std::int64_t> waits;

 private:
  FixedClock& clock_;
};

// Keeps every line.
class KeptLog final : public Log {
 public:
  void write(LogLevel, std::string_view message, const Value& fields) override {
    text += std::string(message) + " " + to_json(fields) + "\n";
  }
  std::string text;
};

// `published` ("https://source.example") is served by `base`.
inline Place place_at(const std::string& published, const std::string& base, Rate rate = {kMostTokens, 1}) {
  return {must(parse_url(published)), must(parse_url(base)), "source", rate, published != base};
}

// Real limits that a busy machine keeps; a test of what never comes shortens them.
inline ClientOptions test_options(std::vector<Place> places) {
  ClientOptions out;
  out.places = Places(std::move(places), {kMostTokens, 1});
  out.limits.connect_ms = 10'000;
  out.limits.wait_ms = 20'000;
  out.limits.total_ms = 60'000;
  out.limits.slow_window_ms = 20'000;
  out.limits.slow_bytes = 1'000;
  return out;
}

// A client and all it needs.
struct TestClient {
  explicit TestClient(ClientOptions options)
      : sleeper(parts.clock), client(std::move(options), parts.clock, sleeper, log, parts.metrics) {}

  TestWorld parts;
  ClockSleeper sleeper;
  KeptLog log;
  Client client;
};

inline HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.source = "test";
  return request;
}

}  // namespace lode::net
