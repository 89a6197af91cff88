// Care of the lake: revert, verify, vacuum, backup, restore.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using Care = testing::Verbs;
using testing::number_of;

std::string first_part(const std::string& lake) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(lake + "/tables/bars")) {
    if (entry.path().extension() == ".parquet") {
      return entry.path().string();
    }
  }
  return {};
}

TEST_F(Care, RevertHidesACommitOnlyWhenToldYes) {
  import("bars", testing::kBars);
  import("bars", testing::kMoreBars);
  EXPECT_THAT(mistake("data", "revert", R"j({"commit": 2})j"),
              HasSubstr("error[E0006]: commit 2 (data import, 2026-01-05T12:00:00Z: 2 rows of bars) of "));
  EXPECT_EQ(number_of(call("data", "revert", R"j({"commit": 99})j")), E::E8008) << "before anybody is asked";
  EXPECT_EQ(sql("select count(*) from bars"), "5\n");
  const Outcome out = good("data", "revert", R"j({"commit": 2, "yes": true})j");
  EXPECT_EQ(testing::shape(out.data), "{reverted,commit}");
  EXPECT_EQ(sql("select count(*) from bars"), "4\n");
  EXPECT_EQ(sql("select close from bars where close in (10.5, 11)"), "10.5\n") << "the first version stands again";
  EXPECT_EQ(good("data", "tables", R"j({"commit": 2})j").data.at_path("tables.0.rows")->as_int(), 5)
      << "the past stays";
  EXPECT_EQ(number_of(call("data", "revert", R"j({"commit": 99, "yes": true})j")), E::E8008);
}

TEST_F(Care, ARelabellingIsNotRevertedIntoAnEmptyLake) {
  import("bars", testing::kBars, "XXXX");
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  const std::string held = sql("select count(*) from bars");
  EXPECT_EQ(number_of(call("data", "revert", R"j({"commit": 2, "yes": true})j")), E::E8008);
  EXPECT_EQ(sql("select count(*) from bars"), held);
}

TEST_F(Care, ImportsAgainAfterARevert) {
  import("bars", testing::kBars);
  good("data", "revert", R"j({"commit": 1, "yes": true})j");
  EXPECT_EQ(sql("select count(*) from bars"), "0\n");
  EXPECT_EQ(import("bars", testing::kBars).kept, 4);
  EXPECT_EQ(sql("select count(*) from bars"), "4\n");
}

TEST_F(Care, VerifyFindsAFlippedBit) {
  import("bars", testing::kBars);
  Outcome out = good("data", "verify", "{}");
  EXPECT_FALSE(out.finding);
  EXPECT_EQ(testing::shape(out.data), "{parts,raw_files,damaged:[]}");
  EXPECT_THAT(out.text, HasSubstr("all good"));
  const std::string part = first_part(world.lake);
  std::fstream file(part, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(20);
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(20);
  file.put(byte);
  file.close();
  out = good("data", "verify", "{}");
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E8005);
  EXPECT_EQ(exit_code(out.finding->number()), 1);
  EXPECT_THAT(out.finding->note(), HasSubstr(std::filesystem::path(part).filename().string()));
  EXPECT_THAT(good("", "doctor", "{}").text, HasSubstr(": tables/bars/year=2024/part-"));
}

TEST_F(Care, VacuumShowsBeforeItRemoves) {
  import("bars", testing::kBars);
  import("bars", testing::kMoreBars);
  good("data", "revert", R"j({"commit": 2, "yes": true})j");
  const Outcome shown = good("data", "vacuum", "{}");
  EXPECT_EQ(testing::shape(shown.data), "{removed,files,bytes,paths:[]}");
  EXPECT_GT(shown.data.at_path("files")->as_int(), 0);
  EXPECT_THAT(shown.text, HasSubstr("would be removed; add --yes to do it"));
  const Outcome removed = good("data", "vacuum", R"j({"yes": true})j");
  EXPECT_EQ(removed.data.at_path("files")->as_int(), shown.data.at_path("files")->as_int());
  EXPECT_EQ(good("data", "vacuum", "{}").data.at_path("files")->as_int(), 0);
  EXPECT_EQ(sql("select count(*) from bars"), "4\n");
  EXPECT_FALSE(good("data", "verify", "{}").finding);
}

TEST_F(Care, RestoresWhatWasBackedUp) {
  import("bars", testing::kBars);
  const std::string backup = parts.folder + "/backup";
  const Outcome out = good("data", "backup", R"j({"target": ")j" + backup + "\"}");
  EXPECT_EQ(testing::shape(out.data), "{target,bytes}");
  EXPECT_GT(out.data.at_path("bytes")->as_int(), 0);
  EXPECT_THAT(mistake("data", "restore", R"j({"backup": ")j" + backup + "\"}"), HasSubstr("error[E0011]"));
  world.lake = parts.folder + "/other";
  EXPECT_EQ(testing::shape(good("data", "restore", R"j({"backup": ")j" + backup + "\"}").data), "{lake,bytes}");
  EXPECT_EQ(sql("select count(*) from bars"), "4\n");
}

TEST_F(Care, RefusesABackupThatIsNone) {
  const Result<Outcome> refused = call("data", "restore", R"j({"backup": ")j" + parts.folder + "/nowhere\"}");
  ASSERT_FALSE(refused);
  EXPECT_FALSE(std::filesystem::exists(world.lake));
}

}  // namespace
}  // namespace lode::flow
