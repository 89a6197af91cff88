// Whole files: read with an error that names the path, written so that a reader never sees half of one.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/files.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

class Files : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return parts.folder + "/" + name; }
  TestWorld parts;
};

TEST_F(Files, GiveBackTheBytesThatWereWritten) {
  const std::string bytes("a\0b\r\n\xff", 6);
  must(write_file(path("x.bin"), bytes));
  EXPECT_EQ(must(read_file(path("x.bin"))), bytes);
  must(write_file(path("x.bin"), "shorter"));
  EXPECT_EQ(must(read_file(path("x.bin"))), "shorter");
}

TEST_F(Files, MakesFoldersAndLeavesNothingBeside) {
  must(write_file(path("a/b/x.txt"), "x"));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path("a/b"))) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1);
}

// A link to the device stands for it: a rename would put a file in its place.
TEST_F(Files, WritesIntoADeviceAndReplacesFilesOnly) {
  std::filesystem::create_symlink("/dev/full", path("full"));
  const Result<void> full = write_file(path("full"), "x");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().number(), E::E8006);
  EXPECT_TRUE(std::filesystem::is_character_file(path("full")));
  std::filesystem::create_symlink("/dev/null", path("null"));
  must(write_file(path("null"), "x"));
  EXPECT_TRUE(std::filesystem::is_character_file(path("null")));
}

TEST_F(Files, NamesWhatIsNotThere) {
  const auto missing = read_file(path("nowhere.txt"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().number(), E::E8);
  EXPECT_THAT(missing.error().message(), HasSubstr("nowhere.txt"));
  EXPECT_EQ(read_file(parts.folder).error().number(), E::E8009) << "a folder";
}

TEST_F(Files, KeepsTheOldFileWhenTheNewOneCannotBeWritten) {
  must(write_file(path("file"), "old"));
  const auto refused = write_file(path("file/below"), "new");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E8004);
  EXPECT_EQ(must(read_file(path("file"))), "old");
}

TEST(FileName, IsTheLastPartOfAPath) {
  EXPECT_EQ(file_name("bars/2019.csv"), "2019.csv");
  EXPECT_EQ(file_name("2019.csv"), "2019.csv");
}

}  // namespace
}  // namespace lode::flow
