// An archive of several tables is a folder of them: the same rows, the same hashes, the same refusals.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/hash.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/io/source/parts/stored_zip.h"

namespace lode::flow {
namespace {

using source::stored_zip;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using Named = std::vector<std::pair<std::string, std::string>>;

const Named& tables() {
  static const Named kTables = {
      {"us/aapl.us.txt", "Date,Open,High,Low,Close,Volume\n2024-01-02,10,11,9,10,100\n2024-01-03,10,11,9,10.5,100\n"},
      {"us/msft.us.txt", "Date,Open,High,Low,Close,Volume\n2024-01-02,20,22,18,21,200\n2024-01-03,20,19,18,21,200\n"},
      {"notes.csv", "who,what\nme,this is no table of bars\n"},
      {"empty.csv", ""}};
  return kTables;
}

std::vector<std::string> stored(IngestWorld& world, std::string_view table) {
  return table == "bars" ? world.rows("bars", {"session", "close", "raw_hash", "raw_line"})
                         : world.rows("quarantine", {"raw_hash", "raw_line", "reason", "text"});
}

TEST(ZipOfTables, IsAFolderOfThem) {
  IngestWorld folder;
  for (const auto& [name, bytes] : tables()) {
    folder.write("prices.zip/" + name, bytes);  // A folder may be called so.
  }
  const IngestReport expected = must(folder.run({folder.data() + "/prices.zip"}));
  IngestWorld world;
  const std::string path = world.write("prices.zip", stored_zip(tables()));
  for (const std::string& given : {path, world.data()}) {
    const IngestReport report = must(world.run({given}));
    EXPECT_EQ(report.repeated, given != path) << "the same bytes are the same import";
    EXPECT_EQ(report.kept, 3);
    EXPECT_EQ(report.set_aside, 1);
    EXPECT_EQ(report.files.size(), expected.files.size());
    EXPECT_THAT(report.skipped, testing::UnorderedElementsAre(Pair(path + "/empty.csv", "no rows"),
                                                              Pair(path + "/notes.csv", testing::_)));
  }
  EXPECT_EQ(stored(world, "bars"), stored(folder, "bars"));
  EXPECT_EQ(stored(world, "quarantine"), stored(folder, "quarantine"));
  EXPECT_EQ(world.rows("instruments", {"symbol"}), folder.rows("instruments", {"symbol"}));
}

TEST(ZipOfTables, KeepsTheBytesOfEachWhateverIsAsked) {
  IngestWorld world;
  IngestRequest request;
  request.paths = {world.write("prices.zip", stored_zip(tables()))};
  request.mic = "XNYS";
  request.raw = "reference";
  const IngestReport report = must(world.run(request));
  std::filesystem::remove(request.paths.front());
  const auto lake = must(lake::Lake::open(world.lake_folder(), lake::Access::kRead, world.test.clock, world.test.pool));
  EXPECT_TRUE(must(lake->verify()).damaged.empty());
  ASSERT_EQ(report.files.size(), 2U);
  for (std::size_t i = 0; i < report.files.size(); ++i) {
    EXPECT_TRUE(report.files[i].is_copied);
    EXPECT_EQ(report.files[i].sha256, sha256_hex(tables()[i].second));
    EXPECT_EQ(must(lake::make_archive(*lake, world.test.clock)->get(report.files[i].sha256)), tables()[i].second);
  }
}

TEST(ZipOfTables, WithOneThatIsDamagedIsRefusedByName) {
  IngestWorld world;
  std::string zip = stored_zip(tables());
  zip[zip.find("20,22,18")] ^= 1;
  const auto told = world.run({world.write("prices.zip", zip)});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().number(), E::E2021);
  EXPECT_THAT(told.error().message(), HasSubstr("prices.zip/us/msft.us.txt is damaged"));
  Named nested = tables();
  nested.emplace_back("old.zip", stored_zip("a.csv", "x"));
  EXPECT_EQ(world.failure({world.write("prices.zip", stored_zip(nested))}), 2014);
  EXPECT_EQ(world.failure({world.write("prices.zip", stored_zip(Named{tables()[2], tables()[3]}))}), 2001)
      << "a table of bars was asked for, and none is there";
}

}  // namespace
}  // namespace lode::flow
