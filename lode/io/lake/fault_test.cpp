// What the world does to a lake: flipped bits, cut files, full disks, read-only folders, newer versions, held locks.
// Each is an error with a number and a place, and what was stored stays readable.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

void flip_bit(const std::string& path, std::uint64_t bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(bit / 8));
  const auto byte = static_cast<char>(file.get());
  file.seekp(static_cast<std::streamoff>(bit / 8));
  file.put(static_cast<char>(byte ^ static_cast<char>(1 << (bit % 8))));
}

class LakeFaults : public LakeTest {
 protected:
  std::string first_part() {
    const auto lake = open(Access::kRead);
    return lake->snapshot()->parts("bars")[0].path;
  }
  void fill() { import(*open(), bars({{1, day(2021, 1, 4), 1.0}, {2, day(2022, 1, 4), 2.0}}), "a"); }

  // Runs `task` in a child without the rights of root; its exit code.
  template <class Task>
  int as_nobody(const Task& task) {
    const pid_t child = fork();
    if (child == 0) {
      if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
        _exit(99);
      }
      _exit(task());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

TEST_F(LakeFaults, AFlippedBitOfAPartIsNamedAndNeverServed) {
  fill();
  const std::string part = first_part();
  const std::uint64_t bits = static_cast<std::uint64_t>(stat_file(folder + "/" + part)->bytes) * 8;
  Random random(1, 1);
  const int flips = std::getenv("LODE_TEST_LONG") != nullptr ? 2'000 : test_rounds(40);
  for (int i = 0; i < flips; ++i) {
    const std::uint64_t bit = random.next_below(bits);
    flip_bit(folder + "/" + part, bit);
    const auto lake = open(Access::kRead);
    const auto rows = lake->snapshot()->read("bars", {});
    ASSERT_EQ(number_of(rows), E::E8005) << bit;
    EXPECT_THAT(rows.error().message(), HasSubstr(part));
    EXPECT_EQ(number_of(lake->snapshot()->sql("SELECT * FROM bars")), E::E8005);
    EXPECT_THAT(lake->verify()->damaged, ElementsAre(part + ": hash differs"));
    EXPECT_EQ(lake->snapshot()->read("bars", {.from = day(2022, 1, 1)})->rows(), 1U);  // The other part still serves.
    flip_bit(folder + "/" + part, bit);
  }
  EXPECT_EQ(read(*open(Access::kRead)->snapshot()).rows(), 2U);
  fmt::print("fault=F7 workload=lake points={} lost=0 dup=0 silent=0 named={}\n", flips, flips);
}

TEST_F(LakeFaults, ACutEmptyLongerOrMissingPartIsNamed) {
  fill();
  const std::string part = first_part();
  const std::string bytes = *read_file(folder + "/" + part);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, bytes.size() / 2, bytes.size() - 1, bytes.size() + 1}) {
    std::ofstream(folder + "/" + part, std::ios::binary) << (bytes + "x").substr(0, size);
    const auto rows = open(Access::kRead)->snapshot()->read("bars", {});
    ASSERT_EQ(number_of(rows), E::E8005);
    EXPECT_THAT(rows.error().message(), HasSubstr(part));
  }
  fs::remove(folder + "/" + part);
  const auto lake = open(Access::kRead);
  EXPECT_EQ(number_of(lake->snapshot()->read("bars", {})), E::E8005);
  EXPECT_THAT(lake->verify()->damaged, ElementsAre(part + ": missing"));
  fmt::print("fault=F8 workload=lake points=6 lost=0 dup=0 silent=0 named=6\n");
}

TEST_F(LakeFaults, AnAppendThatMeetsADamagedPartFails) {
  fill();
  flip_bit(folder + "/" + first_part(), 999);
  const auto lake = open(Access::kWrite);
  auto writer = lake->writer();
  EXPECT_EQ(number_of(writer->append("bars", bars({{1, day(2021, 1, 4), 1.0}}), clock.now())), E::E8005);
}

TEST_F(LakeFaults, NoLakeIsSaidSo) {
  EXPECT_EQ(number_of(Lake::open(folder, Access::kRead, clock, pool)), E::E8001);
  EXPECT_EQ(number_of(Lake::open(folder, Access::kWrite, clock, pool)), E::E8001);
  fs::create_directories(folder);
  std::ofstream(folder + "/manifest.sqlite").flush();  // Whoever made it died at once.
  EXPECT_EQ(number_of(Lake::open(folder, Access::kRead, clock, pool)), E::E8001);
  EXPECT_NE(open(Access::kCreate), nullptr);
}

TEST_F(LakeFaults, ADamagedManifestIsSaidSo) {
  fill();
  const std::string manifest = folder + "/manifest.sqlite";
  const std::string good = *read_file(manifest);
  std::ofstream(manifest, std::ios::binary) << "this is not a database, it is a sentence of some length";
  EXPECT_EQ(number_of(Lake::open(folder, Access::kRead, clock, pool)), E::E8007);
  std::ofstream(manifest, std::ios::binary) << good.substr(0, good.size() / 2);
  const auto half = Lake::open(folder, Access::kRead, clock, pool);
  EXPECT_TRUE(number_of(half) == E::E8007 || number_of((*half)->snapshot()) == E::E8007 ||
              number_of((*half)->verify()) == E::E8007);
  std::ofstream(manifest, std::ios::binary) << good;
  EXPECT_EQ(read(*open(Access::kRead)->snapshot()).rows(), 2U);
}

TEST_F(LakeFaults, AChangedValueInAManifestRowIsNoticed) {
  fill();
  {
    const auto lake = open(Access::kWrite);
    ASSERT_TRUE(
        lake->impl().manifest()->execute("UPDATE parts SET date_max = date_max - 500 WHERE id = 2").has_value());
  }
  const auto lake = open(Access::kRead);
  const auto snapshot = lake->snapshot();
  EXPECT_EQ(number_of(snapshot), E::E8007);
  EXPECT_THAT(snapshot.error().message(), HasSubstr("part 2"));
  EXPECT_EQ(number_of(lake->verify()), E::E8007);
}

TEST_F(LakeFaults, ALakeOfANewerVersionIsNotTouched) {
  fill();
  {
    const auto lake = open(Access::kWrite);
    ASSERT_TRUE(
        lake->impl().manifest()->execute("UPDATE meta SET value = '2' WHERE name = 'format_version'").has_value());
  }
  for (const Access access : {Access::kRead, Access::kWrite, Access::kCreate}) {
    const auto lake = Lake::open(folder, access, clock, pool);
    EXPECT_EQ(number_of(lake), E::E8002);
    EXPECT_THAT(lake.error().message(), HasSubstr("version 2"));
  }
}

TEST_F(LakeFaults, AHeldLockIsNamedAfterAWait) {
  fill();
  const auto held = CommitLock::acquire(folder);
  ASSERT_TRUE(held.has_value());
  const auto second = CommitLock::acquire(folder, 0.05);
  ASSERT_EQ(number_of(second), E::E8003);
  EXPECT_THAT(second.error().message(), HasSubstr("process " + std::to_string(getpid()) + " on "));
}

TEST_F(LakeFaults, ALockGoesWithItsHolder) {
  fill();
  { const auto held = CommitLock::acquire(folder); }
  EXPECT_TRUE(CommitLock::acquire(folder, 0.05).has_value());
}

TEST_F(LakeFaults, ACommitWaitsForTheLock) {
  fill();
  const auto lake = open(Access::kWrite);
  auto writer = lake->writer();
  ASSERT_TRUE(writer->append("bars", bars({{3, day(2021, 1, 4), 1.0}}), clock.now()).has_value());
  auto held = std::make_unique<CommitLock>(std::move(*CommitLock::acquire(folder)));
  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    held.reset();
  });
  EXPECT_TRUE(writer->commit("b", "data import", {}).has_value());
  release.join();
}

TEST_F(LakeFaults, WhoWaitsIsToldForWhomAndMayStop) {
  fill();
  const auto lake = open(Access::kWrite);
  auto writer = lake->writer();
  ASSERT_TRUE(writer->append("bars", bars({{3, day(2021, 1, 4), 1.0}}), clock.now()).has_value());
  auto held = std::make_unique<CommitLock>(std::move(*CommitLock::acquire(folder)));
  std::vector<std::string> told;
  lake->on_wait([&](std::string_view holder) {
    told.emplace_back(holder);
    return false;
  });
  EXPECT_EQ(number_of(writer->commit("b", "data import", {})), E::E10);
  ASSERT_EQ(told.size(), 1U) << "its no ends the wait";
  EXPECT_THAT(told[0], HasSubstr("process " + std::to_string(getpid()) + " on "));
  lake->on_wait([&](std::string_view) {
    held.reset();
    return true;
  });
  EXPECT_TRUE(writer->commit("b", "data import", {}).has_value()) << "the rows are still at hand";
}

TEST_F(LakeFaults, AFailedSecondJudgementLosesNothing) {
  const auto lake = open();
  auto writer = lake->writer();
  ASSERT_TRUE(writer->append("bars", bars({{1, day(2021, 1, 4), 1.0}}), clock.now()).has_value());
  ASSERT_TRUE(writer->append("bars", bars({{1, day(2022, 1, 4), 3.0}}), clock.now()).has_value());
  import(*lake, bars({{1, day(2021, 1, 4), 2.0}, {2, day(2022, 1, 4), 2.0}}), "other");
  const std::string part = folder + "/" + lake->snapshot()->parts("bars")[1].path;
  flip_bit(part, 2000);  // Both appends met the other import; the second cannot be judged.
  EXPECT_EQ(number_of(writer->commit("b", "data import", {})), E::E8005);
  EXPECT_EQ(lake->commits()->size(), 1U);
  flip_bit(part, 2000);
  ASSERT_TRUE(writer->commit("b", "data import", {}).has_value());
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 1", "1 2022-01-04 3", "2 2022-01-04 2"));
  EXPECT_EQ(list_files(folder + "/tables").size(), 4U);  // What was judged anew left nothing behind.
}

TEST_F(LakeFaults, AReaderCannotWrite) {
  fill();
  const auto lake = open(Access::kRead);
  EXPECT_FALSE(lake->writable());
  EXPECT_EQ(number_of(lake->writer()), E::E8004);
  EXPECT_EQ(number_of(lake->revert(1)), E::E8004);
  EXPECT_EQ(number_of(lake->compact("bars")), E::E8004);
  EXPECT_EQ(number_of(lake->vacuum(true)), E::E8004);
  EXPECT_TRUE(lake->vacuum(false).has_value());
  EXPECT_EQ(number_of(make_archive(*lake, clock)->put("x", "y", "{}")), E::E8004);
}

// In the child only exit codes travel: each check has its own.
TEST_F(LakeFaults, AReadOnlyFolderIsReadAndNotWritten) {
  fill();
  fs::permissions(root, fs::perms::all);
  ASSERT_EQ(std::system(("chmod -R a+rX,a-w '" + folder + "'").c_str()), 0);
  const int code = as_nobody([&] {
    Pool one(1);
    const auto refused = Lake::open(folder, Access::kWrite, clock, one);
    if (number_of(refused) != E::E8004) {
      return 2;
    }
    const auto lake = Lake::open(folder, Access::kRead, clock, one);
    if (!lake) {
      return 3;
    }
    const auto snapshot = (*lake)->snapshot();
    return snapshot && snapshot->parts("bars").size() == 2 ? 0 : 4;
  });
  ASSERT_EQ(std::system(("chmod -R u+w '" + folder + "'").c_str()), 0);
  EXPECT_EQ(code, 0);
  EXPECT_FALSE(fs::exists(folder + "/manifest.sqlite-shm"));
}

TEST_F(LakeFaults, AReadOnlyFolderWithALogShowsWhatTheLogHolds) {
  const auto writer = open();  // Stays open: its log is not folded into the manifest.
  import(*writer, bars({{1, day(2021, 1, 4), 1.0}, {2, day(2022, 1, 4), 2.0}}), "a");
  ASSERT_GT(stat_file(folder + "/manifest.sqlite-wal")->bytes, 0);
  const std::string copy = root + "/copy";
  fs::copy(folder, copy, fs::copy_options::recursive);
  fs::remove(copy + "/manifest.sqlite-shm");
  fs::permissions(root, fs::perms::all);
  ASSERT_EQ(std::system(("chmod -R a+rX,a-w '" + copy + "'").c_str()), 0);
  const int code = as_nobody([&] {
    Pool one(1);
    const auto lake = Lake::open(copy, Access::kRead, clock, one);
    if (!lake) {
      return 3;
    }
    const auto snapshot = (*lake)->snapshot();
    return snapshot && snapshot->parts("bars").size() == 2 ? 0 : 4;
  });
  ASSERT_EQ(std::system(("chmod -R u+w '" + copy + "'").c_str()), 0);
  EXPECT_EQ(code, 0);
}

class LakeOnSmallDisk : public LakeFaults {
 protected:
  void SetUp() override {
    place_ = root + "/disk";
    fs::create_directories(place_);
    if (mount("none", place_.c_str(), "tmpfs", 0, "size=1m") != 0) {
      GTEST_SKIP() << "mounting a small disk is not allowed here";
    }
    folder = place_ + "/lake";
  }
  void TearDown() override { umount2(place_.c_str(), MNT_DETACH); }

  static Batch many(int seed) {
    std::vector<BarLine> out;
    Random random(static_cast<std::uint64_t>(seed), 1);
    for (std::uint64_t i = 0; i < 40'000; ++i) {
      out.push_back({i + 1'000'000 * static_cast<std::uint64_t>(seed), day(2021, 1, 4), random.next_uniform()});
    }
    return bars(out);
  }
  std::string place_;
};

TEST_F(LakeOnSmallDisk, AFullDiskIsAnErrorAndReadsGoOn) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "a");
  auto writer = lake->writer();
  Result<AppendOutcome> outcome;
  int appended = 0;
  while (appended < 10 && (outcome = writer->append("bars", many(appended + 1), clock.now()))) {
    ++appended;
  }
  ASSERT_EQ(number_of(outcome), E::E8006) << (outcome ? "no error" : render(outcome.error()));
  EXPECT_THAT(render(outcome.error()), Not(HasSubstr("errno")));
  EXPECT_EQ(read(*lake->snapshot()).rows(), 1U);
  EXPECT_EQ(read(*open(Access::kRead)->snapshot()).rows(), 1U);
  { const Writer gone = std::move(*writer); }  // Its parts go, and with them the need.
  import(*lake, bars({{2, day(2021, 1, 4), 1.0}}), "b");
  EXPECT_EQ(read(*lake->snapshot()).rows(), 2U);
  for (const std::string& file : list_files(folder + "/tables")) {
    EXPECT_THAT(file, Not(HasSubstr(".tmp")));
  }
  fmt::print("fault=F6 workload=lake points=1 lost=0 dup=0\n");
}

TEST_F(LakeOnSmallDisk, AFullDiskAtTheManifestIsTheSame) {
  const auto lake = open();
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "a");
  auto writer = lake->writer();
  ASSERT_TRUE(writer->append("bars", bars({{2, day(2021, 1, 4), 1.0}}), clock.now()).has_value());
  std::ofstream filler(place_ + "/filler", std::ios::binary);
  const std::string block(4096, 'x');
  while (filler.write(block.data(), 4096).flush()) {
  }
  filler.close();
  // A long note needs pages that are not there.
  Value note = Value::object();
  note.set("files", std::string(200'000, 'n'));
  const auto commit = writer->commit("b", "data import", note);
  ASSERT_EQ(number_of(commit), E::E8006) << (commit ? "no error" : render(commit.error()));
  EXPECT_EQ(read(*lake->snapshot()).rows(), 1U);
  fs::remove(place_ + "/filler");
  ASSERT_TRUE(writer->commit("b", "data import", note).has_value());  // The rows are still at hand.
  EXPECT_EQ(read(*lake->snapshot()).rows(), 2U);
  fmt::print("fault=F6 workload=lake points=1 lost=0 dup=0\n");
}

TEST_F(LakeOnSmallDisk, TheArchiveNamesAFullDisk) {
  const auto lake = open();
  const auto archive = make_archive(*lake, clock);
  Random random(1, 1);
  std::string noise(2'000'000, '\0');
  for (char& c : noise) {
    c = static_cast<char>(random.next_bits());
  }
  EXPECT_EQ(number_of(archive->put("test", noise, "{}")), E::E8006);
  EXPECT_TRUE(archive->put("test", "small", "{}").has_value());
}

}  // namespace
}  // namespace lode::lake::testing
