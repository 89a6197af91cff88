// Tests of waiting: HTTP dates, Retry-After, jitter, retry budget, breaker.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/patience.h"

#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/net/breaker.h"

namespace lode::net {
namespace {

const Time kNow = must(parse_as_of("2026-01-05T12:00:00Z"));
constexpr std::int64_t kSecond = kNanosPerSecond;

TEST(HttpDate, TheThreeFormsOfTheStandard) {
  // The instant that RFC 9110 5.6.7 writes in all three.
  const Time wanted = must(parse_as_of("1994-11-06T08:49:37Z"));
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", kNow), wanted);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", kNow), wanted);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", kNow), wanted);
  EXPECT_EQ(http_date(wanted), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(utc_date(parse_http_date("Sunday, 06-Nov-30 08:49:37 GMT", kNow).value()).year(), 2030);
}

TEST(HttpDate, NothingElse) {
  for (const char* text :
       {"", "now", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 EST", "Sun, 06 Nov 1994", "Sun, 06 Now 1994 08:49:37 GMT",
        "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text, kNow)) << text;
  }
}

TEST(RetryAfter, SecondsAndDates) {
  EXPECT_EQ(parse_retry_after("120", kNow), 120 * kSecond);
  EXPECT_EQ(parse_retry_after(" 0 ", kNow), 0);
  EXPECT_EQ(parse_retry_after("Mon, 05 Jan 2026 12:01:30 GMT", kNow), 90 * kSecond);
  EXPECT_EQ(parse_retry_after("Mon, 05 Jan 2026 11:00:00 GMT", kNow), 0) << "gone by";
  EXPECT_GT(parse_retry_after("999999999999999999", kNow), 0) << "no overflow";
  for (const char* text : {"", "-1", "1.5", "soon", "1 2"}) {
    EXPECT_FALSE(parse_retry_after(text, kNow)) << text;
  }
}

TEST(Backoff, IsUniformUpToADoublingLimit) {
  const Backoff backoff;
  Random random(1, 2);
  const std::int64_t most[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
  for (int attempt = 1; attempt <= 9; ++attempt) {
    double sum = 0.0;
    std::int64_t largest = 0;
    for (int i = 0; i < 2000; ++i) {
      const std::int64_t wait = backoff.wait(attempt, random);
      ASSERT_GE(wait, 0);
      largest = std::max(largest, wait);
      sum += static_cast<double>(wait);
    }
    const auto limit = static_cast<double>(most[attempt - 1] * kSecond);
    EXPECT_LE(static_cast<double>(largest), limit);
    EXPECT_GT(static_cast<double>(largest), 0.98 * limit);
    EXPECT_NEAR(sum / 2000, limit / 2, limit * 0.03) << "four standard errors of a uniform mean";
  }
}

TEST(RetryBudget, IsSpentAndComesBackSlowly) {
  RetryBudget budget(3);
  EXPECT_TRUE(budget.take() && budget.take() && budget.take());
  EXPECT_FALSE(budget.take());
  for (int i = 0; i < 9; ++i) {
    budget.give();
  }
  EXPECT_FALSE(budget.take());
  budget.give();
  EXPECT_TRUE(budget.take());
  for (int i = 0; i < 1000; ++i) {
    budget.give();
  }
  EXPECT_TRUE(budget.take() && budget.take() && budget.take());
  EXPECT_FALSE(budget.take()) << "never more than it began with";
}

TEST(Breaker, OpensProbesAndCloses) {
  Breaker breaker(3, 30 * kSecond);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(breaker.ask(0), 0);
    breaker.failed(0);
  }
  breaker.succeeded();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(breaker.ask(0), 0) << "failures in a row, not in all";
    breaker.failed(0);
  }
  EXPECT_EQ(breaker.state(), Breaker::State::kOpen);
  EXPECT_EQ(breaker.ask(10 * kSecond), 20 * kSecond);
  breaker.failed(10 * kSecond);
  EXPECT_EQ(breaker.ask(10 * kSecond), 20 * kSecond) << "a straggler opens it no further";
  EXPECT_EQ(breaker.ask(30 * kSecond), 0) << "the probe";
  EXPECT_EQ(breaker.state(), Breaker::State::kHalfOpen);
  EXPECT_GT(breaker.ask(30 * kSecond), 0) << "one at a time";
  breaker.gave_up();
  EXPECT_EQ(breaker.ask(30 * kSecond), 0) << "another may";
  breaker.failed(30 * kSecond);
  EXPECT_EQ(breaker.ask(31 * kSecond), 59 * kSecond) << "twice as long";
  EXPECT_EQ(breaker.ask(90 * kSecond), 0);
  breaker.succeeded();
  EXPECT_EQ(breaker.state(), Breaker::State::kClosed);
  EXPECT_EQ(breaker.ask(90 * kSecond), 0);
  EXPECT_EQ(breaker.ask(90 * kSecond), 0);
}

TEST(Breaker, NeverWaitsLongerThanTenTimes) {
  Breaker breaker(1, kSecond);
  std::int64_t now = 0;
  for (int i = 0; i < 40; ++i) {
    const std::int64_t wait = breaker.ask(now);
    EXPECT_LE(wait, 10 * kSecond);
    now += wait;
    EXPECT_EQ(breaker.ask(now), 0);
    breaker.failed(now);
  }
}

}  // namespace
}  // namespace lode::net
