// F11 of the fault table: every fault of a source, through the client. One line a fault is printed: what came of it,
// how often the source was asked, how long was waited, how much memory it took.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/fault_testing.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <optional>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/io/net/client_testing.h"

namespace lode::net {
namespace {

constexpr const char* kSource = "https://source.example";
const std::string& right_body() {
  static const std::string body = "{\"rows\":[" + std::string(100'000, '1') + "]}";
  return body;
}

// What a fault must come to, when it stays.
struct Row {
  Fault fault;
  const char* name;
  int status;          // Of the answer; 0: none.
  ErrorNumber number;  // Without an answer.
  std::size_t asked;   // Times.
};
const Row kRows[] = {
    {Fault::kThrottledSeconds, "429 Retry-After: seconds", 429, {}, 3},
    {Fault::kThrottledDate, "429 Retry-After: date", 429, {}, 3},
    {Fault::kUnavailable, "503", 503, {}, 3},
    {Fault::kServerError, "500", 500, {}, 3},
    {Fault::kHang, "no answer", 0, E::E6001, 3},
    {Fault::kReset, "reset", 0, E::E6001, 3},
    {Fault::kCut, "reset in the body", 0, E::E6001, 3},
    {Fault::kHalfBody, "half a body", 0, E::E6001, 3},
    {Fault::kSlowloris, "slowloris", 0, E::E6001, 3},
    {Fault::kRedirectLoop, "redirect loop", 0, E::E6104, 6},
    {Fault::kRedirectAway, "redirect to a stranger", 0, E::E6104, 1},
    {Fault::kRedirectInside, "redirect to metadata", 0, E::E6104, 1},
    {Fault::kGarbage, "no HTTP", 0, E::E6001, 3},
    {Fault::kWrongCharset, "wrong charset", 200, {}, 1},
    {Fault::kEndless, "10 GB announced", 0, E::E6105, 1},
    {Fault::kEndlessChunks, "endless chunks", 0, E::E6105, 1},
    {Fault::kBomb, "gzip bomb", 0, E::E6105, 1},
    {Fault::kBrokenGzip, "broken gzip", 0, E::E6001, 3},
    {Fault::kBrokenChunk, "broken chunk", 0, E::E6001, 3},
    {Fault::kEndlessHeader, "endless headers", 0, E::E6105, 1},
    {Fault::kHtml, "HTML under a data name", 200, {}, 1},
};

// Resident memory of this process in KiB.
std::int64_t resident_kib() {
  std::ifstream in("/proc/self/status");
  for (std::string word; in >> word;) {
    if (word == "VmRSS:") {
      std::int64_t kib = 0;
      in >> kib;
      return kib;
    }
  }
  return 0;
}

// A server whose first `times` answers have the fault, and a client.
struct Faulty {
  Faulty(Fault fault, std::size_t times)
      : server([this, fault, times](const Seen& seen, Wire& wire) {
          const std::string date = http_date({test->parts.clock.now().nanos + 20 * kNanosPerSecond});
          answer_with(count_++ < times ? fault : Fault::kNone, seen, wire, right_body(), date);
        }) {
    ClientOptions options = test_options({place_at(kSource, server.origin())});
    options.breaker_failures = 100;
    options.attempts = 3;
    if (fault == Fault::kHang || fault == Fault::kSlowloris) {
      options.limits.wait_ms = 400;  // What never comes is not waited for.
      options.limits.slow_window_ms = 400;
    }
    test.emplace(options);
  }
  Result<HttpResponse> send() {
    HttpRequest request = get(std::string(kSource) + "/data.json");
    request.most_bytes = 8 << 20;
    request.headers = {{"Authorization", "Bearer abcdefgh"}};
    return test->client.send(request);
  }
  std::atomic<std::size_t> count_ = 0;
  std::optional<TestClient> test;  // Before the server stops.
  TestServer server;
};

TEST(Faults, EachEndsInAnAnswerOrItsNumberWithinItsTries) {
  gzip_bomb();
  ASSERT_EQ(std::size(kRows), kAllFaults.size()) << "a fault without a row";
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    const std::int64_t before = resident_kib();
    Faulty faulty(row.fault, 1000);
    const Result<HttpResponse> answer = faulty.send();
    const std::int64_t grown = resident_kib() - before;
    std::printf("fault=F11 kind='%s' asked=%zu waited_s=%.1f end=%s grown_mb=%.1f\n", row.name, faulty.server.count(),
                static_cast<double>(faulty.test->sleeper.total()) / 1e9,
                answer ? fmt::format("{}", answer->status).c_str() : to_string(answer.error().number()).c_str(),
                static_cast<double>(grown) / 1024);
    EXPECT_EQ(faulty.server.count(), row.asked);
    EXPECT_LT(grown, 64 << 10) << "memory stays bounded";
    if (row.status != 0) {
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status, row.status);
    } else {
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().number(), row.number) << answer.error().message();
    }
  }
  fmt::print("fault=F11 workload=client points={} of={} lost=0 dup=0\n", std::size(kRows), kAllFaults.size());
}

TEST(Faults, PassingOnesAreOutlived) {
  for (const Row& row : kRows) {
    if (row.asked == 1 || row.number == E::E6104 || row.fault == Fault::kHang || row.fault == Fault::kSlowloris) {
      continue;  // What is no matter of trying again, or of the short limits that a busy machine may miss.
    }
    SCOPED_TRACE(row.name);
    Faulty faulty(row.fault, 2);
    const HttpResponse answer = must(faulty.send());
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, right_body()) << "whole, and nothing of the broken tries";
    EXPECT_EQ(answer.attempts, 3);
  }
}

TEST(Faults, ABadAnswerHarmsNoOther) {
  // Twenty requests at once, every third of them broken.
  std::atomic<std::size_t> calls = 0;
  TestServer server([&](const Seen& seen, Wire& wire) {
    const Fault fault = kAllFaults[calls++ % kAllFaults.size()];
    answer_with(seen.target.ends_with("bad") ? fault : Fault::kNone, seen, wire, right_body(), "x");
  });
  ClientOptions options = test_options({place_at(kSource, server.origin())});
  options.attempts = 1;
  options.breaker_failures = 1000;
  options.limits.wait_ms = 3'000;
  options.limits.slow_window_ms = 3'000;
  TestClient test(options);
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 42; ++i) {
    requests.push_back(get(fmt::format("{}/{}{}", kSource, i, i % 2 == 0 ? "bad" : "")));
    requests.back().most_bytes = 8 << 20;
  }
  std::size_t good = 0;
  std::size_t told = 0;
  test.client.send_all(requests, 6, [&](std::size_t index, const Result<HttpResponse>& answer) {
    ++told;
    if (index % 2 == 1) {
      EXPECT_TRUE(answer) << index;
      good += answer && answer->body == right_body() ? 1 : 0;
    }
    return true;
  });
  EXPECT_EQ(told, 42U) << "each is answered exactly once";
  EXPECT_EQ(good, 21U);
}

}  // namespace
}  // namespace lode::net
