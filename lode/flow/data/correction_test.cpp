// Corrections, and what is done about them: the same file again, reverts, and what was known when.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using testing::number_of;

constexpr std::string_view kRight = "date,symbol,close\n2024-01-02,AAA,10\n2024-01-03,AAA,11\n2024-01-04,AAA,12\n";
constexpr std::string_view kWrong = "date,symbol,close\n2024-01-02,AAA,10\n2024-01-03,AAA,1.1\n2024-01-04,AAA,12\n";

class Corrections : public testing::Verbs {
 protected:
  // A file by its name, so that the same one can come again.
  IngestReport file(const std::string& name, std::string_view text) {
    const std::string path = parts.folder + "/" + name;
    must(write_file(path, text));
    IngestRequest request;
    request.paths = {path};
    request.table = "bars";
    request.mic = "XNYS";
    return must(ingest(world, request));
  }
  std::string closes() { return sql("select close from bars order by session"); }
  Outcome revert(int commit) {
    return good("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", commit));
  }
  std::string refusal(int commit) {
    return mistake("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", commit));
  }
};

TEST_F(Corrections, TheSameFileAgainAfterACorrectionIsTheLatestWord) {
  file("a.csv", kRight);
  EXPECT_EQ(file("b.csv", kWrong).corrected, 1);
  EXPECT_EQ(closes(), "10\n1.1\n12\n");
  const IngestReport again = file("a.csv", kRight);
  EXPECT_FALSE(again.repeated);
  EXPECT_EQ(again.corrected, 1);
  EXPECT_EQ(again.dropped, 2);
  EXPECT_EQ(closes(), "10\n11\n12\n");
  EXPECT_TRUE(file("a.csv", kRight).repeated) << "now it is the latest word";
  EXPECT_FALSE(file("b.csv", kWrong).repeated);
  EXPECT_EQ(closes(), "10\n1.1\n12\n");
  EXPECT_FALSE(file("a.csv", kRight).repeated);
  EXPECT_EQ(closes(), "10\n11\n12\n");
  EXPECT_EQ(sql("select count(*) from bars"), "3\n");
}

TEST_F(Corrections, WhatOnlyAddsLeavesTheImportDone) {
  const IngestReport first = file("a.csv", kRight);
  file("other.csv", "date,symbol,close\n2024-01-03,BBB,5\n");
  import("bars", "date,symbol,close\n2024-02-01,AAA,9\n");
  import("actions", "ex_date,symbol,kind,ratio\n2024-01-03,AAA,split,2\n");
  import("actions", "ex_date,symbol,kind,ratio\n2024-01-03,AAA,split,3\n");  // Corrects another table.
  import("bars", "date,symbol,close\n2024-02-01,AAA,9.5\n");                 // Corrects a day the file does not have.
  const IngestReport again = file("a.csv", kRight);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.commit, first.commit);
}

TEST_F(Corrections, ACorrectionThatIsHiddenAgainLeavesTheImportDone) {
  file("a.csv", kRight);
  file("b.csv", kWrong);
  revert(2);
  EXPECT_TRUE(file("a.csv", kRight).repeated);
  EXPECT_EQ(closes(), "10\n11\n12\n");
}

TEST_F(Corrections, RowsDroppedAsEqualComeBackOnceTheirFirstImportIsHidden) {
  file("before.csv", "date,symbol,close\n2024-01-02,AAA,10\n");
  file("old.csv", "date,symbol,close\n2024-01-03,AAA,11\n");
  EXPECT_EQ(file("all.csv", kRight).dropped, 2);
  revert(2);
  EXPECT_EQ(closes(), "10\n12\n");
  EXPECT_FALSE(file("all.csv", kRight).repeated);
  EXPECT_EQ(closes(), "10\n11\n12\n");
}

TEST_F(Corrections, WhatACorrectionStandsOnIsNotHiddenUnderIt) {
  file("a.csv", kRight);
  const auto known_then = [&] {
    return good("data", "show", R"j({"table": "bars", "as-of": "2024-02-01", "format": "csv"})j").text;
  };
  const std::string before = known_then();
  EXPECT_THAT(before, HasSubstr("2024-01-03"));
  file("b.csv", kWrong);
  EXPECT_EQ(known_then(), before);
  const std::string said = refusal(1);
  EXPECT_THAT(said, HasSubstr("error[E8008]: commit 1 cannot be hidden alone"));
  EXPECT_THAT(said, HasSubstr("1 row of bars in commit 2 corrects it"));
  EXPECT_THAT(said, HasSubstr("revert commit 2 first"));
  EXPECT_EQ(closes(), "10\n1.1\n12\n") << "nothing was done";
  revert(2);
  revert(1);
  EXPECT_EQ(sql("select count(*) from bars"), "0\n");
  file("a.csv", kRight);
  EXPECT_EQ(known_then(), before) << "a backfill keeps its time";
}

TEST_F(Corrections, RowsOfInstrumentsACommitBroughtKeepIt) {
  file("a.csv", kRight);
  file("more.csv", "date,symbol,close\n2024-01-05,AAA,13\n2024-01-05,BBB,5\n");
  import("actions", "ex_date,symbol,kind,ratio\n2024-01-03,AAA,split,2\n");
  const std::string said = refusal(1);
  EXPECT_THAT(said, HasSubstr("1 row of actions in commit 3 is of an instrument it brought"));
  EXPECT_THAT(said, HasSubstr("1 row of bars in commit 2 is of an instrument it brought"));
  EXPECT_THAT(said, HasSubstr("revert commits 3, 2 first"));
  revert(2);  // Brought BBB, of which nobody else has a row.
  revert(3);
  revert(1);
  EXPECT_EQ(sql("select count(*) from instruments"), "0\n");
}

TEST_F(Corrections, ACommitWithADamagedPartCanAlwaysBeHidden) {
  file("a.csv", kRight);
  file("b.csv", kWrong);
  std::filesystem::remove_all(world.lake + "/tables/bars");
  revert(1);
}

TEST_F(Corrections, ACommitNobodyStandsOnGoesAlone) {
  file("a.csv", kRight);
  file("other.csv", "date,symbol,close\n2024-01-03,BBB,5\n");
  revert(1);
  EXPECT_EQ(sql("select symbol, close from bars join instruments using (instrument_id)"), "BBB,5\n");
  EXPECT_EQ(number_of(call("data", "revert", R"j({"commit": 1, "yes": true})j")), E::E8008) << "hidden already";
}

}  // namespace
}  // namespace lode::flow
