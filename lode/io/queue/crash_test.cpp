// Death and refusal at every call that changes a file: killed before it (F1), in the middle of a write (torn), again
// while recovering (F3), a sync that fails (F5), a disk that is full (F6). Afterwards: what was acknowledged is there
// once and in order, what was finished does not come again, every key is known, and the rest of the work can be done.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "lode/base/test_rounds.h"
#include "lode/io/queue/crash_testing.h"

namespace lode::queue::testing {
namespace {

namespace fs = std::filesystem;

// What a campaign found; all must be 0.
struct Findings {
  int points = 0;
  long of = 0;  // Points there are; 0 = not counted.
  int lost = 0, doubled = 0, disordered = 0, corrupt = 0;
  std::vector<double> recoveries_ms;

  void print(const char* fault) {
    std::ranges::sort(recoveries_ms);
    const double p99 = recoveries_ms.empty() ? 0.0 : recoveries_ms[(recoveries_ms.size() * 99 - 1) / 100];
    fmt::print("fault={} workload=queue points={} of={} lost={} dup={} order={} corrupt={} recover_p99={:.1f}ms\n",
               fault, points, of, lost, doubled, disordered, corrupt, p99);
    EXPECT_EQ(lost + doubled + disordered + corrupt, 0);
  }
};

class QueueCrash : public QueueTest {
 protected:
  void SetUp() override {
    if (shim_path().empty()) {
      GTEST_SKIP() << "the fault shim was not built";
    }
    work = folder + "/work";
    fs::create_directories(work);
  }
  void renew() {
    fs::remove_all(work);
    fs::create_directories(work);
  }

  // After the worker's end: checks the queue against what the worker was told.
  void check(const Worker& worker, Findings& found) {
    ++found.points;
    clock.pass(1000);  // The worker's leases are over.
    const auto begin = std::chrono::steady_clock::now();
    auto opened = Queue::open(work, "q", Access::kCreate, clock, kCrashOptions);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    found.recoveries_ms.push_back(took.count());
    if (!opened || !(*opened)->verify()) {
      ADD_FAILURE() << (opened ? "verify" : render(opened.error()));
      ++found.corrupt;
      return;
    }
    queue = std::move(*opened);
    must(queue->redrive());
    std::map<std::string, int> came = receive_all(found);
    // The last receive of some was the worker's, and its lease ended: these are dead letters now.
    must(queue->redrive());
    for (const auto& [key, times] : receive_all(found)) {
      came[key] += times;
    }
    for (const auto& [key, times] : came) {
      found.doubled += times > 1 || worker.acked.contains(key) ? 1 : 0;
    }
    for (const std::string& key : worker.pushed) {
      const bool done = worker.asked.contains(key);  // Acked, or its ack was under way.
      found.lost += !came.contains(key) && !done ? 1 : 0;
    }
    push_all_again(worker, came, found);
    queue.reset();
  }

  // Each key that comes, with how often; within a group the numbers must rise.
  std::map<std::string, int> receive_all(Findings& found) {
    std::map<std::string, int> came;
    std::map<std::string, std::string> last;
    for (auto got = receive(); !got.empty(); got = receive()) {
      for (const Delivery& one : got) {
        ++came[one.key];
        if (last[one.group] >= one.key) {
          ++found.disordered;
          ADD_FAILURE() << one.key << " came behind " << last[one.group];
        }
        found.corrupt += one.payload.ends_with(one.key) ? 0 : 1;
        last[one.group] = one.key;
      }
      ack(got);
    }
    return came;
  }

  // The producer starts anew: what is known is a duplicate, what is not comes now, and then all has come once.
  void push_all_again(const Worker& worker, const std::map<std::string, int>& came, Findings& found) {
    std::set<std::string> fresh;
    for (int round = 0; round < kCrashRounds; ++round) {
      const std::vector<CrashMessage> texts = messages_of(round);
      std::vector<Message> batch;
      for (const CrashMessage& one : texts) {
        batch.push_back({.key = one.key, .group = one.group, .payload = one.payload});
      }
      const std::vector<Pushed> outcome = must(queue->push(batch));
      for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string& key = texts[i].key;
        if (!outcome[i].duplicate) {
          fresh.insert(key);
          found.lost += worker.pushed.contains(key) ? 1 : 0;  // Its push was acknowledged.
          found.doubled += came.contains(key) ? 1 : 0;
        }
      }
    }
    const std::map<std::string, int> rest = receive_all(found);
    found.lost += rest.size() == fresh.size() ? 0 : 1;
  }

  // Tries points 1, 1 + step, ... of `fault`; `points` of them at most where the run is short.
  void campaign(const char* name, const std::string& fault, int rounds, int sampled, bool must_die) {
    renew();
    const Worker whole(work, rounds, {});
    ASSERT_TRUE(whole.finished()) << ::testing::PrintToString(whole.notes);
    ASSERT_GT(whole.calls, 50) << "was the shim in the way?";
    const long step = is_long() ? 1 : std::max<long>(1, whole.calls / test_rounds(sampled, 4));
    Findings found;
    found.of = whole.calls;
    for (long at = 1; at <= whole.calls; at += step) {
      SCOPED_TRACE(fmt::format("{} at call {} of {}", fault, at, whole.calls));
      renew();
      const Worker worker(work, rounds, {fault, at});
      ASSERT_EQ(worker.killed(), must_die) << worker.status << ::testing::PrintToString(worker.notes);
      check(worker, found);
    }
    found.print(name);
  }

  std::string work;
};

TEST_F(QueueCrash, KilledBeforeEveryCall) { campaign("F1", "kill", kCrashRounds, 24, true); }

TEST_F(QueueCrash, KilledAgainWhileRecovering) {
  renew();
  const Worker whole(work, kCrashRounds, {});
  Findings found;
  const long step = is_long() ? 7 : whole.calls / test_rounds(4, 2);
  for (long at = step; at < whole.calls; at += step) {
    renew();
    const Worker first(work, kCrashRounds, {"kill", at});
    const std::string kept = folder + "/kept";
    fs::remove_all(kept);
    fs::copy(work, kept, fs::copy_options::recursive);
    const long inner_step = is_long() ? 1 : 3;
    for (long again = 1; again <= (is_long() ? 40 : 10); again += inner_step) {
      fs::remove_all(work);
      fs::copy(kept, work, fs::copy_options::recursive);
      Worker second(work, 0, {"kill", again});  // It opens the queue, which recovers it, and closes it.
      const Worker third(work, 0, {"kill", again + 1});
      second.pushed = first.pushed;
      second.acked = first.acked;
      second.asked = first.asked;
      check(second, found);
      if (!second.killed()) {
        break;  // Past the last call of a recovery.
      }
    }
  }
  found.print("F3");
}

TEST_F(QueueCrash, EverySyncFailsOnce) {
  Findings found;
  int stopped = 0;
  for (long at = 1;; at += is_long() ? 1 : 5) {
    SCOPED_TRACE(fmt::format("sync {}", at));
    renew();
    const Worker worker(work, kCrashRounds, {"eio", at});
    ASSERT_TRUE(WIFEXITED(worker.status));
    ASSERT_NE(WEXITSTATUS(worker.status), 4) << "it took more after a failed sync";
    if (worker.finished() && worker.calls < at) {
      break;  // Past the last one.
    }
    stopped += worker.finished() ? 0 : 1;
    check(worker, found);
  }
  EXPECT_GT(stopped, 2);
  found.print("F5");
}

TEST_F(QueueCrash, TheDiskIsFullAtEveryWriteAndHasRoomAgain) {
  renew();
  const Worker whole(work, kCrashRounds, {});
  Findings found;
  found.of = whole.calls;
  int met = 0;
  const long step = is_long() ? 1 : std::max<long>(1, whole.calls / test_rounds(16, 4));
  for (long at = 1; at <= whole.calls; at += step) {
    SCOPED_TRACE(fmt::format("full at call {}", at));
    renew();
    const Worker worker(work, kCrashRounds, {"full", at});
    ASSERT_TRUE(worker.finished()) << worker.status << ::testing::PrintToString(worker.notes);
    met += worker.notes.empty() ? 0 : 1;
    check(worker, found);
  }
  EXPECT_GT(met, 2) << "was the shim in the way?";
  found.print("F6");
}

TEST_F(QueueCrash, KilledInTheMiddleOfAWrite) {
  renew();
  const Worker whole(work, 6, {});
  Findings found;
  found.of = whole.calls;
  const long step = is_long() ? 1 : std::max<long>(1, whole.calls / test_rounds(12, 3));
  for (long at = 1; at <= whole.calls; at += step) {
    renew();
    const Worker worker(work, 6, {"torn", at});  // Calls that are no writes go on.
    check(worker, found);
  }
  found.print("F4-torn");
}

}  // namespace
}  // namespace lode::queue::testing
