// The verbs of `lode factor` beside eval and report: check, show, fields, list, add and compute as a person meets them.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lode/base/text.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/arrow/reader.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Factor = testing::Research;

std::vector<std::string> texts_of(const Value& rows, std::string_view key) {
  std::vector<std::string> out;
  for (const Value& row : rows.as_array()) {
    out.push_back(row.find(key)->as_text());
  }
  return out;
}

TEST_F(Factor, CheckComparesWithTheNextCloseAndCountsAsATrial) {
  import_market();
  const Outcome out = good("factor", "check", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "5"})j");
  EXPECT_FALSE(out.finding);
  EXPECT_THAT(
      out.text,
      HasSubstr("Look-ahead check: passed.\nTraded at the next close instead of the next open: 5-day rank IC "));
  EXPECT_EQ(out.data.at_path("look_ahead")->as_text(), "passed");
  EXPECT_EQ(texts_of(*out.data.at_path("checks"), "id").front(), "look_ahead");
  EXPECT_EQ(out.data.at_path("min_names")->as_int(), 15) << "half of 30 names";
  EXPECT_EQ(out.data.at_path("dates_left_out")->as_int(), 0);
  EXPECT_EQ(out.data.at_path("trials")->as_int(), 1);
  EXPECT_THAT(out.text, HasSubstr("1 trial, so no correction for search."));
  EXPECT_EQ(
      good("factor", "check", R"j({"formula": "rank(volume)", "horizons": "5"})j").data.at_path("trials")->as_int(), 2);
  const Outcome eval = good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "5"})j");
  EXPECT_EQ(eval.data.at_path("trials")->as_int(), 2) << "looked at before, and counted then";
  EXPECT_EQ(testing::number(eval, "rank_ic.5d.mean"), out.data.at_path("rank_ic")->as_double());
  const Outcome late = good(
      "factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "5", "convention": "next_close"})j");
  EXPECT_EQ(testing::number(late, "rank_ic.5d.mean"), out.data.at_path("rank_ic_traded_at_next_close")->as_double());
}

TEST_F(Factor, EvalInAFormatIsARowForEachHorizonAskedFor) {
  import_market();
  const auto eval = [&](const std::string& more) {
    return good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "5,1")j" + more + "}");
  };
  const Outcome plain = eval("");
  for (const Outcome& out : {eval(R"j(, "format": "json", "again": true)j"), eval(R"j(, "format": "json")j")}) {
    const Value rows = must(parse_json(out.text));
    ASSERT_EQ(rows.as_array().size(), 2U) << "decay is measured at other lags too";
    for (const Value& row : rows.as_array()) {
      const std::string days = std::to_string(row.find("horizon_days")->as_int()) + "d";
      EXPECT_EQ(row.find("rank_ic.mean")->as_double(), testing::number(plain, "rank_ic." + days + ".mean"));
    }
    EXPECT_EQ(to_json(*out.data.find("numbers")), to_json(*plain.data.find("numbers"))) << "--json is as it was";
  }
  EXPECT_EQ(eval("").text, plain.text) << "the kept answer is the table";
  EXPECT_THAT(eval(R"j(, "format": "csv")j").text,
              AllOf(StartsWith("horizon_days,look_ahead,"), HasSubstr("\n1,passed,"), HasSubstr("\n5,passed,")));
  EXPECT_EQ(must(arrow::read_arrow(eval(R"j(, "format": "arrow")j").payload, "eval")).rows(), 2U);
}

TEST_F(Factor, RowsOfALeakCarryItsMarkInEveryFormat) {
  import_market();
  const auto eval = [&](const std::string& format) {
    return good("factor", "eval",
                R"j({"formula": "rank(delay(close,-1))", "horizons": "5", "allow-lookahead": true, "format": ")j" +
                    format + R"j("})j");
  };
  const Outcome table = eval("table");
  std::string word;
  for (const Value& check : table.data.find("checks")->as_array()) {
    word = check.find("id")->as_text() == "look_ahead" ? check.find("result")->as_text() : word;
  }
  EXPECT_EQ(word, "found, allowed on purpose");
  for (const char* format : {"csv", "json", "ndjson", "md"}) {
    EXPECT_THAT(eval(format).text, HasSubstr(word)) << format;
  }
  EXPECT_EQ(must(arrow::read_arrow(eval("arrow").payload, "eval")).column("look_ahead").texts()[0], word);
}

TEST_F(Factor, CheckNamesTheConventionItCompares) {
  import_market();
  const Outcome out =
      good("factor", "check", R"j({"formula": "rank(close)", "horizons": "5", "convention": "close_to_close"})j");
  EXPECT_THAT(out.text, HasSubstr("instead of the close that made the signal"));
}

TEST_F(Factor, CheckOfALeakIsAFindingWithItsWorthAndOtherErrorsStayErrors) {
  import_market();
  const Outcome leak =
      good("factor", "check", R"j({"formula": "rank(delay(open,-2)/delay(open,-1))", "horizons": "1,5"})j");
  ASSERT_TRUE(leak.finding);
  EXPECT_EQ(leak.finding->number(), E::E3003);
  EXPECT_THAT(leak.finding->note(), HasSubstr("with it, 5-day rank IC is "));
  EXPECT_THAT(leak.finding->where(), HasSubstr("^"));
  EXPECT_EQ(leak.data.at_path("look_ahead")->as_text(), "found");
  EXPECT_EQ(leak.data.at_path("note")->as_text(), leak.finding->note());
  EXPECT_THAT(leak.data.at_path("rewrite")->as_text(), ::testing::StartsWith("use delay(open, 2)"));
  const Result<Outcome> typo = call("factor", "check", R"j({"formula": "rank(clsoe)"})j");
  ASSERT_FALSE(typo);
  EXPECT_EQ(typo.error().number(), E::E1106);
}

TEST_F(Factor, FieldsAreThoseOfThisLakeWithTheirUnits) {
  import_market();
  const Outcome out = good("factor", "fields", "{}");
  const std::vector<std::string> names = texts_of(*out.data.at_path("fields"), "field");
  EXPECT_THAT(names, ::testing::ElementsAre("open", "high", "low", "close", "volume", "raw_open", "raw_high", "raw_low",
                                            "raw_close", "sector"));
  EXPECT_EQ(texts_of(*out.data.at_path("fields"), "unit").back(), "group");
  EXPECT_THAT(out.text, HasSubstr("adv20"));
}

TEST_F(Factor, FieldsWithoutALakeSayHowToMakeOne) {
  const Result<Outcome> out = call("factor", "fields", "{}");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E8001);
}

TEST_F(Factor, ShowExplainsOperatorsWithoutALakeAndByEveryName) {
  const Outcome out = good("factor", "show", R"j({"name": "ts_corr"})j");
  EXPECT_THAT(out.text, ::testing::StartsWith("ts_corr("));
  EXPECT_EQ(out.data.at_path("operator")->as_text(), "ts_corr");
  EXPECT_FALSE(out.data.at_path("definition")->as_text().empty());
  const Outcome typed = good("factor", "show", R"j({"name": "-Mean($close, 5) * $open", "profile": "paper"})j");
  EXPECT_THAT(typed.text, HasSubstr("  formula   open * -ts_mean(close, 5)\n"));
  EXPECT_THAT(typed.text, HasSubstr("  qlib      $open * (-1 * Mean($close, 5)) (its windows may be short there"));
  EXPECT_THAT(typed.text, HasSubstr("  calls     mul(open, neg(ts_mean(close, 5)))\n  profile   paper\n"));
  EXPECT_EQ(typed.data.find("qlib")->as_text(), "$open * (-1 * Mean($close, 5))");
  EXPECT_EQ(call("factor", "show", R"j({"name": "rank(clsoe)"})j").error().number(), E::E1106);
  const Outcome label = good("factor", "show", R"j({"name": "Ref($close, -2) / Ref($close, -1) - 1"})j");
  EXPECT_THAT(label.text, HasSubstr("  ahead     2 sessions: computed with --allow-lookahead alone\n"));
  const Outcome alias = good("factor", "show", R"j({"name": "correlation"})j");
  EXPECT_EQ(alias.data.at_path("operator")->as_text(), "ts_corr");
}

TEST_F(Factor, ShowOfANameNobodyKeptNamesTheNearest) {
  import_market();
  good("factor", "add", R"j({"name": "quality/accruals", "formula": "rank(close)", "note": "one line"})j");
  EXPECT_THAT(good("factor", "show", R"j({"name": "quality/accruals"})j").text, HasSubstr("note      one line"));
  const Result<Outcome> out = call("factor", "show", R"j({"name": "quality/acruals"})j");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E9);
  EXPECT_THAT(out.error().hint(), HasSubstr("quality/accruals"));
}

TEST_F(Factor, AddMakesTheLakeAndReplacesOnlyOnPurpose) {
  good("factor", "add", R"j({"name": "mine", "formula": "rank(close)"})j");
  const Result<Outcome> taken = call("factor", "add", R"j({"name": "mine", "formula": "rank(open)"})j");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().number(), E::E11);
  EXPECT_EQ(good("factor", "add", R"j({"name": "mine", "formula": "rank(open)", "replace": true})j").next,
            "lode factor eval mine");
  EXPECT_THAT(good("factor", "show", R"j({"name": "mine"})j").text, HasSubstr("rank(open)"));
  const Result<Outcome> broken = call("factor", "add", R"j({"name": "other", "formula": "rank("})j");
  ASSERT_FALSE(broken);
  EXPECT_EQ(exit_code(broken.error().number()), 65);
}

TEST_F(Factor, AddKeepsAWholeFileOfFormulasOrNoneOfIt) {
  import_market();
  const std::string path = write("my.factors", "my = ta_ema(close, 3) - ta_ema(close, 6)\ncheap = rank(-close)\n");
  const Outcome kept = good("factor", "add", R"j({"name": "@)j" + path + R"j("})j");
  EXPECT_THAT(kept.text, HasSubstr("my  "));
  EXPECT_EQ(kept.data.at_path("factors")->as_array().size(), 2u);
  EXPECT_THAT(good("factor", "show", R"j({"name": "my"})j").text, HasSubstr("ta_ema(close, 3) - ta_ema(close, 6)"));
  EXPECT_THAT(good("factor", "eval", R"j({"formula": "my", "horizons": "1"})j").text, HasSubstr("my"));

  const std::string clash = write("clash.factors", "fresh = rank(close)\ncheap = rank(open)\n");
  const Result<Outcome> taken = call("factor", "add", R"j({"name": "@)j" + clash + R"j("})j");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().number(), E::E11);
  EXPECT_EQ(call("factor", "show", R"j({"name": "fresh"})j").error().number(), E::E9) << "nothing of it was kept";

  const std::string broken = write("broken.factors", "good = rank(close)\nbad = rank(clsoe)\n");
  const Result<Outcome> refused = call("factor", "add", R"j({"name": "@)j" + broken + R"j("})j");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("broken.factors:2"));
  EXPECT_EQ(call("factor", "add", R"j({"name": "mine"})j").error().number(), E::E3);
  EXPECT_EQ(call("factor", "add", R"j({"name": "@f", "formula": "rank(close)"})j").error().number(), E::E7);
  EXPECT_EQ(call("factor", "add", R"j({"name": "@nowhere.factors"})j").error().number(), E::E8);
}

TEST_F(Factor, AFactorCalledLikeAnIndicatorIsToldApart) {
  import_market();
  EXPECT_THAT(good("factor", "add", R"j({"name": "rsi", "formula": "close * 2"})j").warnings,
              ::testing::ElementsAre(HasSubstr("rsi is what lode indicator run calls")));
  EXPECT_THAT(good("factor", "add", R"j({"name": "my_rsi", "formula": "close * 2"})j").warnings, ::testing::IsEmpty());
}

TEST_F(Factor, AFormulaOfAFileIsKeptWithThoseAboveItWrittenOut) {
  import_market();
  const std::string path =
      write("my.lode", "my = ta_ema(close,12) - ta_ema(close,26)\nmy2 = ta_rsi(my, 9)\nmy3 = (my2 - my) / my\n");
  EXPECT_EQ(good("factor", "add", R"j({"name": "@)j" + path + R"j("})j").data.at_path("factors")->as_array().size(),
            3u);
  EXPECT_THAT(good("factor", "show", R"j({"name": "my2"})j").text,
              HasSubstr("ta_rsi(ta_ema(close, 12) - ta_ema(close, 26), 9)"));
  const auto rows = [&](const std::string& what) {
    return good("indicator", "run", R"j({"name": [")j" + what + R"j("], "universe": "all", "format": "csv"})j").text;
  };
  const std::string kept = rows("my3");
  EXPECT_EQ(kept.substr(kept.find('\n')),
            rows("x = (ta_rsi(ta_ema(close,12) - ta_ema(close,26), 9) - (ta_ema(close,12) - ta_ema(close,26))) / "
                 "(ta_ema(close,12) - ta_ema(close,26))")
                .substr(std::string("date,symbol,x").size()));
  for (const char* of : {R"j("universe": "all", "format": "csv")j", R"j("data": "BARS")j"}) {
    std::string request = fmt::format(R"j({{"name": ["x = ta_rsi(my, 14)"], {}}})j", of);
    if (const std::size_t at = request.find("BARS"); at != std::string::npos) {
      request.replace(at, 4, write("bars.csv", "t,close\n1,1\n2,2\n"));
    }
    EXPECT_THAT(mistake("indicator", "run", request), AllOf(HasSubstr("E1106"), HasSubstr("its name stands alone")));
  }
  const std::string below = write("below.lode", "a = ta_rsi(b, 14)\nb = close - open\n");
  EXPECT_THAT(mistake("factor", "add", R"j({"name": "@)j" + below + R"j("})j"), HasSubstr("E1106"))
      << "only one above it";
}

TEST_F(Factor, ListFiltersByLibraryAndSaysWhenThereIsNothing) {
  import_market();
  const Outcome none = good("factor", "list", "{}");
  EXPECT_EQ(none.text, "No factor is kept here yet.\n");
  EXPECT_THAT(none.next, HasSubstr("lode factor add"));
  good("factor", "add", R"j({"name": "a/one", "formula": "rank(close)"})j");
  good("factor", "add", R"j({"name": "b/two", "formula": "rank(open)"})j");
  good("factor", "eval", R"j({"formula": "b/two", "horizons": "5"})j");
  parts.clock.advance(3 * kNanosPerDay);
  const Outcome both = good("factor", "list", "{}");
  EXPECT_THAT(both.text, HasSubstr("2 of 2 shown (--library). A dash: not judged yet"));
  EXPECT_THAT(both.text, HasSubstr("3 d"));
  const Result<Outcome> nobody = call("factor", "list", R"j({"library": "aplha101"})j");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().number(), E::E9);
  EXPECT_THAT(nobody.error().hint(), HasSubstr("did you mean 'alpha101'?"));
  const Outcome one = good("factor", "list", R"j({"library": "b"})j");
  EXPECT_THAT(one.text, HasSubstr("1 of 2 shown (--library).\n"));
  EXPECT_THAT(one.text, Not(HasSubstr("a/one")));
}

TEST_F(Factor, EvalOfANameIsHeadedByItAndLeadsToTheReport) {
  import_market();
  good("factor", "add", R"j({"name": "mine", "formula": "rank(close)"})j");
  const Outcome out = good("factor", "eval", R"j({"formula": "mine", "horizons": "5"})j");
  EXPECT_THAT(out.text, ::testing::StartsWith("mine  all  "));
  EXPECT_EQ(out.next, "lode factor report mine");
  const Outcome formula = good("factor", "eval", R"j({"formula": "rank(-close)", "horizons": "5"})j");
  EXPECT_EQ(formula.next, "lode factor report 'rank(-close)'");
}

TEST_F(Factor, ReportCanAlsoBeWrittenElsewhere) {
  import_market();
  const std::string path = parts.folder + "/page.html";
  const std::string request = fmt::format(R"j({{"formula": "rank(close)", "horizons": "5", "output": "{}"}})j", path);
  const Outcome out = good("factor", "report", request);
  EXPECT_EQ(out.data.at_path("report")->as_text(), path);
  const std::string html = must(read_file(path));
  EXPECT_EQ(static_cast<std::int64_t>(html.size()), out.data.at_path("bytes")->as_int());
  EXPECT_EQ(must(read_file(world.lake + "/runs/r1/report.html")), html);
  EXPECT_THAT(out.next, HasSubstr("lode why r1.rank_ic.5d.mean"));
}

TEST_F(Factor, ReportIsAPdfWhereTheEndingOrTheOptionSaysSo) {
  import_market();
  const std::string page = parts.folder + "/page.html";
  const std::string by_ending = parts.folder + "/one.PDF";
  const std::string by_option = parts.folder + "/two.pdf";
  const Outcome first =
      good("factor", "report", fmt::format(R"j({{"formula": "rank(close)", "output": "{}"}})j", by_ending));
  EXPECT_EQ(first.data.at_path("pdf")->as_text(), by_ending);
  EXPECT_THAT(first.text, HasSubstr("KB, A4)"));
  const Outcome both =
      good("factor", "report",
           fmt::format(R"j({{"formula": "rank(close)", "output": "{}", "pdf": "{}"}})j", page, by_option));
  EXPECT_EQ(both.data.at_path("report")->as_text(), page);
  EXPECT_EQ(both.data.at_path("pdf")->as_text(), by_option);
  EXPECT_THAT(must(read_file(page)), ::testing::StartsWith("<!doctype html>"));
  EXPECT_THAT(must(read_file(by_option)), ::testing::StartsWith("%PDF-1.7"));
  EXPECT_EQ(must(read_file(by_ending)), must(read_file(by_option))) << "the same run, the same bytes";
  EXPECT_THAT(must(read_file(world.lake + "/runs/r1/report.html")), ::testing::StartsWith("<!doctype html>"));
}

TEST_F(Factor, AFileOfTheUsersIsNotReplacedByAPdf) {
  import_market();
  const std::string theirs = write("theirs.pdf", "mine");
  EXPECT_THAT(mistake("factor", "report", fmt::format(R"j({{"formula": "rank(close)", "pdf": "{}"}})j", theirs)),
              HasSubstr("would be replaced"));
  EXPECT_EQ(must(read_file(theirs)), "mine");
}

// S00 of another exchange, with prices of its own on the sessions of New York.
class TwoExchanges : public testing::Research {
 protected:
  void import_both() {
    import_market();
    std::string text = "date,symbol,open,high,low,close,volume\n";
    for (const Date day : sessions()) {
      text += fmt::format("{},S00,7,8,6,{},100\n", to_string(day), 7 + 0.01 * (day.days % 11));
    }
    IngestRequest bars;
    bars.paths = {write("other.csv", text)};
    bars.table = "bars";
    bars.mic = other;
    must(ingest(world, bars));
  }
  std::string values(const std::string& symbol) {
    std::string text = "date,symbol,value\n";
    for (const Date day : sessions()) {
      text += fmt::format("{},{},1\n{},S01,2\n{},S02,3\n{},S03,4\n{},S04.XNYS,5\n", to_string(day), symbol,
                          to_string(day), to_string(day), to_string(day), to_string(day));
    }
    return write("v.csv", text);
  }
  const std::string other = "XNAS";  // The same sessions as New York.
};

TEST_F(TwoExchanges, ComputeNamesTheExchangeExactlyWhereASymbolStandsTwice) {
  import_both();
  const Outcome out = good("factor", "compute",
                           R"j({"formula": ["close"], "universe": "all", "from": "2020-02-03", "to": "2020-02-03"})j");
  std::vector<std::string> symbols;
  for (const std::string_view line : split(out.payload, '\n')) {
    if (line.starts_with("2020-")) symbols.emplace_back(split(line, ',')[1]);
  }
  ASSERT_EQ(symbols.size(), testing::kNames + 1U);
  EXPECT_EQ(symbols[0], "S00." + other);
  EXPECT_EQ(symbols[1], "S00.XNYS");
  EXPECT_EQ(symbols[2], "S01");
  EXPECT_THAT(out.payload, HasSubstr("2020-02-03,S00." + other + ",close,7."));
}

TEST_F(TwoExchanges, ValuesTakeBothSpellingsAndRefuseTheOneThatMeansTwo) {
  import_both();
  const auto eval = [&](const std::string& symbol) {
    return call("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "5"}})j", values(symbol)));
  };
  const Result<Outcome> plain = eval("S00");
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().number(), E::E2010);
  EXPECT_THAT(plain.error().message(), HasSubstr("line 2: S00 is listed on 2 exchanges"));
  EXPECT_EQ(plain.error().hint(), "write which one is meant: S00." + other + ", S00.XNYS");
  const Result<Outcome> here = eval("S00.XNYS");
  const Result<Outcome> there = eval("S00." + other);
  ASSERT_TRUE(here) << render(here.error());
  ASSERT_TRUE(there) << render(there.error());
  EXPECT_NE(testing::number(*here, "rank_ic.5d.mean"), testing::number(*there, "rank_ic.5d.mean"));
  EXPECT_THAT(here->warnings, ::testing::IsEmpty()) << "S04.XNYS is a spelling of S04";
}

TEST_F(TwoExchanges, WhatComputeWritesEvalReadsBack) {
  import_both();
  const std::string path = parts.folder + "/values.csv";
  good("factor", "compute",
       fmt::format(R"j({{"formula": ["rank(-ts_delta(close,5))"], "universe": "all", "output": "{}"}})j", path));
  const Outcome values = good("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "5"}})j", path));
  const Outcome formula = good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "5"})j");
  EXPECT_EQ(testing::number(values, "rank_ic.5d.mean"), testing::number(formula, "rank_ic.5d.mean"));
}

TEST_F(TwoExchanges, TheReportsExamplesNameTheExchangeToo) {
  import_both();
  const Outcome out = good("factor", "report", R"j({"formula": "-close", "horizons": "5"})j");
  EXPECT_THAT(must(read_file(out.data.at_path("report")->as_text())), HasSubstr("S00." + other));
}

TEST_F(Factor, ComputeWritesTheSameBytesToAFileAndToStdout) {
  import_market();
  const std::string path = parts.folder + "/values.csv";
  const Outcome shown =
      good("factor", "compute", R"j({"formula": ["rank(close)", "ts_mean(close,3)"], "universe": "all"})j");
  const Outcome kept = good(
      "factor", "compute",
      fmt::format(R"j({{"formula": ["rank(close)", "ts_mean(close,3)"], "universe": "all", "output": "{}"}})j", path));
  EXPECT_EQ(must(read_file(path)), shown.payload);
  EXPECT_TRUE(kept.payload.empty());
  EXPECT_EQ(kept.text, fmt::format("15,600 rows of 2 factors under profile lode to {}\n", path));
  EXPECT_EQ(kept.data.at_path("rows")->as_int(), 2 * testing::kNames * testing::kSessions);
}

TEST_F(Factor, ShowTakesAFormulaThatMightBeAName) {
  EXPECT_THAT(good("factor", "show", R"j({"name": "close/open"})j").text, HasSubstr("close / open"));
  EXPECT_EQ(call("factor", "show", R"j({"name": "clsoe/opne"})j").error().number(), E::E8001);
}

TEST_F(Factor, FmtWritesOneNotationThatReadsBack) {
  const Outcome paper = good("factor", "fmt", R"j({"formula": ["Mean($close,5)/$close-1", "-Ref($open, 2)"],
                                                    "profile": "qlib"})j");
  EXPECT_EQ(paper.text, "ts_mean(close, 5) / close - 1\n-delay(open, 2)\n");
  EXPECT_EQ(good("factor", "fmt", R"j({"formula": ["ts_mean(close, 5) / close - 1"], "notation": "qlib"})j").text,
            "Mean($close, 5) / $close - 1\n");
  const std::string file = write("f.tsv", "profile street\na = ts_mean(close, 1.6)\nb = -rank(close)\n");
  const Outcome calls = good("factor", "fmt", fmt::format(R"j({{"formula": ["@{}"], "notation": "call"}})j", file));
  EXPECT_EQ(calls.text, "profile street\na\tts_mean(close, 2)\nb\tneg(rank(close))\n");
  EXPECT_EQ(calls.data.find("profile")->as_text(), "street");
  const std::string partly = write("partly.tsv", "a\trank(clsoe)\nb\tclose / open\n");
  const Outcome some = good("factor", "fmt", fmt::format(R"j({{"formula": ["@{}"]}})j", partly));
  EXPECT_EQ(some.text, "profile lode\nb\tclose / open\n");
  ASSERT_TRUE(some.finding.has_value());
  EXPECT_EQ(some.finding->number(), E::E3005);
  const auto lacking = call("factor", "fmt", R"j({"formula": ["rank(close)"], "notation": "qlib"})j");
  ASSERT_FALSE(lacking);
  EXPECT_THAT(lacking.error().message(), HasSubstr("Qlib has no rank"));
  EXPECT_EQ(call("factor", "fmt", R"j({"formula": ["rank(clsoe)"]})j").error().number(), E::E1106);
}

}  // namespace
}  // namespace lode::flow
