// Care of the lake: revert, verify, vacuum, backup, restore.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
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

// All a reader can see of bars and of what hangs on them.
class Relabelled : public testing::Verbs {
 protected:
  std::string seen() {
    std::string out;
    for (const char* query :
         {"select instrument_id, session, close, flags, known_time, raw_line from bars order by all",
          "select instrument_id, mic, symbol, known_time from instruments order by all",
          "select instrument_id, naming, symbol from symbols order by all",
          "select name, instrument_id, valid_from from universe order by all",
          "select instrument_id, ex_date, ratio from actions order by all",
          "select mic, rule, raw_line, reason from quarantine order by all"}) {
      out += sql(query) + "--\n";
    }
    return out;
  }
};

TEST_F(Relabelled, ARevertBringsBackWhatItReplaced) {
  import("bars",
         "date,symbol,open,high,low,close,volume\n2015-01-16,AAA,10,11,9,10,100\n2015-01-19,AAA,10,11,9,10,100\n"
         "2015-01-20,AAA,10,11,9,10.5,100\n2015-01-21,AAA,10,11,9,x,100\n2015-01-20,BBB,10,11,9,10,1\n",
         "XXXX");
  parts.clock.advance(kNanosPerDay);
  import("bars", "date,symbol,open,high,low,close,volume\n2015-01-20,AAA,10,11,9,10.25,100\n", "XXXX");
  import("universe", "name,symbol,valid_from\nmine,AAA,2015-01-01\n", "");
  import("actions", "ex_date,symbol,kind,ratio\n2015-01-20,AAA,split,2\n", "");
  const std::string before = seen();
  EXPECT_THAT(before, HasSubstr("XXXX"));
  parts.clock.advance(kNanosPerDay);
  EXPECT_TRUE(must(call("data", "relabel", R"j({"mic": "XNYS", "yes": true})j")).finding) << "a holiday is set aside";
  EXPECT_EQ(sql("select count(*) from bars"), "3\n");
  EXPECT_NE(seen(), before);
  EXPECT_THAT(
      mistake("data", "revert", R"j({"commit": 6})j"),
      HasSubstr("commit 6 is of a relabelling from XXXX to XNYS: the 4 commits it replaced will be stored again "
                "under XXXX, and its own "));
  parts.clock.advance(kNanosPerDay);
  const Outcome out = good("data", "revert", R"j({"commit": 6, "yes": true})j");
  EXPECT_EQ(testing::shape(out.data), "{reverted,commit}");
  EXPECT_THAT(out.text, HasSubstr("what was relabelled from XXXX to XNYS stands under XXXX again: "));
  EXPECT_EQ(seen(), before) << "the holiday and every time of knowing, too";
  EXPECT_EQ(number_of(call("data", "revert", R"j({"commit": 6, "yes": true})j")), E::E8008);
  EXPECT_TRUE(must(call("data", "relabel", R"j({"mic": "XNYS", "yes": true})j")).finding) << "and once more";
  EXPECT_EQ(sql("select distinct mic from instruments"), "XNYS\n");
}

TEST_F(Relabelled, ASecondRelabellingIsTakenBackToTheFirst) {
  import("bars", testing::kBars, "XXXX");
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  const std::string first = seen();
  const Outcome second = good("data", "relabel", R"j({"was": "XNYS", "mic": "XNAS", "yes": true})j");
  const std::int64_t commit = second.data.at_path("commits.0")->as_int();
  good("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", commit));
  EXPECT_EQ(seen(), first);
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
