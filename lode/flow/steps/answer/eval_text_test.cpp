// The table of `lode factor eval` in the shape people were promised, and what it says where there is no number.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <limits>

#include "lode/flow/steps/research/research.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

evaluate::Estimate known(double value) { return {value, kMissing, kMissing, 2480, ""}; }
evaluate::Estimate unknown(const std::string& reason) { return {kMissing, kMissing, kMissing, 12, reason}; }

evaluate::HorizonResult horizon(int sessions, double ic, double t, double gross, double net, double turnover,
                                double breakeven) {
  evaluate::HorizonResult h{};
  h.horizon = sessions;
  h.dates = 2480;
  h.rank_ic.mean = known(ic);
  h.rank_ic.t_no_overlap = t;
  h.spread.gross_annual = known(gross);
  h.spread.net_annual = known(net);
  h.spread.turnover_a_session = turnover;
  h.spread.breakeven_bps = breakeven;
  return h;
}

// A reversal on ten years of 500 names: the example of the design.
struct Example {
  Example() {
    judged.subject.formula = "rank(-ts_delta(close, 5))";
    judged.subject.typed = "rank(-ts_delta(close,5))";
    judged.lookback = 5;
    judged.look_ahead = "passed";
    judged.sheet.sessions.assign(2480, Date::from_civil(2015, 2, 2));
    judged.sheet.sessions.back() = Date::from_civil(2024, 12, 31);
    judged.sheet.coverage.ratio = 0.971;
    judged.sheet.horizons = {horizon(1, 0.031, 6.2, 0.148, -0.175, 0.64, 4.6),
                             horizon(5, 0.024, 4.1, 0.117, 0.011, 0.21, 11.0),
                             horizon(21, 0.009, 1.3, 0.020, -0.015, 0.07, 5.7)};
    judged.sheet.headline = 1;
    judged.sheet.options.trials = 1;
    judged.sheet.verdict = evaluate::Verdict::kWeak;
    request.universe = "liquid500";
    recorded.trials = 1;
  }
  std::string text() const { return eval_text(study, judged, request, recorded); }

  Study study;
  Judged judged;
  ResearchRequest request;
  Recorded recorded;
};

TEST(EvalText, HasTheShapeThatWasPromised) {
  EXPECT_EQ(Example().text(),
            "rank(-ts_delta(close,5))  liquid500  2015-02..2024-12  2,480 sessions  coverage 97 %  warm-up 5\n"
            "\n"
            "  horizon   rank IC          t   q5-q1 gross   net of 10 bp   turnover\n"
            "   1 d      +0.031      +6.2       +14.8 %/yr    -17.5 %/yr     64 %/d\n"
            "   5 d      +0.024      +4.1       +11.7 %/yr     +1.1 %/yr     21 %/d\n"
            "  21 d      +0.009      +1.3        +2.0 %/yr     -1.5 %/yr      7 %/d\n"
            "\n"
            "Costs eat the 1-day edge: break-even 4.6 bp a side. t allows for overlapping horizons.\n"
            "1 trial, so no correction for search. Look-ahead check: passed.\n");
}

TEST(EvalText, AMissingNumberIsADashAndItsReasonStandsBelow) {
  Example example;
  evaluate::HorizonResult& h = example.judged.sheet.horizons[2];
  h.rank_ic.mean = unknown("12 days, needs 60");
  h.rank_ic.t_no_overlap = h.spread.turnover_a_session = h.spread.breakeven_bps = kMissing;
  h.spread.gross_annual = h.spread.net_annual = unknown("12 days, needs 60");
  const std::string text = example.text();
  EXPECT_THAT(text, HasSubstr("  21 d           -         -                -             -          -\n"));
  EXPECT_THAT(text, HasSubstr("  - at 21 d: 12 days, needs 60\n"));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
}

TEST(EvalText, AnUnknownSpreadIsNotCalledNoEdge) {
  Example example;
  for (evaluate::HorizonResult& h : example.judged.sheet.horizons) {
    h.spread.gross_annual = h.spread.net_annual = unknown("12 days, needs 60");
    h.spread.breakeven_bps = kMissing;
  }
  EXPECT_THAT(example.text(), HasSubstr("What is left after costs at 5 days is not known: 12 days, needs 60."));
  EXPECT_THAT(example.text(), Not(HasSubstr("No edge")));
}

TEST(EvalText, NamesTheBreakEvenWhereSomethingIsLeftAndNoEdgeWhereNothingWas) {
  Example example;
  example.judged.sheet.horizons[0].spread.net_annual = known(0.02);
  example.judged.sheet.horizons[2].spread.net_annual = known(0.001);
  EXPECT_THAT(example.text(), HasSubstr("Break-even at 5 days: 11.0 bp a side. t allows"));
  for (evaluate::HorizonResult& h : example.judged.sheet.horizons) {
    h.spread.gross_annual = known(-0.1);
    h.spread.net_annual = known(-0.2);
    h.spread.breakeven_bps = kMissing;
  }
  EXPECT_THAT(example.text(), HasSubstr("No edge before costs at 5 days."));
}

TEST(EvalText, ABreakEvenWithoutEvidenceSaysSo) {
  Example example;
  for (evaluate::HorizonResult& h : example.judged.sheet.horizons) {
    h.rank_ic.t_no_overlap = 0.8;
  }
  EXPECT_THAT(
      example.text(),
      HasSubstr("Break-even at 5 days would be 11.0 bp a side, but t +0.8 is no evidence of an edge. t allows"));
  EXPECT_THAT(example.text(), Not(HasSubstr("Costs eat")));
  example.judged.sheet.horizons[1].rank_ic.t_no_overlap = kMissing;
  EXPECT_THAT(example.text(), HasSubstr("but t - is no evidence"));
}

TEST(EvalText, ASignificantNegativeIcIsAPredictionTheOtherWay) {
  Example example;
  for (evaluate::HorizonResult& h : example.judged.sheet.horizons) {
    h.rank_ic.mean = known(-0.018);
    h.rank_ic.t_no_overlap = -5.0;
    h.spread.gross_annual = known(-0.11);
    h.spread.net_annual = known(-0.23);
    h.spread.breakeven_bps = kMissing;
  }
  EXPECT_THAT(example.text(), HasSubstr("Predicts the other way at 5 days: high values earn less (t -5.0). Turn the "
                                        "sign round to use it. t allows"));
  EXPECT_THAT(example.text(), Not(HasSubstr("No edge")));
}

TEST(EvalText, TheBarRisesWithTheTrialsAndWithTheVerdict) {
  Example example;
  for (evaluate::HorizonResult& h : example.judged.sheet.horizons) {
    h.rank_ic.t_no_overlap = h.horizon == 1 ? 2.7 : 0.5;  // 1 % two-sided is 2.58, of 40 tries 3.66.
  }
  EXPECT_THAT(example.text(), HasSubstr("Costs eat the 1-day edge"));
  example.judged.sheet.options.trials = 40;
  EXPECT_THAT(example.text(), Not(HasSubstr("Costs eat")));
  for (evaluate::HorizonResult& h : example.judged.sheet.horizons) {
    h.rank_ic.t_no_overlap = -2.7;
    h.spread.breakeven_bps = kMissing;
  }
  EXPECT_THAT(example.text(), HasSubstr("No edge before costs"));
  example.judged.sheet.options.trials = 1;
  EXPECT_THAT(example.text(), HasSubstr("Predicts the other way"));
  example.judged.sheet.horizons[1].dates = 140;  // 28 periods of five sessions.
  EXPECT_THAT(example.text(), Not(HasSubstr("Predicts the other way")));
}

TEST(EvalText, DoubtsAreSaidUnderTheNumbers) {
  Example example;
  EXPECT_THAT(example.text(), Not(HasSubstr("Verdict")));
  example.judged.sheet.verdict = evaluate::Verdict::kCannotTell;
  example.judged.sheet.verdict_sentence = "Cannot tell at 5 days: 16 independent periods, needs 30.";
  evaluate::HorizonResult& h = example.judged.sheet.horizons[1];
  h.thin_dates = 1860;
  h.dates_left_out = 40;
  example.judged.sheet.options.min_names = 8;
  example.judged.sheet.checks = {{"few_names", "Names a date", evaluate::CheckState::kWarning, "75.0 %", ""}};
  EXPECT_THAT(
      example.text(),
      ::testing::EndsWith("40 of 2,520 dates have under 8 names and are left out: --min-names 1 counts them.\n"
                          "1,860 of 2,480 dates that count have under 20 names: --min-names 20 leaves them out.\n"
                          "Verdict: Cannot tell at 5 days: 16 independent periods, needs 30.\n"));
}

TEST(EvalText, AMarketOfFewNamesIsNotToldToLeaveEveryDateOut) {
  Example example;
  evaluate::HorizonResult& h = example.judged.sheet.horizons[1];
  h.thin_dates = h.dates;
  example.judged.sheet.checks = {{"few_names", "Names a date", evaluate::CheckState::kWarning, "100.0 %", ""}};
  example.judged.sheet.coverage.names_series = {7.0, 8.0, 0.0};
  EXPECT_THAT(example.text(), HasSubstr("Every date that counts has under 20 names, at most 8: a ranking of so few"));
  EXPECT_THAT(example.text(), Not(HasSubstr("--min-names")));
}

TEST(EvalText, TheHeaderNamesTheDatesThatCountWhereOthersAreLeftOut) {
  Example example;
  evaluate::HorizonResult& h = example.judged.sheet.horizons[1];
  h.rank_ic_series.assign(2480, kMissing);
  h.rank_ic_series[1000] = h.rank_ic_series[1500] = 0.01;
  example.judged.sheet.sessions[1000] = Date::from_civil(2019, 3, 4);
  example.judged.sheet.sessions[1500] = Date::from_civil(2021, 5, 6);
  h.dates = 2;
  EXPECT_THAT(example.text(), HasSubstr("  warm-up 5\n"));
  h.dates_left_out = 2478;
  EXPECT_THAT(example.text(), HasSubstr("2,480 sessions  coverage 97 %  warm-up 5  2 dates count, 2019-03..2021-05\n"));
}

TEST(EvalText, GroupsStandInATableOfTheirOwnBestFirst) {
  Example example;
  example.request.group = "sector";
  example.judged.sheet.groups = {{"Banks", 0.011, 1.2, 0.0, 0.0, 120.4, 2480, ""},
                                 {"", kMissing, kMissing, kMissing, kMissing, 2.0, 12, "12 dates, needs 60"},
                                 {"Energy", 0.034, 3.9, 0.0, 0.0, 80.0, 2480, ""}};
  example.judged.sheet.group_neutral.emplace();
  example.judged.sheet.group_neutral->mean = known(0.0204);
  example.judged.sheet.group_neutral->t_no_overlap = 4.4;
  EXPECT_THAT(example.text(), HasSubstr("7 %/d\n"
                                        "\n"
                                        "  sector, 5 d    rank IC     t  names\n"
                                        "  Energy          +0.034  +3.9     80\n"
                                        "  Banks           +0.011  +1.2    120\n"
                                        "  (no name)            -     -      2\n"
                                        "  group-neutral   +0.020  +4.4\n"
                                        "  - in (no name): 12 dates, needs 60\n"
                                        "\nCosts eat the 1-day edge"));
}

TEST(EvalText, WithoutCostsEveryFigureIsGross) {
  Example example;
  example.request.options.cost_bps = 0.0;
  EXPECT_THAT(example.text(), HasSubstr("net of 0 bp"));
  EXPECT_THAT(example.text(), HasSubstr("Costs were set to 0 bp: every figure is gross."));
  example.request.options.cost_bps = 2.5;
  example.request.options.quantiles = 10;
  EXPECT_THAT(example.text(), HasSubstr("  t  q10-q1 gross  net of 2.5 bp   turnover\n"));
}

TEST(EvalText, CountsTrialsOrSaysThatItCannot) {
  Example example;
  example.recorded.trials = 1234;
  EXPECT_THAT(example.text(), HasSubstr("1,234 trials on this universe so far: judge the t by the best of 1,234."));
  example.recorded.lake_trials = 2000;
  EXPECT_THAT(
      example.text(),
      HasSubstr("1,234 trials on this universe (2,000 in this lake) so far: judge the t by the best of 1,234."));
  example.recorded.trials = 1;
  EXPECT_THAT(example.text(), HasSubstr("1 trial on this universe (2,000 in this lake), so no correction for search."));
  example.recorded.lake_trials = 1;
  EXPECT_THAT(example.text(), HasSubstr("\n1 trial, so no correction for search."));
  example.recorded.trials = 0;
  EXPECT_THAT(example.text(), HasSubstr("Trials: unknown, treat as 1 of many."));
}

TEST(EvalText, AFormulaIsShownAsItWasTypedOnOneLine) {
  Example example;
  example.judged.subject.typed = "rank(\n\tclose)";
  EXPECT_THAT(example.text(), ::testing::StartsWith("rank(  close)  liquid500  "));
  example.judged.subject.typed.clear();
  EXPECT_THAT(example.text(), ::testing::StartsWith("rank(-ts_delta(close, 5))  liquid500  "));
}

TEST(EvalText, AFactorWithANameIsCalledByIt) {
  Example example;
  example.judged.subject.name = "my/reversal";
  EXPECT_THAT(example.text(), ::testing::StartsWith("my/reversal  liquid500  "));
}

TEST(EvalText, StampsWhatMakesTheNumbersLessThanTheySeem) {
  Example example;
  example.judged.look_ahead = "found, allowed on purpose";
  example.study.panels.survivor_biased = true;
  example.study.panels.adjusted_by_source = true;
  EXPECT_THAT(example.text(),
              ::testing::EndsWith("Look-ahead check: found, allowed on purpose.\n"
                                  "Survivor-biased: this universe was made from a later list.\n"
                                  "Prices were delivered adjusted by the source: levels are not point in time.\n"));
}

TEST(EvalText, ASpreadThatLosesBeyondLuckIsAnEdgeOfTheOtherSign) {
  Example example;
  evaluate::HorizonResult& h = example.judged.sheet.horizons[1];
  h.horizon = 1;
  h.rank_ic.t_no_overlap = -1.2;
  h.spread.gross_annual = known(-0.383);
  h.spread.breakeven_bps = kMissing;
  example.judged.sheet.horizons = {h};
  example.judged.sheet.headline = 0;
  EXPECT_THAT(example.text(), HasSubstr("No edge before costs at 1 day."));
  example.judged.sheet.checks = {
      {"sharpe_too_high", "Sharpe ratio too high", evaluate::CheckState::kFailed, "3.64", ""}};
  const std::string words =
      "The sign is the other way round at 1 day: high values lose before costs (-38.3 %/yr), though the rank IC's t of "
      "-1.2 alone is no evidence.";
  EXPECT_THAT(example.text(), HasSubstr(words));
  example.judged.sheet.checks.clear();
  example.judged.sheet.horizons[0].spread.gross_annual.upper = -0.2;
  EXPECT_THAT(example.text(), HasSubstr(words));
}

TEST(EvalText, EveryDashHasAFootnote) {
  Example example;
  example.judged.sheet.horizons[0].rank_ic.t_no_overlap = kMissing;
  example.judged.sheet.horizons[1].spread.turnover_a_session = kMissing;
  example.judged.sheet.horizons[2].spread.gross_annual = unknown("12 days, needs 60");
  example.judged.sheet.horizons[2].spread.net_annual = unknown("12 days, needs 60");
  EXPECT_THAT(example.text(), HasSubstr("  - t at 1 d: not defined on 2,480 dates\n"
                                        "  - turnover at 5 d: no two books to hold against each other\n"
                                        "  - q5-q1 at 21 d: 12 days, needs 60\n"));
}

TEST(EvalText, BarsThatStopAreMentioned) {
  Example example;
  example.judged.sheet.horizons[1].never_traded_again = 1;
  EXPECT_THAT(example.text(), HasSubstr("1 window ends at a last close, bars stop"));
  example.judged.sheet.horizons[1].never_traded_again = 1200;
  EXPECT_THAT(example.text(), HasSubstr("1,200 windows end at a last close"));
}

TEST(ShellQuoted, LeavesPlainWordsAloneAndSurvivesEveryCharacter) {
  EXPECT_EQ(shell_quoted("2020-01-02"), "2020-01-02");
  EXPECT_EQ(shell_quoted("today:sp500"), "today:sp500");
  EXPECT_EQ(shell_quoted("a/b.csv"), "a/b.csv");
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("my file.csv"), "'my file.csv'");
  EXPECT_EQ(shell_quoted("rank(-close)"), "'rank(-close)'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted("$HOME;rm"), "'$HOME;rm'");
}

}  // namespace
}  // namespace lode::flow
