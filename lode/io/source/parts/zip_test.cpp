// Archives that are whole though they look odd, and those that are closed to us: each is named as what it is.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/source/parts/stored_zip.h"

namespace lode::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Named = std::vector<std::pair<std::string, std::string>>;

const Named& files() {
  static const Named kFiles = {{"a.csv", "first"}, {"b.csv", "second"}};
  return kFiles;
}

std::string little(std::uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) {
    out += static_cast<char>(value >> (8 * i) & 0xFFU);
  }
  return out;
}

// The length of a comment stands in the last two bytes of the end record (APPNOTE 4.3.16).
std::string commented(std::string zip, const std::string& comment) {
  return zip.replace(zip.size() - 2, 2, little(comment.size(), 2)) + comment;
}

// The same with a long end record and its locator (4.3.14, 4.3.15), and set bits in the short one.
std::string with_long_end(const std::string& zip) {
  const std::size_t end = zip.rfind("PK\x05\x06");
  const std::string count = zip.substr(end + 10, 2) + std::string(6, '\0');
  const std::string bytes = zip.substr(end + 12, 4) + std::string(4, '\0');
  const std::string at = zip.substr(end + 16, 4) + std::string(4, '\0');
  return zip.substr(0, end) + "PK\x06\x06" + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + count +
         count + bytes + at + "PK\x06\x07" + little(0, 4) + little(end, 8) + little(1, 4) + "PK\x05\x06" +
         little(0, 4) + std::string(12, '\xFF') + little(0, 2);
}

std::vector<std::string> unpacked(const std::string& body) {
  const auto read = read_zip(body);
  std::vector<std::string> out;
  if (!read) {
    return {read.error().message()};
  }
  for (const ZipFile& file : *read) {
    out.push_back(file.name + " " + file.bytes);
  }
  return out;
}

const auto kAll = ElementsAre("a.csv first", "b.csv second");

TEST(OddZip, ACommentMayHoldTheMarkOfAnEnd) {
  const std::string zip = stored_zip(files());
  EXPECT_THAT(unpacked(commented(zip, "PK\x05\x06" + std::string(60'000, 'x'))), kAll);
  std::string marks;
  for (int i = 0; i < 16'000; ++i) {
    marks += "PK\x05\x06";
  }
  EXPECT_THAT(unpacked(commented(zip, marks)), kAll);
  const std::string of_nothing = "PK\x05\x06" + std::string(18, '\0');
  EXPECT_THAT(unpacked(commented(zip, of_nothing)), kAll) << "an end of nothing is none where another leads to files";
  EXPECT_THAT(unpacked(of_nothing), ElementsAre());
  EXPECT_THAT(unpacked(zip + "and some bytes behind it, PK\x05\x06 among them, as some writers leave them"), kAll);
}

TEST(OddZip, BytesMayStandBeforeIt) {
  for (const std::string& before :
       {"MZ" + std::string(1000, 'x'), "PK" + std::string(1000, 'x'), std::string(1, '#')}) {
    EXPECT_THAT(unpacked(before + stored_zip(files())), kAll);
    EXPECT_THAT(unpacked(before + with_long_end(stored_zip(files()))), kAll);
    EXPECT_THAT(unpacked(before + commented(stored_zip(files()), "PK\x05\x06!")), kAll);
    EXPECT_TRUE(is_zip(HeldZip(before + stored_zip(files()))));
  }
  EXPECT_THAT(unpacked(with_long_end(stored_zip(files()))), kAll);
  EXPECT_FALSE(is_zip(HeldZip("date,close\n2024-01-02,1\n")));
  EXPECT_FALSE(is_zip(HeldZip("")));
  EXPECT_FALSE(is_zip(HeldZip("an end, PK\x05\x06, that leads to no directory at all, though long enough")));
  EXPECT_TRUE(is_zip(HeldZip("PK")));
}

// An archive in an archive has a directory of its own, before the one that counts.
TEST(OddZip, TheOuterArchiveIsRead) {
  const std::string inner = stored_zip("c.csv", "third");
  EXPECT_THAT(unpacked("MZ" + stored_zip(Named{{"a.csv", "first"}, {"in.zip", inner}})),
              ElementsAre("a.csv first", "in.zip " + inner));
}

// Flags and method of a file stand at the 8th and 10th byte of its entry (4.3.12).
TEST(OddZip, WhatIsClosedIsNamed) {
  const auto told = [](std::size_t at, char value) {
    std::string zip = stored_zip(files());
    zip[zip.find("PK\x01\x02") + at] = value;
    return unpacked(zip).front();
  };
  EXPECT_THAT(told(8, 1), HasSubstr("whose file is encrypted"));
  EXPECT_THAT(told(10, 12), HasSubstr("whose file is packed by bzip2, expected deflate"));
  EXPECT_THAT(told(10, 14), HasSubstr("packed by LZMA"));
  EXPECT_THAT(told(10, 93), HasSubstr("packed by Zstandard"));
  EXPECT_THAT(told(10, 77), HasSubstr("packed by method 77"));
  EXPECT_EQ(closed_by({.name = "a", .method = 8, .flags = 8}), "") << "sizes that follow the bytes";
}

}  // namespace
}  // namespace lode::source
