// Reading the lake as a person asks for it: tables, show, sql, export.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>

#include "lode/flow/steps/store/files.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Reading = testing::Verbs;
using testing::number_of;

std::vector<std::string> closes(const Outcome& outcome) {
  std::vector<std::string> out;
  for (const Value& row : outcome.data.find("rows")->as_array()) {
    out.push_back(row.find("symbol")->as_text() + " " + row.find("session")->as_text() + " " +
                  to_json(*row.find("close")));
  }
  return out;
}

TEST_F(Reading, TablesCountsRowsDatesAndCommits) {
  import("bars", testing::kBars);
  const Outcome out = good("data", "tables", "{}");
  EXPECT_THAT(out.text, HasSubstr("bars            4  2024-01-02  2024-01-03"));
  EXPECT_THAT(out.text, HasSubstr(" at commit 1\n"));
  EXPECT_EQ(testing::shape(out.data),
            "{lake,commit,tables:[{table,rows,stored_rows,parts,bytes,first,last,last_commit}]}");
  EXPECT_EQ(out.data.at_path("tables.0.table")->as_text(), "bars");
  EXPECT_EQ(out.data.at_path("tables.0.rows")->as_int(), 4);
  EXPECT_EQ(out.next, "lode data check");
}

TEST_F(Reading, TablesAsOfACommit) {
  import("bars", testing::kBars);
  import("bars", testing::kMoreBars);
  EXPECT_EQ(good("data", "tables", R"j({"commit": 1})j").data.at_path("tables.0.rows")->as_int(), 4);
  const Outcome now = good("data", "tables", "{}");
  EXPECT_EQ(now.data.at_path("tables.0.rows")->as_int(), 5) << "what a reader sees: one correction, one new day";
  EXPECT_EQ(now.data.at_path("tables.0.stored_rows")->as_int(), 6);
  EXPECT_EQ(sql("select count(*) from bars"), "5\n");
  EXPECT_EQ(number_of(call("data", "tables", R"j({"commit": 99})j")), E::E8008);
}

TEST_F(Reading, ShowSelectsBySymbolAndDates) {
  import("bars", testing::kBars);
  const std::string one = R"j({"table": "bars", "symbol": ["aaa"], "from": "2024-01-03", "to": "2024-01-03"})j";
  EXPECT_THAT(closes(good("data", "show", one)), ::testing::ElementsAre("AAA 2024-01-03 10.5"));
  const Outcome out = good("data", "show", R"j({"table": "bars", "limit": 2})j");
  EXPECT_THAT(out.text, HasSubstr("\nthe first 2 rows (--limit); --all shows every column\n"));
  EXPECT_EQ(closes(out).size(), 2U);
}

TEST_F(Reading, ShowTellsWhatWasKnownThen) {
  import("bars", testing::kBars);
  parts.clock.advance(3600 * kNanosPerSecond);
  import("bars", testing::kMoreBars);  // Corrects AAA of the 3rd.
  const auto close_as_of = [&](const std::string& more) {
    return closes(
        good("data", "show",
             R"j({"table": "bars", "symbol": ["AAA"], "from": "2024-01-03", "to": "2024-01-03")j" + more + "}"));
  };
  EXPECT_THAT(close_as_of(""), ::testing::ElementsAre("AAA 2024-01-03 11.0"));
  EXPECT_THAT(close_as_of(R"j(, "as-of": "2026-01-05T12:30:00Z")j"), ::testing::ElementsAre("AAA 2024-01-03 10.5"));
  EXPECT_THAT(close_as_of(R"j(, "commit": 1)j"), ::testing::ElementsAre("AAA 2024-01-03 10.5"));
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "bars", "as-of": "1999-12-31"})j")), E::E2101);
}

TEST_F(Reading, ShowHidesProvenanceUntilAsked) {
  import("bars", testing::kBars);
  const Outcome brief = good("data", "show", R"j({"table": "bars"})j");
  EXPECT_THAT(brief.text, Not(HasSubstr("raw_hash")));
  EXPECT_THAT(brief.text, Not(HasSubstr("vwap"))) << "an empty column";
  EXPECT_THAT(good("data", "show", R"j({"table": "bars", "all": true})j").text, HasSubstr("raw_hash"));
}

TEST_F(Reading, ShowNamesQualityFlags) {
  import("bars",
         "date,symbol,open,high,low,close,volume\n2024-01-02,AAA,10,11,9,10,100\n2024-01-03,AAA,30,31,29,30,0\n");
  EXPECT_THAT(good("data", "show", R"j({"table": "bars"})j").text, HasSubstr("move,zero_volume"));
}

TEST_F(Reading, ShowNamesTheNearestTableAndSymbol) {
  import("bars", testing::kBars);
  EXPECT_EQ(mistake("data", "show", R"j({"table": "brs"})j"),
            "error[E2016]: no table called 'brs'\nhelp: did you mean 'bars'?");
  EXPECT_EQ(mistake("data", "show", R"j({"table": "bars", "symbol": ["ABC"]})j"),
            "error[E2104]: no instrument called 'ABC' among 2 symbols of this lake\nhelp: did you mean 'ABB'?");
  EXPECT_THAT(mistake("data", "show", R"j({"table": "instruments", "from": "2024-01-01"})j"),
              HasSubstr("error[E0004]"));
  EXPECT_THAT(mistake("data", "show", R"j({"table": "quarantine"})j"),
              HasSubstr("error[E2101]: no rows of quarantine\nhelp: lode data tables"));
}

TEST_F(Reading, ShowTellsWhatRangeThereIs) {
  import("bars", testing::kBars);
  const auto ask = [&](const std::string& more) {
    return mistake("data", "show", R"j({"table": "bars")j" + more + "}");
  };
  EXPECT_EQ(ask(R"j(, "symbol": ["AAA"], "from": "2010-01-01", "to": "2010-12-31")j"),
            "error[E2101]: no bars for AAA between 2010-01-01 and 2010-12-31\n"
            "      asked by data show; the lake has AAA from 2024-01-02\n"
            "help: start later: --from 2024-01-02 --to 2024-01-03");
  EXPECT_EQ(ask(R"j(, "from": "2030-01-01")j"),
            "error[E2101]: no bars between 2030-01-01 and the end\n"
            "      asked by data show; the lake has bars until 2024-01-03\n"
            "help: start earlier: --from 2024-01-02");
  EXPECT_THAT(ask(R"j(, "from": "2030-01-01", "to": "2030-02-01")j"), HasSubstr("--from 2024-01-02 --to 2024-01-03"));
  EXPECT_EQ(ask(R"j(, "as-of": "1999-12-31")j"),
            "error[E2101]: no bars as known 1999-12-31\n"
            "      asked by data show; the lake has bars from 2024-01-02 to 2024-01-03\n"
            "help: ask for what was known later, or leave out --as-of");
  const Outcome followed = good("data", "show", R"j({"table": "bars", "from": "2024-01-02", "to": "2024-01-03"})j");
  EXPECT_THAT(followed.text, HasSubstr("AAA")) << "what the help says finds rows";
}

TEST_F(Reading, ShowCommitsListsWhatWasWrittenWhen) {
  import("bars", testing::kBars);
  parts.clock.advance(24 * 3600 * kNanosPerSecond);
  import("bars", testing::kMoreBars);
  good("data", "revert", R"j({"commit": 2, "yes": true})j");
  const Outcome out = good("data", "show", R"j({"table": "commits"})j");
  EXPECT_EQ(out.text,
            "commit  time                  command      rows  tables                            hidden\n"
            "     3  2026-01-06T12:00:00Z  data revert     0                                    false\n"
            "     2  2026-01-06T12:00:00Z  data import     2  bars 2                            true\n"
            "     1  2026-01-05T12:00:00Z  data import     8  bars 4, instruments 2, symbols 2  false\n")
      << "newest first";
  EXPECT_EQ(testing::shape(out.data), "{table,rows:[{commit,time,command,rows,tables:{},hidden}]}");
  EXPECT_EQ(out.data.at_path("rows.2.tables.symbols")->as_int(), 2);
  EXPECT_EQ(out.data.at_path("rows.1.hidden")->as_bool(), true);
  const Outcome one = good("data", "show", R"j({"table": "commits", "limit": 1, "to": "2026-01-05"})j");
  EXPECT_EQ(one.data.at_path("rows.0.commit")->as_int(), 1);
  EXPECT_THAT(good("data", "show", R"j({"table": "commits", "limit": 1})j").text,
              HasSubstr("\nthe newest 1 (--limit)\n"));
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "commits", "symbol": ["AAA"]})j")), E::E4);
  EXPECT_EQ(mistake("data", "show", R"j({"table": "comits"})j"),
            "error[E2016]: no table called 'comits'\nhelp: did you mean 'commits'?");
}

TEST_F(Reading, HintsAboutCommitsNameACommandThatWorks) {
  import("bars", testing::kBars);
  for (const auto& [verb, request] :
       {std::pair("show", R"j({"table": "bars", "commit": 99})j"), std::pair("tables", R"j({"commit": 99})j")}) {
    const std::string said = mistake("data", verb, request);
    EXPECT_THAT(said, HasSubstr("error[E8008]"));
    EXPECT_THAT(said, HasSubstr("lode data show commits"));
  }
  EXPECT_THAT(mistake("data", "revert", R"j({"commit": 99, "yes": true})j"), HasSubstr("lode data show commits"));
}

TEST_F(Reading, TextOfFilesCannotDriveTheTerminal) {
  import("bars",
         "date,symbol,open,high,low,close,volume\n2024-01-02,AAA,10,11,9,\x1b[31mred\x1b[0m,100\n"
         "2024-01-02,ABB,10,11,9,10,100\n");
  for (const char* format : {"table", "md"}) {
    const std::string text =
        good("data", "show", std::string(R"j({"table": "quarantine", "format": ")j") + format + "\"}").text;
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, HasSubstr("?[31mred?[0m"));
  }
  EXPECT_THAT(good("data", "check", "{}").text, Not(HasSubstr("\x1b")));
}

TEST_F(Reading, SqlAnswersQuestionsAndRefusesWrites) {
  import("bars", testing::kBars);
  EXPECT_EQ(good("data", "sql", R"j({"query": "select count(*) n, max(close) top from bars", "format": "csv"})j").text,
            "n,top\n4,20.5\n");
  EXPECT_EQ(number_of(call("data", "sql", R"j({"query": "delete from bars"})j")), E::E2017);
  EXPECT_EQ(number_of(call("data", "sql", R"j({"query": "select * from 'bars.csv'"})j")), E::E2017);
  EXPECT_EQ(number_of(call("data", "sql", R"j({"query": "selct 1"})j")), E::E2017);
}

TEST_F(Reading, DaysTheWrongWayRoundAreAMistakeOfTheCommandNotOfTheData) {
  import("bars", testing::kBars);
  const std::string said = mistake("data", "show", R"j({"table": "bars", "from": "2024-01-03", "to": "2024-01-02"})j");
  EXPECT_THAT(said, HasSubstr("error[E0004]: --from 2024-01-03 is after --to 2024-01-02"));
}

TEST_F(Reading, SqlWritesFiles) {
  import("bars", testing::kBars);
  const Outcome out =
      good("data", "sql", R"j({"query": "select 1 as a", "output": ")j" + parts.folder + R"j(/x.csv"})j");
  EXPECT_EQ(must(read_file(parts.folder + "/x.csv")), "a\n1\n");
  EXPECT_THAT(out.text, HasSubstr("1 row to "));
}

TEST_F(Reading, ExportGivesBackWhatCameIn) {
  import("bars", testing::kBars);
  const std::string target = parts.folder + "/out.csv";
  const Outcome out = good("data", "export", R"j({"table": "bars", "output": ")j" + target + "\"}");
  EXPECT_EQ(out.data.at_path("rows")->as_int(), 4);
  EXPECT_EQ(testing::shape(out.data), "{table,rows,output}");
  const std::string first = must(read_file(target));
  TestWorld other;
  World there = other.world();
  IngestRequest request;
  request.paths = {target};
  request.table = "bars";
  request.mic = "XNYS";
  EXPECT_EQ(must(ingest(there, request)).kept, 4) << "what was exported can be imported";
  good("data", "export", R"j({"table": "bars", "output": ")j" + target + "\"}");
  EXPECT_EQ(must(read_file(target)), first) << "the same bytes again";
}

}  // namespace
}  // namespace lode::flow
