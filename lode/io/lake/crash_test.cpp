// Death at any instruction: an import in another process is killed before its k-th write, sync or rename (F1) and at
// random times (F2); what was acknowledged is there, nothing is there in part, and the same import again completes it.
//
// The worker is this test program itself, started with a filter and its orders in the environment. The k-th call is
// found by tracing its system calls, so SQLite's and DuckDB's count as well as ours. LODE_TEST_LONG=1 tries every
// point.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <set>
#include <thread>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;

// Rows of the import with number `round`: three instruments in two years.
Batch rows_of(int round) {
  std::vector<BarLine> out;
  for (std::uint64_t instrument = 1; instrument <= 3; ++instrument) {
    for (const int year : {2020, 2021}) {
      out.push_back({instrument + 10 * static_cast<std::uint64_t>(round), day(year, 3, 2), 1.0 + round});
    }
  }
  return bars(out);
}
constexpr std::size_t kRowsOfRound = 6;

int import_round(const std::string& folder, int round) {
  FixedClock clock(*parse_as_of("2026-01-05T12:00:00Z"));
  Pool pool(2);
  auto lake = Lake::open(folder, Access::kWrite, clock, pool);
  if (!lake) {
    return 1;
  }
  auto writer = (*lake)->writer();
  if (!writer || !writer->append("bars", rows_of(round), clock.now()) ||
      !writer->commit(fmt::format("round-{}", round), "data import", {})) {
    return 1;
  }
  return 0;
}

// Not a test: what the worker does. It writes the number of each finished round to descriptor 3.
TEST(CrashWorker, DISABLED_Import) {
  const char* folder = std::getenv("LODE_TEST_CRASH_LAKE");
  ASSERT_NE(folder, nullptr);
  const int first = std::atoi(std::getenv("LODE_TEST_CRASH_FIRST"));
  const int rounds = std::atoi(std::getenv("LODE_TEST_CRASH_ROUNDS"));
  for (int round = first; round < first + rounds; ++round) {
    ASSERT_EQ(import_round(folder, round), 0);
    const std::string ack = fmt::format("{}\n", round);
    ASSERT_EQ(write(3, ack.data(), ack.size()), static_cast<ssize_t>(ack.size()));
  }
}

// The worker as a child process; its acknowledgements come through a pipe.
class Worker {
 public:
  Worker(const std::string& folder, int first, int rounds, bool traced) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const std::string lake = "LODE_TEST_CRASH_LAKE=" + folder;
    const std::string from = fmt::format("LODE_TEST_CRASH_FIRST={}", first);
    const std::string count = fmt::format("LODE_TEST_CRASH_ROUNDS={}", rounds);
    const char* arguments[] = {"io_lake_test", "--gtest_filter=CrashWorker.*", "--gtest_also_run_disabled_tests",
                               nullptr};
    const char* environment[] = {lake.c_str(), from.c_str(), count.c_str(), nullptr};
    child = fork();
    if (child == 0) {  // Between fork and exec only calls that are safe there.
      const int nothing = ::open("/dev/null", O_WRONLY);
      dup2(nothing, 1);
      dup2(nothing, 2);
      dup2(ends[1], 3);
      if (traced) {
        ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      }
      execve("/proc/self/exe", const_cast<char* const*>(arguments), const_cast<char* const*>(environment));
      _exit(127);
    }
    close(ends[1]);
    acks_ = ends[0];
  }
  ~Worker() { close(acks_); }

  // Rounds acknowledged so far, read to the end of the pipe: call when the worker is gone.
  std::set<int> acknowledged() const {
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(acks_, buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
    }
    std::set<int> out;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      out.insert(std::atoi(text.c_str() + at));
    }
    return out;
  }

  pid_t child = -1;

 private:
  int acks_ = -1;
};

bool changes_files(unsigned long long call) {
  switch (call) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_writev:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_ftruncate:
    case SYS_rename:
    case SYS_renameat:
    case SYS_renameat2:
    case SYS_pwritev:
    case SYS_unlink:
    case SYS_mkdir:
    case SYS_fallocate:
      return true;
    default:
      return false;
  }
}

struct Traced {
  int points = 0;  // Calls that change files, met before the end.
  bool killed = false;
  bool refused = false;  // Tracing is not allowed here.
};

// Runs the worker and kills it before its `target`-th call that changes a file (0: lets it finish). Threads are
// followed.
Traced run_traced(const Worker& worker, int target) {
  Traced out;
  int status = 0;
  if (waitpid(worker.child, &status, 0) < 0 || !WIFSTOPPED(status)) {
    out.refused = true;
    return out;
  }
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  if (ptrace(static_cast<__ptrace_request>(PTRACE_SETOPTIONS), worker.child, nullptr, options) != 0) {
    kill(worker.child, SIGKILL);
    waitpid(worker.child, &status, 0);
    out.refused = true;
    return out;
  }
  std::set<pid_t> inside;  // Threads between entry and exit of a call.
  ptrace(PTRACE_SYSCALL, worker.child, nullptr, nullptr);
  while (true) {
    const pid_t thread = waitpid(-1, &status, __WALL);
    if (thread < 0) {
      return out;
    }
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      if (thread == worker.child) {
        return out;
      }
      continue;
    }
    long signal = 0;
    if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
      if (inside.erase(thread) == 0) {
        inside.insert(thread);
        user_regs_struct registers{};
        ptrace(PTRACE_GETREGS, thread, nullptr, &registers);
        if (changes_files(registers.orig_rax) && ++out.points == target) {
          out.killed = true;
          kill(worker.child, SIGKILL);
          // The process is reported once each of its traced threads has been.
          while (waitpid(-1, &status, __WALL) > 0) {
          }
          return out;
        }
      }
    } else if (WSTOPSIG(status) != SIGTRAP && WSTOPSIG(status) != SIGSTOP) {
      signal = WSTOPSIG(status);
    }
    ptrace(PTRACE_SYSCALL, thread, nullptr, signal);
  }
}

class Crash : public LakeTest {
 protected:
  // The rounds that are in the lake; fails on one that is there in part or doubled, and on damaged bytes.
  std::set<int> rounds_there() {
    const auto lake = open(Access::kRead);
    std::set<int> out;
    if (lake == nullptr) {
      return out;
    }
    const Batch rows = read(*lake->snapshot());
    std::map<int, std::size_t> counts;
    for (const std::uint64_t instrument : rows.column("instrument_id").uint64s()) {
      ++counts[static_cast<int>(instrument / 10)];
    }
    for (const auto& [round, count] : counts) {
      EXPECT_EQ(count, kRowsOfRound) << "round " << round << " is there in part or doubled";
      out.insert(round);
    }
    const auto report = lake->verify();
    EXPECT_TRUE(report.has_value() && report->damaged.empty());
    return out;
  }
};

TEST_F(Crash, AtEveryKindOfPointOfAnImport) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "system calls are read from x86-64 registers";
#endif
  open().reset();
  ASSERT_EQ(import_round(folder, 0), 0);
  const std::string base = root + "/base";
  fs::copy(folder, base, fs::copy_options::recursive);
  Traced whole;
  {
    const Worker worker(folder, 1, 1, true);
    whole = run_traced(worker, 0);
    if (whole.refused) {
      GTEST_SKIP() << "tracing is not allowed here";
    }
    ASSERT_EQ(worker.acknowledged(), std::set<int>{1});
  }
  ASSERT_GT(whole.points, 20);
  const int step = std::getenv("LODE_TEST_LONG") != nullptr ? 1 : whole.points / test_rounds(12, 4);
  int points = 0;
  int completed = 0;
  for (int target = 1; target <= whole.points; target += step, ++points) {
    fs::remove_all(folder);
    fs::copy(base, folder, fs::copy_options::recursive);
    const Worker worker(folder, 1, 1, true);
    const Traced traced = run_traced(worker, target);
    const std::set<int> acknowledged = worker.acknowledged();
    const std::set<int> there = rounds_there();
    EXPECT_TRUE(there.contains(0)) << "point " << target;
    EXPECT_TRUE(acknowledged.empty() || there.contains(1)) << "lost at point " << target;
    EXPECT_TRUE(traced.killed || acknowledged.contains(1)) << "point " << target;
    completed += there.contains(1) ? 1 : 0;
    ASSERT_EQ(import_round(folder, 1), 0) << "after point " << target;
    EXPECT_EQ(rounds_there(), (std::set<int>{0, 1})) << "after point " << target;
  }
  fmt::print("fault=F1 workload=lake points={} of={} lost=0 dup=0 completed={}\n", points, whole.points, completed);
}

TEST_F(Crash, AtRandomTimesAgainAndAgain) {
  open().reset();
  // How long a worker takes to start and import one round, on this machine now.
  const auto begin = std::chrono::steady_clock::now();
  {
    const Worker first(folder, 0, 1, false);
    int status = 0;
    waitpid(first.child, &status, 0);
    ASSERT_EQ(WEXITSTATUS(status), 0);
  }
  const std::chrono::duration<double> one_round = std::chrono::steady_clock::now() - begin;
  const int kills = std::getenv("LODE_TEST_LONG") != nullptr ? 1000 : test_rounds(12, 4);
  Random random(20260105, 7);
  std::set<int> acknowledged{0};
  for (int i = 0; i < kills; ++i) {
    const Worker worker(folder, *acknowledged.rbegin() + 1, 1000, false);  // The round under way is tried again.
    std::this_thread::sleep_for(one_round * (0.3 + 2.0 * random.next_uniform()));
    kill(worker.child, SIGKILL);
    int status = 0;
    waitpid(worker.child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));  // It did not end by itself: no import failed after a kill.
    acknowledged.merge(worker.acknowledged());
  }
  const std::set<int> there = rounds_there();
  for (const int round : acknowledged) {
    EXPECT_TRUE(there.contains(round)) << round;
  }
  EXPECT_LE(there.size(), acknowledged.size() + 1);
  fmt::print("fault=F2 workload=lake points={} lost=0 dup=0 rounds={}\n", kills, acknowledged.size());
}

TEST_F(Crash, TwoProcessesImportIntoOneLake) {
  open().reset();
  const Worker one(folder, 0, 6, false);
  const Worker two(folder, 3, 6, false);  // Rounds 3 to 5 are imported by both, with the same tokens.
  int status = 0;
  waitpid(one.child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  waitpid(two.child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(rounds_there(), (std::set<int>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(open(Access::kRead)->commits()->size(), 9U);
}

}  // namespace
}  // namespace lode::lake::testing
