// Many at once: threads on one queue, processes on one file, clocks that jump (F10), events ten times and in disorder
// (F12), poison (F13), a consumer that is too slow (F14).
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "lode/base/assert.h"
#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/queue/crash_testing.h"

namespace lode::queue::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RealClock final : public Clock {
 public:
  Time now() const override { return {std::chrono::system_clock::now().time_since_epoch().count()}; }
  std::int64_t monotonic_nanos() const override { return std::chrono::steady_clock::now().time_since_epoch().count(); }
};

// Producers and consumers on `doors`; each key must come once and each group in its order.
void many_threads(std::vector<Queue*> doors, int producers, int consumers, int each) {
  std::mutex mutex;
  std::map<std::string, std::vector<int>> came;  // By group, numbers in order of their acks.
  std::atomic<int> left = producers * each;
  std::vector<std::thread> threads;
  for (int p = 0; p < producers; ++p) {
    threads.emplace_back([&, p] {
      for (int i = 0; i < each; ++i) {
        const std::string group = fmt::format("p{}-{}", p, i % 3);
        must(doors[static_cast<std::size_t>(p) % doors.size()]->push(
            {.key = fmt::format("{}-{}", p, i), .group = group, .payload = std::to_string(i)}));
      }
    });
  }
  for (int c = 0; c < consumers; ++c) {
    threads.emplace_back([&, c] {
      Queue& queue = *doors[static_cast<std::size_t>(c) % doors.size()];
      while (left > 0) {
        const Received got = must(queue.receive({.most = 4, .wait_s = 0.05}));
        for (const Delivery& one : got.messages) {
          {
            const std::lock_guard guard(mutex);  // Before the ack: only the holder may say.
            came[one.group].push_back(std::atoi(one.payload.c_str()));
          }
          must(ack_one(queue, one.lease()));
          --left;
        }
      }
    });
  }
  for (std::thread& one : threads) {
    one.join();
  }
  std::size_t total = 0;
  for (const auto& [group, numbers] : came) {
    EXPECT_TRUE(std::ranges::is_sorted(numbers)) << group;
    EXPECT_EQ(std::ranges::adjacent_find(numbers), numbers.end()) << group;
    total += numbers.size();
  }
  EXPECT_EQ(total, static_cast<std::size_t>(producers * each));
}

TEST_F(QueueTest, ThreadsShareOneQueue) {
  RealClock real;
  const auto shared = must(Queue::open(folder, "t", Access::kCreate, real));
  many_threads({shared.get()}, 4, 3, test_rounds(60, 20));
  EXPECT_EQ(must(shared->stats()).depth, 0);
  must(shared->verify());
}

TEST_F(QueueTest, ConnectionsOfManyProcessesShareOneFile) {
  RealClock real;
  const Options options{.fresh_keys = 16, .log_pages = 30};
  const auto one = must(Queue::open(folder, "t", Access::kCreate, real, options));
  const auto two = must(Queue::open(folder, "t", Access::kWrite, real));
  const auto three = must(Queue::open(folder, "t", Access::kWrite, real));
  many_threads({one.get(), two.get(), three.get()}, 3, 3, test_rounds(40, 12));
  EXPECT_EQ(must(two->stats()).depth, 0);
  must(three->verify());
}

// Two workers play the same script at once: everything is a duplicate for one of them.
// Two pipes between a process and its child: one waits for the other's word.
class Talk {
 public:
  Talk() { LODE_ASSERT(pipe(there_.data()) == 0 && pipe(back_.data()) == 0); }
  ~Talk() {
    for (const int end : {there_[0], there_[1], back_[0], back_[1]}) {
      close(end);
    }
  }
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;
  void tell_child() const { LODE_ASSERT(write(there_[1], "x", 1) == 1); }
  void tell_parent() const { LODE_ASSERT(write(back_[1], "x", 1) == 1); }
  bool wait_for_parent() const { return read(there_[0], &word_, 1) == 1; }
  bool wait_for_child() const { return read(back_[0], &word_, 1) == 1; }

 private:
  std::array<int, 2> there_{}, back_{};
  mutable char word_ = 0;
};

// Closing any descriptor of a file gives up all locks of the process on it: a second object of the same queue that
// comes and goes must not leave the first without them, or another process takes its log away.
TEST_F(QueueTest, ASecondObjectThatClosesLeavesTheFirstItsLocks) {
  open();
  queue.reset();
  const Talk talk;
  const pid_t child = fork();
  if (child == 0) {
    const auto first = must(Queue::open(folder, "q", Access::kWrite, clock));
    must(first->push({.key = "one", .group = "g", .payload = "x"}));
    must(must(Queue::open(folder, "q", Access::kWrite, clock))->stats());
    talk.tell_parent();
    talk.wait_for_parent();
    for (int i = 0; i < 10; ++i) {
      must(first->push({.key = fmt::format("mine-{}", i), .group = "g", .payload = "x"}));
    }
    talk.tell_parent();
    pause();
  }
  ASSERT_TRUE(talk.wait_for_child());
  must(must(Queue::open(folder, "q", Access::kWrite, clock))->push({.key = "other", .group = "o", .payload = "x"}));
  talk.tell_child();
  ASSERT_TRUE(talk.wait_for_child());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  queue = must(Queue::open(folder, "q", Access::kWrite, clock));
  EXPECT_EQ(must(queue->stats()).depth, 12);
}

// What cannot be read is not damaged, and nobody should bring a backup back for it.
TEST_F(QueueTest, AFileThatMayNotBeReadIsNoDamage) {
  constexpr uid_t kNobody = 65534;
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can become somebody else";
  }
  open();
  push("one");
  queue.reset();
  std::filesystem::permissions(folder, std::filesystem::perms::all);
  std::filesystem::permissions(folder + "/queue", std::filesystem::perms::all);
  std::filesystem::permissions(file(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const pid_t child = fork();
  if (child == 0) {
    const bool is_other = setuid(kNobody) == 0;
    const auto opened = Queue::open(folder, "q", Access::kWrite, clock);
    _exit(is_other && number_of(opened) == E::E8004 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(QueueTest, TwoProcessesPushTheSame) {
  if (shim_path().empty()) {
    GTEST_SKIP() << "the fault shim was not built";
  }
  // Again and again, because both make the file as well.
  const int rounds = test_rounds(20, 5);
  for (int round = 0; round < rounds; ++round) {
    const std::string work = fmt::format("{}/work{}", folder, round);
    std::filesystem::create_directories(work);
    std::vector<std::unique_ptr<Worker>> workers(2);
    std::vector<std::thread> threads;
    for (auto& worker : workers) {
      threads.emplace_back([&] { worker = std::make_unique<Worker>(work, 8, Fault{}); });
    }
    for (std::thread& one : threads) {
      one.join();
    }
    for (const auto& worker : workers) {
      EXPECT_TRUE(worker->finished()) << ::testing::PrintToString(worker->notes);
    }
    for (const std::string& key : workers[0]->acked) {
      EXPECT_FALSE(workers[1]->acked.contains(key)) << key << " was handed out and acked twice";
    }
    queue = must(Queue::open(work, "q", Access::kWrite, clock));
    EXPECT_EQ(must(queue->stats()).pushed, 8 * kCrashBatch);
    must(queue->verify());
    queue.reset();
  }
}

TEST_F(QueueTest, ClocksThatJumpEndNoLeaseAndDoubleNothing) {
  open({.visibility_s = 60});
  Random random(10, 10);
  const std::int64_t jumps[] = {3600, -3600, 3653L * 86'400, -3653L * 86'400, 1, -1};
  int jumped = 0;
  for (int i = 0; i < 100; ++i) {
    push("k" + std::to_string(i));
    const auto held = receive();
    ASSERT_EQ(held.size(), 1U) << i;
    clock.wall.nanos += jumps[random.next_below(std::size(jumps))] * kNanosPerSecond;
    ++jumped;
    ASSERT_THAT(receive(), IsEmpty()) << "a lease runs on the monotonic clock";
    ASSERT_GE(must(queue->stats()).oldest_age_s, 0.0);
    ASSERT_TRUE(must(queue->push({.key = "k" + std::to_string(i)})).duplicate);
    ack(held);
  }
  fmt::print("fault=F10 workload=queue points={} lost=0 dup=0 order=0 corrupt=0\n", jumped);
  EXPECT_EQ(must(queue->stats()).pushed, 100);
}

TEST_F(QueueTest, EventsTenTimesAndInDisorderAreStoredOnce) {
  Random random(12, 12);
  std::vector<int> events;
  for (int i = 0; i < 300; ++i) {
    events.insert(events.end(), 10, i);
  }
  for (std::size_t i = events.size(); i > 1; --i) {
    std::swap(events[i - 1], events[random.next_below(i)]);
  }
  open({.fresh_keys = 32});
  for (std::size_t at = 0; at < events.size(); at += 50) {
    std::vector<std::string> keys;
    std::vector<Message> batch;
    for (std::size_t i = at; i < at + 50; ++i) {
      keys.push_back("e" + std::to_string(events[i]));
    }
    for (const std::string& key : keys) {
      batch.push_back({.key = key, .group = std::string_view(key).substr(0, 2), .payload = key});
    }
    must(queue->push(batch));
  }
  const std::vector<std::string> came = drain();
  EXPECT_EQ(std::set(came.begin(), came.end()).size(), 300U);
  EXPECT_EQ(came.size(), 300U);
  EXPECT_EQ(must(queue->stats()).duplicates, 2700);
  fmt::print("fault=F12 workload=queue points=3000 lost={} dup=0 order=0 corrupt=0\n", 300 - came.size());
}

TEST_F(QueueTest, PoisonEndsAmongTheDeadAndStopsNobodyElse) {
  open({.visibility_s = 60, .receives_most = 3});
  std::vector<std::string> keys;
  std::vector<Message> batch;
  for (int i = 0; i < 300; ++i) {
    keys.push_back(fmt::format("{}{}", i % 30 == 0 ? "poison" : "good", i));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    batch.push_back({.key = keys[i], .group = i % 2 == 0 ? "even" : "odd", .payload = "x"});
  }
  must(queue->push(batch));
  std::vector<std::string> done;
  for (auto got = receive(); must(queue->stats()).depth > 0; got = receive()) {
    for (const Delivery& one : got) {
      if (one.key.starts_with("poison")) {
        clock.pass(one.attempt == 1 ? 61 : 0);  // It hangs, then it crashes.
        auto ignored = nack_one(*queue, one.lease(), "crashed");
      } else if (ack_one(*queue, one.lease())) {
        done.push_back(one.key);
      }
    }
  }
  EXPECT_EQ(done.size(), 290U);
  EXPECT_EQ(must(queue->dead_letters()).size(), 10U);
  fmt::print("fault=F13 workload=queue points=10 lost=0 dup=0 order=0 corrupt=0 dead=10\n");
}

TEST_F(QueueTest, ASlowConsumerHoldsTheProducerBack) {
  open({.messages_most = 50, .retain_s = 0});
  int refused = 0;
  int next = 0;
  std::vector<std::string> came;
  while (came.size() < 400) {
    const auto pushed = queue->push({.key = std::to_string(next), .group = std::to_string(next % 20)});
    if (pushed) {
      ++next;
      continue;
    }
    ASSERT_EQ(number_of(pushed), E::E8021);
    ++refused;
    for (const Delivery& one : receive(20)) {
      came.push_back(one.key);
      ack(one);
    }
    clock.pass(1);
  }
  EXPECT_EQ(std::set(came.begin(), came.end()).size(), came.size());
  EXPECT_EQ(static_cast<std::size_t>(next), came.size() + static_cast<std::size_t>(must(queue->stats()).depth));
  EXPECT_LT(must(queue->replay(1, 1000)).messages.size(), 200U) << "finished ones go";
  fmt::print("fault=F14 workload=queue points={} lost=0 dup=0 order=0 corrupt=0\n", refused);
}

}  // namespace
}  // namespace lode::queue::testing
