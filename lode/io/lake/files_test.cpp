// Durable files and their errors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <thread>
#include <vector>

#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using Files = LakeTest;

TEST_F(Files, WriteReplacesWholeFilesOnly) {
  const std::string path = root + "/a/b/c.txt";
  ASSERT_TRUE(make_folders(root + "/a/b").has_value());
  ASSERT_TRUE(write_durably(path, "one").has_value());
  ASSERT_TRUE(write_durably(path, "").has_value());
  EXPECT_EQ(*read_file(path), "");
  ASSERT_TRUE(write_durably(path, "two").has_value());
  EXPECT_EQ(*read_file(path), "two");
  EXPECT_THAT(list_files(root), ElementsAre("a/b/c.txt"));
  EXPECT_TRUE(is_folder(root + "/a"));
  EXPECT_FALSE(is_empty_folder(root + "/a"));
}

TEST_F(Files, TwoWritersOfOnePlaceDoNotMeet) {
  ASSERT_TRUE(make_folders(root + "/a").has_value());
  const std::string bytes(200'000, 'x');
  std::atomic<int> failures{0};
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
      writers.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          failures += write_durably(root + "/a/same", bytes) ? 0 : 1;
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(*read_file(root + "/a/same"), bytes);
  EXPECT_THAT(list_files(root), ElementsAre("a/same"));
}

TEST_F(Files, ATemporaryNameIsItsWritersAlone) {
  const std::string path = root + "/x.csv";
  const std::string first = own_temporary(path);
  EXPECT_NE(first, own_temporary(path));
  const std::array others = {".tmp", ".1-0.tmp",     ".x-0.tmp",  ".999999999.tmp", ".999999999-0.tmp2",
                             "-wal", ".1-0.tmp-wal", "9999-0.tmp"};
  for (const char* other : others) {
    ASSERT_TRUE(write_durably(path + other, "kept").has_value());
  }
  const std::array left = {".999999999-3.tmp", ".999999999-3.tmp-wal", ".999999999-3.tmp-shm"};
  for (const char* one : left) {
    ASSERT_TRUE(write_durably(path + one, "left by a process that is gone").has_value());
  }
  own_temporary(path);
  for (const char* one : left) {
    EXPECT_FALSE(stat_file(path + one)) << one;
  }
  for (const char* other : others) {
    EXPECT_TRUE(stat_file(path + other)) << other;
  }
}

TEST_F(Files, MakeFoldersMayBeCalledAgainAndFailsOnAFile) {
  ASSERT_TRUE(make_folders(root + "/x/y").has_value());
  ASSERT_TRUE(make_folders(root + "/x/y").has_value());
  ASSERT_TRUE(write_durably(root + "/file", "x").has_value());
  EXPECT_FALSE(make_folders(root + "/file/y").has_value());
}

TEST(MakeFolders, APlaceThatTakesNoFoldersIsNotCalledMissing) {
  const auto made = make_folders("/proc/lode-no-such-place");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().number(), E::E8004) << render(made.error());
}

TEST_F(Files, CopyChecksTheHashOfWhatItCopies) {
  ASSERT_TRUE(write_durably(root + "/from", "bytes").has_value());
  const std::string hash = *file_hash(root + "/from");
  EXPECT_EQ(*copy_file(root + "/from", root + "/new/to", hash), 5);
  EXPECT_EQ(*read_file(root + "/new/to"), "bytes");
  EXPECT_EQ(number_of(copy_file(root + "/from", root + "/other", std::string(32, '0'))), E::E8005);
  EXPECT_FALSE(stat_file(root + "/other"));
  EXPECT_EQ(number_of(copy_file(root + "/absent", root + "/other", {})), E::E8005);
}

TEST_F(Files, HashesOfKnownBytes) {
  ASSERT_TRUE(write_durably(root + "/abc", "abc").has_value());
  // FIPS 180-2, appendix B.1; XXH3-128 of no bytes: the reference implementation's test vector.
  EXPECT_EQ(*file_sha256(root + "/abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ASSERT_TRUE(write_durably(root + "/none", "").has_value());
  EXPECT_EQ(*file_hash(root + "/none"), "99aa06d3014798d86001c324468d497f");
}

TEST_F(Files, ReadSaysWhatIsMissing) {
  EXPECT_EQ(number_of(read_file(root + "/absent")), E::E8);
  EXPECT_EQ(number_of(read_file(root)), E::E8);
  EXPECT_FALSE(stat_file(root));
  EXPECT_TRUE(list_files(root + "/absent").empty());
}

TEST(FileError, TurnsSystemErrorsIntoRegisteredOnes) {
  const auto number = [](int error) { return file_error("write", "/x/y", error).number(); };
  EXPECT_EQ(number(ENOSPC), E::E8006);
  EXPECT_EQ(number(EDQUOT), E::E8006);
  EXPECT_EQ(number(EROFS), E::E8004);
  EXPECT_EQ(number(EACCES), E::E8004);
  EXPECT_EQ(number(EIO), E::E8009);
  for (const int error : {ENOSPC, EROFS, EIO, EMFILE}) {
    EXPECT_THAT(file_error("write", "/x/y", error).message(), HasSubstr("write /x/y"));
    EXPECT_THAT(file_error("write", "/x/y", error).message(), Not(HasSubstr("errno")));
  }
}

// Runs in a process of its own: the library is loaded once and then stays.
TEST(DuckLibrary, DISABLED_IsLookedForWhereItWasSaid) {
  set_duckdb_path("/nowhere/libduckdb.so");
  const auto engine = Engine::open({});
  ASSERT_EQ(number_of(engine), E::E5004);
  EXPECT_THAT(engine.error().message(), HasSubstr("/nowhere/libduckdb.so"));
  EXPECT_THAT(engine.error().hint(), HasSubstr("LODE_DUCKDB"));
  set_duckdb_path("/proc/self/exe");  // A file, but not the library.
  EXPECT_EQ(number_of(Engine::open({})), E::E5004);
  set_duckdb_path("");
  EXPECT_TRUE(Engine::open({}).has_value());  // A failed load is tried again.
}

TEST(DuckLibrary, AnAbsentLibraryIsNamedWithWhatToDo) {
  const pid_t child = fork();
  if (child == 0) {
    execl("/proc/self/exe", "io_lake_test", "--gtest_filter=DuckLibrary.DISABLED_*", "--gtest_also_run_disabled_tests",
          "--gtest_brief=1", nullptr);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace lode::lake::testing
