// Revert, compaction, verify, vacuum, backup and restore: nothing a reader needs is ever lost.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/multiset.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LakeUpkeep : public LakeTest {
 protected:
  LakeUpkeep() : lake(open()) {}

  // Three commits: a first version, another year and instrument, a correction of the first.
  void fill() {
    import(*lake, bars({{1, day(2021, 1, 4), 1.0}, {1, day(2021, 1, 5), 2.0}}), "a");
    import(*lake, bars({{2, day(2021, 1, 4), 5.0}, {2, day(2022, 1, 4), 6.0}}), "b");
    received = clock.now();
    import(*lake, bars({{1, day(2021, 1, 4), 9.0}}), "c", received);
  }
  std::vector<std::string> now() { return lines(read(*lake->snapshot())); }
  void make_old(const std::string& path) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(24 * 365 * 5));
  }

  std::unique_ptr<Lake> lake;
  Time received;
};

TEST_F(LakeUpkeep, RevertHidesACommitAndOlderSnapshotsStillSeeIt) {
  fill();
  const auto info = lake->revert(3);
  ASSERT_TRUE(info.has_value()) << render(info.error());
  EXPECT_EQ(info->id, 4);
  EXPECT_EQ(info->note.find("reverts")->as_int(), 3);
  EXPECT_THAT(now(), ElementsAre("1 2021-01-04 1", "1 2021-01-05 2", "2 2021-01-04 5", "2 2022-01-04 6"));
  EXPECT_EQ(lines(read(*lake->snapshot(3)))[0], "1 2021-01-04 9");
  EXPECT_TRUE((*lake->commits())[2].reverted);
  EXPECT_FALSE((*lake->commits())[1].reverted);
}

TEST_F(LakeUpkeep, ARevertedTokenMayBeCommittedAgain) {
  fill();
  ASSERT_TRUE(lake->revert(2).has_value());
  EXPECT_EQ(import(*lake, bars({{2, day(2021, 1, 4), 5.0}}), "b"), 5);
  EXPECT_EQ(now().size(), 3U);
}

TEST_F(LakeUpkeep, RefusesToRevertWhatCannotBe) {
  fill();
  EXPECT_EQ(number_of(lake->revert(9)), E::E8008);
  ASSERT_TRUE(lake->revert(3).has_value());
  EXPECT_EQ(number_of(lake->revert(3)), E::E8008);  // Already.
  EXPECT_EQ(number_of(lake->revert(4)), E::E8008);  // A revert.
}

TEST_F(LakeUpkeep, CompactionKeepsEveryRowAndEveryVersion) {
  fill();
  const RowMultiset before = multiset_of(read(*lake->snapshot()));
  const Time earlier{received.nanos - 1};
  const RowMultiset known_before = multiset_of(read(*lake->snapshot(), {.as_of = earlier}));
  const auto info = lake->compact("bars");
  ASSERT_TRUE(info.has_value()) << render(info.error());
  EXPECT_EQ(info->flow, "data compact");
  const auto after = lake->snapshot();
  EXPECT_EQ(after->parts("bars").size(), 2U);
  EXPECT_EQ(after->tables()[0].rows, 5);  // The old version is kept.
  EXPECT_EQ(multiset_of(read(*after)), before);
  EXPECT_EQ(multiset_of(read(*after, {.as_of = earlier})), known_before);
  EXPECT_EQ(multiset_of(read(*lake->snapshot(3))), before);
  EXPECT_EQ(lake->compact("bars")->id, info->id);  // Nothing left to merge.
}

TEST_F(LakeUpkeep, CorrectionsAfterACompactionWin) {
  fill();
  ASSERT_TRUE(lake->compact("bars").has_value());
  clock.advance(kNanosPerDay);
  import(*lake, bars({{1, day(2021, 1, 4), 11.0}}), "d", clock.now());
  EXPECT_EQ(now()[0], "1 2021-01-04 11");
  ASSERT_TRUE(lake->compact("bars").has_value());
  EXPECT_EQ(now()[0], "1 2021-01-04 11");
  EXPECT_EQ(lines(read(*lake->snapshot(), {.as_of = received}))[0], "1 2021-01-04 9");
}

TEST_F(LakeUpkeep, RevertsACommitWhoseRowsWereCompacted) {
  fill();
  ASSERT_TRUE(lake->compact("bars").has_value());
  const auto info = lake->revert(2);
  ASSERT_TRUE(info.has_value()) << render(info.error());
  EXPECT_THAT(now(), ElementsAre("1 2021-01-04 9", "1 2021-01-05 2"));
  ASSERT_TRUE(lake->compact("bars").has_value());
  EXPECT_THAT(now(), ElementsAre("1 2021-01-04 9", "1 2021-01-05 2"));
}

TEST_F(LakeUpkeep, VacuumTakesOnlyWhatNobodyNeeds) {
  fill();
  ASSERT_TRUE(lake->compact("bars").has_value());
  const auto planned = lake->vacuum(false);
  ASSERT_TRUE(planned.has_value()) << render(planned.error());
  EXPECT_EQ(planned->files, 3);  // Three parts of 2021 became one; 2022 has one part only.
  EXPECT_TRUE(fs::exists(folder + "/" + planned->paths[0]));
  const auto before = now();
  const auto done = lake->vacuum(true);
  EXPECT_EQ(done->paths, planned->paths);
  EXPECT_EQ(done->bytes, planned->bytes);
  EXPECT_FALSE(fs::exists(folder + "/" + done->paths[0]));
  EXPECT_EQ(now(), before);
  EXPECT_EQ(lake->vacuum(true)->files, 0);
  EXPECT_TRUE(lake->verify()->damaged.empty());
  EXPECT_EQ(number_of(lake->snapshot(3)), E::E8008);  // Said, not misread.
  EXPECT_EQ(number_of(lake->revert(2)), E::E8008);
  EXPECT_EQ(now(), before);
}

TEST_F(LakeUpkeep, VacuumKeepsWhatARunReadsFrom) {
  fill();
  ASSERT_TRUE(lake->impl()
                  .manifest()
                  ->execute("INSERT INTO runs VALUES ('h', 1, 'f', '{}', 'v', 2, 0, 0, 0, 'done', '{}', 'x')")
                  .has_value());
  ASSERT_TRUE(lake->compact("bars").has_value());
  EXPECT_EQ(lake->vacuum(true)->files, 1);  // Only the correction, which commit 2 did not have.
  EXPECT_EQ(read(*lake->snapshot(2)).rows(), 4U);
}

TEST_F(LakeUpkeep, VacuumTakesOrphansOfAgeOnly) {
  fill();
  const std::string old = folder + "/tables/bars/year=2021/part-900.parquet";
  const std::string fresh = folder + "/tables/bars/year=2021/part-901.parquet.tmp";
  std::ofstream(old) << "x";
  std::ofstream(fresh) << "x";
  make_old(old);
  for (const PartInfo& part : lake->snapshot()->parts("bars")) {
    make_old(folder + "/" + part.path);  // Age does not matter for what is needed.
  }
  const auto report = lake->vacuum(true);
  EXPECT_THAT(report->paths, ElementsAre("tables/bars/year=2021/part-900.parquet"));
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh));
  EXPECT_EQ(now().size(), 4U);
}

TEST_F(LakeUpkeep, VacuumTakesWhatAKillLeftOfRawFilesAndPanels) {
  fill();
  const std::string hash = *make_archive(*lake, clock)->put("test", "raw bytes", "{}");
  auto writer = lake->writer();
  ASSERT_TRUE(writer->append("bars", bars({{9, day(2021, 1, 4), 1.0}}), clock.now()));
  Value note = Value::object();
  note.set("sha256", Value(hash));  // As an import tells what it read.
  ASSERT_TRUE(writer->commit("noted", "data import", note));
  const std::vector<std::string> stored = list_files(folder + "/raw");
  ASSERT_EQ(stored.size(), 2U);  // The bytes and their headers.
  fs::create_directories(folder + "/panels/key");
  const std::vector<std::string> left = {folder + "/raw/ab/abandoned.zst", folder + "/panels/key/close.panel.77.tmp"};
  fs::create_directories(folder + "/raw/ab");
  for (const std::string& path : {left[0], left[1], folder + "/panels/key/close.panel"}) {
    std::ofstream(path) << "x";
    make_old(path);
  }
  make_old(folder + "/raw/" + stored[0]);
  make_old(folder + "/raw/" + stored[1]);
  EXPECT_EQ(lake->vacuum(true)->files, 2);
  EXPECT_FALSE(fs::exists(left[0]) || fs::exists(left[1]));
  EXPECT_TRUE(fs::exists(folder + "/panels/key/close.panel"));
  EXPECT_EQ(*make_archive(*lake, clock)->get(hash), "raw bytes");
  EXPECT_EQ(list_files(folder + "/raw"), stored);
}

TEST_F(LakeUpkeep, RestoreTouchesNoFolderOfTheUsers) {
  fill();
  ASSERT_TRUE(lake->backup(root + "/backup").has_value());
  for (const std::string& name : {std::string("/again.restoring"), "/again.restoring-" + std::to_string(getpid())}) {
    fs::create_directories(root + name);
    std::ofstream(root + name + "/mine") << "x";
  }
  const auto restored = Lake::restore(root + "/backup", root + "/again");
  EXPECT_EQ(number_of(restored), E::E11);
  EXPECT_TRUE(fs::exists(root + "/again.restoring/mine"));
  EXPECT_TRUE(fs::exists(root + "/again.restoring-" + std::to_string(getpid()) + "/mine"));
}

TEST_F(LakeUpkeep, BackupAndRestoreMakeTheSameLake) {
  fill();
  fs::create_directories(folder + "/runs/r1");
  std::ofstream(folder + "/runs/r1/report.html") << "<p>report</p>";
  const auto archive = make_archive(*lake, clock);
  const std::string hash = *archive->put("test", "raw bytes", "{}");
  const auto bytes = lake->backup(root + "/backup");
  ASSERT_TRUE(bytes.has_value()) << render(bytes.error());
  EXPECT_GT(*bytes, 0);
  const auto restored = Lake::restore(root + "/backup", root + "/again");
  ASSERT_TRUE(restored.has_value()) << render(restored.error());
  const auto before = now();
  const auto commits = lake->commits()->size();
  lake.reset();
  fs::remove_all(folder);
  folder = root + "/again";
  lake = open(Access::kWrite);
  EXPECT_EQ(now(), before);
  EXPECT_EQ(lake->commits()->size(), commits);
  EXPECT_EQ(*make_archive(*lake, clock)->get(hash), "raw bytes");
  EXPECT_EQ(*read_file(folder + "/runs/r1/report.html"), "<p>report</p>");
  EXPECT_TRUE(lake->verify()->damaged.empty());
  import(*lake, bars({{3, day(2021, 1, 4), 3.0}}), "later");
  EXPECT_EQ(now().size(), before.size() + 1);
}

TEST_F(LakeUpkeep, ASecondBackupCopiesOnlyWhatIsNew) {
  fill();
  const auto first = lake->backup(root + "/backup");
  import(*lake, bars({{3, day(2023, 1, 4), 3.0}}), "d");
  const std::int64_t added = lake->snapshot()->parts("bars").back().bytes;
  const auto second = lake->backup(root + "/backup");
  ASSERT_TRUE(second.has_value()) << render(second.error());
  EXPECT_EQ(*second - stat_file(root + "/backup/manifest.sqlite")->bytes, added);
  ASSERT_TRUE(Lake::restore(root + "/backup", root + "/again").has_value());
}

TEST_F(LakeUpkeep, RestoreRefusesADamagedBackupAndAnOccupiedPlace) {
  fill();
  ASSERT_TRUE(lake->backup(root + "/backup").has_value());
  EXPECT_EQ(number_of(Lake::restore(root + "/backup", folder)), E::E11);
  EXPECT_EQ(number_of(Lake::restore(root + "/nothing", root + "/again")), E::E8001);
  EXPECT_EQ(number_of(lake->backup(folder)), E::E11);
  const std::string part = root + "/backup/" + lake->snapshot()->parts("bars")[0].path;
  std::string bytes = *read_file(part);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  std::ofstream(part, std::ios::binary) << bytes;
  const auto restored = Lake::restore(root + "/backup", root + "/again");
  EXPECT_EQ(number_of(restored), E::E8005);
  EXPECT_THAT(restored.error().message(), HasSubstr("part-1.parquet"));
  EXPECT_FALSE(fs::exists(root + "/again"));
  for (const auto& entry : fs::directory_iterator(root)) {
    EXPECT_THAT(entry.path().string(), Not(HasSubstr("restoring")));
  }
  // The next backup mends what it finds wrong in the target.
  ASSERT_TRUE(lake->backup(root + "/backup").has_value());
  fs::create_directories(root + "/again");  // An empty folder is no obstacle.
  EXPECT_TRUE(Lake::restore(root + "/backup", root + "/again").has_value());
}

TEST_F(LakeUpkeep, ABackupOfADamagedLakeFailsAndNamesThePart) {
  fill();
  const std::string part = lake->snapshot()->parts("bars")[0].path;
  std::string bytes = *read_file(folder + "/" + part);
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  std::ofstream(folder + "/" + part, std::ios::binary) << bytes;
  const auto result = lake->backup(root + "/backup");
  EXPECT_EQ(number_of(result), E::E8005);
  EXPECT_THAT(result.error().message(), HasSubstr(part));
}

TEST(RowMultisetOf, IgnoresOrderAndNoticesEverythingElse) {
  const Batch base = bars({{1, day(2021, 1, 4), 1.0}, {2, day(2021, 1, 4), 2.0}});
  const std::vector<std::uint32_t> turned = {1, 0};
  const std::vector<std::uint32_t> doubled = {0, 0};
  const std::vector<std::uint32_t> lost = {0};
  EXPECT_EQ(multiset_of(base), multiset_of(base.take(turned)));
  EXPECT_NE(multiset_of(base), multiset_of(base.take(doubled)));
  EXPECT_NE(multiset_of(base), multiset_of(base.take(lost)));
  Batch changed = base;
  changed.column("volume") = Column::float64("volume", {1000.0, 1000.5});
  EXPECT_NE(multiset_of(base), multiset_of(changed));
  Batch missing = base;
  missing.column("amount") = Column::float64("amount", {0.0, 0.0});  // A zero is not a null.
  EXPECT_NE(multiset_of(base), multiset_of(missing));
  EXPECT_EQ(multiset_of(Batch()).rows, 0U);
}

}  // namespace
}  // namespace lode::lake::testing
