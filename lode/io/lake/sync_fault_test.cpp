// The k-th fsync of an import answers EIO once (F5): the import fails or was complete, nothing is there in part, the
// same part is never synced again in hope, and the same import again completes it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>

#include "lode/io/lake/files.h"
#include "lode/io/lake/testing.h"

namespace {

std::atomic<int> sync_countdown{0};  // 1: the next one fails; 0: all work.
std::mutex sync_mutex;
std::vector<std::string> sync_paths;  // Of every call since the countdown was set; the failed one is marked.

int sync_or_fail(long call, int descriptor) {
  char path[4096] = {};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t size = readlink(link.c_str(), path, sizeof path - 1);
  const bool fails = sync_countdown.load() > 0 && sync_countdown.fetch_sub(1) == 1;
  {
    const std::lock_guard guard(sync_mutex);
    sync_paths.push_back((fails ? "!" : "") + std::string(path, size < 0 ? 0 : static_cast<std::size_t>(size)));
  }
  if (fails) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(call, descriptor));
}

}  // namespace

// The program's own definitions stand before the C library's for everything in the process, SQLite included.
extern "C" __attribute__((visibility("default"))) int fsync(int descriptor) {
  return sync_or_fail(SYS_fsync, descriptor);
}
extern "C" __attribute__((visibility("default"))) int fdatasync(int descriptor) {
  return sync_or_fail(SYS_fdatasync, descriptor);
}

namespace lode::lake::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

class SyncFault : public LakeTest {
 protected:
  static void arm(int k) {
    const std::lock_guard guard(sync_mutex);
    sync_paths.clear();
    sync_countdown = k;
  }
  // True when the countdown ran out: an fsync failed.
  static bool disarm() { return sync_countdown.exchange(0) == 0; }

  Batch rows() const { return bars({{1, day(2021, 1, 4), 2.0}, {2, day(2022, 1, 4), 2.0}}); }

  Result<CommitInfo> try_import() {
    LODE_TRY(const auto lake, Lake::open(folder, Access::kCreate, clock, pool));
    LODE_TRY(Writer writer, lake->writer());
    LODE_CHECK(writer.append("bars", rows(), clock.now()));
    return writer.commit("two", "data import", {});
  }
};

TEST_F(SyncFault, EverySiteFailsOnceAndNothingIsLostOrHalf) {
  int sites = 0;
  for (int k = 1;; ++k) {
    std::filesystem::remove_all(folder);
    import(*open(), bars({{1, day(2021, 1, 4), 1.0}}), "one");
    arm(k);
    const auto done = try_import();
    if (!disarm()) {
      ASSERT_TRUE(done.has_value());
      break;  // Past the last one.
    }
    ++sites;
    const auto failed = std::ranges::find_if(sync_paths, [](const std::string& path) { return path.front() == '!'; });
    ASSERT_NE(failed, sync_paths.end());
    SCOPED_TRACE(*failed);
    if (!done) {
      EXPECT_EQ(exit_code(done.error().number()) != 0, true);
      EXPECT_THAT(render(done.error()), ::testing::Not(::testing::HasSubstr("errno")));
    }
    if (failed->ends_with(".tmp")) {
      EXPECT_FALSE(done.has_value()) << "bytes that may be gone are never acknowledged";
      EXPECT_EQ(std::ranges::count(sync_paths, failed->substr(1)), 0) << "the kernel may have dropped those pages";
    }
    const auto lake = open(Access::kWrite);
    ASSERT_NE(lake, nullptr);
    const auto held = lines(read(*lake->snapshot()));
    const bool all = lake->commits()->size() == 2;
    EXPECT_EQ(held, all ? std::vector<std::string>({"1 2021-01-04 2", "2 2022-01-04 2"})
                        : std::vector<std::string>({"1 2021-01-04 1"}));
    EXPECT_TRUE(all || !done) << "what was acknowledged is there";
    import(*lake, rows(), "two");
    EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 2", "2 2022-01-04 2"));
    EXPECT_THAT(lake->verify()->damaged, IsEmpty());
  }
  EXPECT_GE(sites, 6) << "two parts, their folders, the manifest: was the shim in the way of all of them?";
  fmt::print("fault=F5 workload=lake points={} of={} lost=0 dup=0\n", sites, sites);
}

TEST_F(SyncFault, ACommitOfUnknownOutcomeKeepsItsPartsAndMayBeTriedAgain) {
  int uncertain = 0;
  for (int k = 1;; ++k) {
    std::filesystem::remove_all(folder);
    const auto lake = open();
    import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "one");
    auto writer = lake->writer();
    ASSERT_TRUE(writer->append("bars", rows(), clock.now()).has_value());
    arm(k);
    const auto done = writer->commit("two", "data import", {});
    if (!disarm()) {
      break;  // Past the last one.
    }
    if (done) {
      continue;
    }
    ++uncertain;
    const std::vector<std::string> files = list_files(folder + "/tables");
    EXPECT_EQ(files.size(), 3U) << "the log may still bring the commit back after a crash, and it needs its parts";
    const auto again = writer->commit("two", "data import", {});
    ASSERT_TRUE(again.has_value()) << render(again.error());
    EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 2", "2 2022-01-04 2"));
    EXPECT_THAT(lake->verify()->damaged, IsEmpty());
  }
  EXPECT_GE(uncertain, 1) << "was the shim in the way of the log?";
}

TEST_F(SyncFault, AWriterGivenUpAfterAnUncertainCommitLeavesItsParts) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "one");
  bool failed = false;
  for (int k = 1; k < 8 && !failed; ++k) {
    auto writer = lake->writer();
    ASSERT_TRUE(writer->append("bars", rows(), clock.now()).has_value());
    arm(k);
    failed = !writer->commit("two", "data import", {}).has_value();
    disarm();
  }
  ASSERT_TRUE(failed);
  EXPECT_EQ(list_files(folder + "/tables").size(), 3U);
}

TEST_F(SyncFault, TheShimSeesPartsAndTheManifest) {
  arm(0);
  import(*open(), rows(), "one");
  EXPECT_THAT(sync_paths, Contains(EndsWith(".parquet.tmp")));
  EXPECT_THAT(sync_paths, Contains(EndsWith("manifest.sqlite-wal")));
  EXPECT_THAT(sync_paths, Contains(EndsWith("year=2021")));
}

}  // namespace
}  // namespace lode::lake::testing
