// The main job end to end on a small market: evaluation, recording, leaks, values of the user's own, reproduction.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/research.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/profile.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Research = testing::Research;

constexpr const char* kReversal = R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "1,5"})j";

TEST_F(Research, EvalGivesTextAndDataWithTheSameNumbers) {
  import_market();
  const Outcome out = good("factor", "eval", kReversal);
  const double ic = testing::number(out, "rank_ic.5d.mean");
  EXPECT_LT(std::abs(ic), 0.1) << "a random walk predicts nothing";
  EXPECT_THAT(out.text, HasSubstr(signed_fixed(ic, 3)));
  EXPECT_THAT(out.text, HasSubstr("260 sessions"));
  EXPECT_THAT(out.text, HasSubstr("Look-ahead check: passed."));
  EXPECT_THAT(out.text, HasSubstr("1 trial, so no correction for search."));
  EXPECT_EQ(out.data.at_path("run")->as_text(), "r1");
  EXPECT_EQ(out.data.at_path("warm_up_sessions")->as_int(), 5);
}

TEST_F(Research, AskedAgainIsTheSameRunAndNoNewTrial) {
  import_market();
  const Outcome first = good("factor", "eval", kReversal);
  const Outcome second =
      good("factor", "eval", R"j({"formula": "rank( - ts_delta( close , 5 ) )", "horizons": "1,5"})j");
  EXPECT_EQ(first.data.at_path("hash")->as_text(), second.data.at_path("hash")->as_text());
  EXPECT_EQ(second.data.at_path("trials")->as_int(), 1);
  const Outcome other = good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "5"})j");
  EXPECT_EQ(other.data.at_path("trials")->as_int(), 2);
  EXPECT_EQ(other.data.at_path("run")->as_text(), "r2");
  EXPECT_THAT(other.text, HasSubstr("2 trials on this universe"));
}

TEST_F(Research, StoredRunsReproduceBitByBitAtTheirCommit) {
  import_market();
  good("factor", "eval", kReversal);
  IngestRequest more;
  more.paths = {write("more.csv", "date,symbol,open,high,low,close,volume\n2020-03-02,S00,1,900,1,800,5\n")};
  more.table = "bars";
  more.mic = "XNYS";
  must(ingest(world, more));  // A correction: the newest data differ, the run's commit does not.
  const Outcome verified = good("runs", "verify", R"j({"run": "r1"})j");
  EXPECT_FALSE(verified.finding);
  EXPECT_THAT(verified.text, HasSubstr("bit-identical"));
  EXPECT_EQ(verified.data.at_path("differ")->as_int(), 0);
}

TEST_F(Research, AFormulaThatReadsTomorrowIsRefusedAndCheckCallsItAFinding) {
  import_market();
  const char* leak = R"j({"formula": "rank(ts_delta(delay(close,-1),5))"})j";
  const Result<Outcome> eval = call("factor", "eval", leak);
  ASSERT_FALSE(eval);
  EXPECT_EQ(eval.error().number(), E::E1107);
  EXPECT_EQ(exit_code(eval.error().number()), 65);
  const Outcome check = good("factor", "check", leak);
  ASSERT_TRUE(check.finding);
  EXPECT_EQ(exit_code(check.finding->number()), 3);
}

TEST_F(Research, ALeakIsToldWithWhatItIsWorth) {
  import_market();
  for (const char* verb : {"eval", "report"}) {
    const Result<Outcome> leak =
        call("factor", verb, R"j({"formula": "rank(delay(open,-2)/delay(open,-1))", "horizons": "1,5"})j");
    ASSERT_FALSE(leak);
    EXPECT_EQ(leak.error().number(), E::E1107);
    EXPECT_THAT(leak.error().note(),
                ::testing::MatchesRegex("with it, 5-day rank IC is .0\\.[0-9]+; without it .?0\\.[0-9]+, "
                                        "counted as a trial \\(r1\\)"));
    EXPECT_THAT(leak.error().where(), HasSubstr("delay(open,-2)"));
  }
  const Outcome some = good("factor", "compute", R"j({"formula": ["rank(delay(open,-2))", "rank(close)",
      "rank(delay(close,-1))"], "universe": "all"})j");
  ASSERT_TRUE(some.finding);
  EXPECT_EQ(some.finding->number(), E::E3005);
  EXPECT_THAT(some.finding->note(), HasSubstr("\nrank(delay(open,-2)): with it, 5-day rank IC is "));
  EXPECT_THAT(some.finding->note(), HasSubstr("\nrank(delay(close,-1)): with it, 5-day rank IC is "));
  const Result<Outcome> none = call("factor", "compute", R"j({"formula": ["delay(open,-2)", "delay(close,-1)",
      "delay(low,-1)", "delay(high,-1)"], "universe": "all"})j");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().note(), HasSubstr("\ndelay(low,-1): with it, 5-day rank IC is "));
  EXPECT_THAT(none.error().note(), ::testing::Not(HasSubstr("\ndelay(high,-1): with it"))) << "three are told";
  EXPECT_EQ(must(lake::Lake::open(world.lake, lake::Access::kRead, world.clock, world.pool))->snapshot()->commit(), 2);
  const Outcome counted = good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "5"})j");
  EXPECT_EQ(counted.data.at_path("trials")->as_int(), 7) << "six leaks were told with their worth, one of them twice";
}

TEST_F(Research, ADefinitionIsPartOfTheRunAndOfTheFormula) {
  import_market();
  const auto eval = [&](const char* verb, const char* formula, const std::string& define) {
    return call("factor", verb,
                fmt::format(R"j({{"formula": "{}", "horizons": "5", "define": [{}]}})j", formula, define));
  };
  const Result<Outcome> defined = eval("eval", "rank(typical / close)", R"j("typical=(high+low+close)/3")j");
  ASSERT_TRUE(defined) << render(defined.error());
  EXPECT_EQ(defined->data.at_path("request.formula")->as_text(), "rank((close + (high + low)) / 3 / close)");
  EXPECT_EQ(defined->data.at_path("request.define.0")->as_text(), "typical = (high+low+close)/3");
  EXPECT_THAT(defined->warnings, ::testing::Contains(HasSubstr("W1304")));
  const Result<Outcome> other = eval("eval", "rank(typical / close)", R"j("typical=(high+low)/2")j");
  ASSERT_TRUE(other);
  EXPECT_NE(other->data.at_path("request.formula")->as_text(), defined->data.at_path("request.formula")->as_text());
  EXPECT_EQ(eval("eval", "rank(typical / close)", "").error().number(), E::E1106);
  EXPECT_EQ(eval("eval", "rank(close)", R"j("typical")j").error().number(), E::E1101);
  const Result<Outcome> report = eval("report", "rank(typical / close)", R"j("typical=(high+low+close)/3")j");
  ASSERT_TRUE(report) << render(report.error());
  EXPECT_THAT(report->warnings, ::testing::Contains(HasSubstr("W1304")));
  const Outcome ranked = good("factor", "rank", R"j({"formula": ["rank(typical / close)", "rank(volume)"],
      "horizons": "5", "define": ["typical=(high+low+close)/3"]})j");
  EXPECT_EQ(ranked.data.at_path("factors")->as_array().size(), 2U);
}

TEST_F(Research, APlantedLeakBuysNoLookThatIsNotCounted) {
  import_market();
  const char* planted = R"j({"formula": "rank(-ts_delta(close,5)) + 0*delay(close,-1)", "horizons": "1,5"})j";
  const Result<Outcome> eval = call("factor", "eval", planted);
  ASSERT_FALSE(eval);
  EXPECT_THAT(eval.error().note(), HasSubstr(", counted as a trial (r1)"));
  const Outcome check = good("factor", "check", planted);
  EXPECT_THAT(check.finding->note(), HasSubstr("(r1)")) << "the same look again";
  EXPECT_EQ(
      good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "5"})j").data.at_path("trials")->as_int(), 2);
  const Outcome told = good("", "why", R"j({"id": "r1.rank_ic.5d.mean"})j");
  EXPECT_THAT(told.text, HasSubstr("delay(")) << "what was counted is the formula without its leak";
  EXPECT_FALSE(good("runs", "verify", R"j({"run": "r1"})j").finding);
}

// An operator that divides by the last value it is given, as a pipeline does that scales before it cuts.
expr::Operator leaking_operator() {
  expr::Operator op;
  op.spec.name = "leak";
  op.spec.summary = "today over the newest value of all";
  op.spec.shape = expr::Shape::kSeries;
  op.spec.unit = expr::UnitRule::kRatio;
  op.spec.parameters = {{.name = "x"}};
  op.run64 = [](const expr::KernelCall<double>& call) {
    const auto& x = call.operands[0];
    for (std::size_t row = 0; row < call.out.rows; ++row) {
      for (std::size_t lane = 0; lane < call.out.width; ++lane) {
        call.out.row(row)[lane] = x.row(row + call.history)[lane] / x.row(x.rows - 1)[lane];
      }
    }
  };
  return op;
}

TEST_F(Research, ALeakInsideAnOperatorIsCaughtByItsBits) {
  import_market();
  static const expr::Operator leak = leaking_operator();
  expr::OperatorTable table;
  table.add(leak);
  const expr::Profile& profile = *must(expr::find_profile("lode"));
  ResearchRequest request;
  request.options.horizons = {5};
  for (const char* formula : {"rank(leak(close))", "rank(close)"}) {
    const expr::Program program = must(expr::compile(formula, profile, table));
    EXPECT_EQ(program.lookahead, 0) << "nothing in the text tells";
    const Study study = must(open_study(world, request, program.fields()));
    const Subject subject{.name = "planted", .formula = formula, .profile = "lode"};
    const Result<Judged> judged = judge(world, study, request, program, subject);
    const bool leaks = std::string_view(formula).find("leak") != std::string_view::npos;
    ASSERT_EQ(judged.has_value(), !leaks) << formula;
    if (leaks) {
      EXPECT_EQ(judged.error().number(), E::E1107);
    } else {
      EXPECT_EQ(judged->look_ahead, "passed");
    }
  }
}

TEST_F(Research, AFactorWithoutValuesBeforeTheCutIsNotCalledChecked) {
  import_market();
  const Outcome out = good("factor", "eval", R"j({"formula": "delay(close,200)", "horizons": "1"})j");
  EXPECT_THAT(out.text, HasSubstr("Look-ahead check: not possible, no value before the cut."));
  EXPECT_EQ(out.data.at_path("checks")->as_array().front().at_path("state")->as_text(), "unknown");
}

TEST_F(Research, SinglePrecisionIsCheckedInItsOwnBits) {
  import_market();
  const Outcome out =
      good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "5", "precision": "f32"})j");
  EXPECT_THAT(out.text, HasSubstr("Look-ahead check: passed."));
}

TEST_F(Research, ALeakStudiedOnPurposeShowsInNumbersAndChecks) {
  import_market();
  const Outcome out =
      good("factor", "eval",
           R"j({"formula": "rank(delay(open,-2)/delay(open,-1))", "horizons": "1", "allow-lookahead": true})j");
  EXPECT_GT(testing::number(out, "rank_ic.1d.mean"), 0.99) << "the label itself predicts the label";
  EXPECT_THAT(out.text, HasSubstr("found, allowed on purpose"));
  EXPECT_EQ(out.data.at_path("checks")->as_array().front().at_path("state")->as_text(), "failed");
}

TEST_F(Research, ValuesOfTheUserGiveTheNumbersOfTheFormulaThatMadeThem) {
  import_market();
  const std::string path = parts.folder + "/values.csv";
  good("factor", "compute",
       fmt::format(R"j({{"formula": ["rank(-ts_delta(close,5))"], "universe": "all", "output": "{}"}})j", path));
  const Outcome formula = good("factor", "eval", kReversal);
  const Outcome values = good("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "1,5"}})j", path));
  EXPECT_EQ(testing::number(values, "rank_ic.5d.mean"), testing::number(formula, "rank_ic.5d.mean"));
  EXPECT_EQ(testing::number(values, "spread.5d.net_annual"), testing::number(formula, "spread.5d.net_annual"));
  EXPECT_THAT(values.text, HasSubstr("not checked: the numbers are yours"));
  EXPECT_EQ(values.data.at_path("trials")->as_int(), 2);
  const Outcome verified = good("runs", "verify", R"j({"run": "last"})j");
  EXPECT_FALSE(verified.finding);
}

TEST_F(Research, EqualNumbersInAnotherFileAreHeadedByThatFile) {
  import_market();
  const std::string path = parts.folder + "/values.csv";
  good("factor", "compute",
       fmt::format(R"j({{"formula": ["rank(volume)"], "universe": "all", "output": "{}"}})j", path));
  const std::string other = write("other.csv", must(read_file(path)));
  const Outcome first = good("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "1,5"}})j", path));
  EXPECT_THAT(first.text, StartsWith("values.csv"));
  const Outcome again = good("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "1,5"}})j", other));
  EXPECT_THAT(again.text, StartsWith("other.csv"));
  EXPECT_EQ(again.data.at_path("factor")->as_text(), "other.csv");
  EXPECT_EQ(again.data.at_path("run")->as_text(), first.data.at_path("run")->as_text()) << "the same run";
}

TEST_F(Research, AHorizonNamedTwiceIsRefused) {
  const Result<Outcome> out = call("factor", "eval", R"j({"formula": "close", "horizons": "5,1,5"})j");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E4);
  EXPECT_EQ(out.error().message(), "--horizons names 5 twice, expected each horizon once");
}

TEST_F(Research, GroupNoneIsNoGroup) {
  import_market();
  const Outcome plain = good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "5"})j");
  const Outcome none = good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "5", "group": "none"})j");
  EXPECT_EQ(none.data.at_path("run")->as_text(), plain.data.at_path("run")->as_text());
}

TEST_F(Research, ANameOfAFactorInsideAFormulaIsToldToStandAlone) {
  import_market();
  good("factor", "add", R"j({"name": "mom", "formula": "rank(returns)"})j");
  const Result<Outcome> out = call("factor", "eval", R"j({"formula": "rank(mom)", "horizons": "5"})j");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E1106);
  EXPECT_THAT(out.error().hint(), HasSubstr("mom is a stored factor: its name stands alone"));
  const Result<Outcome> other = call("factor", "eval", R"j({"formula": "rank(mum)", "horizons": "5"})j");
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().hint(), ::testing::Not(HasSubstr("stored factor")));
}

TEST_F(Research, ValuesThatMatchNothingAreAnError) {
  import_market();
  const std::string path = write("v.csv", "date,symbol,value\n2020-01-02,NOPE,1\n");
  const Result<Outcome> out = call("factor", "eval", fmt::format(R"j({{"values": "{}"}})j", path));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E2101);
  const std::string twice = write("w.csv", "date,symbol,value\n2020-01-02,S00,1\n2020-01-02,S00,2\n");
  const Result<Outcome> conflict = call("factor", "eval", fmt::format(R"j({{"values": "{}"}})j", twice));
  ASSERT_FALSE(conflict);
  EXPECT_EQ(conflict.error().number(), E::E2012);
}

TEST_F(Research, FromKeepsHistoryForWarmUpAndToHidesTheFuture) {
  import_market();
  const Outcome out =
      good("factor", "eval",
           R"j({"formula": "ts_mean(returns,20)", "from": "2020-06-01", "to": "2020-09-30", "horizons": "1,5"})j");
  EXPECT_EQ(out.data.at_path("first")->as_text(), "2020-06-01");
  EXPECT_EQ(out.data.at_path("last")->as_text(), "2020-09-30");
  EXPECT_EQ(testing::number(out, "coverage.ratio"), 1.0) << "the window was warm on the first day";
  const Result<Outcome> backwards =
      call("factor", "eval", R"j({"formula": "close", "from": "2020-09-30", "to": "2020-06-01"})j");
  ASSERT_FALSE(backwards);
  EXPECT_EQ(backwards.error().number(), E::E4);
}

TEST_F(Research, DatesOfFewNamesAreLeftOutUnlessAsked) {
  import_market();
  const std::string path = parts.folder + "/values.csv";
  good("factor", "compute",
       fmt::format(R"j({{"formula": ["rank(volume)"], "universe": "all", "output": "{}"}})j", path));
  // Until June only nine names: S00 to S08.
  std::string some = "date,symbol,value\n";
  const std::string written = must(read_file(path));
  for (const std::string_view line : split(written, '\n')) {
    const std::vector<std::string_view> cells = split(line, ',');
    if (cells.size() >= 3 && cells[0] != "date" && (cells[0] >= "2020-06-01" || cells[1] < "S09")) {
      some += fmt::format("{},{},{}\n", cells[0], cells[1], cells.back());
    }
  }
  const std::string request = fmt::format(R"j("values": "{}", "horizons": "5")j", write("some.csv", some));
  const Outcome out = good("factor", "eval", "{" + request + "}");
  EXPECT_EQ(out.data.at_path("min_names")->as_int(), 15) << "half of 30 names";
  EXPECT_EQ(out.data.at_path("dates_left_out")->as_int(), 103);
  EXPECT_EQ(testing::number(out, "coverage.min_names"), 15.0);
  EXPECT_EQ(testing::number(out, "cells.5d.dates_left_out"), 103.0);
  EXPECT_THAT(out.text, HasSubstr("103 of 254 dates have under 15 names and are left out: --min-names 1 counts them."));
  const Outcome since = good("factor", "eval", "{" + request + R"j(, "from": "2020-06-01"})j");
  EXPECT_EQ(testing::number(out, "rank_ic.5d.mean"), testing::number(since, "rank_ic.5d.mean"));
  EXPECT_EQ(testing::number(out, "rank_ic.5d.t_no_overlap"), testing::number(since, "rank_ic.5d.t_no_overlap"));
  EXPECT_NEAR(testing::number(out, "spread.5d.net_annual"), testing::number(since, "spread.5d.net_annual"), 1e-12);
  const Outcome every = good("factor", "eval", "{" + request + R"j(, "min-names": 1})j");
  EXPECT_EQ(every.data.at_path("dates_left_out")->as_int(), 0);
  EXPECT_THAT(every.text,
              HasSubstr("103 of 254 dates that count have under 20 names: --min-names 20 leaves them out."));
  EXPECT_NE(out.data.at_path("hash")->as_text(), every.data.at_path("hash")->as_text());
  EXPECT_FALSE(good("runs", "verify", R"j({"run": "last"})j").finding);
}

TEST_F(Research, GroupsAddGroupNumbersAndAreNamedWhenAbsent) {
  import_market();
  const Outcome out =
      good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "group": "sector", "horizons": "5"})j");
  ASSERT_NE(out.data.at_path("numbers.group.Banks.rank_ic"), nullptr);
  for (const char* group : {"Banks", "Energy"}) {
    EXPECT_THAT(out.text, ::testing::ContainsRegex(fmt::format(
                              "\n  {} +\\{} +", group,
                              signed_fixed(testing::number(out, fmt::format("group.{}.rank_ic", group)), 3))));
    EXPECT_EQ(out.data.at_path(fmt::format("numbers.group.{}.rank_ic.n", group))->as_int(),
              out.data.at_path("numbers.rank_ic.5d.mean.n")->as_int())
        << "dates, not names";
  }
  EXPECT_THAT(out.text, HasSubstr("\n  group-neutral "));
  const Result<Outcome> absent = call("factor", "eval", R"j({"formula": "close", "group": "industry"})j");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().number(), E::E1113);
}

TEST_F(Research, ReportWritesOneFileThatHoldsTheRunsHashAndNoClock) {
  import_market();
  const Outcome first = good("factor", "report", kReversal);
  const std::string path = first.data.at_path("report")->as_text();
  EXPECT_THAT(path, ::testing::EndsWith("runs/r1/report.html"));
  const std::string html = must(read_file(path));
  EXPECT_THAT(html, HasSubstr(first.data.at_path("hash")->as_text()));
  EXPECT_THAT(html, HasSubstr("data-why=\"rank_ic.5d.mean\""));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  parts.clock.advance(kNanosPerDay);
  good("factor", "report", kReversal);
  EXPECT_EQ(must(read_file(path)), html) << "the same inputs give the same bytes on another day";
}

TEST_F(Research, NamedFactorsAreKnownToEveryVerb) {
  import_market();
  good("factor", "add", R"j({"name": "my/reversal", "formula": "rank(-ts_delta(close,5))"})j");
  const Outcome by_name = good("factor", "eval", R"j({"formula": "my/reversal", "horizons": "1,5"})j");
  const Outcome by_text = good("factor", "eval", kReversal);
  EXPECT_EQ(by_name.data.at_path("hash")->as_text(), by_text.data.at_path("hash")->as_text());
  const Outcome list = good("factor", "list", "{}");
  EXPECT_EQ(list.data.at_path("factors")->as_array().front().at_path("run")->as_text(), "r1");
  EXPECT_THAT(good("factor", "show", R"j({"name": "my/reversal"})j").text, HasSubstr("warm-up   5 sessions"));
  const Result<Outcome> bad = call("factor", "add", R"j({"name": "ts_mean", "formula": "close"})j");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().number(), E::E4);
}

TEST_F(Research, AMistypedFactorNameIsToldTheNearest) {
  import_market();
  good("factor", "add", R"j({"name": "my/rev", "formula": "rank(-returns)"})j");
  const Result<Outcome> eval = call("factor", "eval", R"j({"formula": "my/rve"})j");
  ASSERT_FALSE(eval);
  EXPECT_THAT(eval.error().hint(), HasSubstr("did you mean 'my/rev'?"));
  const Result<Outcome> compute = call("factor", "compute", R"j({"formula": ["my/rve"], "universe": "all"})j");
  ASSERT_FALSE(compute);
  EXPECT_THAT(compute.error().hint(), HasSubstr("did you mean 'my/rev'?"));
  const Result<Outcome> formula = call("factor", "eval", R"j({"formula": "rank(clsoe)"})j");
  ASSERT_FALSE(formula);
  EXPECT_THAT(formula.error().hint(), HasSubstr("'close'")) << "a field keeps its own help";
}

TEST_F(Research, AnAmountNobodyDeliveredHasSomethingNearIt) {
  import_market();
  for (const char* formula : {"rank(amount)", "rank(adv20)"}) {
    const Result<Outcome> out = call("factor", "eval", fmt::format(R"j({{"formula": "{}"}})j", formula));
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().number(), E::E1113);
    EXPECT_EQ(out.error().hint(), "import a column amount, or write close * volume, which is near it");
  }
}

TEST_F(Research, ABenchmarkIsAFieldAndALineOfTheReport) {
  import_market();
  const Outcome without = good("factor", "report", kReversal);
  EXPECT_THAT(must(read_file(without.data.at_path("report")->as_text())),
              HasSubstr("lode data import FILE --table benchmark"));
  std::string text = "date,symbol,open,close\n";
  double price = 3000.0;
  for (const Date day : sessions()) {
    price *= day.days % 2 == 0 ? 1.002 : 0.999;
    text += fmt::format("{},^IDX,{:.2f},{:.2f}\n", to_string(day), price, price * 1.001);
  }
  IngestRequest benchmark;
  benchmark.paths = {write("bench.csv", text)};
  benchmark.table = "benchmark";
  benchmark.mic = "XNYS";
  must(ingest(world, benchmark));
  const Outcome out = good("factor", "report", kReversal);
  EXPECT_GT(testing::number(out, "benchmark.volatility"), 0.0);
  EXPECT_EQ(testing::number(out, "rank_ic.5d.mean"), testing::number(without, "rank_ic.5d.mean"));
  const std::string html = must(read_file(out.data.at_path("report")->as_text()));
  EXPECT_THAT(html, HasSubstr("^IDX over the same sessions"));
  EXPECT_THAT(html, HasSubstr("data-why=\"benchmark.beta\""));
  EXPECT_THAT(good("", "why", R"j({"id": "last.benchmark.beta"})j").text, HasSubstr("bench.csv"));
  const Outcome field =
      good("factor", "eval",
           R"j({"formula": "rank(ts_corr(returns, bench_close / delay(bench_close, 1), 20))", "horizons": "5"})j");
  EXPECT_THAT(field.text, HasSubstr("Look-ahead check: passed."));
}

TEST_F(Research, ABenchmarkThatHasNoOpenSaysSoOnceAndDrawsNothing) {
  import_market();
  std::string text = "date,symbol,close\n";
  double price = 3000.0;
  for (const Date day : sessions()) {
    price *= day.days % 2 == 0 ? 1.002 : 0.999;
    text += fmt::format("{},^IDX,{:.2f}\n", to_string(day), price);
  }
  IngestRequest benchmark;
  benchmark.paths = {write("bench.csv", text)};
  benchmark.table = "benchmark";
  benchmark.mic = "XNYS";
  must(ingest(world, benchmark));
  const std::string why = "the benchmark ^IDX has no open, at which next_open trades: --convention next_close";
  const Outcome out = good("factor", "report", kReversal);
  EXPECT_THAT(out.warnings, ::testing::ElementsAre(HasSubstr(why)));
  EXPECT_EQ(out.data.at_path("numbers.benchmark"), nullptr);
  const std::string html = must(read_file(out.data.at_path("report")->as_text()));
  EXPECT_THAT(html, HasSubstr("No benchmark is drawn: " + why));
  EXPECT_THAT(html, Not(HasSubstr("data-why=\"benchmark.")));
  const Outcome close =
      good("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "convention": "next_close"})j");
  EXPECT_THAT(close.warnings, ::testing::IsEmpty());
  EXPECT_GT(testing::number(close, "benchmark.volatility"), 0.0);
}

TEST_F(Research, ADelistingThatBarsOutliveIsNotAppliedAndSaysSo) {
  import_market();
  const Outcome before = good("factor", "eval", kReversal);
  EXPECT_THAT(before.warnings, ::testing::IsEmpty());
  IngestRequest request;
  request.paths = {write("gone.csv", fmt::format("symbol,delisted_on,delisting_return\nS03,{},-0.9\nS05,{},-0.9\n",
                                                 to_string(sessions()[100]), to_string(sessions()[120])))};
  request.table = "instruments";
  request.mic = "XNYS";
  must(ingest(world, request));
  const Outcome after = good("factor", "eval", kReversal);
  const std::string told = fmt::format(
      "2 delistings are not applied, bars go on after them, first S03 (delisted {}, "
      "bars to {})",
      to_string(sessions()[100]), to_string(sessions().back()));
  EXPECT_THAT(after.warnings, ::testing::ElementsAre(HasSubstr(told)));
  for (const char* path : {"rank_ic.1d.mean", "rank_ic.5d.mean"}) {
    EXPECT_EQ(testing::number(after, path), testing::number(before, path)) << "nothing lost and nothing gained";
  }
}

TEST_F(Research, WhyWalksANumberBackToItsFile) {
  import_market();
  good("factor", "eval", kReversal);
  const Outcome why = good("", "why", R"j({"id": "r1.rank_ic.5d.mean"})j");
  EXPECT_THAT(why.text, HasSubstr("rank(-"));
  EXPECT_THAT(why.text, HasSubstr("bars.csv"));
  EXPECT_THAT(why.text, HasSubstr("lode runs verify r1"));
  const Result<Outcome> typo = call("", "why", R"j({"id": "r1.rank_ic.5d.maen"})j");
  ASSERT_FALSE(typo);
  EXPECT_EQ(typo.error().number(), E::E9);
  EXPECT_THAT(typo.error().hint(), HasSubstr("rank_ic.5d.mean"));
}

TEST_F(Research, ConstantAndMissingFactorsAndTooFewNamesAreErrorsWithReasons) {
  import_market();
  for (const char* formula : {"close*0", "log(close - close)"}) {
    const Result<Outcome> out = call("factor", "eval", fmt::format(R"j({{"formula": "{}"}})j", formula));
    ASSERT_FALSE(out) << formula;
    EXPECT_EQ(out.error().number(), E::E1114) << formula;
  }
  const Result<Outcome> long_window =
      call("factor", "eval", R"j({"formula": "where(close > 0, delay(close, 5000), close)"})j");
  ASSERT_FALSE(long_window);
  EXPECT_EQ(long_window.error().number(), E::E1105);
  EXPECT_EQ(long_window.error().message(), "the window of delay is 5,000 sessions, the history has 260 sessions");
  EXPECT_THAT(long_window.error().where(), ::testing::EndsWith("                              ^^^^"));
  const Result<Outcome> many = call("factor", "eval", R"j({"formula": "close", "quantiles": 50})j");
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().message(), "--quantiles is 50, expected 2 to 20");
}

TEST_F(Research, WithoutALakeNothingIsMadeAndTheWayOnIsSaid) {
  const Result<Outcome> out = call("factor", "eval", kReversal);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().number(), E::E8001);
  EXPECT_FALSE(std::filesystem::exists(world.lake));
}

TEST_F(Research, FormulaAndValuesTogetherAreRefused) {
  const Result<Outcome> both = call("factor", "eval", R"j({"formula": "close", "values": "x.csv"})j");
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().number(), E::E7);
  const Result<Outcome> none = call("factor", "eval", "{}");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E3);
}

TEST_F(Research, ACheckThatFailedIsAFindingAndTheTextSaysTheSame) {
  import_market();
  for (const char* formula : {"rank(volume)", "rank(ts_mean(returns, 5))"}) {
    const Outcome out = good("factor", "check", fmt::format(R"j({{"formula": "{}"}})j", formula));
    const bool failed = out.text.find("\n  failed ") != std::string::npos;
    EXPECT_EQ(out.finding.has_value(), failed) << out.text;
    if (failed) {
      EXPECT_EQ(out.finding->number(), E::E3002);
      EXPECT_EQ(exit_code(out.finding->number()), 3);
    }
  }
}

}  // namespace
}  // namespace lode::flow
