// Listing folders and reading files that are missing, empty, packed or damaged.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/file_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/io/source/parts/stored_zip.h"

namespace lode::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  std::string write(const std::string& name, std::string_view bytes) const {
    const std::filesystem::path path = std::filesystem::path(world_.folder) / "data" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }
  static std::string gzip(std::string_view bytes) {
    z_stream stream = {};
    deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  }
  std::string data() const { return world_.folder + "/data"; }

  TestWorld world_;
};

TEST_F(Files, AreListedInOrderWithoutTheOthers) {
  for (const char* name :
       {"b.csv", "a.CSV.gz", "sub/c.parquet", "README.md", "readme.txt", ".hidden.csv", "x.zip", "x.7z", "d.tsv",
        "e.arrow", "F.FEATHER", "g.arrows", "h.ipc", "i.arrow.gz", "j.parquet.gz"}) {
    write(name, "x");
  }
  EXPECT_THAT(must(data_files({data(), data() + "/b.csv"})).files,
              ElementsAre(data() + "/F.FEATHER", data() + "/a.CSV.gz", data() + "/b.csv", data() + "/d.tsv",
                          data() + "/e.arrow", data() + "/g.arrows", data() + "/h.ipc", data() + "/sub/c.parquet",
                          data() + "/x.zip"));
}

TEST_F(Files, ThatAreMissingAreAnsweredWithTheNearest) {
  write("bars.csv", "x");
  const auto missing = data_files({data() + "/brs.csv"});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().number(), E::E8);
  EXPECT_THAT(missing.error().hint(), HasSubstr("'bars.csv'"));
  EXPECT_EQ(read_data_file(data() + "/none.csv").error().number(), E::E8);
}

TEST_F(Files, OfAFolderWithoutDataAreNamed) {
  write("report.pdf", "x");
  const auto none = data_files({data()});
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().number(), E::E2014);
  EXPECT_THAT(none.error().message(), HasSubstr("found report.pdf"));
  std::filesystem::create_directories(data() + "/empty");
  EXPECT_THAT(data_files({data() + "/empty"}).error().message(), HasSubstr("is empty"));
}

TEST_F(Files, AreUnpackedAndHashedAsTheyLie) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) {
    text += std::to_string(i * 7919LL % 100'003) + "\n";
  }
  const std::string packed = gzip(text);
  const FileBytes read = must(read_data_file(write("a.csv.gz", packed)));
  EXPECT_EQ(read.bytes, text);
  EXPECT_EQ(read.disk_bytes, static_cast<std::int64_t>(packed.size()));
  // sha256sum of the three bytes "abc": FIPS 180-4, example 1.
  EXPECT_EQ(must(read_data_file(write("abc.csv", "abc"))).sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(must(read_data_file(write("two.csv.gz", gzip("first\n") + gzip("second\n")))).bytes, "first\nsecond\n");
}

TEST_F(Files, InAZipAreTakenWhenThereIsOneTable) {
  const auto told = [&](const std::vector<std::pair<std::string, std::string>>& files) {
    const auto read = read_data_file(write("a.zip", stored_zip(files)));
    return read ? read->bytes : read.error().message();
  };
  EXPECT_EQ(told({{"prices.csv", "date,close\n"}}), "date,close\n");
  EXPECT_EQ(told({{"__MACOSX/prices.csv", "x"}, {"README.txt", "y"}, {"in/prices.TXT", "z\n"}}), "z\n");
  EXPECT_THAT(told({{"a.csv", "x"}, {"b.csv", "y"}}),
              HasSubstr("a.zip holds 2 tables, expected one .csv, .txt or .tsv"));
  EXPECT_THAT(told({{"a.pdf", "x"}}), HasSubstr("holds no table of text"));
  const std::string whole = stored_zip("prices.csv", "date,close\n");
  const auto at = whole.find("date");
  std::string flipped = whole;
  flipped[at] ^= 1;
  for (const std::string& bad : {flipped, whole.substr(0, whole.size() / 2)}) {
    const auto read = read_data_file(write("bad.zip", bad));
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().number(), E::E2021);
  }
  const std::string path = write("a.zip", whole);
  EXPECT_EQ(must(read_data_file(path)).sha256, must(read_data_file(write("b.zip", whole))).sha256);
  EXPECT_EQ(read_data_file(path, [](std::int64_t) { return false; }).error().number(), E::E2023);
}

TEST_F(Files, ThatAreDamagedAreRefusedWhole) {
  const std::string packed = gzip(std::string(100'000, 'x') + "tail");
  EXPECT_EQ(read_data_file(write("cut.csv.gz", packed.substr(0, packed.size() / 2))).error().number(), E::E2021);
  EXPECT_EQ(read_data_file(write("cut2.csv.gz", packed.substr(0, packed.size() - 3))).error().number(), E::E2021);
  std::string flipped = packed;
  flipped[flipped.size() - 6] ^= 0x55;  // Its checksum.
  EXPECT_EQ(read_data_file(write("flip.csv.gz", flipped)).error().number(), E::E2021);
  EXPECT_EQ(read_data_file(write("bomb.csv.gz", packed), {}, 1'000).error().number(), E::E2021);
  const auto empty = read_data_file(write("empty.csv", ""));
  ASSERT_FALSE(empty.has_value());
  EXPECT_EQ(empty.error().number(), E::E2014);
  EXPECT_THAT(empty.error().message(), HasSubstr("empty (0 bytes)"));
}

TEST_F(Files, AskBeforeTheyUnpack) {
  const std::string path = write("zeros.csv.gz", gzip(std::string(50'000'000, '0')));
  std::int64_t held = 0;
  const auto up_to = [&](std::int64_t most) {
    held = 0;
    return read_data_file(path, [&, most](std::int64_t bytes) {
      const bool fits = held + bytes <= most;
      held += fits ? bytes : 0;
      return fits;
    });
  };
  EXPECT_EQ(up_to(10'000'000).error().number(), E::E2023);
  EXPECT_LE(held, 10'000'000);
  EXPECT_EQ(up_to(100).error().number(), E::E2023);
  EXPECT_EQ(must(up_to(80'000'000)).bytes.size(), 50'000'000U);
  EXPECT_GE(held, 50'000'000) << "what was taken was asked for";
}

// A folder given twice, or with one inside it, is listed once; one without data is none for that.
TEST_F(Files, OfFoldersGivenTwiceAreListedOnce) {
  std::filesystem::create_directories(std::filesystem::path(data()) / "us");
  write("us/bars.csv", "x");
  for (const std::vector<std::string>& given :
       {std::vector{data(), data()}, std::vector{data(), data() + "/us"}, std::vector{data() + "/us", data()}}) {
    EXPECT_EQ(must(data_files(given)).files.size(), 1U);
  }
  std::filesystem::create_directories(std::filesystem::path(data()) / "none");
  EXPECT_EQ(data_files({data(), data() + "/none"}).error().number(), E::E2014);
}

TEST(DataFiles, LinksThatLeadBackAreWalkedOnce) {
  const TestWorld world;
  const std::filesystem::path folder = std::filesystem::path(world.folder) / "loop";
  std::filesystem::create_directories(folder / "a");
  std::filesystem::create_directory_symlink("..", folder / "a" / "back");
  std::ofstream(folder / "x.csv") << "date,symbol,close\n";
  std::ofstream(folder / "a" / "y.csv") << "date,symbol,close\n";
  EXPECT_EQ(must(data_files({folder.string()})).files.size(), 2U);
}

class OddFiles : public Files {
 protected:
  // Everything that is neither a file nor a folder, each by a name of data.
  void make_odd() {
    write("good.csv", "x");
    ASSERT_EQ(::mkfifo((data() + "/a_pipe.csv").c_str(), 0600), 0);
    ASSERT_EQ(::mknod((data() + "/b_socket.csv").c_str(), S_IFSOCK | 0600, 0), 0);
    std::filesystem::create_symlink("/dev/zero", data() + "/c_device.csv");
    std::filesystem::create_symlink("gone.csv", data() + "/d_link.csv");
    std::filesystem::create_symlink("e_loop.csv", data() + "/e_loop.csv");
    std::filesystem::create_symlink("a_pipe.csv", data() + "/f_to_pipe.csv");
    std::filesystem::create_symlink("good.csv", data() + "/g_good.csv");
  }
};

TEST_F(OddFiles, OfAFolderArePassedOverByNameAndKind) {
  make_odd();
  ASSERT_EQ(::mkfifo((data() + "/h_notes").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((data() + "/.hidden.csv").c_str(), 0600), 0);
  const DataFiles found = must(data_files({data()}));
  EXPECT_THAT(found.files, ElementsAre(data() + "/g_good.csv", data() + "/good.csv"));
  const auto odd = [&](const char* name, const char* what) { return testing::Pair(data() + name, what); };
  EXPECT_THAT(found.passed_over, ElementsAre(odd("/a_pipe.csv", "a pipe"), odd("/b_socket.csv", "a socket"),
                                             odd("/c_device.csv", "a device"),
                                             odd("/d_link.csv", "a link to gone.csv, which is not there"),
                                             odd("/e_loop.csv", "a link that leads back to itself"),
                                             odd("/f_to_pipe.csv", "a pipe"), odd("/h_notes", "a pipe")));
}

TEST_F(OddFiles, AloneInAFolderSayWhatTheyAre) {
  std::filesystem::create_directories(data());
  ASSERT_EQ(::mkfifo((data() + "/pipe.csv").c_str(), 0600), 0);
  EXPECT_THAT(data_files({data()}).error().message(), HasSubstr("(found pipe.csv: a pipe)"));
}

TEST_F(OddFiles, GivenByNameAreRefusedAndNeverOpened) {
  make_odd();
  for (const auto& [name, what] : std::map<std::string, std::string>{{"/a_pipe.csv", "a pipe"},
                                                                     {"/b_socket.csv", "a socket"},
                                                                     {"/c_device.csv", "a device"},
                                                                     {"/f_to_pipe.csv", "a pipe"}}) {
    const auto listed = data_files({data() + name});
    ASSERT_FALSE(listed) << name;
    EXPECT_EQ(listed.error().number(), E::E8009);
    EXPECT_THAT(listed.error().message(), HasSubstr(name + " is " + what + ", expected a file or a folder"));
    EXPECT_EQ(read_data_file(data() + name).error().number(), E::E8009) << "nor where it took a file's place since";
  }
  for (const char* name : {"/d_link.csv", "/e_loop.csv"}) {
    const auto listed = data_files({data() + name});
    ASSERT_FALSE(listed) << name;
    EXPECT_EQ(listed.error().number(), E::E8);
    EXPECT_THAT(listed.error().message(), HasSubstr(std::string(name) + " is a link "));
    EXPECT_THAT(listed.error().hint(), HasSubstr("mend the link")) << "not: did you mean the same name";
  }
}

}  // namespace
}  // namespace lode::source
