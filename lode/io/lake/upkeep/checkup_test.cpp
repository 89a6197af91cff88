// The quick look: what is missing, cut, left over, locked or damaged is told, and only nobody's files are removed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/upkeep/checkup.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "lode/base/must.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/testing.h"
#include "lode/io/lake/upkeep/garbage.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckUp : public LakeTest {
 protected:
  CheckUp() : lake(open()) {
    import(*lake, bars({{1, day(2021, 1, 4), 1.0}, {1, day(2022, 1, 5), 2.0}}), "a");
    import(*lake, bars({{2, day(2021, 1, 4), 5.0}}), "b");
  }
  std::string part(std::size_t index) { return lake->snapshot()->parts("bars")[index].path; }
  // A file in the lake, last written `hours` ago by the test's clock.
  void leave(const std::string& path, int hours) {
    const std::string whole = folder + "/" + path;
    fs::create_directories(fs::path(whole).parent_path());
    std::ofstream(whole) << "half";
    age(path, hours);
  }
  void age(const std::string& path, int hours) const {
    const std::string whole = folder + "/" + path;
    const auto written = std::chrono::nanoseconds(start_of_day(day(2026, 1, 5)).nanos + 12 * 3600 * kNanosPerSecond) -
                         std::chrono::hours(hours);
    fs::last_write_time(whole, fs::file_time_type(std::chrono::file_clock::from_sys(
                                   std::chrono::sys_time<std::chrono::nanoseconds>(written))));
  }

  std::unique_ptr<Lake> lake;
};

TEST_F(CheckUp, OfASoundLakeFindsNothing) {
  const Checkup found = must(check_up(*lake));
  EXPECT_EQ(found.parts, 3);
  std::int64_t bytes = 0;
  for (const PartInfo& one : lake->snapshot()->parts("bars")) {
    bytes += static_cast<std::int64_t>(fs::file_size(folder + "/" + one.path));
  }
  EXPECT_EQ(found.part_bytes, bytes);
  EXPECT_THAT(found.absent, IsEmpty());
  EXPECT_EQ(found.manifest_fault, "");
  EXPECT_TRUE(found.manifest_read);
  EXPECT_FALSE(found.is_index_fault);
  EXPECT_EQ(found.leftovers.files, 0);
  EXPECT_FALSE(found.committing);
}

TEST_F(CheckUp, NamesPartsOfEveryAgeThatAreGoneOrCut) {
  fs::remove(folder + "/" + part(0));  // Of the first commit.
  const std::string cut = part(2);
  const auto stored = fs::file_size(folder + "/" + cut);
  fs::permissions(folder + "/" + cut, fs::perms::owner_all);
  fs::resize_file(folder + "/" + cut, stored - 1);
  const Checkup found = must(check_up(*lake));
  EXPECT_THAT(found.absent, ElementsAre(part(0) + ": missing", cut + ": " + std::to_string(stored - 1) +
                                                                   " bytes, expected " + std::to_string(stored)));
}

TEST_F(CheckUp, LeavesHiddenPartsToVerify) {
  const std::string hidden = part(2);
  must(lake->revert(2));
  fs::remove(folder + "/" + hidden);
  EXPECT_THAT(must(check_up(*lake)).absent, IsEmpty()) << "no reader of now needs it";
}

TEST_F(CheckUp, TellsOldLeftoversFromYoungOnesAndFromWhatIsOurs) {
  leave("tables/bars/year=2021/part-99.parquet", 30);
  leave("tables/bars/year=2021/part-98.parquet.tmp", 30);
  leave("panels/abc/close.panel.77.tmp", 30);
  leave("panels/abc/close.panel", 30);                    // A cache is kept in order by who writes it.
  leave("tables/bars/year=2021/part-97.parquet.tmp", 1);  // Of a writer that may be at work.
  leave("runs/r1/report.html", 30);
  const std::vector<std::string> expected{"tables/bars/year=2021/part-98.parquet.tmp",
                                          "tables/bars/year=2021/part-99.parquet", "panels/abc/close.panel.77.tmp"};
  const Checkup found = must(check_up(*lake));
  EXPECT_THAT(found.leftovers.paths, ::testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(found.leftovers.bytes, 12);
  const std::vector<std::string> before = lines(read(*lake->snapshot()));
  const VacuumReport removed = must(remove_leftovers(*lake));
  EXPECT_THAT(removed.paths, ::testing::UnorderedElementsAreArray(expected));
  for (const std::string& path : expected) {
    EXPECT_FALSE(fs::exists(folder + "/" + path)) << path;
  }
  EXPECT_TRUE(fs::exists(folder + "/tables/bars/year=2021/part-97.parquet.tmp"));
  EXPECT_TRUE(fs::exists(folder + "/panels/abc/close.panel"));
  EXPECT_TRUE(fs::exists(folder + "/runs/r1/report.html"));
  EXPECT_EQ(lines(read(*lake->snapshot())), before);
  EXPECT_EQ(must(check_up(*lake)).leftovers.files, 0);
}

// Copies of files in the raw archive by their hashes, written `hours` ago; `noted` is told in a commit's note.
TEST_F(CheckUp, RawFilesOfNoCommitAreLeftOver) {
  const auto archive = make_archive(*lake, clock);
  const auto keep = [&](const std::string& bytes) { return must(archive->put("file", bytes, "{}")); };
  const std::string noted = keep("of a commit");
  const std::string lost = keep("of an import that failed");
  const std::string young = keep("of one at work");
  const auto path = [](const std::string& hash) { return "raw/file/2026/01/05/" + hash; };
  Value note = Value::object();
  note.set("files", Value(noted));
  auto writer = must(lake->writer());
  must(writer.append("bars", bars({{3, day(2021, 1, 4), 1.0}}), clock.now()));
  must(writer.commit("c", "data import", note));
  for (const std::string& hash : {noted, lost}) {
    for (const char* end : {".zst", ".json"}) {
      age(path(hash) + end, 30);
    }
  }
  const std::vector<std::string> expected{path(lost) + ".json", path(lost) + ".zst"};
  EXPECT_EQ(must(check_up(*lake)).leftovers.paths, expected);
  EXPECT_EQ(must(lake->vacuum(false)).paths, expected);
  EXPECT_EQ(must(remove_leftovers(*lake)).paths, expected);
  EXPECT_FALSE(fs::exists(folder + "/" + path(lost) + ".zst"));
  EXPECT_THAT(must(lake->verify()).damaged, IsEmpty()) << "the manifest has forgotten it";
  EXPECT_EQ(must(archive->get(noted)), "of a commit");
  EXPECT_EQ(must(archive->get(young)), "of one at work");
  EXPECT_EQ(number_of(archive->get(lost)), E::E9);
  EXPECT_EQ(keep("of an import that failed"), lost) << "and may come again";
  EXPECT_EQ(must(archive->get(lost)), "of an import that failed");
  EXPECT_EQ(must(check_up(*lake)).leftovers.files, 0);
}

TEST_F(CheckUp, ARawFileTakenUpAgainIsNotLeftOver) {
  const auto archive = make_archive(*lake, clock);
  const std::string hash = must(archive->put("file", "twice", "{}"));
  const std::string path = "raw/file/2026/01/05/" + hash;
  age(path + ".zst", 30);
  Leftovers found = [&] { return must(find_leftovers(lake->impl(), *lake->impl().manifest(), 1000)); }();
  ASSERT_THAT(found.raw, ElementsAre(hash));
  must(archive->put("file", "twice", "{}"));  // An import between the look and the removal.
  must(forget_raw(lake->impl(), *lake->impl().manifest(), found));
  EXPECT_THAT(found.paths, IsEmpty());
  EXPECT_EQ(must(archive->get(hash)), "twice");
  EXPECT_EQ(must(check_up(*lake)).leftovers.files, 0);
}

TEST_F(CheckUp, AsksNoRunAndNoOldCommit) {
  leave("tables/bars/year=2021/part-98.parquet.tmp", 30);
  {  // A check that asks what the runs need cannot be answered.
    const auto manifest = must(Database::open(folder + "/manifest.sqlite", OpenMode::kWrite));
    ASSERT_TRUE(manifest->execute("PRAGMA foreign_keys=OFF; ALTER TABLE runs RENAME TO runs_elsewhere;"));
  }
  EXPECT_EQ(must(check_up(*lake)).leftovers.files, 1);
  EXPECT_FALSE(lake->vacuum(false)) << "which looks at all that any run needs";
}

TEST_F(CheckUp, TheSearchForLeftoversStopsAtItsBound) {
  leave("raw/2021/a.csv.tmp", 30);
  leave("raw/2021/b.csv.tmp", 30);
  const auto found = [&](std::size_t most) {
    const Lake::Impl& impl = lake->impl();
    return must(find_leftovers(impl, *impl.manifest(), most));
  };
  const std::size_t files = list_files(folder + "/tables").size() + list_files(folder + "/raw").size();
  EXPECT_THAT(found(files).paths, ElementsAre("raw/2021/a.csv.tmp", "raw/2021/b.csv.tmp"));
  EXPECT_TRUE(found(files).looked_at_all);
  EXPECT_LE(found(files - 1).paths.size(), 2U);
  EXPECT_FALSE(found(files - 1).looked_at_all);
  EXPECT_FALSE(found(0).looked_at_all);
  EXPECT_THAT(found(0).paths, IsEmpty());
}

TEST_F(CheckUp, RemovingLeftoversKeepsWhatOldCommitsShow) {
  must(lake->revert(2));
  must(lake->compact("bars"));
  must(remove_leftovers(*lake));
  EXPECT_EQ(read(*lake->snapshot(2)).rows(), 3U);
  EXPECT_EQ(read(*lake->snapshot(1)).rows(), 2U);
}

TEST_F(CheckUp, NamesWhoCommitsNow) {
  EXPECT_FALSE(lock_holder(folder));
  {
    const CommitLock held = must(CommitLock::acquire(folder));
    EXPECT_THAT(must(check_up(*lake)).committing.value_or(""), HasSubstr("process " + std::to_string(getpid())));
  }
  EXPECT_FALSE(must(check_up(*lake)).committing) << "the file a holder left means nothing";
  EXPECT_FALSE(lock_holder(root + "/nowhere"));
  EXPECT_FALSE(fs::exists(root + "/nowhere"));
}

TEST_F(CheckUp, AnIndexThatDoesNotFitIsMadeAgain) {
  lake.reset();
  {  // The index of commits by token, as it would be of the column flow.
    const auto manifest = must(Database::open(folder + "/manifest.sqlite", OpenMode::kWrite));
    ASSERT_TRUE(
        manifest->execute("PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = 'CREATE INDEX "
                          "commits_by_token ON commits(flow)' WHERE name = 'commits_by_token';"));
  }
  lake = open(Access::kWrite);
  const Checkup found = must(check_up(*lake));
  EXPECT_THAT(found.manifest_fault, HasSubstr("commits_by_token"));
  EXPECT_TRUE(found.is_index_fault);
  ASSERT_TRUE(rebuild_indexes(*lake));
  EXPECT_EQ(must(check_up(*lake)).manifest_fault, "");
  EXPECT_EQ(lake->commits()->size(), 2U);
}

TEST_F(CheckUp, ManyFaultsOfAnIndexHideNoFaultOfATable) {
  for (int year = 2015; year < 2020; ++year) {
    import(*lake, bars({{1, day(year, 1, 5), 1.0}}), std::to_string(year));
  }
  lake.reset();
  const auto change = [&](const std::string& sql) {
    const auto manifest = must(Database::open(folder + "/manifest.sqlite", OpenMode::kWrite));
    ASSERT_TRUE(manifest->execute("PRAGMA writable_schema=ON;" + sql));
  };
  // A row that lacks what no row may lack; and every row of the commits misses from an index.
  change("UPDATE sqlite_master SET sql = replace(sql, 'note TEXT NOT NULL', 'note TEXT') WHERE name = 'factors'");
  change("INSERT INTO factors VALUES('mine/x', 'close', 'lode', NULL, 'h', 0)");
  change("UPDATE sqlite_master SET sql = replace(sql, 'note TEXT,', 'note TEXT NOT NULL,') WHERE name = 'factors'");
  change("UPDATE sqlite_master SET sql = replace(sql, '(token)', '(flow)') WHERE name = 'commits_by_token'");
  lake = open(Access::kRead);
  const Checkup found = must(check_up(*lake));
  EXPECT_THAT(found.manifest_fault, HasSubstr("NULL value in factors.note"));
  EXPECT_FALSE(found.is_index_fault) << "new indexes would not mend it";
}

TEST_F(CheckUp, RepairsNeedALakeThatCanBeWritten) {
  lake.reset();
  lake = open(Access::kRead);
  EXPECT_EQ(number_of(remove_leftovers(*lake)), E::E8004);
  EXPECT_EQ(number_of(rebuild_indexes(*lake)), E::E8004);
  EXPECT_TRUE(check_up(*lake));
}

TEST_F(CheckUp, ACommitThatVacuumTookNamesTheOldestStillThere) {
  must(lake->compact("bars"));                            // Commit 3
  import(*lake, bars({{2, day(2023, 1, 4), 5.0}}), "d");  // Commit 4
  must(lake->vacuum(true));
  const auto gone = lake->snapshot(1);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().number(), E::E8008);
  EXPECT_EQ(gone.error().message(),
            "commit 1 can no longer be read: lode data vacuum removed parts that only it needed");
  EXPECT_EQ(gone.error().hint(),
            "--commit 3 is the oldest after it that can be read; else restore a backup made before the vacuum");
  EXPECT_TRUE(lake->snapshot(3));
}

}  // namespace
}  // namespace lode::lake::testing
