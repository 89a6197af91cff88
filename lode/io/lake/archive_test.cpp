// The raw archive gives back the bytes that were delivered, or says that it cannot.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "lode/base/hash.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RawArchive : public LakeTest {
 protected:
  RawArchive() : lake(open()), archive(make_archive(*lake, clock)) {}
  std::unique_ptr<Lake> lake;
  std::unique_ptr<Archive> archive;
};

TEST_F(RawArchive, GivesBackBytesByTheirSha256) {
  // SHA-256 of "abc": FIPS 180-2, appendix B.1.
  const auto hash = archive->put("test", "abc", R"({"type":"text"})");
  ASSERT_TRUE(hash.has_value());
  EXPECT_EQ(*hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(*archive->get(*hash), "abc");
  const std::string stem = folder + "/raw/test/2026/01/05/" + *hash;
  EXPECT_TRUE(stat_file(stem + ".zst"));
  EXPECT_EQ(*read_file(stem + ".json"), R"({"type":"text"})");
}

TEST_F(RawArchive, TakesBytesOfAnyKind) {
  std::string all;
  for (int i = 0; i < 100'000; ++i) {
    all += static_cast<char>(i * 7);
  }
  for (const std::string& bytes : {std::string(), std::string(1, '\0'), all}) {
    const auto hash = archive->put("test", bytes, "{}");
    ASSERT_TRUE(hash.has_value());
    EXPECT_EQ(*archive->get(*hash), bytes);
  }
  EXPECT_EQ(lake->verify()->raw_files, 3);
  EXPECT_TRUE(lake->verify()->damaged.empty());
}

TEST_F(RawArchive, StoresEqualBytesOnce) {
  const auto first = archive->put("one", "abc", "{}");
  clock.advance(10 * kNanosPerDay);
  EXPECT_EQ(*archive->put("two", "abc", "{}"), *first);
  EXPECT_EQ(list_files(folder + "/raw").size(), 2U);  // Bytes and headers.
}

TEST_F(RawArchive, NeverLeavesItsFolder) {
  ASSERT_TRUE(archive->put("../../etc/x", "abc", "{}").has_value());
  ASSERT_TRUE(archive->put("", "def", "{}").has_value());
  for (const std::string& file : list_files(folder + "/raw")) {
    EXPECT_TRUE(file.starts_with("_._.._etc_x/") || file.starts_with("_") || file.starts_with("unnamed/")) << file;
  }
  EXPECT_EQ(list_files(folder + "/raw").size(), 4U);
}

TEST_F(RawArchive, SaysWhatIsAbsentOrDamaged) {
  EXPECT_EQ(number_of(archive->get("00")), E::E9);
  const std::string hash = *archive->put("test", "some bytes", "{}");
  const std::string file = "raw/test/2026/01/05/" + hash + ".zst";
  std::string packed = *read_file(folder + "/" + file);
  packed.back() = static_cast<char>(packed.back() ^ 1);
  std::ofstream(folder + "/" + file, std::ios::binary) << packed;
  const auto damaged = archive->get(hash);
  EXPECT_EQ(number_of(damaged), E::E8005);
  EXPECT_THAT(damaged.error().message(), HasSubstr(file));
  EXPECT_EQ(lake->verify()->damaged.size(), 1U);
  std::filesystem::remove(folder + "/" + file);
  EXPECT_EQ(number_of(archive->get(hash)), E::E8005);
  EXPECT_THAT(lake->verify()->damaged, ElementsAre(file + ": missing"));
  ASSERT_TRUE(archive->put("test", "some bytes", "{}").has_value());  // Bytes that come again mend it.
  EXPECT_EQ(*archive->get(hash), "some bytes");
}

TEST_F(RawArchive, ReferencesLargeFilesInPlace) {
  const std::string path = root + "/prices.csv";
  std::ofstream(path) << "date,close\n";
  const std::string hash = sha256_hex("date,close\n");
  ASSERT_EQ(*reference_raw(*lake, path, "files", hash, 11, clock.now()), hash);
  EXPECT_EQ(*archive->get(hash), "date,close\n");
  EXPECT_TRUE(list_files(folder + "/raw").empty());
  EXPECT_TRUE(lake->verify()->damaged.empty());
  std::ofstream(path) << "date,close\n1,2\n";
  EXPECT_EQ(number_of(archive->get(hash)), E::E8005);
  EXPECT_THAT(lake->verify()->damaged, ElementsAre(path + ": hash differs"));
  EXPECT_EQ(number_of(reference_raw(*lake, root + "/absent", "files", "11", 1, clock.now())), E::E8);
}

}  // namespace
}  // namespace lode::lake::testing
