// Tests of Pool: every index once, nested calls, thread counts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

namespace lode {
namespace {

TEST(Pool, CallsEachIndexOnce) {
  for (const int threads : {1, 2, 4, 9}) {
    Pool pool(threads);
    for (const std::size_t count : {0U, 1U, 2U, 7U, 1000U, 100'003U}) {
      std::vector<std::atomic<int>> calls(count);
      pool.for_each(count, [&](std::size_t i) { ++calls[i]; });
      for (const auto& call : calls) {
        ASSERT_EQ(call.load(), 1);
      }
    }
  }
}

TEST(Pool, KnowsItsThreads) {
  EXPECT_EQ(Pool(3).threads(), 3);
  EXPECT_GE(Pool(0).threads(), 1);
  EXPECT_GE(Pool(-1).threads(), 1);
}

// Four tasks that wait for each other end only when four threads exist, whatever the number of cores.
TEST(Pool, ReallyHasItsThreads) {
  Pool pool(4);
  std::mutex mutex;
  std::condition_variable all_here;
  std::set<std::thread::id> ids;
  pool.for_each(4, [&](std::size_t) {
    std::unique_lock lock(mutex);
    ids.insert(std::this_thread::get_id());
    all_here.notify_all();
    all_here.wait_for(lock, std::chrono::seconds(20), [&] { return ids.size() == 4; });
  });
  EXPECT_EQ(ids.size(), 4U);
}

TEST(Pool, OneThreadIsTheCaller) {
  Pool pool(1);
  pool.for_each(10,
                [caller = std::this_thread::get_id()](std::size_t) { ASSERT_EQ(std::this_thread::get_id(), caller); });
}

TEST(Pool, ANestedCallRunsInline) {
  Pool pool(4);
  Pool other(2);
  std::vector<std::atomic<int>> calls(64 * 50);
  pool.for_each(64, [&](std::size_t i) {
    const auto outer = std::this_thread::get_id();
    other.for_each(50, [&](std::size_t j) {
      ASSERT_EQ(std::this_thread::get_id(), outer);
      ++calls[i * 50 + j];
    });
    // The nested call must not end the outer one's standing: a second one is inline too.
    pool.for_each(3, [&](std::size_t) { ASSERT_EQ(std::this_thread::get_id(), outer); });
  });
  for (const auto& call : calls) {
    ASSERT_EQ(call.load(), 1);
  }
}

TEST(Pool, ResultsDoNotDependOnTheThreads) {
  const auto sums = [](int threads) {
    Pool pool(threads);
    std::vector<double> out(5000);
    pool.for_each(out.size(), [&](std::size_t i) {
      for (std::size_t k = 1; k < 50; ++k) {
        out[i] += 1.0 / static_cast<double>(i + k);
      }
    });
    return out;
  };
  EXPECT_EQ(sums(1), sums(2));
  EXPECT_EQ(sums(1), sums(7));
}

TEST(Pool, ServesManyCallersAtOnce) {
  Pool pool(3);
  std::atomic<int> calls = 0;
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] { pool.for_each(1000, [&](std::size_t) { ++calls; }); });
  }
  for (std::thread& caller : callers) {
    caller.join();
  }
  EXPECT_EQ(calls.load(), 4000);
}

}  // namespace
}  // namespace lode
