// Doctor, the settings, and what a shell may complete with.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/candidates.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/lake/manifest.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Machine = testing::Verbs;

TEST_F(Machine, DoctorLooksWithoutTouching) {
  const Outcome out = good("", "doctor", "{}");
  EXPECT_FALSE(out.finding);
  EXPECT_THAT(out.text, HasSubstr("warn  lake " + world.lake + ": none yet\n"));
  EXPECT_EQ(testing::shape(out.data), "{checks:[{state,fact,remedy}]}");
  EXPECT_FALSE(std::filesystem::exists(world.lake));
}

TEST_F(Machine, DoctorTellsTheWayToTheNetworkAndAsksNobody) {
  EXPECT_THAT(good("", "doctor", "{}").text, HasSubstr("; nobody was asked\n"));
  EXPECT_THAT(parts.http.asked(), IsEmpty());
  must(parts.config.merge_flag("edgar.base_url", "ftp://x", "test"));
  const Outcome out = good("", "doctor", "{}");
  ASSERT_TRUE(out.finding);
  EXPECT_THAT(out.text, HasSubstr("fail  network: setting edgar.base_url is 'ftp://x'"));
}

TEST_F(Machine, DoctorTellsWhichSourcesLackTheirKeys) {
  must(parts.config.merge_flag("alpaca.key", "", "test"));
  const Outcome bare = good("", "doctor", "{}");
  EXPECT_FALSE(bare.finding) << "a key that nobody wants is no fault";
  EXPECT_THAT(bare.text, HasSubstr(" can be asked\n      alpaca needs alpaca.key"));
  must(parts.config.merge_flag("alpaca.key", "k1", "test"));
  must(parts.config.merge_flag("alpaca.secret", "s1", "test"));
  const Outcome keyed = good("", "doctor", "{}");
  EXPECT_THAT(keyed.text, Not(HasSubstr("alpaca needs")));
  EXPECT_THAT(keyed.text, Not(HasSubstr("s1")));
}

TEST_F(Machine, DoctorChecksTheLakeItFinds) {
  import("bars", testing::kBars);
  const Outcome out = good("", "doctor", "{}");
  EXPECT_THAT(out.text, HasSubstr("ok    lake " + world.lake + ": commit 1, 3 tables, checksums of commit 1 good\n"));
  import("bars", testing::kMoreBars);
  EXPECT_THAT(good("", "doctor", "{}").text,
              HasSubstr("ok    lake " + world.lake + ": commit 2, 3 tables, checksums of the last 2 commits good\n"));
  EXPECT_THAT(out.text, HasSubstr("ok    SQL engine and Parquet codec loaded\n"));
}

TEST_F(Machine, DoctorReadsTheLastTwoCommitsThatHoldRows) {
  import("bars", testing::kBars);
  import("bars", "date,symbol,open,high,low,close,volume\n2023-01-03,AAA,10,11,9,10,100\n");
  import("bars", "date,symbol,open,high,low,close,volume\n2022-01-03,AAA,10,11,9,10,100\n");
  const auto damage = [&](const std::string& year) {
    for (const auto& entry : std::filesystem::directory_iterator(world.lake + "/tables/bars/year=" + year)) {
      const auto size = static_cast<std::size_t>(std::filesystem::file_size(entry.path()));
      must(write_file(entry.path().string(), std::string(size, 'x')));
    }
  };
  damage("2024");  // Of commit 1.
  EXPECT_FALSE(good("", "doctor", "{}").finding) << "the bytes of older commits are for data verify";
  damage("2023");
  const Outcome out = good("", "doctor", "{}");
  ASSERT_TRUE(out.finding);
  EXPECT_THAT(out.text, HasSubstr("fail  lake " + world.lake + ": commit 3, 3 tables: tables/bars/year=2023/part-"));
  EXPECT_THAT(out.text, HasSubstr(" of commit 2 is damaged or missing\n      lode data verify"));
}

TEST_F(Machine, DoctorLeavesNothingInTheLake) {
  import("bars", testing::kBars);
  const auto files = [&] {
    std::set<std::string> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(world.lake)) {
      const std::string path = entry.path().string();
      if (!path.ends_with("-shm") && !path.ends_with("-wal")) {  // SQLite's own, empty beside a closed manifest.
        out.insert(path);
      }
    }
    return out;
  };
  const std::set<std::string> before = files();
  good("", "doctor", "{}");
  EXPECT_EQ(files(), before);
}

TEST_F(Machine, DoctorMissesAPartOfAnyCommit) {
  import("bars", testing::kBars);
  import("bars", "date,symbol,open,high,low,close,volume\n2023-01-03,AAA,10,11,9,10,100\n");
  import("bars", "date,symbol,open,high,low,close,volume\n2022-01-03,AAA,10,11,9,10,100\n");
  EXPECT_THAT(good("", "doctor", "{}").text, HasSubstr("each of the size stored"));
  std::filesystem::remove_all(world.lake + "/tables/bars/year=2024");  // Of commit 1.
  const Outcome out = good("", "doctor", "{}");
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(exit_code(out.finding->number()), 1);
  EXPECT_THAT(out.text, HasSubstr("missing or of another size\n      tables/bars/year=2024/part-"));
  EXPECT_THAT(out.text, HasSubstr(": missing\n      lode data restore"));
}

TEST_F(Machine, DoctorFixShowsItsPlanAndRemovesOnlyWhatIsNobodys) {
  import("bars", testing::kBars);
  const std::string left = world.lake + "/tables/bars/year=2024/part-77.parquet.tmp";
  must(write_file(left, "half"));
  const auto age = std::chrono::hours(24 * 365 * 40);  // Before any clock a test has.
  std::filesystem::last_write_time(left, std::filesystem::last_write_time(left) - age);
  EXPECT_THAT(good("", "doctor", "{}").text, HasSubstr("warn  1 file left over by writes that never finished, 1 KB\n"));
  const Result<Outcome> asked = call("", "doctor", R"j({"fix": true})j");
  ASSERT_FALSE(asked);
  const Error& refusal = asked.error();
  EXPECT_EQ(refusal.number(), E::E6);
  EXPECT_THAT(refusal.message(), HasSubstr("tables/bars/year=2024/part-77.parquet.tmp"));
  EXPECT_TRUE(std::filesystem::exists(left));
  const Outcome out = good("", "doctor", R"j({"fix": true, "yes": true})j");
  EXPECT_THAT(out.text, HasSubstr("done  remove 1 file of writes that never finished:"));
  EXPECT_THAT(out.text, HasSubstr("ok    no files left over"));
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_FALSE(out.finding);
  EXPECT_THAT(good("", "doctor", R"j({"fix": true})j").text, HasSubstr("nothing here needs a repair"))
      << "no consent needed";
}

TEST_F(Machine, DoctorFixAsksBeforeEachRepair) {
  import("bars", testing::kBars);
  const std::string left = world.lake + "/tables/bars/year=2024/part-77.parquet.tmp";
  must(write_file(left, "half"));
  std::filesystem::last_write_time(left, std::filesystem::last_write_time(left) - std::chrono::hours(24 * 365 * 40));
  {  // The index of commits by token, as it would be of the column flow.
    const auto manifest = must(lake::Database::open(world.lake + "/manifest.sqlite", lake::OpenMode::kWrite));
    must(
        manifest->execute("PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = 'CREATE INDEX "
                          "commits_by_token ON commits(flow)' WHERE name = 'commits_by_token';"));
  }
  std::vector<std::string> asked;
  std::set<std::string> agreed;
  world.consent = [&](std::string_view plan) {
    asked.emplace_back(plan.substr(0, plan.find('\n')));
    return agreed.contains(asked.back());
  };
  const std::string indexes = "Repair 1 of 2: make the indexes of the manifest again from its rows";
  const std::string files = "Repair 2 of 2: remove 1 file of writes that never finished:";
  const Outcome none = good("", "doctor", R"j({"fix": true})j");
  EXPECT_THAT(asked, ElementsAre(indexes, files));
  EXPECT_THAT(none.text, HasSubstr("left  make the indexes of the manifest again from its rows\nleft  remove 1 file"));
  EXPECT_TRUE(none.finding);
  EXPECT_TRUE(std::filesystem::exists(left));
  agreed.insert(files);
  const Outcome one = good("", "doctor", R"j({"fix": true})j");
  EXPECT_THAT(one.text, HasSubstr("done  remove 1 file"));
  EXPECT_EQ(one.data.find("repaired")->as_array().size(), 1U);
  EXPECT_EQ(one.data.find("declined")->as_array().size(), 1U);
  EXPECT_TRUE(one.finding) << "the index is as it was";
  EXPECT_FALSE(std::filesystem::exists(left));
  asked.clear();
  agreed.insert("Repair 1 of 1: make the indexes of the manifest again from its rows");
  EXPECT_FALSE(good("", "doctor", R"j({"fix": true})j").finding);
  EXPECT_EQ(asked.size(), 1U);
}

TEST_F(Machine, DoctorFailsOnADamagedManifest) {
  import("bars", testing::kBars);
  must(write_file(world.lake + "/manifest.sqlite", "this is no database at all, only text"));
  const Outcome out = good("", "doctor", "{}");
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E8010);
  EXPECT_EQ(exit_code(out.finding->number()), 1);
  EXPECT_THAT(out.text, HasSubstr("fail  "));
}

TEST_F(Machine, DoctorFixOfWhatItCannotMendStillPrintsItsLines) {
  const char* both = R"j({"fix": true, "yes": true})j";
  EXPECT_THAT(good("", "doctor", both).text, HasSubstr("warn  lake " + world.lake + ": none yet\n"));
  EXPECT_FALSE(std::filesystem::exists(world.lake));
  import("bars", testing::kBars);
  must(write_file(world.lake + "/manifest.sqlite", "this is no database at all, only text"));
  const Outcome out = good("", "doctor", both);
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E8010);
  EXPECT_THAT(out.text, HasSubstr("fail  nothing was mended: "));
  EXPECT_THAT(out.text, HasSubstr("\nok    calendars "));
  EXPECT_THAT(out.text, Not(HasSubstr("nothing here needs a repair")));
  EXPECT_EQ(testing::shape(out.data), "{repaired:[],declined:[],checks:[{state,fact,remedy}]}");
}

TEST_F(Machine, ConfigShowsEverySettingWithItsOrigin) {
  const Outcome out = good("config", "show", "{}");
  EXPECT_EQ(testing::shape(out.data), "{settings:[{key,value,from}]}");
  EXPECT_EQ(out.data.at_path("settings")->as_array().size(), Config::keys().size());
  for (const ConfigKey& key : Config::keys()) {
    EXPECT_THAT(out.text, HasSubstr("\n" + key.name + " "));
  }
  EXPECT_THAT(out.text, HasSubstr("built-in"));
}

TEST_F(Machine, OpenLakeSaysWhatMakesOne) {
  const auto none = open_lake(world, Wanted::kRead);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E8001);
  EXPECT_THAT(none.error().message(), HasSubstr(world.lake));
  EXPECT_THAT(none.error().hint(), HasSubstr("lode data import PATH..."));
  EXPECT_THAT(none.error().hint(), HasSubstr("lode demo"));
  EXPECT_FALSE(open_lake(world, Wanted::kWriteOrRead));
  EXPECT_TRUE(open_lake(world, Wanted::kCreate));
  EXPECT_TRUE(open_lake(world, Wanted::kWriteOrRead));
}

TEST_F(Machine, CandidatesComeFromTheLake) {
  EXPECT_THAT(candidates(world, "symbols", ""), IsEmpty()) << "no lake, no words";
  EXPECT_THAT(candidates(world, "runs", ""), ElementsAre("last"));
  EXPECT_THAT(candidates(world, "tables", "ba"), ElementsAre("bars"));
  EXPECT_THAT(candidates(world, "errors", "E110"), Contains("E1102"));
  EXPECT_THAT(candidates(world, "factors", "ts_cor"), Contains("ts_corr"));
  EXPECT_THAT(candidates(world, "factors", "alpha101/00"), Contains("alpha101/009"));
  EXPECT_THAT(candidates(world, "factors", "al"), IsEmpty()) << "libraries from three letters on";
  EXPECT_THAT(candidates(world, "banana", ""), IsEmpty());
  import("bars", testing::kBars);
  EXPECT_THAT(candidates(world, "symbols", "A"), ElementsAre("AAA", "ABB"));
  EXPECT_THAT(candidates(world, "symbols", "AB"), ElementsAre("ABB"));
  EXPECT_THAT(candidates(world, "universes", ""), ElementsAre("all"));
  good("factor", "add", R"j({"name": "mine/slow", "formula": "ts_mean(close,20)"})j");
  EXPECT_THAT(candidates(world, "factors", "mine/"), ElementsAre("mine/slow"));
}

TEST_F(Machine, CandidatesAreTwoHundredAtMost) {
  std::string text = "date,symbol,close\n";
  for (int i = 0; i < 300; ++i) {
    text += "2024-01-02,S" + std::to_string(1000 + i) + ",1\n";
  }
  import("bars", text);
  EXPECT_EQ(candidates(world, "symbols", "").size(), 200U);
  EXPECT_THAT(candidates(world, "symbols", "S1299"), ElementsAre("S1299")) << "the prefix selects before the cut";
}

}  // namespace
}  // namespace lode::flow
