// Death at every call by which a fetch changes files: of archive, queue, books, lake and cursor alike. Afterwards the
// same command is run once without harm, and the lake must hold what an undisturbed run leaves: nothing lost, nothing
// twice.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <new>

#include "lode/base/test_rounds.h"
#include "lode/flow/steps/collect/crash_testing.h"

namespace lode::flow::testing {
namespace {

// One fetch over the recordings of `folder`; the number of what kept it from ending well, with its text in a file.
int fetch_once(const std::string& folder) {
  const auto told = [&](const Error& error, int code) {
    std::ofstream(folder + ".error") << render(error);
    return code;
  };
  TestWorld test;
  FixedClock clock(Time{kCrashNow.nanos + getpid()});  // Within the second that the recordings were planned in.
  const auto replay = net::ReplayHttp::open(std::vector<std::string>{folder + "/recordings"});
  if (!replay) {
    return told(replay.error(), 10);
  }
  World world{clock, test.archive, **replay, test.log, test.metrics, test.pool, test.config, folder + "/lake", {}, {}};
  const auto collector = Collector::open(world, *must(find_source("yahoo")), crash_request());
  if (!collector) {
    return told(collector.error(), 11);
  }
  const auto report = (*collector)->fetch(false);
  if (!report) {
    return told(report.error(), 12);
  }
  const auto finding = collect_finding(*report, 0.0);
  return finding ? told(*finding, 13) : report->left == 0 ? 0 : 14;
}

TEST(CollectCrashWorker, DISABLED_Fetch) {
  const char* const folder = std::getenv("LODE_TEST_COLLECT");
  ASSERT_NE(folder, nullptr);
  int code = 15;  // The door turns it into E9002.
  try {
    code = fetch_once(folder);
  } catch (const std::bad_alloc&) {
  }
  std::exit(code);  // Not _exit: the shim writes its count at the end.
}

class CollectCrash : public Crashes {
 protected:
  // Tries points 1, 1 + step, ...; the first run must end by the hindrance where `must_die`.
  void campaign(const char* fault, const char* what, int sampled, bool must_die) {
    long calls = 0;
    const std::vector<std::string> wanted = undisturbed(&calls);
    Found found;
    const long step = is_long() ? 1 : std::max<long>(1, calls / test_rounds(sampled, 4));
    for (long at = 1; at <= calls; at += step) {
      SCOPED_TRACE(fmt::format("{} at call {} of {}", what, at, calls));
      renew();
      const FetchWorker first(work, {what, at});
      ASSERT_TRUE(first.killed() || (!must_die && first.code() == 0)) << first.status << first.error;
      const FetchWorker second(work);
      ASSERT_EQ(second.code(), 0) << "the next run mends it by itself: " << second.error;
      const std::vector<std::string> rows = state();
      ++found.points;
      found.compare(wanted, rows);
      EXPECT_EQ(rows, wanted);
    }
    fmt::print("fault={} workload=collect points={} of={} lost={} dup={}\n", fault, found.points, calls, found.lost,
               found.doubled);
    EXPECT_EQ(found.lost + found.doubled, 0);
  }
};

TEST_F(CollectCrash, KilledBeforeEveryCallNothingIsLostAndNothingTwice) { campaign("F1", "kill", 12, true); }

TEST_F(CollectCrash, KilledInTheMiddleOfAWrite) { campaign("F4-torn", "torn", 8, false); }

TEST_F(CollectCrash, KilledAgainWhileItRecovers) {
  long calls = 0;
  const std::vector<std::string> wanted = undisturbed(&calls);
  const long step = std::max<long>(1, calls / (is_long() ? 40 : test_rounds(3, 2)));
  Found found;
  for (long at = step; at < calls; at += step) {
    for (long again = 1; again <= (is_long() ? 60 : 31); again += is_long() ? 3 : 15) {
      SCOPED_TRACE(fmt::format("killed at call {}, then at {}", at, again));
      renew();
      const FetchWorker first(work, {"kill", at});
      const FetchWorker second(work, {"kill", again});
      const FetchWorker third(work);
      ASSERT_EQ(third.code(), 0) << third.error;
      const std::vector<std::string> rows = state();
      ++found.points;
      found.compare(wanted, rows);
      EXPECT_EQ(rows, wanted);
    }
  }
  fmt::print("fault=F3 workload=collect points={} lost={} dup={}\n", found.points, found.lost, found.doubled);
}

}  // namespace
}  // namespace lode::flow::testing
