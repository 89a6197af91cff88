// What the tests of this module share: a queue in a temporary folder, and a clock whose two faces move apart. For tests
// and benchmarks only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/io/queue/queue.h"

namespace lode::queue::testing {

// Wall and monotonic time apart. Both stand still until told.
class TwoClocks final : public Clock {
 public:
  Time now() const override { return wall; }
  std::int64_t monotonic_nanos() const override { return monotonic; }
  void pass(double seconds) {
    wall.nanos += static_cast<std::int64_t>(seconds * 1e9);
    monotonic += static_cast<std::int64_t>(seconds * 1e9);
  }
  Time wall = *parse_as_of("2026-01-05T12:00:00Z");
  std::int64_t monotonic = 1'000'000'000'000;
};

inline bool is_long() { return std::getenv("LODE_TEST_LONG") != nullptr; }

class QueueTest : public ::testing::Test {
 protected:
  QueueTest() {
    std::string place = (std::filesystem::temp_directory_path() / "lode-queue-test-XXXXXX").string();
    folder = mkdtemp(place.data());
  }
  ~QueueTest() override {
    queue.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  Queue& open(const Options& options = {}, const std::string& name = "q") {
    queue.reset();
    queue = must(Queue::open(folder, name, Access::kCreate, clock, options));
    return *queue;
  }
  std::int64_t push(const std::string& key, const std::string& group = "g", const std::string& payload = "x") {
    return must(queue->push({.key = key, .group = group, .payload = payload})).id;
  }
  std::vector<Delivery> receive(std::int64_t most = 10) { return must(queue->receive({.most = most})).messages; }
  void ack(const Delivery& delivery) { ack(std::vector{delivery}); }
  void ack(const std::vector<Delivery>& deliveries) {
    std::vector<Lease> leases;
    for (const Delivery& one : deliveries) {
      leases.push_back(one.lease());
    }
    must(queue->ack(leases));
  }
  // Receives and acks until nothing comes: the keys in order.
  std::vector<std::string> drain() {
    std::vector<std::string> out;
    for (auto got = receive(); !got.empty(); got = receive()) {
      for (const Delivery& one : got) {
        out.push_back(one.key);
      }
      ack(got);
    }
    return out;
  }
  std::string file() const { return folder + "/queue/q.sqlite"; }

  std::string folder;
  TwoClocks clock;
  std::unique_ptr<Queue> queue;
};

inline std::vector<std::string> keys_of(const std::vector<Delivery>& deliveries) {
  std::vector<std::string> out;
  for (const Delivery& one : deliveries) {
    out.push_back(one.key);
  }
  return out;
}

template <class T>
ErrorNumber number_of(const Result<T>& result) {
  return result ? ErrorNumber{} : result.error().number();
}

inline Result<void> ack_one(Queue& queue, Lease lease) { return queue.ack(std::span(&lease, 1)); }
inline Result<void> nack_one(Queue& queue, Lease lease, std::string_view cause, std::int64_t delay_s = 0) {
  return queue.nack(std::span(&lease, 1), cause, delay_s);
}

}  // namespace lode::queue::testing
