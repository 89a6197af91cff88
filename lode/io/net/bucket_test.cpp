// Tests of the pace: in every window, over threads, over processes, over damage and restarts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/bucket.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/test_world.h"
#include "lode/io/net/validators.h"

namespace lode::net {
namespace {

constexpr std::int64_t kSecond = kNanosPerSecond;

class SteadyClock final : public Clock {
 public:
  Time now() const override { return {std::chrono::system_clock::now().time_since_epoch().count()}; }
  std::int64_t monotonic_nanos() const override { return std::chrono::steady_clock::now().time_since_epoch().count(); }
};

// The most stamps inside any window of that length.
std::size_t fullest(std::vector<std::int64_t> stamps, std::int64_t window) {
  std::ranges::sort(stamps);
  std::size_t most = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    while (stamps[i] - stamps[first] >= window) {
      ++first;
    }
    most = std::max(most, i - first + 1);
  }
  return most;
}

TEST(Rate, OfANumberASecond) {
  EXPECT_EQ(Rate::per_second(5).requests, 5);
  EXPECT_EQ(Rate::per_second(5).window_nanos, kSecond);
  EXPECT_EQ(Rate::per_second(0.2).requests, 1);
  EXPECT_EQ(Rate::per_second(0.2).window_nanos, 5 * kSecond);
  EXPECT_EQ(Rate::per_second(1.5).requests, 1);
  EXPECT_NEAR(static_cast<double>(Rate::per_second(1.5).window_nanos), 1e9 / 1.5, 1.0);
}

TEST(BucketState, HoldsItsRateInEveryWindowWhoeverAsks) {
  for (const Rate rate :
       {Rate{1, kSecond}, Rate{5, kSecond}, Rate{10, kSecond}, Rate{1, 5 * kSecond}, Rate{64, kSecond}}) {
    Random random(7, static_cast<std::uint64_t>(rate.requests));
    BucketState state;
    std::vector<std::int64_t> taken;
    std::int64_t now = 1000 * kSecond;
    for (int i = 0; i < 3000; ++i) {
      const std::int64_t wait = state.take(rate, now, Time{now});
      if (wait == 0) {
        taken.push_back(now);
      }
      // Impatient at times, exact at times, late at times.
      const auto usual = static_cast<std::uint64_t>(rate.window_nanos / rate.requests);
      now += random.next_below(3) == 0 ? wait : static_cast<std::int64_t>(random.next_below(usual));
    }
    EXPECT_EQ(fullest(taken, rate.window_nanos), static_cast<std::size_t>(rate.requests));
  }
}

TEST(BucketState, WaitsNoLongerThanItMust) {
  BucketState state;
  std::int64_t now = 0;
  int taken = 0;
  while (now < 100 * kSecond) {
    const std::int64_t wait = state.take({5, kSecond}, now, {});
    taken += wait == 0 ? 1 : 0;
    now += wait;
  }
  EXPECT_GE(taken, 485) << "of 500, less the 2 % that a window is widened by";
}

TEST(BucketState, AHoldKeepsAllBack) {
  BucketState state;
  state.held_until = {50 * kSecond};
  EXPECT_EQ(state.take({}, 0, {20 * kSecond}), 30 * kSecond);
  EXPECT_EQ(state.take({}, 0, {50 * kSecond}), 0);
}

TEST(BucketState, TokensOfBeforeARestartAreNone) {
  BucketState state;
  EXPECT_EQ(state.take({}, 5000 * kSecond, {}), 0);
  EXPECT_EQ(state.take({}, 3 * kSecond, {}), 0) << "the machine's clock began again";
}

TEST(BucketState, ReadsWhatItWritesAndMistrustsTheRest) {
  BucketState state;
  state.take({5, kSecond}, 100, {});
  state.take({5, kSecond}, 200, {});
  state.held_until = {12345};
  const std::string text = state.text();
  const BucketState same = BucketState::parse(text, 300);
  EXPECT_EQ(same.taken, state.taken);
  EXPECT_EQ(same.held_until, state.held_until);
  EXPECT_EQ(BucketState::parse("", 300).taken.size(), 0U) << "a new file";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    BucketState damaged = BucketState::parse(text.substr(0, cut), 300);
    EXPECT_GT(damaged.take({5, kSecond}, 300, {}), 0) << cut << " bytes: no burst";
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    EXPECT_GT(BucketState::parse(flipped, 300).take({5, kSecond}, 300, {}), 0) << at;
  }
}

TEST(Bucket, IsSharedByThreads) {
  const TestWorld world;
  const SteadyClock clock;
  Bucket bucket(world.folder + "/host.rate", {10, kSecond / 5}, clock);
  ASSERT_TRUE(bucket.is_shared());
  std::mutex mutex;
  std::vector<std::int64_t> taken;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int left = 10; left > 0;) {
        const std::int64_t wait = bucket.try_take();
        if (wait == 0) {
          const std::lock_guard lock(mutex);
          taken.push_back(clock.monotonic_nanos());
          --left;
        } else {
          std::this_thread::sleep_for(std::chrono::nanoseconds(wait));
        }
      }
    });
  }
  for (std::thread& one : threads) {
    one.join();
  }
  ASSERT_EQ(taken.size(), 40U);
  const auto [first, last] = std::ranges::minmax(taken);
  EXPECT_GE(last - first, 3 * kSecond / 5) << "four windows";
}

// Takes tokens for a while and writes when, as another `lode` would.
[[noreturn]] void take_for_a_while(const std::string& folder, int number) {
  const SteadyClock clock;
  Bucket bucket(folder + "/host.rate", {10, kSecond / 2}, clock);
  std::ofstream out(fmt::format("{}/taken{}", folder, number));
  const std::int64_t until = clock.monotonic_nanos() + 2 * kSecond;
  while (clock.monotonic_nanos() < until) {
    const std::int64_t wait = bucket.try_take();
    if (wait == 0) {
      out << must(read_file(folder + "/host.rate")).size() << ' ' << clock.monotonic_nanos() << '\n';
    } else {
      std::this_thread::sleep_for(std::chrono::nanoseconds(wait));
    }
  }
  out.close();
  _exit(0);
}

TEST(Bucket, TwoProcessesTogetherKeepThePace) {
  const TestWorld world;
  std::vector<pid_t> children;
  for (int i = 0; i < 2; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      take_for_a_while(world.folder, i);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  std::vector<std::int64_t> taken;
  std::size_t each[2] = {0, 0};
  for (int i = 0; i < 2; ++i) {
    std::ifstream in(fmt::format("{}/taken{}", world.folder, i));
    for (std::int64_t size = 0, at = 0; in >> size >> at;) {
      taken.push_back(at);
      ++each[i];
    }
  }
  // Stamps are read after the token, so one may come a little late and the next not: two per cent are allowed for.
  EXPECT_LE(fullest(taken, kSecond / 2), 10U);
  EXPECT_GE(taken.size(), 30U) << "and nobody starves for it";
  EXPECT_GT(each[0], 0U);
  EXPECT_GT(each[1], 0U);
}

TEST(Bucket, AHoldIsSeenByAnother) {
  TestWorld world;
  Bucket one(world.folder + "/host.rate", {}, world.clock);
  Bucket two(world.folder + "/host.rate", {}, world.clock);
  one.hold({world.clock.now().nanos + 600 * kSecond});
  one.hold({world.clock.now().nanos + 10 * kSecond});
  EXPECT_EQ(two.try_take(), 600 * kSecond) << "the later hold stands";
  world.clock.advance(600 * kSecond);
  EXPECT_EQ(two.try_take(), 0);
}

TEST(Buckets, WithoutAFolderEachProcessCountsForItself) {
  const TestWorld world;
  Buckets none("", world.clock);
  EXPECT_FALSE(none.of("host", {}).is_shared());
  EXPECT_EQ(none.of("host", {}).try_take(), 0);
  EXPECT_GT(none.of("host", {}).try_take(), 0);
  Buckets unwritable("/proc/nowhere", world.clock);
  EXPECT_EQ(unwritable.of("host", {}).try_take(), 0);
  Buckets named(world.folder, world.clock);
  EXPECT_TRUE(named.of("../../etc/x", {}).is_shared()) << "a name is no path";
  EXPECT_TRUE(std::ifstream(world.folder + "/.._.._etc_x.rate").good());
}

}  // namespace
}  // namespace lode::net
