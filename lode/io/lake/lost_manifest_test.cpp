// A lake whose manifest is lost is no new lake: nothing is made over its parts, and no part is ever replaced.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "lode/base/must.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/manifest.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LostManifest : public LakeTest {
 protected:
  void fill() {
    const auto lake = open();
    import(*lake, bars({{1, day(2021, 1, 4), 1.0}, {1, day(2022, 1, 5), 2.0}}), "a");
  }
  // Every file below the lake's tables with its bytes.
  std::map<std::string, std::string> parts() const {
    std::map<std::string, std::string> out;
    for (const std::string& path : list_files(folder + "/tables")) {
      out[path] = *read_file(folder + "/tables/" + path);
    }
    return out;
  }
  void remove_manifest() {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      fs::remove(folder + "/manifest.sqlite" + suffix);
    }
  }
  // What opening it says, for each access the same.
  std::string refusal() {
    std::string out;
    for (const Access access : {Access::kRead, Access::kWrite, Access::kCreate}) {
      const auto opened = Lake::open(folder, access, clock, pool);
      EXPECT_EQ(number_of(opened), E::E8007);
      const std::string said = opened ? "" : opened.error().message();
      EXPECT_TRUE(out.empty() || out == said) << said;
      out = said;
      EXPECT_THAT(opened ? "" : opened.error().hint(), HasSubstr("lode data restore"));
    }
    return out;
  }
};

TEST_F(LostManifest, AMissingOneIsToldAndNoNewOneIsMade) {
  fill();
  const auto before = parts();
  remove_manifest();
  EXPECT_THAT(refusal(), HasSubstr("manifest.sqlite is missing, and the lake's parts are there (tables/bars/year=202"));
  EXPECT_FALSE(fs::exists(folder + "/manifest.sqlite"));
  EXPECT_EQ(parts(), before);
}

TEST_F(LostManifest, AnEmptyFileIsNoNewLake) {
  fill();
  const auto before = parts();
  remove_manifest();
  std::ofstream(folder + "/manifest.sqlite").close();
  EXPECT_THAT(refusal(), HasSubstr("manifest.sqlite is empty"));
  EXPECT_EQ(fs::file_size(folder + "/manifest.sqlite"), 0U) << "nothing is made of it";
  EXPECT_EQ(parts(), before);
}

TEST_F(LostManifest, ADatabaseWithoutTablesIsNoNewLakeEither) {
  fill();
  remove_manifest();
  must(must(Database::open(folder + "/manifest.sqlite", OpenMode::kCreate))->execute("PRAGMA user_version=1"));
  EXPECT_THAT(refusal(), HasSubstr("manifest.sqlite holds nothing"));
}

// Whatever a lake wrote tells that one was here.
TEST_F(LostManifest, RawFilesAndRunsAndALogAreTracesToo) {
  const std::map<std::string, std::string> traces = {
      {"raw/file/2024/01/02/" + std::string(64, 'a') + ".zst", "raw files are there (raw/file/2024/01/02/aaa"},
      {"runs/r18/report.html", "runs are there (runs/r18)"},
      {"manifest.sqlite-wal", "log of changes is there (manifest.sqlite-wal)"}};
  for (const auto& [path, said] : traces) {
    fs::remove_all(folder);
    fs::create_directories(fs::path(folder + "/" + path).parent_path());
    std::ofstream(folder + "/" + path) << "kept";
    EXPECT_THAT(refusal(), HasSubstr("manifest.sqlite is missing, and the lake's " + said));
    EXPECT_EQ(*read_file(folder + "/" + path), "kept");
    EXPECT_FALSE(fs::exists(folder + "/manifest.sqlite")) << path;
    std::ofstream(folder + "/manifest.sqlite").close();
    EXPECT_THAT(refusal(), HasSubstr("manifest.sqlite is empty, and the lake's " + said));
  }
}

TEST_F(LostManifest, ARealLakeWithoutItsTablesIsNoNewOneEither) {
  {
    const auto lake = open();
    const auto archive = make_archive(*lake, clock);
    must(archive->put("file", "date,symbol,close\n", "{}"));
  }
  remove_manifest();
  EXPECT_THAT(refusal(), HasSubstr("raw files are there (raw/file/"));
}

TEST_F(LostManifest, WhatTheUserKeepsThereIsNoTrace) {
  for (const char* path : {"raw/2024.csv", "raw/x/part-1.parquet", "runs/notes.txt", "runs/r/x", "runs/run1/x",
                           "runs/r1x/y", "panels/close.bin", "part-1.parquet"}) {
    fs::create_directories(fs::path(folder + "/" + path).parent_path());
    std::ofstream(folder + "/" + path) << "mine";
  }
  fs::create_directories(folder + "/runs/r7");  // Empty.
  std::ofstream(folder + "/manifest.sqlite-wal").close();
  EXPECT_EQ(number_of(Lake::open(folder, Access::kRead, clock, pool)), E::E8001);
  EXPECT_EQ(import(*open(), bars({{1, day(2021, 1, 4), 1.0}}), "a"), 1);
}

TEST_F(LostManifest, WithoutPartsANewLakeIsMade) {
  fs::create_directories(folder + "/tables/bars/year=2021");
  std::ofstream(folder + "/tables/notes.txt") << "mine";
  std::ofstream(folder + "/manifest.sqlite").close();
  EXPECT_EQ(number_of(Lake::open(folder, Access::kRead, clock, pool)), E::E8001);
  const auto lake = open();
  EXPECT_EQ(import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "a"), 1);
}

TEST_F(LostManifest, NoPartIsEverReplaced) {
  fill();
  const auto before = parts();
  fs::rename(folder + "/tables", root + "/tables");
  remove_manifest();
  const auto lake = open();  // Counts its parts from 1 again.
  fs::remove_all(folder + "/tables");
  fs::rename(root + "/tables", folder + "/tables");
  import(*lake, bars({{7, day(2021, 1, 4), 70.0}, {7, day(2022, 1, 5), 71.0}}), "b");
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("7 2021-01-04 70", "7 2022-01-05 71"));
  const auto after = parts();
  EXPECT_EQ(after.size(), before.size() + 2);
  for (const auto& [path, bytes] : before) {
    EXPECT_TRUE(after.contains(path) && after.at(path) == bytes) << path;
  }
  import(*lake, bars({{8, day(2021, 1, 4), 5.0}}), "c");
  must(lake->compact("bars"));
  EXPECT_EQ(read(*lake->snapshot()).rows(), 3U);
  EXPECT_EQ(parts().at(before.begin()->first), before.begin()->second) << "nor by a compaction";
}

TEST_F(LostManifest, ManyStrangersUnderTheNextNumbersAreSteppedOver) {
  const auto lake = open();
  fs::create_directories(folder + "/tables/bars/year=2021");
  for (int i = 1; i <= 100; ++i) {
    std::ofstream(folder + "/tables/bars/year=2021/part-" + std::to_string(i) + ".parquet") << i;
  }
  import(*lake, bars({{1, day(2021, 1, 4), 1.0}}), "a");
  EXPECT_EQ(read(*lake->snapshot()).rows(), 1U);
  for (int i = 1; i <= 100; ++i) {
    EXPECT_EQ(*read_file(folder + "/tables/bars/year=2021/part-" + std::to_string(i) + ".parquet"), std::to_string(i));
  }
}

TEST_F(LostManifest, PublishingAnewTellsWhatStandsThere) {
  std::ofstream(root + "/a") << "old";
  std::ofstream(root + "/b") << "new";
  EXPECT_FALSE(must(publish_new(root + "/b", root + "/a")));
  EXPECT_EQ(*read_file(root + "/a"), "old");
  EXPECT_EQ(*read_file(root + "/b"), "new") << "the caller's to remove or to try again with";
  EXPECT_TRUE(must(publish_new(root + "/b", root + "/c")));
  EXPECT_EQ(*read_file(root + "/c"), "new");
  EXPECT_FALSE(fs::exists(root + "/b"));
  EXPECT_EQ(number_of(publish_new(root + "/nothing", root + "/d")), E::E8005);
}

}  // namespace
}  // namespace lode::lake::testing
