// Death at every call by which a fetch changes files: of archive, queue, books, lake and cursor alike. Afterwards the
// same command is run once without harm, and the lake must hold what an undisturbed run leaves: nothing lost, nothing
// twice.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "lode/base/test_rounds.h"
#include "lode/flow/steps/collect/testing.h"

namespace lode::flow {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kSymbols = {"AAA", "BBB", "CCC"};
const Time kNow = must(parse_as_of("2024-03-01T12:00:00Z"));

bool is_long() { return std::getenv("LODE_TEST_LONG") != nullptr; }

std::string shim_path() {
  std::error_code failed;
  const fs::path path = fs::read_symlink("/proc/self/exe", failed).parent_path() / "liblode_fault_shim.so";
  return fs::exists(path, failed) ? path.string() : std::string();
}

// With a first day, so that a fetch behind a finished one asks the same again.
source::FetchRequest request() {
  source::FetchRequest out = named(kSymbols);
  out.from = Date::from_civil(1950, 1, 1);
  return out;
}

// One fetch over the recordings of `folder`; the number of what kept it from ending well.
int fetch_once(const std::string& folder) {
  TestWorld test;
  FixedClock clock(Time{kNow.nanos + getpid()});  // Within the second that the recordings were planned in.
  const auto replay = net::ReplayHttp::open(std::vector<std::string>{folder + "/recordings"});
  if (!replay) {
    return 10;
  }
  World world{clock, test.archive, **replay, test.log, test.metrics, test.pool, test.config, folder + "/lake", {}, {}};
  const auto collector = Collector::open(world, *must(find_source("yahoo")), request());
  if (!collector) {
    std::fprintf(stderr, "%s\n", render(collector.error()).c_str());
    return 11;
  }
  const auto report = (*collector)->fetch(false);
  if (!report) {
    std::fprintf(stderr, "%s\n", render(report.error()).c_str());
    return 12;
  }
  return report->left == 0 ? 0 : 13;
}

TEST(CollectCrashWorker, DISABLED_Fetch) {
  const char* const folder = std::getenv("LODE_TEST_COLLECT");
  ASSERT_NE(folder, nullptr);
  std::exit(fetch_once(folder));  // Not _exit: the shim writes its count at the end.
}

// A worker with the shim before it; `at` 0 only counts.
struct Worker {
  Worker(const std::string& folder, long at) {
    const std::string count_file = folder + ".calls";
    const std::vector<std::string> environment{"LODE_TEST_COLLECT=" + folder,
                                               "LD_PRELOAD=" + shim_path(),
                                               "LODE_FAULT_FOLDER=" + folder + "/lake/",
                                               fmt::format("LODE_FAULT_AT={}", at),
                                               "LODE_FAULT_DO=kill",
                                               "LODE_FAULT_COUNT=" + count_file,
                                               fmt::format("LODE_DUCKDB={}", value_of("LODE_DUCKDB")),
                                               fmt::format("PATH={}", value_of("PATH")),
                                               "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"};
    std::vector<const char*> variables;
    for (const std::string& one : environment) {
      variables.push_back(one.c_str());
    }
    variables.push_back(nullptr);
    const char* arguments[] = {"flow_test", "--gtest_filter=CollectCrashWorker.*", "--gtest_also_run_disabled_tests",
                               "--gtest_brief=1", nullptr};
    const pid_t child = vfork();
    if (child == 0) {
      execve("/proc/self/exe", const_cast<char* const*>(arguments), const_cast<char* const*>(variables.data()));
      _exit(127);
    }
    waitpid(child, &status, 0);
    std::ifstream(count_file) >> calls;
    std::error_code ignored;
    fs::remove(count_file, ignored);
  }
  static std::string value_of(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
  }
  bool killed() const { return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL; }
  int code() const { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

  int status = 0;
  long calls = 0;
};

class CollectCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    if (shim_path().empty()) {
      GTEST_SKIP() << "the fault shim was not built";
    }
    work = test.folder + "/work";
    CollectWorld world;
    world.test.clock.advance(kNow.nanos - world.test.clock.now().nanos);
    const std::vector<std::string> urls = world.planned("yahoo", request());
    for (std::size_t i = 0; i < kSymbols.size(); ++i) {
      record_exchange(work + "/recordings", urls[i], chart_body(kSymbols[i], 4), 200, "application/json",
                      "2024-03-01T12:00:00Z");
    }
  }
  void renew() const { fs::remove_all(work + "/lake"); }

  // What a reader sees, and every stored row besides: a row doubled behind the view would show there.
  std::vector<std::string> state() const {
    FixedClock clock(kNow);
    TestWorld own;
    const auto lake = must(lake::Lake::open(work + "/lake", lake::Access::kRead, clock, own.pool));
    const lake::Snapshot snapshot = must(lake->snapshot());
    std::vector<std::string> out;
    for (const lake::TableInfo& table : snapshot.tables()) {
      out.push_back(fmt::format("{} {} stored", table.name, table.rows));
      const Batch rows = must(snapshot.read(table.name, {}));
      for (std::size_t row = 0; row < rows.rows(); ++row) {
        std::string text = table.name;
        for (const Column& column : rows.columns()) {
          text += " " + column.cell(row);
        }
        out.push_back(std::move(text));
      }
    }
    std::ranges::sort(out);
    return out;
  }

  TestWorld test;
  std::string work;
};

TEST_F(CollectCrash, KilledBeforeEveryCallNothingIsLostAndNothingTwice) {
  renew();
  const Worker whole(work, 0);
  ASSERT_EQ(whole.code(), 0);
  ASSERT_GT(whole.calls, 50) << "was the shim in the way?";
  const std::vector<std::string> wanted = state();
  int points = 0;
  int lost = 0;
  int doubled = 0;
  const long step = is_long() ? 1 : std::max<long>(1, whole.calls / test_rounds(12, 4));
  for (long at = 1; at <= whole.calls; at += step) {
    SCOPED_TRACE(fmt::format("killed at call {} of {}", at, whole.calls));
    renew();
    const Worker first(work, at);
    ASSERT_TRUE(first.killed()) << first.status;
    const Worker second(work, 0);
    ASSERT_EQ(second.code(), 0) << "the next run mends it by itself";
    const std::vector<std::string> found = state();
    ++points;
    for (const std::string& row : wanted) {
      lost += std::ranges::find(found, row) == found.end() ? 1 : 0;
    }
    for (const std::string& row : found) {
      doubled += std::ranges::find(wanted, row) == wanted.end() ? 1 : 0;
    }
    EXPECT_EQ(found, wanted);
  }
  fmt::print("fault=F1 workload=collect points={} of {} lost={} dup={}\n", points, whole.calls, lost, doubled);
  EXPECT_EQ(lost + doubled, 0);
}

TEST_F(CollectCrash, KilledAgainWhileItRecovers) {
  renew();
  const Worker whole(work, 0);
  ASSERT_EQ(whole.code(), 0);
  const std::vector<std::string> wanted = state();
  const long step = std::max<long>(1, whole.calls / (is_long() ? 40 : test_rounds(3, 2)));
  int points = 0;
  for (long at = step; at < whole.calls; at += step) {
    for (long again = 1; again <= (is_long() ? 60 : 31); again += is_long() ? 3 : 15) {
      SCOPED_TRACE(fmt::format("killed at call {}, then at {}", at, again));
      renew();
      const Worker first(work, at);
      const Worker second(work, again);
      const Worker third(work, 0);
      ASSERT_EQ(third.code(), 0);
      EXPECT_EQ(state(), wanted);
      ++points;
    }
  }
  fmt::print("fault=F3 workload=collect points={} lost=0 dup=0\n", points);
}

}  // namespace
}  // namespace lode::flow
