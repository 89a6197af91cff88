// A fetch in a process of its own, with a shim (test/fault) before it: killed, torn, refused a
// sync, a byte of disk or of memory at the k-th call. Afterwards the same command is run without harm, and the lake
// must hold what an undisturbed run leaves. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "lode/flow/steps/collect/testing.h"

namespace lode::flow::testing {

inline const std::vector<std::string> kCrashSymbols = {"AAA", "BBB", "CCC"};
inline const Time kCrashNow = must(parse_as_of("2024-03-01T12:00:00Z"));

inline bool is_long() { return std::getenv("LODE_TEST_LONG") != nullptr; }

// Of a shim beside this program, "fault" or "memory"; empty when it was not built.
inline std::string shim_path(const std::string& name = "fault") {
  std::error_code failed;
  const auto path =
      std::filesystem::read_symlink("/proc/self/exe", failed).parent_path() / ("liblode_" + name + "_shim.so");
  return std::filesystem::exists(path, failed) ? path.string() : std::string();
}

// With a first day, so that a fetch behind a finished one asks the same again.
inline source::FetchRequest crash_request() {
  source::FetchRequest out = named(kCrashSymbols);
  out.from = Date::from_civil(1950, 1, 1);
  return out;
}

// How a worker is hindered: "kill", "torn", "eio", "full" or "memory", at the k-th call; 0 counts only.
struct Hindrance {
  std::string what = "kill";
  long at = 0;
  std::string worker = "CollectCrashWorker.*";  // The test that is run in the process.
};

// Starts a fetch, waits for its end, and keeps what it said.
struct FetchWorker {
  explicit FetchWorker(const std::string& folder, const Hindrance& hindrance = {}) {
    const std::string count_file = folder + ".calls";
    const std::string error_file = folder + ".error";
    std::error_code ignored;
    std::filesystem::remove(error_file, ignored);
    if (hindrance.what == "full") {
      std::ofstream(count_file) << "0";  // While it stands there, the disk is full from the k-th write on.
    }
    const std::vector<std::string> environment{
        "LODE_TEST_COLLECT=" + folder,
        "LD_PRELOAD=" + shim_path(hindrance.what == "memory" ? "memory" : "fault"),
        "LODE_FAULT_FOLDER=" + folder + "/lake/",
        fmt::format("LODE_FAULT_AT={}", hindrance.at),
        "LODE_FAULT_DO=" + hindrance.what,
        "LODE_FAULT_COUNT=" + count_file,
        fmt::format("LODE_DUCKDB={}", value_of("LODE_DUCKDB")),
        fmt::format("PATH={}", value_of("PATH")),
        "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"};
    std::vector<const char*> variables;
    for (const std::string& one : environment) {
      variables.push_back(one.c_str());
    }
    variables.push_back(nullptr);
    const std::string filter = "--gtest_filter=" + hindrance.worker;
    const char* arguments[] = {"flow_test", filter.c_str(), "--gtest_also_run_disabled_tests", "--gtest_brief=1",
                               nullptr};
    const pid_t child = vfork();
    if (child == 0) {
      execve("/proc/self/exe", const_cast<char* const*>(arguments), const_cast<char* const*>(variables.data()));
      _exit(127);
    }
    waitpid(child, &status, 0);
    std::ifstream(count_file) >> calls;
    std::filesystem::remove(count_file, ignored);
    std::ostringstream text;
    text << std::ifstream(error_file).rdbuf();
    error = text.str();
  }
  static std::string value_of(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
  }
  bool killed() const { return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL; }
  bool aborted() const { return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT; }
  int code() const { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

  int status = 0;
  long calls = 0;
  std::string error;  // As a person would read it; "" when the fetch served everything.
};

// What campaigns find; `lost` and `doubled` count rows and must be 0.
struct Found {
  int points = 0, lost = 0, doubled = 0;

  void compare(const std::vector<std::string>& wanted, const std::vector<std::string>& found) {
    for (const std::string& row : wanted) {
      lost += std::ranges::find(found, row) == found.end() ? 1 : 0;
    }
    for (const std::string& row : found) {
      doubled += std::ranges::find(wanted, row) == wanted.end() ? 1 : 0;
    }
  }
};

// A folder with recordings and, after a worker, a lake.
class Crashes : public ::testing::Test {
 protected:
  void SetUp() override {
    if (shim_path().empty()) {
      GTEST_SKIP() << "the fault shim was not built";
    }
    work = test.folder + "/work";
    CollectWorld world;
    world.test.clock.advance(kCrashNow.nanos - world.test.clock.now().nanos);
    const std::vector<std::string> urls = world.planned("yahoo", crash_request());
    for (std::size_t i = 0; i < kCrashSymbols.size(); ++i) {
      record_exchange(work + "/recordings", urls[i], chart_body(kCrashSymbols[i], 4), 200, "application/json",
                      "2024-03-01T12:00:00Z");
    }
  }
  void renew() const { std::filesystem::remove_all(work + "/lake"); }

  // What a reader sees, and every stored row besides: a row doubled behind the view would show there. Nothing when the
  // lake cannot be read; `why` then has the reason.
  std::optional<std::vector<std::string>> look(std::string* why = nullptr) const {
    const auto failed = [&](const Error& error) {
      if (why != nullptr) {
        *why = render(error);
      }
      return std::nullopt;
    };
    FixedClock clock(kCrashNow);
    TestWorld own;
    const auto lake = lake::Lake::open(work + "/lake", lake::Access::kRead, clock, own.pool);
    if (!lake) {
      return failed(lake.error());
    }
    const auto snapshot = (*lake)->snapshot();
    if (!snapshot) {
      return failed(snapshot.error());
    }
    std::vector<std::string> out;
    for (const lake::TableInfo& table : snapshot->tables()) {
      out.push_back(fmt::format("{} {} stored", table.name, table.rows));
      const auto rows = snapshot->read(table.name, {});
      if (!rows) {
        return failed(rows.error());
      }
      for (std::size_t row = 0; row < rows->rows(); ++row) {
        std::string text = table.name;
        for (const Column& column : rows->columns()) {
          text += " " + column.cell(row);
        }
        out.push_back(std::move(text));
      }
    }
    std::ranges::sort(out);
    return out;
  }
  std::vector<std::string> state() const {
    std::string why;
    auto out = look(&why);
    EXPECT_TRUE(out) << why;
    return out.value_or(std::vector<std::string>());
  }

  // An undisturbed fetch: the rows it leaves.
  std::vector<std::string> undisturbed(long* calls = nullptr) const {
    renew();
    const FetchWorker whole(work);
    EXPECT_EQ(whole.code(), 0) << whole.error;
    EXPECT_GT(whole.calls, 50) << "was the shim in the way?";
    if (calls != nullptr) {
      *calls = whole.calls;
    }
    return state();
  }

  TestWorld test;
  std::string work;
};

}  // namespace lode::flow::testing
