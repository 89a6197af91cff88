// A disk without a free byte: a lake on it is read as ever, a write says that the disk is full, and once there is room
// again the same write succeeds (F6).
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fstream>

#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LakeOnFullDisk : public LakeTest {
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

  std::uint64_t free_bytes() const {
    struct statvfs found {};
    statvfs(place_.c_str(), &found);
    return std::uint64_t{found.f_bfree} * found.f_frsize;
  }
  void fill_disk(std::uint64_t but = 0) const {
    std::ofstream filler(place_ + "/filler", std::ios::binary);
    const std::string block(4096, 'x');
    while (free_bytes() > but && filler.write(block.data(), 4096).flush()) {
    }
    filler.close();
    ASSERT_EQ(free_bytes(), but);
  }
  void free_disk() const { fs::remove(place_ + "/filler"); }

  std::string place_;
};

TEST_F(LakeOnFullDisk, IsReadWithoutALog) {
  import(*open(), bars({{1, day(2021, 1, 4), 1.0}, {2, day(2021, 1, 4), 2.0}}), "a");  // Closed: the log is folded in.
  ASSERT_FALSE(fs::exists(folder + "/manifest.sqlite-wal"));
  fill_disk();
  const auto lake = open(Access::kRead);
  ASSERT_NE(lake, nullptr);
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 1", "2 2021-01-04 2"));
  EXPECT_EQ(lake->commits()->size(), 1U);
  EXPECT_THAT(lake->verify()->damaged, ElementsAre());
  EXPECT_EQ(lake->snapshot()->sql("SELECT count(*) AS n FROM bars")->column("n").int64s()[0], 2);
}

TEST_F(LakeOnFullDisk, IsReadWithWhatOnlyTheLogHolds) {
  const std::string copy = place_ + "/copy";
  {
    const auto writer = open();
    import(*writer, bars({{1, day(2021, 1, 4), 1.0}}), "a");
    import(*writer, bars({{2, day(2021, 1, 5), 2.0}}), "b");
    ASSERT_GT(stat_file(folder + "/manifest.sqlite-wal")->bytes, 0);
    fs::copy(folder, copy, fs::copy_options::recursive);  // As a killed process leaves it: with a log, nobody there.
  }
  fs::remove(copy + "/manifest.sqlite-shm");
  const std::string log = *read_file(copy + "/manifest.sqlite-wal");
  fill_disk();
  folder = copy;
  const auto lake = open(Access::kRead);
  ASSERT_NE(lake, nullptr);
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 1", "2 2021-01-05 2"));
  EXPECT_TRUE(*read_file(copy + "/manifest.sqlite-wal") == log) << "a reader leaves the log as it is";
}

TEST_F(LakeOnFullDisk, RefusesAWriteAndTakesItOnceThereIsRoom) {
  import(*open(), bars({{1, day(2021, 1, 4), 1.0}}), "a");
  fill_disk();
  for (const Access access : {Access::kWrite, Access::kCreate}) {
    const auto refused = Lake::open(folder, access, clock, pool);
    ASSERT_EQ(number_of(refused), E::E8006) << (refused ? "opened" : render(refused.error()));
    EXPECT_THAT(refused.error().message(), HasSubstr("the disk is full at "));
  }
  const auto fresh = Lake::open(place_ + "/other", Access::kCreate, clock, pool);
  EXPECT_EQ(number_of(fresh), E::E8006) << (fresh ? "opened" : render(fresh.error()));
  free_disk();
  const auto lake = open(Access::kWrite);
  import(*lake, bars({{2, day(2021, 1, 4), 2.0}}), "b");
  EXPECT_EQ(read(*lake->snapshot()).rows(), 2U);
}

// Wherever the room ends while a lake is made, a lake is there and whole, or none is: a manifest in the place of one
// whose log was left behind could never be read again.
TEST_F(LakeOnFullDisk, ANewLakeIsWholeOrIsNone) {
  constexpr std::uint64_t kPagesEnough = 100;
  int refused = 0;
  int opened = 0;
  for (std::uint64_t pages = 0; pages < kPagesEnough; ++pages) {
    SCOPED_TRACE(fmt::format("{} pages are free", pages));
    fill_disk(pages * 4096);
    const auto made = Lake::open(folder, Access::kCreate, clock, pool);
    ++(made ? opened : refused);
    EXPECT_TRUE(made || number_of(made) == E::E8006) << render(made.error());
    free_disk();
    const auto lake = Lake::open(folder, Access::kCreate, clock, pool);
    ASSERT_TRUE(lake.has_value()) << render(lake.error());
    EXPECT_TRUE((*lake)->verify()->damaged.empty());
    fs::remove_all(folder);
  }
  EXPECT_GT(refused, 10);
  EXPECT_GT(opened, 10);
  fmt::print("fault=F6 workload=new points={0} of={0} lost=0 dup=0 refused={1}\n", kPagesEnough, refused);
}

TEST_F(LakeOnFullDisk, AReaderSeesTheWriterThatWasThereBefore) {
  const auto writer = open();
  import(*writer, bars({{1, day(2021, 1, 4), 1.0}}), "a");
  fill_disk();  // The writer's shared memory is there: nothing has to be made.
  EXPECT_EQ(read(*open(Access::kRead)->snapshot()).rows(), 1U);
  auto pending = writer->writer();
  const auto outcome = pending->append("bars", bars({{2, day(2021, 1, 4), 2.0}}), clock.now());
  EXPECT_EQ(number_of(outcome), E::E8006) << (outcome ? "no error" : render(outcome.error()));
}

TEST_F(LakeTest, ACopyInMemoryIsRefusedWhileSomebodyWrites) {
  import(*open(), bars({{1, day(2021, 1, 4), 1.0}}), "a");
  const auto copy = Database::open_in_memory(folder + "/manifest.sqlite");
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(*last_commit(**copy), 1);
  import(*open(), bars({{2, day(2021, 1, 4), 1.0}}), "b");
  EXPECT_EQ(*last_commit(**copy), 1) << "the copy stays what it was";
  EXPECT_FALSE((*copy)->execute("DELETE FROM commits").has_value());
  EXPECT_EQ(number_of(Database::open_in_memory(folder + "/nothing.sqlite")), E::E8);
}

}  // namespace
}  // namespace lode::lake::testing
