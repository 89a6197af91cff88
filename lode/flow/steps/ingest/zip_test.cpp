// An archive of several tables is a folder of them: the same rows, the same hashes, the same refusals.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/hash.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/flow/steps/ingest/text.h"
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

// What the tables say of themselves counts in the archive as in the folder.
TEST(ZipOfTables, BringsItsImportToml) {
  const std::string header = "Date,Open,High,Low,Close,Volume\n";
  const Named adjusted = {{"spy.csv", header + "03/01/2024,10,11,9,10,100\n04/01/2024,10,11,9,10.5,100\n"},
                          {"qqq.csv", header + "03/01/2024,20,22,18,21,200\n04/01/2024,20,22,18,21,200\n"},
                          {"import.toml", "kind = \"etf\"\nadjusted = true\nmic = \"XNAS\"\ndate_format = \"dmy\"\n"}};
  const auto read = [](IngestWorld& world, const std::string& path) {
    IngestRequest request;
    request.paths = {path};
    EXPECT_EQ(must(world.run(request)).kept, 4);
    std::vector<std::string> out = world.rows("instruments", {"symbol", "mic", "kind", "adjusted_by_source"});
    for (const std::string& bar : world.rows("bars", {"session", "close"})) {
      out.push_back(bar);
    }
    return out;
  };
  IngestWorld folder;
  for (const auto& [name, bytes] : adjusted) {
    folder.write("prices/" + name, bytes);
  }
  const std::vector<std::string> expected = read(folder, folder.data() + "/prices");
  EXPECT_THAT(expected, testing::Contains("SPY XNAS etf true"));
  EXPECT_THAT(expected, testing::Contains("2024-01-03 10"));
  IngestWorld flat;
  EXPECT_EQ(read(flat, flat.write("prices.zip", stored_zip(adjusted))), expected);
  IngestWorld deep;  // As packed from above its folder.
  Named below;
  for (const auto& [name, bytes] : adjusted) {
    below.emplace_back("prices/" + name, bytes);
  }
  EXPECT_EQ(read(deep, deep.write("prices.zip", stored_zip(below))), expected);
  Named wrong = adjusted;
  wrong.back().second = "adjustd = true\n";
  const auto told = deep.run({deep.write("wrong.zip", stored_zip(wrong))});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().number(), E::E5001);
  EXPECT_THAT(told.error().message(), HasSubstr("wrong.zip/import.toml"));
}

// What adjusted prices of one file say is not said of another's: neither is stored under the other's name.
TEST(ZipOfTables, WithOtherSettingsThanAnotherIsRefusedBesideIt) {
  const std::string bars = "Date,Open,High,Low,Close,Volume\n2024-01-02,10,11,9,10,100\n";
  const std::string etf = "kind = \"etf\"\nadjusted = true\nmic = \"XNAS\"\n", stock = "mic = \"XNYS\"\n";
  IngestWorld world;
  const std::string a = world.write("z/a.zip", stored_zip(Named{{"SPY.csv", bars}, {"import.toml", etf}}));
  const std::string b = world.write("z/b.zip", stored_zip(Named{{"IBM.csv", bars}, {"import.toml", stock}}));
  const std::string c = world.write("z/c/KO.csv", bars);
  const auto told = [&](std::vector<std::string> paths, const std::string& mic = "") {
    IngestRequest request;
    request.paths = std::move(paths);
    request.mic = mic;
    const auto report = world.run(request);
    if (report) {
      return std::string("taken");
    }
    EXPECT_EQ(report.error().number(), E::E5003);
    return report.error().message() + " | " + std::string(report.error().hint());
  };
  EXPECT_THAT(told({a, b}),
              testing::AllOf(HasSubstr("a.zip/import.toml says adjusted 'true'"),
                             HasSubstr("b.zip/import.toml says adjusted 'false'"), HasSubstr("--adjusted")));
  EXPECT_THAT(told({world.data() + "/z"}), HasSubstr("says adjusted"));
  EXPECT_THAT(told({b, c}), testing::AllOf(HasSubstr("b.zip/import.toml says mic 'XNYS'"),
                                           HasSubstr("KO.csv has no import.toml (mic 'XXXX')")));
  EXPECT_FALSE(std::filesystem::exists(world.lake_folder()));
  EXPECT_EQ(told({b, c}, "XNYS"), "taken") << "said for all";
  world.write("z/c/import.toml", stock);
  EXPECT_EQ(told({b, world.data() + "/z/c"}), "taken") << "the same of both";
}

// In a folder too: each file's own import.toml counts, however deep it lies.
TEST(ZipOfTables, BringsItsImportTomlIntoAFolder) {
  const std::string bars = "Date,Open,High,Low,Close,Volume\n03/01/2024,10,11,9,10,100\n04/01/2024,10,11,9,10.5,100\n";
  const std::string says = "kind = \"etf\"\nadjusted = true\nmic = \"XNAS\"\ndate_format = \"dmy\"\n";
  const auto read = [](IngestWorld& world) {
    IngestRequest request;
    request.paths = {world.data()};
    EXPECT_EQ(must(world.run(request)).kept, 2);
    EXPECT_THAT(world.rows("bars", {"session"}), ElementsAre("2024-01-03", "2024-01-04"));
    return world.rows("instruments", {"symbol", "mic", "kind", "adjusted_by_source"});
  };
  IngestWorld zip, folder, above;
  zip.write("p/spy.zip", stored_zip(Named{{"x/SPY.csv", bars}, {"x/import.toml", says}}));
  folder.write("p/q/SPY.csv", bars);
  folder.write("p/q/import.toml", says);
  above.write("p/spy.zip", stored_zip("SPY.csv", bars));
  above.write("import.toml", says);
  for (IngestWorld* world : {&zip, &folder, &above}) {
    EXPECT_THAT(read(*world), ElementsAre("SPY XNAS etf true"));
  }
}

TEST(ZipOfTables, OfNamesInAnotherEncodingIsThatFolder) {
  const auto table = [](const std::string& symbol, const std::string& close) {
    return "Date,Symbol,Open,High,Low,Close,Volume\n2024-01-02," + symbol + "," + close + "," + close + "," + close +
           "," + close + ",100\n";
  };
  const Named named = {{"\xD5\xD0\xC9\xCC.csv", table("600036", "30.5")},
                       {"\xC3\xF1\xC9\xFA.csv", table("600016", "4.25")},
                       {"\xC6\xD6\xB7\xA2.csv", table("600000", "7.5")}};
  IngestWorld folder;
  for (const auto& [name, bytes] : named) {
    folder.write("banks/" + name, bytes);
  }
  IngestRequest request;
  request.paths = {folder.data() + "/banks"};
  ASSERT_EQ(must(folder.run(request)).kept, 3);
  IngestWorld world;
  request.paths = {world.write("banks.zip", stored_zip(named))};
  EXPECT_EQ(must(world.run(request)).kept, 3);
  const std::vector<std::string> columns = {"session", "close", "raw_hash"};
  EXPECT_THAT(world.rows("bars", columns), testing::UnorderedElementsAreArray(folder.rows("bars", columns)));
  EXPECT_TRUE(must(world.run(request)).repeated) << "the labels are the same again";
}

// Tens of thousands of names are told when they are met, and counted in the commit's note.
TEST(ZipOfTables, WithManyFilesThatAreNoneNotesTheFirst) {
  IngestWorld world;
  Named many = {{"aapl.csv", tables()[0].second}};
  for (int i = 0; i < 3000; ++i) {
    many.emplace_back("x" + std::to_string(i) + ".csv", "who,what\nme,row " + std::to_string(i) + "\n");
  }
  const std::string path = world.write("many.zip", stored_zip(many));
  const IngestReport report = must(world.run({path}));
  EXPECT_EQ(report.skipped.size(), 3000U);
  EXPECT_EQ(ingest_json(report).find("skipped")->as_object().size(), 3000U);
  const auto lake = must(lake::Lake::open(world.lake_folder(), lake::Access::kRead, world.test.clock, world.test.pool));
  const Value note = must(lake->commits()).back().note;
  EXPECT_EQ(note.find("skipped")->as_object().size(), kSkippedNoted);
  EXPECT_EQ(note.find("skipped_files")->as_int(), 3000);
  const IngestReport again = must(world.run({path}));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.skipped.size(), kSkippedNoted);
  EXPECT_EQ(again.skipped_more, 2900);
  for (const IngestReport& one : {report, again}) {
    EXPECT_THAT(ingest_text(one, 0.5, 0.3), HasSubstr("and 2,995 more"));
  }
}

}  // namespace
}  // namespace lode::flow
