// Lode's own files and a person's.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/own_file.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

namespace fs = std::filesystem;

class OwnFile : public testing::Verbs {
 protected:
  OwnFile() : path(parts.folder + "/values.csv") { write("one\n"); }

  void write(const char* text, std::ios::openmode mode = std::ios::trunc) const { std::ofstream(path, mode) << text; }

  std::string path;
};

TEST_F(OwnFile, IsOneThatIsMarked) {
  EXPECT_FALSE(is_own(path));
  mark_own(path);
  EXPECT_TRUE(is_own(path));
  mark_own(path);
  EXPECT_TRUE(is_own(path));
}

TEST_F(OwnFile, IsAPersonsOnceItWasChanged) {
  mark_own(path);
  write("two\n", std::ios::app);
  EXPECT_FALSE(is_own(path)) << "longer";
  mark_own(path);
  // The same size, written over in place later: an editor that keeps the file and its attributes.
  write("new\nnew\n");
  fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(1));
  EXPECT_FALSE(is_own(path)) << "other bytes";
}

TEST_F(OwnFile, StaysSoUnderAnotherNameAndNotInAPlainCopy) {
  mark_own(path);
  fs::rename(path, path + ".kept");
  EXPECT_TRUE(is_own(path + ".kept"));
  write("");
  std::ofstream(path) << std::ifstream(path + ".kept").rdbuf();
  EXPECT_FALSE(is_own(path));
}

TEST_F(OwnFile, IsNothingButARegularFile) {
  mark_own(parts.folder);
  EXPECT_FALSE(is_own(parts.folder));
  mark_own("/dev/null");
  EXPECT_FALSE(is_own("/dev/null"));
  mark_own(path + ".none");
  EXPECT_FALSE(is_own(path + ".none"));
  EXPECT_FALSE(fs::exists(path + ".none"));
}

}  // namespace
}  // namespace lode::flow
