// Computing formulas over plain files and universes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/compute.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "lode/base/error.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/research/slice.h"
#include "lode/flow/steps/research/values_file.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

class Compute : public testing::Research {
 protected:
  std::string panel() {
    return write("panel.csv",
                 "date,symbol,close,volume,sector\n"
                 "2020-01-02,B,20,200,x\n2020-01-02,A,10,100,x\n"
                 "2020-01-03,A,11,,x\n2020-01-03,B,19,100,x\n"
                 "2020-01-06,A,nan,50,x\n2020-01-06,B,25,0,x\n");
  }
  Result<Outcome> compute(const std::string& formulas, const std::string& more = "") {
    return call("factor", "compute", fmt::format(R"j({{"formula": [{}], "data": "{}"{}}})j", formulas, panel(), more));
  }
};

TEST_F(Compute, WritesRowsByDateSymbolAndFactorWithMissingCellsEmpty) {
  const Outcome out = *compute(R"j("ts_mean(close,2)", "rank(close)")j");
  EXPECT_EQ(out.payload,
            "date,symbol,factor,value\n"
            "2020-01-02,A,\"ts_mean(close,2)\",\n2020-01-02,A,rank(close),0.5\n"
            "2020-01-02,B,\"ts_mean(close,2)\",\n2020-01-02,B,rank(close),1\n"
            "2020-01-03,A,\"ts_mean(close,2)\",10.5\n2020-01-03,A,rank(close),0.5\n"
            "2020-01-03,B,\"ts_mean(close,2)\",19.5\n2020-01-03,B,rank(close),1\n"
            "2020-01-06,A,\"ts_mean(close,2)\",\n2020-01-06,A,rank(close),\n"
            "2020-01-06,B,\"ts_mean(close,2)\",22\n2020-01-06,B,rank(close),1\n");
}

TEST_F(Compute, FromAndToAreInclusiveAndWarmUpComesFromBefore) {
  const Outcome out = *compute(R"j("ts_mean(close,2)")j", R"j(, "from": "2020-01-03", "to": "2020-01-03")j");
  EXPECT_EQ(out.payload,
            "date,symbol,factor,value\n2020-01-03,A,\"ts_mean(close,2)\",10.5\n"
            "2020-01-03,B,\"ts_mean(close,2)\",19.5\n");
}

TEST_F(Compute, PrecisionDecidesTheDigits) {
  EXPECT_THAT(compute(R"j("close/volume")j")->payload, HasSubstr("2020-01-03,B,close/volume,0.19\n"));
  EXPECT_THAT(compute(R"j("close/3")j", R"j(, "precision": "f32")j")->payload, HasSubstr(",close/3,3.3333333\n"));
  EXPECT_THAT(compute(R"j("close/3")j")->payload, HasSubstr(",close/3,3.3333333333333335\n"));
}

TEST_F(Compute, DivisionByZeroVolumeIsMissing) {
  EXPECT_THAT(compute(R"j("close/volume")j")->payload, HasSubstr("2020-01-06,B,close/volume,\n"));
}

TEST_F(Compute, PricesNoImportWouldTakeAreTold) {
  const std::string file = write("odd.csv",
                                 "date,symbol,high,low,close\n2020-01-01,A,2,1,-1\n2020-01-02,A,1,2,0\n"
                                 "2020-01-03,A,3,2,2.5\n2020-01-06,A,3,2,\n");
  const auto told = [&](const std::string& formula) {
    const Outcome out = good("factor", "compute", R"j({"formula": ")j" + formula + R"j(", "data": ")j" + file + "\"}");
    return out.warnings;
  };
  EXPECT_THAT(told("returns"), ::testing::Contains("warning: 2 prices of close at 0 or below, used as they are: "
                                                   "lode data import would set them aside"));
  EXPECT_THAT(told("high - low"), ::testing::Contains(HasSubstr("warning: 1 bar with high below low, used")));
  EXPECT_THAT(told("rank(low)"), ::testing::Not(::testing::Contains(HasSubstr("close")))) << "a field nothing reads";
}

TEST_F(Compute, GroupsOfAPlainFileWork) {
  EXPECT_THAT(compute(R"j("indneutralize(close, sector)")j")->payload,
              HasSubstr("2020-01-02,A,\"indneutralize(close, sector)\",-5\n"));
}

TEST_F(Compute, CodesOfNumbersAreGroupsAndWordsAreNoNumbers) {
  const std::string file = write("codes.csv",
                                 "date,symbol,close,sector,note\n2020-01-02,A,10,3571,x\n2020-01-02,B,20,3571,y\n"
                                 "2020-01-02,C,50,6020,\n2020-01-02,D,7,,z\n");
  const std::string formulas = write("codes.tsv", "id\tformula\na\tgroup_mean(close, sector)\nb\tnote + 1\nc\tclose\n");
  const Outcome out =
      good("factor", "compute", R"j({"formula": ["@)j" + formulas + R"j("], "data": ")j" + file + "\"}");
  EXPECT_THAT(out.payload, HasSubstr("2020-01-02,A,a,15\n"));
  EXPECT_THAT(out.payload, HasSubstr("2020-01-02,C,a,50\n"));
  EXPECT_THAT(out.payload, HasSubstr("2020-01-02,D,a,\n")) << "no code, no group";
  EXPECT_THAT(out.payload, HasSubstr("2020-01-02,D,c,7\n")) << "one that fails costs no other";
  ASSERT_TRUE(out.finding);
  EXPECT_THAT(out.finding->note(), HasSubstr("E1109"));
}

TEST_F(Compute, AFormulaFileThatFailsInPartWritesTheRestAndExitsThree) {
  const std::string file = write("f.tsv", "id\tformula\n001\trank(close)\n002\tts_meen(close, 2)\n003\tclsoe\n");
  const Outcome out = *compute("\"@" + file + "\"");
  EXPECT_THAT(out.payload, HasSubstr("2020-01-02,A,001,0.5\n"));
  EXPECT_THAT(out.payload, ::testing::Not(HasSubstr(",002,")));
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E3005);
  EXPECT_THAT(out.finding->message(), HasSubstr("2 of 3"));
  EXPECT_THAT(out.finding->note(), HasSubstr("E1102"));
  EXPECT_THAT(out.finding->note(), HasSubstr("E1106"));
}

TEST_F(Compute, AnOptionOfAFileReachesItsFormulas) {
  const std::string data =
      write("few.csv", "date,symbol,close\n2020-01-02,A,2\n2020-01-03,A,4\n2020-01-06,A,\n2020-01-07,A,9\n");
  const auto of = [&](const std::string& file, const char* profile = "lode") {
    return call(
        "factor", "compute",
        fmt::format(R"j({{"formula": ["@{}"], "data": "{}", "profile": "{}"}})j", write("o.tsv", file), data, profile));
  };
  const Result<Outcome> out = of("option min_periods = 2\na\tts_mean(close, 3)\nb\tts_mean(close, 3, min_periods=1)\n");
  ASSERT_TRUE(out) << render(out.error());
  EXPECT_EQ(out->data.at_path("factors.0.formula")->as_text(), "ts_mean(close, 3, min_periods=2)");
  EXPECT_THAT(out->payload, HasSubstr("2020-01-06,A,a,3\n"));
  EXPECT_THAT(out->payload, HasSubstr("2020-01-02,A,b,2\n")) << "what the call says counts";
  const Result<Outcome> wide = of("option min_periods = 4\na\tts_mean(close, 3)\nb\tclose\n");
  ASSERT_TRUE(wide);
  EXPECT_THAT(wide->finding->note(),
              HasSubstr("E1105 min_periods of ts_mean must be a whole number from 1 to 3, got 4"));
  EXPECT_EQ(of("option min_period = 2\na\tclose\n").error().number(), E::E1110);
  EXPECT_THAT(of("option min_period = 2\na\tclose\n").error().hint(), HasSubstr("did you mean 'min_periods'?"));
  EXPECT_EQ(of("option min_periods = 2\na\tts_mean(close, 3)\n", "paper").error().number(), E::E1110);
}

TEST_F(Compute, FilesOfTwoProfilesAreNotOneCall) {
  const std::string street = write("a.tsv", "profile street\na\tts_mean(close, 1.6)\n");
  const std::string brain = write("c.tsv", "profile brain\nc\trank(close)\n");
  const std::string silent = write("s.tsv", "s\trank(close)\n");
  const auto together = compute(fmt::format("\"@{}\", \"@{}\"", street, brain));
  ASSERT_FALSE(together);
  EXPECT_EQ(together.error().number(), E::E7);
  EXPECT_THAT(together.error().message(), HasSubstr("a.tsv:2) is of street, c ("));
  EXPECT_THAT(together.error().message(), HasSubstr("c.tsv:2) of brain"));
  for (const std::string& other : {std::string("\"rank(close)\""), fmt::format("\"@{}\"", silent)}) {
    const auto mixed = compute(fmt::format("{}, \"@{}\"", other, brain));
    ASSERT_FALSE(mixed);
    EXPECT_THAT(mixed.error().message(), HasSubstr("is of lode, c ("));
  }
  const Outcome alone = *compute(fmt::format("\"@{}\"", brain));
  EXPECT_EQ(alone.data.find("profile")->as_text(), "brain");
  EXPECT_THAT(alone.payload, HasSubstr("2020-01-02,A,c,0\n")) << "ranks of brain begin at 0";
  // What the help says works, and the answer tells what was overruled.
  const Outcome all = *compute(fmt::format("\"@{}\", \"@{}\"", street, brain), R"j(, "profile": "street")j");
  EXPECT_EQ(all.data.find("profile")->as_text(), "street");
  EXPECT_THAT(all.payload, HasSubstr("2020-01-02,A,c,0.5\n"));
  EXPECT_THAT(all.warnings, ::testing::Contains(HasSubstr("note: all under profile street, as --profile says; c (")));
}

TEST_F(Compute, InfiniteCellsOfAFileAreMissingAndTold) {
  const std::string file = write("inf.csv",
                                 "date,symbol,close,open\n2020-01-02,A,inf,inf\n2020-01-02,B,2,1\n"
                                 "2020-01-03,A,-Infinity,1\n2020-01-03,B,3,1\n");
  for (const char* more : {"", R"j(, "memory": 16)j", R"j(, "to": "2020-01-02")j"}) {
    const Outcome out =
        good("factor", "compute", fmt::format(R"j({{"formula": ["close * 2"], "data": "{}"{}}})j", file, more));
    EXPECT_THAT(out.payload, HasSubstr("2020-01-02,A,close * 2,\n2020-01-02,B,close * 2,4\n"));
    EXPECT_THAT(out.warnings,
                ::testing::Contains("warning[W2105]: close has 2 infinite cells, read as missing: mostly a division by "
                                    "0 upstream"))
        << more;
    EXPECT_THAT(out.warnings, ::testing::Not(::testing::Contains(HasSubstr("open has")))) << "no formula reads it";
  }
}

TEST_F(Compute, AFormulaGivenTwiceIsComputedOnce) {
  const Outcome out = *compute(R"j("rank(close)", "close", "rank(close)")j");
  EXPECT_EQ(std::count(out.payload.begin(), out.payload.end(), '\n'), 1 + 2 * 6);
  EXPECT_THAT(out.warnings, ::testing::Contains("note: 'rank(close)' was given twice and is computed once"));
}

TEST_F(Compute, WhatTheLakeHasAlreadyIsCountedBesideWhatFails) {
  import_market();
  const std::string file = write("f.tsv", "a\trank(close)\nb\trank(open)\nc\tts_meen(close, 2)\n");
  const std::string asked = fmt::format(R"j({{"formula": ["@{}"], "universe": "all"}})j", file);
  EXPECT_THAT(good("factor", "compute", asked).finding->message(),
              HasSubstr("1 of 3 formulas failed, the other 2 were computed"));
  EXPECT_THAT(good("factor", "compute", asked).finding->message(),
              HasSubstr("1 of 3 formulas failed, 2 were in the lake already"));
}

TEST_F(Compute, AMissingInputMayBeDefinedByTheCall) {
  const std::string file =
      write("ohlc.csv", "date,symbol,high,low,close,volume\n2020-01-02,A,12,9,9,100\n2020-01-03,A,13,9,11,200\n");
  const auto with = [&](const std::string& formula, const std::string& define) {
    return call("factor", "compute",
                fmt::format(R"j({{"formula": ["{}"], "data": "{}", "profile": "paper", "define": [{}]}})j", formula,
                            file, define));
  };
  const Result<Outcome> without = with("adv2 / vwap", "");
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().number(), E::E1113);
  EXPECT_THAT(without.error().hint(), HasSubstr("--define 'amount=close*volume'"));
  EXPECT_THAT(with("vwap", "").error().hint(), HasSubstr("--define 'vwap=(high+low+close)/3'"));
  const Result<Outcome> out = with("adv2 / vwap", R"j("vwap=(high+low+close)/3", "amount=vwap*volume")j");
  ASSERT_TRUE(out) << render(out.error());
  EXPECT_THAT(out->payload,
              HasSubstr("2020-01-03,A,adv2 / vwap,145.45454545454547\n"));  // (10 * 100 + 11 * 200) / 2 / 11
  EXPECT_THAT(out->data.at_path("factors.0.formula")->as_text(), HasSubstr("(close + (high + low)) / 3"));
  EXPECT_THAT(out->warnings,
              ::testing::Contains("warning[W1304]: vwap is (high+low+close)/3 here, as the call defines it"));
  EXPECT_EQ(with("close", R"j("vwap")j").error().number(), E::E1101);
  EXPECT_THAT(with("close", R"j("vwap")j").error().message(), HasSubstr("--define: expected NAME = FORMULA"));
}

TEST_F(Compute, AFormulaOverSeveralLinesShowsTheLineThatFails) {
  const std::string path = write("f.tsv", "# first\nok\trank(close)\nmany\trank(\n  close +\n  clsoe)\n");
  const Outcome out = *compute("\"@" + path + "\"");
  ASSERT_TRUE(out.finding);
  EXPECT_THAT(out.finding->note(),
              HasSubstr("'clsoe': many (" + path + ":3)\n  5 |   clsoe)\n    |   ^^^^^\n  help: did you"));
}

TEST_F(Compute, AnUnclosedFormulaOfAFileCostsNoOther) {
  const std::string file = write("f.tsv", "001\trank(close)\n002\trank(close\n003\trank(volume)\n");
  const Outcome out = *compute("\"@" + file + "\"");
  EXPECT_THAT(out.payload, HasSubstr("2020-01-02,A,001,0.5\n"));
  EXPECT_THAT(out.payload, HasSubstr(",003,"));
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E3005);
  EXPECT_EQ(out.finding->message(), "1 of 3 formulas failed, the other 2 were computed");
  EXPECT_THAT(out.finding->note(), HasSubstr("E1101 " + file + ": line 2: expected \")\""));
  EXPECT_THAT(out.finding->note(), HasSubstr(": 002"));
  EXPECT_EQ(out.data.at_path("failed.0.name")->as_text(), "002");
  const Result<Outcome> none = compute("\"@" + write("g.tsv", "001\trank(close\n") + "\"");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E1101);
  EXPECT_THAT(none.error().message(), HasSubstr("g.tsv: line 1"));
}

TEST_F(Compute, EveryFormulaThatFailsIsNamedUnderItsReason) {
  std::string file = "ok\trank(close)\n";
  std::string lacking;
  for (int i = 0; i < 20; ++i) {
    file += fmt::format("a{:02}\tadv{}\n", i, i + 2);
    lacking += i == 0 ? "" : fmt::format("{}a{:02}", i == 1 ? "" : ", ", i);
  }
  for (int i = 0; i < 8; ++i) {
    file += fmt::format("b{}\trank(nofield{})\n", i, i);
  }
  const std::string path = write("f.tsv", file);
  const Outcome out = *compute("\"@" + path + "\"");
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->message(), "28 of 29 formulas failed, the other was computed");
  EXPECT_THAT(out.finding->note(), ::testing::StartsWith("E1113 "));
  EXPECT_THAT(out.finding->note(), HasSubstr(": a00 (" + path + ":2), " + lacking + "\n  2 | adv2\n    | ^^^^\n"));
  for (int i = 0; i < 8; ++i) {
    EXPECT_THAT(
        out.finding->note(),
        HasSubstr(fmt::format("\nE1106 no field called 'nofield{0}': b{0} ({1}:{2})\n  {2} | rank(nofield{0})\n", i,
                              path, i + 22)));
    EXPECT_THAT(render(*out.finding), HasSubstr(fmt::format("rank(nofield{})", i))) << "none is cut away";
  }
  EXPECT_EQ(out.data.at_path("failed.0.where")->as_text(), "  2 | adv2\n    | ^^^^");
  EXPECT_EQ(out.data.at_path("failed.20.origin")->as_text(), path + ":22");
  EXPECT_EQ(out.data.at_path("failed")->as_array().size(), 28U);
  EXPECT_EQ(out.data.at_path("failed.0.name")->as_text(), "a00");
  EXPECT_EQ(out.data.at_path("failed.0.number")->as_text(), "E1113");
}

TEST_F(Compute, WhenNothingIsLeftTheFirstErrorIsToldWithTheReasonsOfAll) {
  const std::string path = write("f.tsv", "001\tadv5\n002\tclsoe\n003\tadv7\n");
  const Result<Outcome> out = compute("\"@" + path + "\"");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E1113);
  EXPECT_THAT(out.error().message(), HasSubstr("f.tsv:1"));
  EXPECT_EQ(out.error().where(), "  1 | adv5\n    | ^^^^");
  EXPECT_EQ(out.error().note(),
            "all 3 formulas failed, nothing was computed\nas this one: 003\n"
            "E1106 no field called 'clsoe': 002 (" +
                path +
                ":2)\n"
                "  2 | clsoe\n    | ^^^^^\n  help: did you mean 'close'? (lode factor fields)");
}

TEST_F(Compute, AmountAndVwapAreMadeOfEachOtherAndSaidSo) {
  const auto of = [&](const std::string& header, const std::string& formula) {
    const std::string file =
        write("made.csv", "date,symbol,volume," + header + "\n2020-01-02,A,100,5\n2020-01-03,A,0,6\n2020-01-06,A,,7\n");
    return good("factor", "compute", fmt::format(R"j({{"formula": ["{}"], "data": "{}"}})j", formula, file));
  };
  const Outcome amount = of("vwap", "amount");
  EXPECT_EQ(amount.payload,
            "date,symbol,factor,value\n2020-01-02,A,amount,500\n2020-01-03,A,amount,0\n2020-01-06,A,amount,\n");
  EXPECT_THAT(amount.warnings, ::testing::Contains("note: made.csv has no amount, taken as vwap * volume"));
  EXPECT_THAT(of("vwap", "adv2").payload, HasSubstr("2020-01-03,A,adv2,250\n"));
  const Outcome vwap = of("amount", "vwap");
  EXPECT_EQ(vwap.payload, "date,symbol,factor,value\n2020-01-02,A,vwap,0.05\n2020-01-03,A,vwap,\n2020-01-06,A,vwap,\n");
  EXPECT_THAT(vwap.warnings, ::testing::Contains("note: made.csv has no vwap, taken as amount / volume"));
  EXPECT_THAT(of("vwap", "rank(volume)").warnings, ::testing::Not(::testing::Contains(HasSubstr("taken as"))));
}

TEST_F(Compute, OneFormulaThatNeedsWhatTheLakeHasNotCostsNoOther) {
  import_market();
  const Outcome out =
      good("factor", "compute", R"j({"formula": ["rank(close)", "rank(vwap)", "adv20"], "universe": "all"})j");
  EXPECT_THAT(out.payload, HasSubstr(",rank(close),"));
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(exit_code(out.finding->number()), 3);
  EXPECT_THAT(out.finding->note(), HasSubstr("needs field vwap, absent in this data: rank(vwap)"));
  EXPECT_THAT(out.finding->note(), HasSubstr("needs field amount, absent in this data: adv20"));
  const Result<Outcome> alone = call("factor", "compute", R"j({"formula": ["rank(vwap)"], "universe": "all"})j");
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().number(), E::E1113);
}

TEST_F(Compute, RowsForAProgramAreOneArrayEqualToTheCsv) {
  const Outcome out = *compute(R"j("ts_mean(close,2)", "rank(close)")j");
  std::string text;
  ASSERT_TRUE(out.rows);
  out.rows([&](std::string_view piece) { text += piece; });
  const Value rows = must(parse_json(text));
  std::string csv = "date,symbol,factor,value\n";
  for (const Value& row : rows.as_array()) {
    const std::string factor = row.find("factor")->as_text();
    const bool quoted = factor.find(',') != std::string::npos;
    csv += fmt::format("{},{},{},{}\n", row.find("date")->as_text(), row.find("symbol")->as_text(),
                       quoted ? "\"" + factor + "\"" : factor,
                       row.find("value")->is_null() ? "" : to_json(*row.find("value")));
  }
  EXPECT_EQ(csv, out.payload);
  const Outcome kept = *compute(R"j("rank(close)")j", fmt::format(R"j(, "output": "{}/o.csv")j", parts.folder));
  EXPECT_FALSE(kept.rows) << "the rows are in the file";
}

TEST_F(Compute, JsonHasNullForMissing) {
  const Outcome out = *compute(R"j("ts_mean(close,2)")j", R"j(, "format": "json", "to": "2020-01-02")j");
  const Value rows = must(parse_json(out.payload));
  ASSERT_EQ(rows.as_array().size(), 2U);
  EXPECT_EQ(rows.as_array()[0].at_path("symbol")->as_text(), "A");
  EXPECT_TRUE(rows.as_array()[0].at_path("value")->is_null());
}

TEST_F(Compute, ParquetHoldsTheSameRows) {
  const std::string path = parts.folder + "/out.parquet";
  ASSERT_TRUE(compute(R"j("rank(close)")j", fmt::format(R"j(, "format": "parquet", "output": "{}")j", path)));
  const Batch batch = must(lake::read_parquet(path));
  ASSERT_EQ(batch.rows(), 6U);
  EXPECT_EQ(batch.column("symbol").texts()[1], "B");
  EXPECT_EQ(batch.column("value").float64s()[1], 1.0);
  EXPECT_TRUE(batch.column("value").is_null(4));
}

TEST_F(Compute, ArrowHoldsTheSameRowsInAFileAndInAPipe) {
  const std::string path = parts.folder + "/out.arrow";
  const Outcome csv = *compute(R"j("rank(close)", "close")j");
  const Outcome pipe = *compute(R"j("rank(close)", "close")j", R"j(, "format": "arrow")j");
  ASSERT_TRUE(compute(R"j("rank(close)", "close")j", fmt::format(R"j(, "format": "arrow", "output": "{}")j", path)));
  EXPECT_EQ(must(flow::read_file(path)), pipe.payload);
  EXPECT_EQ(flow::batch_text(must(arrow::read_arrow(pipe.payload, "out")), "csv"), csv.payload);
  const Outcome parquet = *compute(R"j("rank(close)", "close")j", R"j(, "format": "parquet")j");
  must(flow::write_file(parts.folder + "/out.parquet", parquet.payload));
  EXPECT_EQ(flow::batch_text(must(lake::read_parquet(parts.folder + "/out.parquet")), "csv"), csv.payload);
}

TEST_F(Compute, ArrowInputGivesWhatCsvInputGives) {
  const Outcome csv = *compute(R"j("close")j");
  const Batch rows({Column::date("date", {Date::from_civil(2020, 1, 2).days}),
                    [] {
                      TextData symbol;
                      symbol.push("A");
                      return Column::text("symbol", std::move(symbol));
                    }(),
                    Column::float64("close", {10.0})});
  for (const char* name : {"/in.arrow", "/in.feather"}) {
    must(flow::write_batch(rows, parts.folder + name, "arrow"));
    const Outcome arrow =
        *call("factor", "compute", fmt::format(R"j({{"formula": ["close"], "data": "{}{}"}})j", parts.folder, name));
    EXPECT_EQ(arrow.payload, csv.payload.substr(0, arrow.payload.size()));
  }
  must(flow::write_file(parts.folder + "/cut.arrow", must(flow::read_file(parts.folder + "/in.arrow")).substr(0, 300)));
  const auto cut =
      call("factor", "compute", fmt::format(R"j({{"formula": ["close"], "data": "{}/cut.arrow"}})j", parts.folder));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().number(), E::E2015);
  EXPECT_THAT(cut.error().message(), HasSubstr("cut.arrow is not a whole Arrow file: its end is missing"));
}

TEST_F(Compute, ParquetInputGivesWhatCsvInputGives) {
  const Outcome csv = *compute(R"j("close")j");
  std::vector<Column> columns;
  TextData symbols;
  symbols.push("A");
  symbols.push("B");
  columns.push_back(Column::date("date", {Date::from_civil(2020, 1, 2).days, Date::from_civil(2020, 1, 2).days}));
  columns.push_back(Column::text("symbol", std::move(symbols)));
  columns.push_back(Column::float64("close", {10.0, 20.0}));
  const std::string path = parts.folder + "/in.parquet";
  ASSERT_TRUE(lake::write_parquet(path, Batch(std::move(columns))));
  const Outcome parquet = *call("factor", "compute", fmt::format(R"j({{"formula": ["close"], "data": "{}"}})j", path));
  EXPECT_EQ(parquet.payload, csv.payload.substr(0, parquet.payload.size()));
}

TEST_F(Compute, OverTheLakeUsesTheUniverse) {
  import_market();
  const Outcome out =
      *call("factor", "compute",
            R"j({"formula": ["rank(close)"], "universe": "all", "from": "2020-01-06", "to": "2020-01-07"})j");
  EXPECT_EQ(std::count(out.payload.begin(), out.payload.end(), '\n'), 1 + 2 * testing::kNames);
}

TEST_F(Compute, AStoredFactorKeepsItsProfile) {
  import_market();
  good("factor", "add", R"j({"name": "mine", "formula": "rank(close)", "profile": "paper"})j");
  const char* asked = R"j({"formula": ["mine"], "universe": "all", "profile": "%s"})j";
  const auto as = [&](const std::string& profile) {
    std::string request(asked);
    return call("factor", "compute", request.replace(request.find("%s"), 2, profile));
  };
  EXPECT_TRUE(as("paper"));
  const Outcome own = good("factor", "compute", R"j({"formula": ["mine"], "universe": "all"})j");
  EXPECT_EQ(own.data.find("already_there")->as_array().size(), 1U) << "stored under paper a line above";
  const Result<Outcome> other = as("lode");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().number(), E::E7);
  EXPECT_THAT(other.error().message(), HasSubstr("mine is of profile paper"));
}

TEST_F(Compute, RangesThatHoldNothingAreErrors) {
  const Result<Outcome> late = compute(R"j("close")j", R"j(, "from": "2020-02-01")j");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().number(), E::E2101);
  EXPECT_THAT(late.error().message(), HasSubstr("the data ends 2020-01-06"));
  const Result<Outcome> early = compute(R"j("close")j", R"j(, "to": "2019-02-01")j");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().number(), E::E2101);
  const Result<Outcome> backwards = compute(R"j("close")j", R"j(, "from": "2020-01-03", "to": "2020-01-02")j");
  ASSERT_FALSE(backwards);
  EXPECT_EQ(backwards.error().number(), E::E4);
}

TEST_F(Compute, AFileThatCannotBeWrittenIsNamedAndNothingHalfStays) {
  write("blocker", "a file where a folder should be");
  const Result<Outcome> out =
      compute(R"j("close")j", fmt::format(R"j(, "output": "{}/blocker/out.csv")j", parts.folder));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E8004);
}

TEST_F(Compute, WarnsOfOneThingOnceHoweverManyFormulasHaveIt) {
  const Outcome out = *compute(R"j("ts_mean(close,2)", "rank(close)", "ts_delta(close,1)")j");
  EXPECT_THAT(out.warnings,
              ::testing::ElementsAre(::testing::MatchesRegex("warning.W1302.: .* \\(in ts_mean\\(close,2\\), "
                                                             "ts_delta\\(close,1\\)\\)")));
  EXPECT_THAT(compute(R"j("ts_mean(close,2)")j")->warnings, ::testing::ElementsAre(::testing::Not(HasSubstr("(in "))))
      << "one formula needs no name";
}

TEST_F(Compute, AFormulaWithoutAnyValueIsWarnedOfWithItsWindow) {
  const Outcome out = *compute(R"j("rank(ts_mean(close,99))", "rank(close)")j");
  EXPECT_THAT(out.warnings,
              ::testing::ElementsAre("warning[E1105]: every cell of rank(ts_mean(close,99)) is missing: the "
                                     "window of ts_mean is 99 sessions, the history has 3 sessions"));
}

TEST_F(Compute, NeedsExactlyOneKindOfData) {
  const Result<Outcome> none = call("factor", "compute", R"j({"formula": ["close"]})j");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E3);
  const Result<Outcome> both =
      call("factor", "compute", R"j({"formula": ["close"], "data": "x.csv", "universe": "all"})j");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().number(), E::E7);
}

TEST_F(Compute, WhatItWritesIsReadBackInEveryFormat) {
  import_market();
  const auto hash_of = [&](const std::string& name) {
    const std::string path = parts.folder + "/" + name;
    good("factor", "compute",
         fmt::format(R"j({{"formula": ["rank(close)"], "universe": "all", "output": "{}"}})j", path));
    return must(hash_of_values(path));
  };
  const std::string csv = hash_of("v.csv");
  for (const char* name : {"v.json", "v.parquet", "v.arrow"}) {
    EXPECT_EQ(hash_of(name), csv) << name;
    const Outcome judged =
        good("factor", "eval", fmt::format(R"j({{"values": "{}/{}", "horizons": "5"}})j", parts.folder, name));
    EXPECT_EQ(judged.data.at_path("request.values")->as_text(), csv) << name;
  }
  const Outcome rows = good("factor", "compute", R"j({"formula": ["rank(close)"], "universe": "all"})j");
  std::string answer = R"j({"schema":"lode.factor.compute/1","data":{"sessions":260,"factors":[{"name":"a"}],"rows":)j";
  rows.rows([&](std::string_view piece) { answer += piece; });
  EXPECT_EQ(must(hash_of_values(write("answer.json", answer + R"j(},"warnings":[]})j"))), csv) << "of --json";
  const Result<std::string> none = hash_of_values(write("none.json", "[\n]\n"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E2014);
}

TEST_F(Compute, BadFilesAreNamed) {
  const auto number = [&](const std::string& text) {
    const Result<Outcome> out =
        call("factor", "compute", fmt::format(R"j({{"formula": ["close"], "data": "{}"}})j", write("bad.csv", text)));
    return out ? ErrorNumber{} : out.error().number();
  };
  EXPECT_EQ(number("date,symbol,close\n2020-01-02,A,1\n2020-01-02,A,2\n"), E::E2012);
  EXPECT_EQ(number("date,symbol,close\n2020-02-30,A,1\n"), E::E2005);
  EXPECT_EQ(number("date,symbol,close\n2020-01-02,A,1\n2020-01-03,A,x\n"), E::E2004);
  EXPECT_EQ(number("date,symbol,close\n2020-01-02,A\n"), E::E2009);
  EXPECT_EQ(number("dy,symbol,close\n2020-01-02,A,1\n"), E::E2001);
  EXPECT_EQ(number("date,symbol,close,close\n2020-01-02,A,1,1\n"), E::E2002);
  EXPECT_EQ(number("date,symbol,close\n"), E::E2014);
  EXPECT_EQ(number(""), E::E2014);
}

TEST(RowSlice, SharesTheWholeAndCutsMasks) {
  auto axis = std::make_shared<Axis>();
  axis->sessions = {Date{0}, Date{1}, Date{2}};
  axis->times = {Time{0}, Time{1}, Time{2}};
  axis->instruments = {InstrumentId{1}, InstrumentId{2}};
  Panel panel(axis, Precision::kFloat64);
  panel.mutable_row64(1)[1] = 5.0;
  const RowSlice whole(axis, 0, 3);
  EXPECT_EQ(whole.panel(panel).row64(0).data(), panel.row64(0).data());
  const RowSlice part(axis, 1, 3);
  EXPECT_EQ(part.panel(panel).at(0, 1), 5.0);
  EXPECT_EQ(part.axis()->rows(), 2U);
  EXPECT_EQ(part.mask({1, 2, 3, 4, 5, 6}), (std::vector<std::uint8_t>{3, 4, 5, 6}));
  EXPECT_TRUE(part.panel(Panel()).empty());
}

TEST_F(Compute, TheEndingOfTheFileNamesItsFormat) {
  const auto written = [&](const char* name, const char* more) -> Result<std::string> {
    const std::string path = parts.folder + "/" + name;
    LODE_CHECK(compute(R"j("rank(close)")j", fmt::format(R"j(, "output": "{}"{})j", path, more)));
    return flow::read_file(path);
  };
  EXPECT_THAT(must(written("z.csv", "")), ::testing::StartsWith("date,symbol,factor,value\n"));
  EXPECT_THAT(must(written("z.json", "")), ::testing::StartsWith("[\n{\"date\":"));
  EXPECT_THAT(must(written("z.parquet", "")), ::testing::StartsWith("PAR1"));
  EXPECT_THAT(must(written("z.feather", "")), ::testing::StartsWith("ARROW1"));
  EXPECT_THAT(must(written("z.txt", R"(, "format": "csv")")), ::testing::StartsWith("date,"));
  EXPECT_EQ(written("y.parquet", R"(, "format": "csv")").error().number(), E::E7);
  EXPECT_EQ(written("y.xlsx", "").error().number(), E::E4);
  EXPECT_FALSE(std::filesystem::exists(parts.folder + "/y.parquet"));
}

TEST_F(Compute, OverAPlainFileNoOptionOfALakeIsIgnored) {
  for (const char* option :
       {R"("as-of": "2020-01-03")", R"("commit": 1)", R"("adjust": "none")", R"("benchmark": "SPX")"}) {
    const Result<Outcome> out = compute(R"j("rank(close)")j", std::string(", ") + option);
    ASSERT_FALSE(out) << option;
    EXPECT_EQ(out.error().number(), E::E7) << option;
  }
}

}  // namespace
}  // namespace lode::flow
