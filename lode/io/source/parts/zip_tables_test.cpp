// Several tables inside one archive: listed as files of a folder, read one at a time, harmless whatever they are
// called.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/parts/zip_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/io/source/file_bytes.h"
#include "lode/io/source/parts/stored_zip.h"

namespace lode::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Named = std::vector<std::pair<std::string, std::string>>;

std::string deflated(std::string_view bytes, int window) {
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
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

class ZipTables : public testing::Test {
 protected:
  std::string write(std::string_view bytes, const std::string& name = "a.zip") const {
    const std::filesystem::path path = std::filesystem::path(world_.folder) / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }
  std::string in(const std::string& name) const { return world_.folder + "/a.zip/" + name; }
  // Names of the tables, without the archive's; or the error.
  std::vector<std::string> names(std::string_view bytes) const {
    const auto tables = tables_inside(write(bytes));
    std::vector<std::string> out;
    if (!tables) {
      return {tables.error().message()};
    }
    for (const ZipTable& table : *tables) {
      out.push_back(table.path.substr(in("").size()));
    }
    return out;
  }

  TestWorld world_;
};

TEST_F(ZipTables, AreListedAsFilesOfAFolder) {
  const std::string zip = stored_zip(Named{{"us/", ""},
                                           {"us/b.csv", "b"},
                                           {"a.TXT", "a"},
                                           {"README.md", "r"},
                                           {"__MACOSX/us/._b.csv", "m"},
                                           {"us/.hidden.csv", "h"},
                                           {"report.pdf", "p"},
                                           {"c.tsv.gz", "g"},
                                           {"d.feather", "f"}});
  EXPECT_THAT(names(zip), ElementsAre("a.TXT", "c.tsv.gz", "d.feather", "us/b.csv"));
  EXPECT_THAT(names(stored_zip("a.csv", "x")), IsEmpty()) << "one table of text is the file itself";
  EXPECT_THAT(names(stored_zip("a.csv.gz", "x")), ElementsAre("a.csv.gz"));
  EXPECT_THAT(names(stored_zip("a.pdf", "x")), IsEmpty());
  EXPECT_THAT(names("date,close\n"), IsEmpty()) << "a name is no proof";
  EXPECT_THAT(names(""), IsEmpty());
  EXPECT_THAT(must(tables_inside(write(zip, "b.csv"))), IsEmpty());
}

TEST_F(ZipTables, AreReadAndHashedAsTheyWouldLieUnpacked) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) {
    text += std::to_string(i * 7919LL % 100'003) + "\n";
  }
  const std::string packed = deflated(text, 16 + MAX_WBITS);
  const std::string path = write(stored_zip(Named{{"a.csv", "abc"}, {"b.csv.gz", packed}, {"c.csv", ""}}));
  const std::vector<ZipTable> tables = must(tables_inside(path));
  ASSERT_EQ(tables.size(), 3U);
  const FileBytes first = must(read_table(tables[0]));
  EXPECT_EQ(first.bytes, "abc");
  // sha256sum of the three bytes "abc": FIPS 180-4, example 1.
  EXPECT_EQ(first.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const FileBytes second = must(read_table(tables[1]));
  EXPECT_EQ(second.bytes, text);
  EXPECT_EQ(second.sha256, sha256_hex(packed));
  EXPECT_EQ(second.disk_bytes, static_cast<std::int64_t>(packed.size()));
  EXPECT_EQ(must(raw_table(tables[1])), packed);
  EXPECT_EQ(read_table(tables[2]).error().number(), E::E2014);
  std::filesystem::remove(path);
  EXPECT_EQ(read_table(tables[0]).error().number(), E::E8009) << "taken away meanwhile";
}

TEST_F(ZipTables, AreCalledByNothingThatLeadsElsewhere) {
  EXPECT_THAT(names(stored_zip(Named{{"../../etc/a.csv", "a"},
                                     {"/top/b.csv", "b"},
                                     {"C:\\prices\\c.csv", "c"},
                                     {"x/./..//d.csv", "d"},
                                     {"e\x1b[2J\xff.csv", "e"}})),
              ElementsAre("e?[2J?.csv", "etc/a.csv", "prices/c.csv", "top/b.csv", "x/d.csv"));
  EXPECT_THAT(names(stored_zip(Named{{"a.csv", "a"}, {"../a.csv", "b"}})).front(),
              HasSubstr("a.zip/a.csv stands twice"));
}

TEST_F(ZipTables, BesideAnArchiveOrParquetAreRefused) {
  const auto nested = names(stored_zip(Named{{"a.csv", "a"}, {"old/b.ZIP", stored_zip("c.csv", "c")}}));
  EXPECT_THAT(nested.front(), HasSubstr("a.zip/old/b.ZIP is an archive inside an archive"));
  const auto parquet = names(stored_zip(Named{{"a.csv", "a"}, {"b.parquet", "PAR1"}}));
  EXPECT_THAT(parquet.front(), HasSubstr("a.zip/b.parquet is Parquet inside an archive"));
  const auto told = tables_inside(write(stored_zip("b.zip", "x")));
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().number(), E::E2014);
  EXPECT_THAT(told.error().hint(), HasSubstr("unzip "));
}

TEST_F(ZipTables, ThatAreDamagedNameThemselvesAndLeaveTheOthers) {
  std::string zip = stored_zip(Named{{"a.csv", "first"}, {"b.csv", "second"}, {"c.csv", "third"}});
  zip[zip.find("second")] ^= 1;
  const std::vector<ZipTable> tables = must(tables_inside(write(zip)));
  ASSERT_EQ(tables.size(), 3U);
  EXPECT_EQ(must(read_table(tables[0])).bytes, "first");
  EXPECT_EQ(must(read_table(tables[2])).bytes, "third");
  const auto bad = read_table(tables[1]);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().number(), E::E2021);
  EXPECT_THAT(bad.error().message(), HasSubstr(in("b.csv") + " is damaged"));
  for (std::size_t size = 2; size < zip.size(); size += 7) {
    const auto cut = tables_inside(write(zip.substr(0, size)));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().number(), E::E2021) << size;
  }
}

TEST_F(ZipTables, AreUnpackedOnlyAsFarAsTheyMay) {
  const std::string zip = stored_zip(
      Named{{"a.csv", std::string(1000, 'a')}, {"b.csv.gz", deflated(std::string(100'000, 'b'), 16 + MAX_WBITS)}});
  const std::vector<ZipTable> tables = must(tables_inside(write(zip)));
  std::int64_t held = 0;
  must(read_table(tables[0], [&](std::int64_t bytes) { return (held += bytes) >= 0; }));
  EXPECT_EQ(held, 1000) << "its own packed bytes, not those of the archive";
  EXPECT_EQ(read_table(tables[0], [](std::int64_t) { return false; }).error().number(), E::E2023);
  EXPECT_EQ(read_table(tables[1], [&](std::int64_t bytes) { return bytes < 5000; }).error().number(), E::E2023);
  EXPECT_EQ(read_table(tables[1], {}, 10'000).error().number(), E::E2021) << "gzip inside an archive is bounded too";
}

// Names in GBK, as archives made in China have them: none is UTF-8, and all of one length print alike.
TEST_F(ZipTables, WhoseNamesPrintAlikeAreToldApart) {
  const std::string bank = "\xD5\xD0\xC9\xCC.csv", life = "\xC3\xF1\xC9\xFA.csv";
  const std::string folder = "\xBB\xA6/a.csv", other = "\xC9\xEE/a.csv", beside = "\xC9\xEE/b.csv";
  EXPECT_THAT(names(stored_zip(Named{{bank, "1"}, {life, "2"}})), ElementsAre("???? (2).csv", "????.csv"));
  EXPECT_THAT(names(stored_zip(Named{{life, "2"}, {bank, "1"}})), ElementsAre("???? (2).csv", "????.csv"));
  const std::vector<ZipTable> tables = must(tables_inside(write(stored_zip(Named{{bank, "1"}, {life, "2"}}))));
  EXPECT_EQ(must(read_table(tables[0])).bytes, "1") << "the later by its bytes";
  EXPECT_EQ(must(read_table(tables[1])).bytes, "2");
  EXPECT_THAT(names(stored_zip(Named{{other, "1"}, {beside, "2"}, {folder, "3"}})),
              ElementsAre("?? (2)/a.csv", "?? (2)/b.csv", "?\?/a.csv"));
  EXPECT_THAT(names(stored_zip(Named{{"\xFF.csv.gz", "1"}, {"?.csv.gz", "2"}, {"x.csv", "3"}})),
              ElementsAre("? (2).csv.gz", "?.csv.gz", "x.csv"))
      << "a name that prints as it is keeps itself";
  EXPECT_THAT(names(stored_zip(Named{{bank, "1"}, {bank, "2"}})).front(), HasSubstr("????.csv stands twice"));
}

TEST_F(ZipTables, BehindOtherBytesAreFound) {
  const std::string zip = stored_zip(Named{{"a.csv", "first"}, {"b.csv", "second"}});
  for (const char* before : {"MZ, a program that unpacks itself", "PK, or what looks like it"}) {
    const std::vector<ZipTable> tables = must(tables_inside(write(before + zip)));
    ASSERT_EQ(tables.size(), 2U) << before;
    EXPECT_EQ(must(read_table(tables[1])).bytes, "second");
    EXPECT_EQ(must(read_data_file(write(before + stored_zip("a.csv", "alone")))).bytes, "alone");
  }
}

TEST_F(ZipTables, ThatAreClosedAreRefusedAsThat) {
  const auto told = [&](const Named& files, std::size_t at, char value) {
    std::string zip = stored_zip(files);
    zip[zip.find("PK\x01\x02") + at] = value;
    const auto tables = tables_inside(write(zip));
    EXPECT_FALSE(tables);
    EXPECT_EQ(tables.error().number(), E::E2014);
    EXPECT_EQ(read_data_file(write(zip)).error().number(), E::E2014) << "of one table, or of several";
    return tables.error().message() + " | " + std::string(tables.error().hint());
  };
  const Named one = {{"a.csv", "first"}}, two = {{"a.csv", "first"}, {"b.csv", "second"}};
  for (const Named& files : {one, two}) {
    EXPECT_THAT(told(files, 8, 1), testing::AllOf(HasSubstr("a.zip/a.csv is encrypted"), HasSubstr("its password")));
    EXPECT_THAT(told(files, 10, 12), testing::AllOf(HasSubstr("a.csv is packed by bzip2"), HasSubstr("7z x ")));
  }
  EXPECT_THAT(names(stored_zip(Named{{"note.md", "x"}, {"a.csv", "first"}, {"b.csv", "second"}})).size(), 2U);
  std::string beside = stored_zip(Named{{"note.md", "x"}, {"a.csv", "first"}, {"b.csv", "second"}});
  beside[beside.find("PK\x01\x02") + 8] = 1;
  EXPECT_THAT(names(beside), ElementsAre("a.csv", "b.csv")) << "what is no table may be closed";
}

TEST_F(ZipTables, BringTheirSettings) {
  const auto settings = [&](const Named& files) -> std::string {
    const auto found = settings_inside(write(stored_zip(files)));
    if (!found) {
      return found.error().message();
    }
    std::string out;
    for (const ZipTable& file : found->files) {
      out += file.path.substr(in("").size()) + " " + must(raw_table(file)) + "; ";
    }
    return out + (found->has_all ? "all" : "not all");
  };
  EXPECT_EQ(settings({{"a.csv", "1"}, {"b.csv", "2"}, {"import.toml", "top"}}), "import.toml top; all");
  EXPECT_EQ(settings({{"a.csv", "1"}, {"import.toml", "top"}}), "import.toml top; all") << "of one table too";
  EXPECT_EQ(settings({{"p/a.csv", "1"}, {"p/q/b.csv", "2"}, {"p/import.toml", "in p"}}), "p/import.toml in p; all");
  EXPECT_EQ(settings({{"p/a.csv", "1"}, {"p/import.toml", "in p"}, {"import.toml", "top"}}), "p/import.toml in p; all")
      << "the nearest";
  EXPECT_EQ(settings({{"p/a.csv", "1"}, {"b.csv", "2"}, {"p/import.toml", "in p"}}), "p/import.toml in p; not all");
  EXPECT_EQ(settings({{"p/a.csv", "1"}, {"q/b.csv", "2"}, {"p/import.toml", "in p"}, {"q/import.toml", "in q"}}),
            "p/import.toml in p; q/import.toml in q; all");
  EXPECT_EQ(settings({{"p/q/r/a.csv", "1"}, {"p/import.toml", "in p"}}), "p/import.toml in p; all");
  EXPECT_EQ(settings({{"pq/a.csv", "1"}, {"p/import.toml", "in p"}, {"q/r.md", "2"}}), "not all");
  EXPECT_EQ(settings({{"a.csv", "1"}}), "not all");
  EXPECT_THAT(settings({{"a.csv", "1"}, {"import.toml", "1"}, {"./import.toml", "2"}}), HasSubstr("stands twice"));
  EXPECT_THAT(settings({{"a.csv", "1"}, {"import.toml", std::string(1 << 21, '#')}}),
              HasSubstr("expected a few lines"));
  for (const std::string& none : {write("no archive"), world_.folder}) {
    EXPECT_THAT(must(settings_inside(none)).files, IsEmpty());
    EXPECT_FALSE(must(settings_inside(none)).has_all);
  }
}

// A name of many folders is one of as many prefixes: they are not held, and names that nobody would give are refused.
TEST_F(ZipTables, WithEndlessNamesAreRefused) {
  const auto deep = [](std::size_t levels, const std::string& folder) {
    std::string out;
    for (std::size_t i = 0; i < levels; ++i) {
      out += folder + "/";
    }
    return out + "MSFT.csv";
  };
  EXPECT_THAT(names(stored_zip(Named{{deep(256, "a"), "1"}, {deep(256, "b"), "2"}})), testing::SizeIs(2));
  EXPECT_THAT(names(stored_zip(Named{{deep(256, "\xD5\xD0"), "1"}, {deep(256, "\xC3\xF1"), "2"}})),
              ElementsAre("?? (2)/" + deep(255, "??"), deep(256, "??")));
  for (const std::string& name : {deep(257, "a"), deep(32'000, "a"), std::string(4093, 'x') + ".csv"}) {
    const auto told = tables_inside(write(stored_zip(Named{{name, "1"}, {"b.csv", "2"}})));
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().number(), E::E2021);
    EXPECT_THAT(told.error().message(), HasSubstr("expected at most 4096 and 256"));
  }
}

// Claims of the directory: sizes of the first file stand at its 20th and 24th byte (APPNOTE 4.3.12).
TEST_F(ZipTables, ThatClaimMoreThanTheyHoldAreRefusedUnopened) {
  const std::string zip = stored_zip(Named{{"a.csv", "first"}, {"b.csv", "second"}});
  const std::size_t entry = zip.find("PK\x01\x02");
  std::string bomb = zip;
  bomb.replace(entry + 24, 4, "\xF0\xFF\xFF\x7F");
  EXPECT_THAT(names(bomb).front(), HasSubstr("claims 2147483632 bytes"));
  std::string shorter = zip;  // Stored bytes that are not counted would pass by every limit.
  shorter.replace(entry + 24, 4, std::string(4, '\0'));
  const std::vector<ZipTable> tables = must(tables_inside(write(shorter)));
  EXPECT_EQ(read_table(tables.at(0)).error().number(), E::E2021);
  EXPECT_EQ(must(read_table(tables.at(1))).bytes, "second");
}

}  // namespace
}  // namespace lode::source
