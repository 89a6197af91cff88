// Recording a judgement: numbers as a document, trials, times, answers kept for the same question, lakes one may only
// read.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>
#include <limits>

#include "lode/core/evaluate/verdict/verdict.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/evidence.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

TEST(NumbersJson, NestsByPathAndSaysWhyANumberIsMissing) {
  const std::vector<evaluate::Number> numbers{
      {"rank_ic.5d.mean", 0.024, "ratio", 2480, 0.02, 0.03, "d", ""},
      {"rank_ic.5d.t_no_overlap", kMissing, "", 12, kMissing, kMissing, "d", "12 days, needs 60"},
      {"half_life", kMissing, "sessions", 0, kMissing, kMissing, "d", ""}};
  const Value json = numbers_json(numbers);
  EXPECT_EQ(json.at_path("rank_ic.5d.mean.value")->as_double(), 0.024);
  EXPECT_EQ(json.at_path("rank_ic.5d.mean.n")->as_int(), 2480);
  EXPECT_EQ(json.at_path("rank_ic.5d.mean.lower")->as_double(), 0.02);
  EXPECT_EQ(json.at_path("rank_ic.5d.mean.reason"), nullptr);
  EXPECT_EQ(json.at_path("rank_ic.5d.t_no_overlap.reason")->as_text(), "12 days, needs 60");
  EXPECT_EQ(json.at_path("rank_ic.5d.t_no_overlap.lower"), nullptr);
  EXPECT_EQ(json.at_path("half_life.reason")->as_text(), "undefined");
  EXPECT_THAT(to_json(json), HasSubstr("\"value\":null"));
}

TEST(TrialFormula, IsTheFormulaUnderItsProfileOrTheVeryNumbers) {
  Subject subject;
  subject.formula = "rank(close)";
  subject.profile = "paper";
  ResearchRequest request;
  request.universe = "liquid";
  request.from = Date::from_civil(2020, 1, 2);
  EXPECT_EQ(trial_of(request, subject).formula, "rank(close) [paper]");
  EXPECT_EQ(trial_of(request, subject).universe, "liquid");
  EXPECT_EQ(trial_of(request, subject).from, request.from);
  EXPECT_FALSE(trial_of(request, subject).to.has_value());
  subject.values_hash = "abc";
  EXPECT_EQ(trial_of(request, subject).formula, "values:abc");
}

TEST(TrialFormula, HoldsEverySettingThatMakesTheHeadlineAnotherNumber) {
  Subject subject;
  subject.formula = "rank(close)";
  ResearchRequest request;
  const auto preparation = [&] { return trial_of(request, subject).preparation; };
  EXPECT_EQ(preparation(), "");
  request.options.cost_bps = 2.5;
  request.options.horizons = {1, 4, 5, 21};
  request.options.seed = 8;
  request.group = "sector";
  request.benchmark = "^SPX";
  EXPECT_EQ(preparation(), "") << "the headline t and the gross spread stay";
  subject.formula = "close / bench_close";
  EXPECT_EQ(preparation(), "benchmark ^SPX");
  request.options.min_names = 1;
  EXPECT_EQ(preparation(), "benchmark ^SPX, min_names 3");
  request.options.min_names = 300;
  request.options.quantiles = 10;
  request.options.convention = evaluate::Convention::kVwap;
  request.adjust = Adjust::kNone;
  request.commit = 2;
  EXPECT_EQ(preparation(), "adjust none, benchmark ^SPX, commit 2, convention vwap, min_names 300, quantiles 10");
  request.options.horizons = {2, 21};
  EXPECT_THAT(preparation(), HasSubstr(", headline 2, "));
  request.adjust = Adjust::kSplit;
  EXPECT_THAT(preparation(), ::testing::StartsWith("adjust split, "));
}

TEST(TrialFormula, EndsWhereWhatWasKnownEnds) {
  Subject subject;
  ResearchRequest request;
  request.as_of = end_of_day(Date::from_civil(2023, 6, 30));
  EXPECT_EQ(trial_of(request, subject).to, Date::from_civil(2023, 6, 30));
  request.to = Date::from_civil(2023, 5, 31);
  EXPECT_EQ(trial_of(request, subject).to, request.to);
  request.to = Date::from_civil(2024, 5, 31);
  EXPECT_EQ(trial_of(request, subject).to, Date::from_civil(2023, 6, 30));
}

class Record : public testing::Research {
 protected:
  lake::Run stored(const std::string& alias) {
    const auto lake = must(open_lake(world, Wanted::kRead));
    return must(lake::RunStore(*lake).get(alias));
  }
  static ResearchRequest question(const std::string& formula) {
    ResearchRequest request;
    request.subject = formula;
    request.options.horizons = {1, 5};
    return request;
  }
};

TEST_F(Record, ARunHoldsWhatWasAskedAndWhatCameOut) {
  import_market();
  const Outcome out = good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "5,1", "seed": 9})j");
  const lake::Run run = stored("r1");
  EXPECT_EQ(run.flow, "factor eval");
  EXPECT_EQ(run.status, "done");
  EXPECT_EQ(run.seed, 9U);
  EXPECT_EQ(run.input_commit, 2);
  EXPECT_LE(run.started, run.finished);
  EXPECT_EQ(to_json(*run.request.find("horizons")), "[1,5]") << "sorted, each once";
  EXPECT_EQ(run.request.find("universe")->as_text(), "all") << "defaults are filled in";
  EXPECT_EQ(run.hash, out.data.at_path("hash")->as_text());
  EXPECT_EQ(run.outcome.find("verdict")->as_text(), out.data.at_path("verdict_sentence")->as_text());
}

TEST_F(Record, EveryNumberOfTheAnswerIsStoredUnderItsPath) {
  import_market();
  const Outcome out = good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "5"})j");
  const auto lake = must(open_lake(world, Wanted::kRead));
  const std::vector<lake::StoredNumber> numbers = must(lake::RunStore(*lake).numbers("r1"));
  EXPECT_GT(numbers.size(), 50U);
  for (const lake::StoredNumber& number : numbers) {
    const Value* shown = out.data.at_path("numbers." + number.path + ".value");
    if (shown == nullptr) continue;  // A group or a year may carry a dot.
    if (number.value != number.value) {
      EXPECT_TRUE(shown->is_null() || shown->as_double() != shown->as_double()) << number.path;
    } else {
      EXPECT_EQ(shown->as_double(), number.value) << number.path;
    }
    EXPECT_FALSE(number.definition.empty()) << number.path;
  }
}

TEST_F(Record, TheSameQuestionIsAnsweredFromItsRunUntilAskedAgainOrTheDataGrew) {
  import_market();
  const char* asked = R"j({"formula": "rank(volume)", "horizons": "5"})j";
  const Outcome first = good("factor", "eval", asked);
  const Time finished = stored("r1").finished;
  parts.clock.advance(kNanosPerDay);
  const Outcome second = good("factor", "eval", asked);
  EXPECT_EQ(to_json(second.data), to_json(first.data));
  EXPECT_EQ(second.text, first.text);
  EXPECT_EQ(stored("r1").finished, finished) << "nothing ran";
  good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "5", "again": true})j");
  EXPECT_GT(stored("r1").finished, finished);
  IngestRequest more;
  more.paths = {write("more.csv", "date,symbol,open,high,low,close,volume\n2021-01-19,S00,50,51,49,50,5\n")};
  more.table = "bars";
  more.mic = "XNYS";
  must(ingest(world, more));
  EXPECT_EQ(good("factor", "eval", asked).data.at_path("run")->as_text(), "r2");
}

TEST_F(Record, AStoredAnswerTellsTodaysCountOfTrials) {
  import_market();
  const char* asked = R"j({"formula": "rank(volume)", "horizons": "1,5"})j";
  const char* anew = R"j({"formula": "rank(volume)", "horizons": "1,5", "again": true})j";
  const Outcome first = good("factor", "eval", asked);
  EXPECT_THAT(first.text, HasSubstr("1 trial, so no correction for search."));
  for (const char* other :
       {"rank(open)", "rank(high)", "rank(low)", "rank(close)", "-volume", "ts_mean(volume,3)", "ts_std(volume,5)"}) {
    good("factor", "eval", std::string(R"j({"horizons": "5", "formula": ")j") + other + R"j("})j");
  }
  const Outcome stored_one = good("factor", "eval", asked);
  EXPECT_EQ(stored_one.data.at_path("trials")->as_int(), 8);
  EXPECT_THAT(stored_one.text, HasSubstr("8 trials on this universe so far: judge the t by the best of 8."));
  for (const char* family : {"rank_ic", "spread", "coverage", "weighted"}) {
    EXPECT_EQ(to_json(*stored_one.data.find("numbers")->find(family)),
              to_json(*first.data.find("numbers")->find(family)));
  }
  EXPECT_EQ(stored_one.data.at_path("numbers.honesty.trials.value")->as_double(), 8.0);
  const auto times = [&] {
    const auto lake = must(open_lake(world, Wanted::kRead));
    for (const lake::StoredTrial& trial : must(lake::RunStore(*lake).trials())) {
      if (trial.trial.formula == "rank(volume) [lode]" && trial.trial.horizon == 5) return trial.times;
    }
    return std::int64_t{0};
  };
  EXPECT_EQ(times(), 2) << "the look was counted";
  const Outcome again = good("factor", "eval", anew);
  EXPECT_EQ(to_json(stored_one.data), to_json(again.data));
  EXPECT_EQ(stored_one.text, again.text);
  EXPECT_EQ(times(), 3);
  EXPECT_EQ(good("runs", "verify", R"j({"run": "r1"})j").data.at_path("differ")->as_int(), 0);
}

TEST_F(Record, AStoredAnswerShowsTheFormulaAsItIsTypedNow) {
  import_market();
  good("factor", "eval", R"j({"formula": "rank(ts_mean(volume,3))", "horizons": "5"})j");
  const Outcome spaced = good("factor", "eval", R"j({"formula": "rank(ts_mean(volume,  3))", "horizons": "5"})j");
  EXPECT_EQ(spaced.data.at_path("run")->as_text(), "r1");
  EXPECT_THAT(spaced.text, ::testing::StartsWith("rank(ts_mean(volume,  3))  all  "));
}

TEST_F(Record, AReportOfAnotherCountOfTrialsIsWrittenAnew) {
  import_market();
  const char* asked = R"j({"formula": "rank(volume)", "horizons": "5"})j";
  const auto page = [](const Outcome& out) { return must(read_file(out.data.at_path("report")->as_text())); };
  const std::string first = page(good("factor", "report", asked));
  EXPECT_EQ(page(good("factor", "report", asked)), first) << "nothing else was tried";
  good("factor", "eval", R"j({"formula": "rank(open)", "horizons": "5"})j");
  const Outcome today = good("factor", "report", asked);
  EXPECT_EQ(today.data.at_path("trials")->as_int(), 2);
  EXPECT_NE(page(today), first);
  EXPECT_EQ(page(good("factor", "report", R"j({"formula": "rank(volume)", "horizons": "5", "again": true})j")),
            page(today));
}

TEST(Evidence, HoldsWhateverTheVerdictRestsOn) {
  // Every count of trials gives the verdict and the sentence of the whole sheet, bit for bit.
  evaluate::TearSheet sheet;
  sheet.sessions = {Date::from_civil(2015, 1, 2), Date::from_civil(2019, 12, 31)};
  for (const int horizon : {1, 5}) {
    evaluate::HorizonResult result{};
    result.horizon = horizon;
    result.dates = 1200;
    result.rank_ic.mean = {-0.1 / 3.0, -0.05, -0.02, 1200, ""};
    result.rank_ic.t_no_overlap = -3.1;
    result.spread.gross_annual = {-0.11, -0.15, -0.07, 1200, ""};
    result.spread.net_annual = {-0.13, -0.17, -0.09, 1200, ""};
    sheet.horizons.push_back(result);
  }
  sheet.headline = 1;
  sheet.coverage.ratio = 0.9;
  sheet.placebo_lower = -0.01;
  sheet.placebo_upper = 0.01;
  for (int year = 2015; year < 2020; ++year) {
    sheet.years.push_back({year, year < 2018 ? -0.05 : -0.001, 0.0, 0.0, 250});
  }
  sheet.checks = {{"levels", "Adjusted levels", evaluate::CheckState::kPassed, "not moved", ""}};
  const Value kept = must(parse_json(to_json(evidence_json(sheet))));
  const auto same = [&](evaluate::TearSheet whole) {
    evaluate::TearSheet back = *sheet_of_evidence(must(parse_json(to_json(evidence_json(whole)))));
    for (const std::int64_t trials : {0, 1, 2, 50, 5000}) {
      whole.options.trials = back.options.trials = trials;
      EXPECT_EQ(evaluate::verdict_of(back), evaluate::verdict_of(whole)) << trials;
      EXPECT_EQ(evaluate::verdict_sentence(back, evaluate::verdict_of(back)),
                evaluate::verdict_sentence(whole, evaluate::verdict_of(whole)));
    }
  };
  same(sheet);
  evaluate::TearSheet failing = sheet;
  failing.checks[0].state = evaluate::CheckState::kFailed;
  same(failing);
  failing.checks[0].id = "look_ahead";
  same(failing);
  evaluate::TearSheet missing = sheet;
  missing.horizons[1].rank_ic.mean = {evaluate::kNoValue, evaluate::kNoValue, evaluate::kNoValue, 12,
                                      "12 dates, needs 60"};
  same(missing);
  evaluate::TearSheet short_one = sheet;
  short_one.horizons[1].dates = 100;
  same(short_one);
  EXPECT_EQ(sheet_of_evidence(kept)->sessions, sheet.sessions);
  EXPECT_FALSE(sheet_of_evidence(Value::object())) << "an answer of an older version is computed again";
}

TEST_F(Record, AReportWhosePageWentIsMadeAgain) {
  import_market();
  const char* asked = R"j({"formula": "rank(volume)", "horizons": "5"})j";
  const std::string path = good("factor", "report", asked).data.at_path("report")->as_text();
  std::filesystem::remove(path);
  EXPECT_TRUE(std::filesystem::exists(good("factor", "report", asked).data.at_path("report")->as_text()));
}

TEST_F(Record, AnotherSpanHeadlineProfileOrSignIsATrialAndAHorizonBesideTheHeadlineIsNone) {
  import_market();
  const auto trials = [&](const std::string& request) {
    return good("factor", "eval", request).data.at_path("trials")->as_int();
  };
  EXPECT_EQ(trials(R"j({"formula": "rank(volume)", "horizons": "5"})j"), 1);
  EXPECT_EQ(trials(R"j({"formula": "rank(volume)", "horizons": "1,5"})j"), 1);
  EXPECT_EQ(trials(R"j({"formula": "rank(volume)", "horizons": "5", "from": "2020-03-02"})j"), 2) << "another span";
  EXPECT_EQ(trials(R"j({"formula": "rank(volume)", "horizons": "5,21", "from": "2020-03-02"})j"), 2);
  EXPECT_EQ(trials(R"j({"formula": "rank(volume)", "horizons": "21", "from": "2020-03-02"})j"), 3)
      << "another headline";
  EXPECT_EQ(trials(R"j({"formula": "rank(volume)", "horizons": "5", "profile": "paper"})j"), 4);
  EXPECT_EQ(trials(R"j({"formula": "-rank(volume)", "horizons": "5"})j"), 5);
}

TEST_F(Record, NoSettingLooksAgainWithoutBeingCounted) {
  import_market();
  std::int64_t count = 0;
  for (const char* setting :
       {R"("seed": 7)", R"("min-names": 25)", R"("convention": "next_close")", R"("adjust": "none")",
        R"("as-of": "2020-12-31")", R"("quantiles": 3)", R"("commit": 1)"}) {
    const Outcome out = good("factor", "eval", fmt::format(R"j({{"formula": "rank(volume)", {}}})j", setting));
    EXPECT_EQ(out.data.at_path("trials")->as_int(), ++count) << setting;
  }
  for (const char* setting : {R"("cost-bps": 3)", R"("group": "sector")", R"("seed": 8)", R"("min-names": 25)",
                              R"("to": "2020-12-31")", R"("commit": 2)"}) {
    const Outcome out = good("factor", "eval", fmt::format(R"j({{"formula": "rank(volume)", {}}})j", setting));
    EXPECT_EQ(out.data.at_path("trials")->as_int(), count) << setting;
  }
}

TEST_F(Record, WhatCannotBeRecordedIsStillAnswered) {
  import_market();
  const ResearchRequest request = question("rank(volume)");
  Judgement made = must(research(world, request));
  made.study.lake = must(open_lake(world, Wanted::kRead));
  const Recorded recorded = must(record(world, made.study, request, made.judged, "factor eval", "typed"));
  EXPECT_TRUE(recorded.run.alias.empty());
  EXPECT_EQ(recorded.trials, 0);
  EXPECT_THAT(warning_lines(made.judged, recorded), ::testing::Contains(HasSubstr("trial not recorded")));
  const Value answer = judgement_json(made.judged, recorded);
  EXPECT_TRUE(answer.find("run")->is_null());
  EXPECT_TRUE(answer.find("trials")->is_null());
  EXPECT_EQ(answer.find("hash")->as_text().size(), 32U);
  EXPECT_TRUE(keep_answer(made.study, made.judged, recorded, Outcome()));
}

TEST_F(Record, ARunReadBackIsTheRequestItWasMadeOf) {
  import_market();
  good("factor", "eval", R"j({"formula": "rank(volume)", "horizons": "1,5", "from": "2020-03-02", "cost-bps": 2.5,
                              "group": "sector", "precision": "f32", "convention": "next_close", "seed": 4})j");
  const lake::Run run = stored("r1");
  const ResearchRequest request = must(request_of(run));
  EXPECT_EQ(request.subject, "rank(volume)");
  EXPECT_EQ(request.options.cost_bps, 2.5);
  EXPECT_EQ(request.options.seed, 4U);
  EXPECT_EQ(request.commit, 2);
  Subject subject;
  subject.formula = request.subject;
  subject.profile = request.profile;
  must(find_schemes(world, request, {}, subject));
  EXPECT_EQ(to_json(canonical_request(request, subject)), to_json(run.request));
}

TEST_F(Record, AWindowJudgesItsRowsAndANewlyDelistedNameOnlyWhereItLeft) {
  import_market();
  ResearchRequest request = question("rank(close)");
  request.from = Date::from_civil(2020, 6, 1);
  Study study = must(open_study(world, request, {"close"}));
  study.market.delisted_row[0] = 3;  // Long before the window.
  Subject subject;
  const expr::Program program = must(compile_subject(world, request, subject));
  const Judged judged = must(judge(world, study, request, program, subject));
  EXPECT_EQ(judged.sheet.delisted_names, 0);
  EXPECT_EQ(judged.factor.rows(), judged.sheet.sessions.size());
  study.market.delisted_row[0] = study.first_row + 50;
  EXPECT_EQ(must(judge(world, study, request, program, subject)).sheet.delisted_names, 1);
}

TEST_F(Record, JudgingAgainByOtherOptionsIsWhatAskingSoGives) {
  import_market();
  ResearchRequest request = question("rank(-ts_delta(close,5))");
  request.from = Date::from_civil(2020, 3, 2);
  const Judgement plain = must(research(world, request));
  request.options.convention = evaluate::Convention::kNextClose;
  const evaluate::TearSheet again = must(judge_again(world, plain.study, request, plain.judged));
  const Judgement asked = must(research(world, request));
  EXPECT_EQ(again.headline_horizon().rank_ic.mean.value, asked.judged.sheet.headline_horizon().rank_ic.mean.value);
  EXPECT_NE(again.headline_horizon().rank_ic.mean.value, plain.judged.sheet.headline_horizon().rank_ic.mean.value);
}

TEST_F(Record, AWindowAfterTheDataIsNamed) {
  import_market();
  ResearchRequest request = question("rank(close)");
  request.from = Date::from_civil(2030, 1, 1);
  const Result<Study> study = open_study(world, request, {});
  ASSERT_FALSE(study);
  EXPECT_EQ(study.error().number(), E::E2101);
  EXPECT_EQ(study.error().message(), "no bars of universe all on or after 2030-01-01");
  EXPECT_THAT(study.error().note(), HasSubstr("its last bars are of 20"));
  EXPECT_THAT(study.error().hint(), HasSubstr("--from before 20"));
}

TEST_F(Record, AWindowBeforeTheDataIsNamedByBothItsEnds) {
  import_market();
  ResearchRequest request = question("rank(close)");
  request.from = Date::from_civil(2010, 1, 1);
  request.to = Date::from_civil(2014, 12, 31);
  const Result<Study> both = open_study(world, request, {});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().number(), E::E2101);
  EXPECT_EQ(both.error().message(), "no bars of universe all between 2010-01-01 and 2014-12-31");
  EXPECT_THAT(both.error().note(), HasSubstr("bars from 2020-01-02 to "));
  EXPECT_THAT(both.error().hint(), HasSubstr("choose dates inside: --from 2020-01-02 --to "));
  request.from.reset();
  EXPECT_THAT(open_study(world, request, {}).error().message(), HasSubstr("between the start and 2014-12-31"));
}

TEST_F(Record, EveryDefinitionOfAUniverseUnderOneNameIsATrialOfIt) {
  import_market();
  const auto trials = [&](const std::string& definition, const std::string& name = "shop") {
    good("universe", "define",
         fmt::format(R"j({{"name": "{}", "formula": "{}", "replace": true}})j", name, definition));
    return good("factor", "eval",
                fmt::format(R"j({{"formula": "rank(volume)", "horizons": "5", "universe": "{}"}})j", name))
        .data.at_path("trials")
        ->as_int();
  };
  EXPECT_EQ(trials("rank(ts_mean(close * volume, 20)) > 0.2"), 1);
  EXPECT_EQ(trials("rank(ts_mean(close * volume, 20)) > 0.3"), 2);
  EXPECT_EQ(trials("rank(ts_mean(close * volume, 20)) > 0.3"), 2) << "the same members";
  EXPECT_EQ(trials("rank(ts_mean(close * volume, 20)) > 0.4"), 3);
  EXPECT_EQ(trials("rank(ts_mean(close * volume, 20)) > 0.2"), 3) << "seen before";
  EXPECT_EQ(trials("volume > 0", "other"), 1) << "another name is another universe";
}

TEST_F(Record, AUniverseChosenAmongAnotherIsAnotherWhenThatOneIs) {
  import_market();
  const auto define = [&](const std::string& name, const std::string& rest) {
    return call("universe", "define", fmt::format(R"j({{"name": "{}", "formula": {}}})j", name, rest));
  };
  ASSERT_TRUE(define("base", R"j("rank(volume) > 0.1")j"));
  ASSERT_TRUE(define("part", R"j("close > 0", "universe": "base")j"));
  ASSERT_TRUE(define("part", R"j("close > 0", "universe": "base")j")) << "goes on";
  ASSERT_TRUE(define("base", R"j("rank(volume) > 0.2", "replace": true)j"));
  EXPECT_EQ(testing::number_of(define("part", R"j("close > 0", "universe": "base")j")), E::E11);
}

TEST_F(Record, ALookThatMeasuresNothingIsNoTrial) {
  import_market();
  const Outcome nothing = good("factor", "eval", R"j({"formula": "rank(volume)", "from": "2020-12-28"})j");
  EXPECT_TRUE(nothing.data.at_path("trials")->is_null());
  EXPECT_FALSE(nothing.data.at_path("run")->is_null()) << "kept all the same";
  EXPECT_THAT(nothing.text, HasSubstr("Nothing was measured, so no trial is counted. "));
  EXPECT_THAT(nothing.text, ::testing::Not(HasSubstr("unknown")));
  EXPECT_EQ(good("factor", "eval", R"j({"formula": "rank(volume)"})j").data.at_path("trials")->as_int(), 1);
  const Outcome again = good("factor", "eval", R"j({"formula": "rank(volume)", "from": "2020-12-28"})j");
  EXPECT_EQ(again.data.at_path("trials")->as_int(), 1);
  EXPECT_THAT(again.text, HasSubstr("Nothing was measured, so no trial is counted (1 so far). "));
}

TEST_F(Record, WhyTellsTheFormulaBehindAUniverse) {
  import_market();
  good("universe", "define", R"j({"name": "half", "formula": "rank(volume) > 0.5", "rebalance": "weekly"})j");
  good("factor", "eval", R"j({"formula": "rank(volume)", "universe": "half", "horizons": "5"})j");
  EXPECT_THAT(good("", "why", R"j({"id": "last.rank_ic.5d.mean"})j").text,
              ::testing::ContainsRegex("definition +rank\\(volume\\) > 0.5  decided weekly, lake commit 3 \\("));
}

}  // namespace
}  // namespace lode::flow
