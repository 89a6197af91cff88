// Values in the lake: stored once, read back to the bit, told where they came from, and kept when the data goes on.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/store.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class StoredValues : public testing::Research {
 protected:
  Outcome compute(const std::string& request) { return good("factor", "compute", request); }
  std::string values(const std::string& request) { return good("factor", "values", request).payload; }
  static std::string run_of(const Outcome& out) { return out.data.at_path("stored.run")->as_text(); }
  std::vector<lake::ValuesSet> sets() { return must(lake::values_sets(*must(open_lake(world, Wanted::kRead)))); }
  void import_one_more_day() {
    IngestRequest bars;
    bars.paths = {write("more.csv", "date,symbol,open,high,low,close,volume\n2021-01-14,S00,50,51,49,50,1000\n")};
    bars.table = "bars";
    bars.mic = "XNYS";
    must(ingest(world, bars));
  }
};

constexpr const char* kThree =
    R"j({"formula": ["alpha158/KMID", "alpha158/STD5", "alpha158/CORR10"], "universe": "all"})j";

TEST_F(StoredValues, AreReadBackAsTheyWouldHaveBeenWritten) {
  import_market();
  for (const std::string precision : {"f64", "f32"}) {
    const std::string more = R"j(, "universe": "all", "precision": ")j" + precision + "\"";
    const Outcome stored = compute(R"j({"library": "alpha101")j" + more + "}");
    EXPECT_THAT(stored.text, HasSubstr(precision));
    const std::string run = run_of(stored);
    const std::string direct =
        good("factor", "compute", R"j({"library": "alpha101", "format": "csv")j" + more + "}").payload;
    EXPECT_GT(direct.size(), 1'000'000U);
    EXPECT_TRUE(values(R"j({"run": ")j" + run + "\"}") == direct);
    EXPECT_EQ(values(R"j({"factor": ["alpha101/012"], "run": ")j" + run +
                     R"j(", "symbol": ["S03"], "from": "2020-06-01", "to": "2020-06-03"})j")
                  .substr(0, 25),
              "date,symbol,factor,value\n");
    // A library whose fields the lake lacks in part: the others are stored, and these told.
    ASSERT_TRUE(stored.finding);
    EXPECT_EQ(stored.finding->number(), E::E3005);
  }
}

TEST_F(StoredValues, AreStoredOnceAndWhatIsNewBesideThem) {
  import_market();
  const Outcome first = compute(kThree);
  EXPECT_EQ(first.data.at_path("stored.factors")->as_array().size(), 3U);
  const Outcome again = compute(kThree);
  EXPECT_TRUE(again.data.find("stored")->is_null());
  EXPECT_THAT(again.text, StartsWith("3 factors are in the lake already, of the same formulas and data: r1"));
  const Outcome wider = compute(R"j({"formula": ["alpha158/KMID", "alpha158/KLEN"], "universe": "all"})j");
  EXPECT_THAT(wider.text, StartsWith("1 factor is in the lake already"));
  ASSERT_EQ(wider.data.at_path("stored.factors")->as_array().size(), 1U);
  EXPECT_EQ(wider.data.at_path("stored.factors")->as_array()[0].as_text(), "alpha158/KLEN");
  // Anything that changes values is another set.
  EXPECT_FALSE(compute(R"j({"formula": ["alpha158/KMID"], "universe": "all", "precision": "f32"})j")
                   .data.find("stored")
                   ->is_null());
  EXPECT_FALSE(compute(R"j({"formula": ["alpha158/STD5"], "universe": "all", "adjust": "none"})j")
                   .data.find("stored")
                   ->is_null());
  EXPECT_FALSE(compute(R"j({"formula": ["alpha158/STD5"], "universe": "all", "profile": "paper"})j")
                   .data.find("stored")
                   ->is_null());
  EXPECT_EQ(sets().size(), 5U);
}

TEST_F(StoredValues, OfNewDataAreANewRunAndTheOldOneStays) {
  import_market();
  const std::string before = run_of(compute(kThree));
  const std::string rows = values(R"j({"run": ")j" + before + "\"}");
  import_one_more_day();
  const Outcome after = compute(kThree);
  EXPECT_NE(run_of(after), before);
  EXPECT_TRUE(values(R"j({"run": ")j" + before + "\"}") == rows);
  EXPECT_THAT(values(R"j({"factor": ["alpha158/KMID"], "from": "2021-01-14"})j"),
              HasSubstr("2021-01-14,S00,alpha158/KMID,0\n"))
      << "the newest run answers";
  EXPECT_EQ(sets().size(), 2U);
}

TEST_F(StoredValues, AreRowsOfATable) {
  import_market();
  compute(kThree);
  const Outcome counted = good(
      "data", "sql",
      R"j({"query": "select factor, count(*) n, count(value) v, count(distinct run) r from factor_values group by 1 order by 1"})j");
  EXPECT_THAT(counted.text, HasSubstr("alpha158/KMID"));
  const Outcome one = good(
      "data", "sql",
      R"j({"query": "select value from factor_values join symbols using (instrument_id) where symbol = 'S03' and factor = 'alpha158/KMID' and session = date '2020-06-01'", "format": "csv"})j");
  const std::string row =
      values(R"j({"factor": ["alpha158/KMID"], "symbol": ["S03"], "from": "2020-06-01", "to": "2020-06-01"})j");
  EXPECT_EQ(one.text.substr(one.text.find('\n') + 1), row.substr(row.rfind(',') + 1));
  const Outcome tables = good("data", "tables", "{}");
  EXPECT_THAT(tables.text, HasSubstr("factor_values"));
  EXPECT_THAT(good("data", "show", R"j({"table": "factor_values", "limit": 2})j").text, HasSubstr("alpha158/CORR10"));
}

TEST_F(StoredValues, WalkBackToTheBarsOfTheirWindow) {
  import_market();
  const std::string run = run_of(compute(kThree));
  const Outcome why = good("", "why", R"j({"id": ")j" + run + R"j(.alpha158/STD5.S03.2020-06-01"})j");
  EXPECT_EQ(why.data.find("formula")->as_text(), "ts_std(close, 5) / close");
  EXPECT_EQ(why.data.find("input_commit")->as_int(), 2);
  const Value& lineage = *why.data.find("lineage");
  const Value& bars = lineage.find("children")->as_array().back();
  ASSERT_EQ(bars.find("children")->as_array().size(), 5U) << "the sessions of the window";
  // The file, and the line the bar stands on.
  const std::string file = must(read_file(parts.folder + "/bars.csv"));
  const std::int64_t line = bars.find("children")->as_array().front().find("line")->as_int();
  std::size_t at = 0;
  for (std::int64_t i = 1; i < line; ++i) {
    at = file.find('\n', at) + 1;
  }
  EXPECT_THAT(file.substr(at), StartsWith("2020-06-01,S03,"));
  EXPECT_THAT(why.text, HasSubstr("bars.csv:" + std::to_string(line)));
  const Result<Outcome> none = call("", "why", R"j({"id": ")j" + run + R"j(.alpha158/STD5.S03.2030-06-03"})j");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E9);
  EXPECT_THAT(good("runs", "show", R"j({"run": ")j" + run + "\"}").text, HasSubstr(run + ".coverage.alpha158/STD5"));
  EXPECT_THAT(good("runs", "list", "{}").text, HasSubstr("alpha158/KMID and 2 more"));
}

TEST_F(StoredValues, AreVerifiedByComputingThemAgain) {
  import_market();
  const std::string run = run_of(compute(kThree));
  const std::string asked = R"j({"run": ")j" + run + "\"}";
  EXPECT_THAT(good("runs", "verify", asked).text,
              HasSubstr("values of 3 factors computed again at lake commit 2: bit-identical"));
  import_one_more_day();
  EXPECT_FALSE(good("runs", "verify", asked).finding) << "at its own commit";
}

TEST_F(StoredValues, GiveWayToARevertAndComeAgain) {
  import_market();
  const std::string run = run_of(compute(kThree));
  const lake::ValuesSet set = sets().front();
  good("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", set.commit));
  EXPECT_TRUE(sets().empty());
  EXPECT_EQ(call("factor", "values", R"j({"run": ")j" + run + "\"}").error().number(), E::E9);
  const Outcome again = compute(kThree);
  EXPECT_EQ(run_of(again), run) << "hiding values changes nothing they are computed of";
  EXPECT_EQ(again.data.at_path("stored.input_commit")->as_int(), 2);
}

TEST_F(StoredValues, TypedFormulasAreRowsUnlessTheyAreToBeStored) {
  import_market();
  EXPECT_THAT(compute(R"j({"formula": ["rank(close)"], "universe": "all", "to": "2020-01-03"})j").payload,
              StartsWith("date,symbol,factor,value\n"));
  EXPECT_TRUE(sets().empty());
  compute(R"j({"formula": ["rank(close)"], "universe": "all", "store": true})j");
  ASSERT_EQ(sets().size(), 1U);
  EXPECT_EQ(sets().front().factors.front().formula, "rank(close)");
  const Result<Outcome> both =
      call("factor", "compute", R"j({"formula": ["rank(close)"], "universe": "all", "store": true, "format": "csv"})j");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().number(), E::E7);
  const std::string file = write("two.tsv", "a\trank(close)\nA\trank(open)\n");
  const Result<Outcome> twins =
      call("factor", "compute", R"j({"formula": ["@)j" + file + R"j("], "universe": "all"})j");
  ASSERT_FALSE(twins);
  EXPECT_EQ(twins.error().number(), E::E11);
  EXPECT_THAT(values("{}"), "");
  EXPECT_THAT(good("factor", "values", "{}").text, HasSubstr("rank(close)"));
}

TEST_F(StoredValues, AreTheSameWhateverTheBudget) {
  import_market();
  const std::string small = run_of(compute(R"j({"library": "alpha158", "universe": "all", "memory": 16})j"));
  const std::string rows = values(R"j({"run": ")j" + small + "\"}");
  good("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", sets().front().commit));
  compute(R"j({"library": "alpha158", "universe": "all"})j");
  EXPECT_TRUE(values(R"j({"run": ")j" + small + "\"}") == rows);
}

TEST_F(StoredValues, ThatAreNotThereAreNamedNear) {
  import_market();
  EXPECT_EQ(call("factor", "values", R"j({"factor": ["alpha158/KMID"]})j").error().number(), E::E9);
  compute(kThree);
  const Result<Outcome> typo = call("factor", "values", R"j({"factor": ["alpha158/KMDI"]})j");
  ASSERT_FALSE(typo);
  EXPECT_THAT(typo.error().hint(), HasSubstr("alpha158/KMID"));
  const Result<Outcome> outside = call("factor", "values", R"j({"factor": ["alpha158/KMID"], "from": "2030-01-01"})j");
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().number(), E::E2101);
}

TEST_F(StoredValues, AreFoundByWhatTheyMean) {
  import_market();
  compute(R"j({"formula": ["alpha158/KMID", "alpha158/STD5"], "universe": "all", "profile": "qlib"})j");
  const std::string rows = values(R"j({"factor": ["alpha158/KMID"], "to": "2020-01-10"})j");
  EXPECT_GT(rows.size(), 1000U);
  EXPECT_EQ(values(R"j({"factor": ["($close - $open) / $open"], "to": "2020-01-10"})j"), rows);
  const std::string hash = sets().front().factors.front().hash;
  EXPECT_EQ(values(R"j({"factor": [")j" + hash.substr(0, 12) + R"j("], "to": "2020-01-10"})j"), rows);
  const Outcome told = good("factor", "values", R"j({"factor": ["(close - open) / open"], "to": "2020-01-10"})j");
  EXPECT_THAT(told.warnings, Contains(HasSubstr("is stored as alpha158/KMID")));
  EXPECT_EQ(call("factor", "values", R"j({"factor": ["(close - open) / low"]})j").error().number(), E::E9);
}

std::vector<std::string> sorted(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  std::ranges::sort(lines);
  return lines;
}

TEST_F(StoredValues, OfSeveralRunsOfTheSameDataAreReadTogether) {
  import_market();
  compute(R"j({"formula": ["alpha158/KLEN"], "universe": "all"})j");
  const Outcome rest =
      compute(R"j({"formula": ["alpha158/KMID", "alpha158/KLEN", "alpha158/STD5"], "universe": "all"})j");
  EXPECT_EQ(rest.data.at_path("stored.factors")->as_array().size(), 2U);
  const std::string direct =
      good("factor", "compute",
           R"j({"formula": ["alpha158/KLEN", "alpha158/KMID", "alpha158/STD5"], "universe": "all", "format": "csv"})j")
          .payload;
  const Outcome whole = good("factor", "values", R"j({"library": "alpha158"})j");
  EXPECT_TRUE(sorted(whole.payload) == sorted(direct));
  EXPECT_THAT(whole.warnings, Contains("note: 3 of the 158 formulas of alpha158"));
  // A run's call found one of them in the lake: it is read with the run too.
  EXPECT_TRUE(sorted(values(R"j({"factor": ["alpha158/KLEN", "alpha158/STD5", "alpha158/KMID"], "run": "r2"})j")) ==
              sorted(direct));
}

TEST_F(StoredValues, TellWhoseTheyAreAndWhoElseHasThem) {
  import_market();
  compute(kThree);
  compute(R"j({"formula": ["alpha158/KMID"], "universe": "all", "precision": "f32", "as-of": "2026-01-01"})j");
  const Outcome out = good("factor", "values", R"j({"factor": ["alpha158/KMID"], "to": "2020-01-03"})j");
  EXPECT_THAT(out.warnings, Contains(StartsWith("note: r2: universe all, profile qlib, f32, 2020-01-02 .. 2021-01-12, "
                                                "as of 2026-01-01")));
  EXPECT_THAT(out.warnings,
              Contains("note: the newest; also in r1 (universe all, profile qlib, f64): choose one with --run r1"));
  EXPECT_EQ(out.data.find("precision")->as_text(), "f32");
  const Outcome one = good("factor", "values", R"j({"factor": ["alpha158/KMID"], "to": "2020-01-03", "run": "r1"})j");
  EXPECT_EQ(one.data.find("run")->as_text(), "r1");
  EXPECT_THAT(one.warnings, ElementsAre(StartsWith("note: r1: universe all, profile qlib, f64")));
  EXPECT_EQ(good("data", "sql", R"j({"query": "select alias, count(*) n from factor_values group by 1 order by 1",
                                     "format": "csv"})j")
                .text,
            "alias,n\nr1,23400\nr2,7800\n");
}

// A library's name is what the library says, whatever was stored under it since: under another profile, or defined.
TEST_F(StoredValues, OfALibrarysNameAreWhatTheLibrarySays) {
  import_market();
  compute(R"j({"formula": ["alpha158/STD5"], "universe": "all"})j");
  compute(R"j({"formula": ["alpha158/STD5"], "universe": "all", "profile": "lode"})j");
  compute(R"j({"formula": ["alpha158/KMID", "alpha158/KLEN"], "universe": "all"})j");
  const auto run_of_values = [&](const std::string& asked) { return good("factor", "values", asked); };
  const Outcome one = run_of_values(R"j({"factor": ["alpha158/STD5"]})j");
  EXPECT_EQ(one.data.find("profile")->as_text(), "qlib");
  EXPECT_THAT(one.warnings, Contains(HasSubstr("also in r2 (universe all, profile lode, f64)")));
  const std::string direct =
      good("factor", "compute",
           R"j({"formula": ["alpha158/KLEN", "alpha158/KMID", "alpha158/STD5"], "universe": "all", "format": "csv"})j")
          .payload;
  EXPECT_TRUE(sorted(values(R"j({"library": "alpha158"})j")) == sorted(direct));
  EXPECT_EQ(run_of_values(R"j({"factor": ["alpha158/STD5"], "run": "r2"})j").data.find("profile")->as_text(), "lode");
}

TEST_F(StoredValues, OfADefinedInputAreNotTakenForTheReal) {
  import_market();
  compute(R"j({"formula": ["alpha101/101"], "universe": "all"})j");
  compute(R"j({"formula": ["alpha101/101"], "universe": "all", "define": ["close=open+low"]})j");
  compute(R"j({"formula": ["alpha101/042"], "universe": "all", "define": ["vwap=(high+low+close)/3"]})j");
  const Outcome real = good("factor", "values", R"j({"factor": ["alpha101/101"]})j");
  EXPECT_EQ(real.data.find("run")->as_text(), "r1");
  const Outcome defined = good("factor", "values", R"j({"factor": ["alpha101/042"]})j");
  EXPECT_THAT(defined.warnings, Contains(HasSubstr("alpha101/042 of r3 is not what the library says")));
}

TEST_F(StoredValues, AreDroppedOnConsentAndTheRunStays) {
  import_market();
  const std::string run = run_of(compute(kThree));
  const Outcome asked = good("factor", "values", R"j({"drop": [")j" + run + "\"]}");
  EXPECT_THAT(asked.text, HasSubstr("would be removed; add --yes"));
  EXPECT_GT(asked.data.find("bytes")->as_int(), 100'000);
  EXPECT_EQ(sets().size(), 1U);
  const Outcome done = good("factor", "values", R"j({"drop": [")j" + run + R"j("], "yes": true})j");
  EXPECT_TRUE(done.data.find("removed")->as_bool());
  EXPECT_EQ(done.data.find("bytes")->as_int(), asked.data.find("bytes")->as_int());
  EXPECT_TRUE(sets().empty());
  EXPECT_EQ(call("factor", "values", R"j({"run": ")j" + run + "\"}").error().number(), E::E9);
  EXPECT_THAT(good("runs", "show", R"j({"run": ")j" + run + "\"}").text, HasSubstr("coverage.alpha158/STD5"));
  EXPECT_FALSE(good("data", "verify", "{}").finding);
  EXPECT_EQ(run_of(compute(kThree)), run) << "and can be computed again";
  EXPECT_EQ(call("factor", "values", R"j({"drop": ["r1"], "run": "r1"})j").error().number(), E::E7);
}

TEST_F(StoredValues, AreReadInAsMuchMemoryAsIsAllowed) {
  import_market();
  const std::string run = run_of(compute(R"j({"library": "alpha158", "universe": "all"})j"));
  const std::string asked = R"j({"run": ")j" + run + "\"";
  const std::string file = parts.folder + "/out.csv";
  good("factor", "values", asked + R"j(, "memory": 1, "output": ")j" + file + "\"}");
  EXPECT_TRUE(must(read_file(file)) == values(asked + "}"));
}

// What a killed call left beside its output goes with the next one of that output; nobody else's file does.
TEST_F(StoredValues, AKilledCallsFileGoesWithTheNext) {
  import_market();
  for (const std::string ending : {"csv", "parquet", "arrow"}) {
    const std::string file = parts.folder + "/out." + ending;
    const std::string left = "out." + ending + ".999999999-0.tmp";  // Of a process that cannot be.
    const std::string own = "out." + ending + ".tmp";
    const std::string busy = "out." + ending + ".1-0.tmp";  // Of one that is.
    write(left, std::string(100'000, 'x'));
    write(own, "precious");
    write(busy, "y");
    compute(R"j({"formula": ["rank(close)"], "universe": "all", "output": ")j" + file + "\"}");
    EXPECT_FALSE(std::filesystem::exists(parts.folder + "/" + left)) << ending;
    EXPECT_EQ(must(read_file(parts.folder + "/" + own)), "precious");
    EXPECT_EQ(must(read_file(parts.folder + "/" + busy)), "y");
    EXPECT_TRUE(std::filesystem::exists(file));
  }
}

}  // namespace
}  // namespace lode::flow
