// The rule table, row by row, on sheets made by hand; and white noise, which must not be praised.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/verdict/verdict.h"
#include "lode/base/test_rounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/metrics.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/evaluate/verdict/checks.h"

namespace lode::evaluate {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

SpreadStatistics spread(double gross, double net) {
  const auto rate = [](double value) { return Estimate{value, value - 0.01, value + 0.01, 1200, ""}; };
  return {.gross_annual = rate(gross),
          .net_annual = rate(net),
          .t_no_overlap = 3.0,
          .breakeven_bps = 20.0,
          .turnover_a_session = 0.05,
          .long_annual = 0.02,
          .short_annual = 0.02,
          .sharpe = 1.0,
          .best_year_share = 0.2,
          .best_name_share = 0.05,
          .best_days_share = 0.1,
          .straightness = 0.9,
          .chance_straightness = 0.95,
          .share_positive = 0.54};
}

HorizonResult horizon(int sessions, double ic, double t, double gross, double net) {
  HorizonResult out;
  out.horizon = sessions;
  out.dates = 1200;
  out.cells = 1200 * 400;
  out.rank_ic.mean = {ic, ic - 1.96 * std::fabs(ic / t), ic + 1.96 * std::fabs(ic / t), 1200, ""};
  out.rank_ic.t_no_overlap = t;
  out.spread = spread(gross, net);
  out.short_leg_untradable = 0.01;
  return out;
}

// A clean, strong factor; tests spoil one thing each.
TearSheet strong_sheet(double sign = 1.0) {
  TearSheet sheet;
  sheet.options.trials = 1;
  const double cost = 0.02;
  sheet.horizons = {horizon(1, sign * 0.03, sign * 6.0, sign * 0.05, sign * 0.05 - 0.10),
                    horizon(5, sign * 0.024, sign * 4.1, sign * 0.06, sign * 0.06 - cost)};
  sheet.headline = 1;
  sheet.rank_autocorrelation = {0.9, 0.7};
  sheet.lagged_rank_ic = {sign * 0.03, sign * 0.027};
  sheet.decay = {{1, sign * 0.03, sign * 0.03 - 0.01, sign * 0.03 + 0.01}};
  sheet.coverage.ratio = 0.9;
  sheet.placebo_lower = -0.01;
  sheet.placebo_upper = 0.01;
  for (int year = 2015; year < 2020; ++year) {
    sheet.years.push_back({year, sign * 0.024, sign * 0.06, 0.04, 250});
  }
  return sheet;
}

Verdict decided(TearSheet sheet) {
  decide(sheet);
  return sheet.verdict;
}

std::string sentence(TearSheet sheet) {
  decide(sheet);
  return sheet.verdict_sentence;
}

TEST(Verdict, StrongInEitherDirection) {
  EXPECT_EQ(decided(strong_sheet()), Verdict::kStrong);
  EXPECT_EQ(
      sentence(strong_sheet()),
      "Predicts 5 days ahead (rank IC +0.024, t 4.1); after 10 bp a side nothing is left at 1 day, +4.0 %/yr at 5; "
      "survives luck of 1 trial.");
  EXPECT_EQ(decided(strong_sheet(-1.0)), Verdict::kStrong);
  EXPECT_THAT(sentence(strong_sheet(-1.0)),
              StartsWith("Predicts 5 days ahead with the sign turned, high values earning less "
                         "(rank IC -0.024, t -4.1)"));
}

TEST(Verdict, NeedsTAndMeanToAgree) {
  // As of a factor that sorts by volatility: its daily rank coefficients add up to more than that of five days.
  TearSheet wide = strong_sheet(-1.0);
  wide.horizons[1].rank_ic.mean = {-0.013, -0.034, 0.008, 1200, ""};
  EXPECT_EQ(sentence(wide),
            "Cannot tell at 5 days (rank IC -0.013, t -4.1): the t and the mean disagree, the interval -0.034 to "
            "+0.008 does not leave out 0 on the t's side.");
  TearSheet other_sign = strong_sheet();
  other_sign.horizons[1].rank_ic.mean = {-0.024, -0.030, -0.021, 1200, ""};
  EXPECT_EQ(decided(other_sign), Verdict::kCannotTell);
  TearSheet narrow = strong_sheet();
  narrow.horizons[1].rank_ic.mean = {0.001, -0.004, 0.006, 1200, ""};
  EXPECT_EQ(decided(narrow), Verdict::kNone) << "whatever the t, a useful edge is ruled out";
}

TEST(Verdict, SaysWhyAnIntervalWithoutZeroIsNotEnough) {
  TearSheet one = strong_sheet();
  one.horizons[1].rank_ic.t_no_overlap = 2.3;
  EXPECT_EQ(sentence(one),
            "Cannot tell at 5 days (rank IC +0.024, t 2.3, needs 2.6): the interval +0.013 to +0.035 leaves out 0, as "
            "one of 20 factors does by luck.");
  TearSheet many = strong_sheet();
  many.options.trials = 100'000;
  EXPECT_THAT(sentence(many), HasSubstr("leaves out 0, as the best of 100,000 trials may by luck."));
}

TEST(Verdict, NetOfATurnedBookPaysTheSameCosts) {
  const HorizonResult h = horizon(5, -0.02, -4.0, -0.06, -0.08);
  const double day_gross = std::expm1(std::log1p(-0.06) / 252);
  const double day_cost = day_gross - std::expm1(std::log1p(-0.08) / 252);
  EXPECT_NEAR(net_in_direction(h, -1.0, 252).value, std::expm1(252 * std::log1p(-day_gross - day_cost)), 1e-12);
  EXPECT_EQ(net_in_direction(h, 1.0, 252).value, -0.08);
}

TEST(Verdict, WeakWhenOneProofIsMissing) {
  TearSheet below_three = strong_sheet();
  below_three.horizons[1].rank_ic.t_no_overlap = 2.8;
  EXPECT_EQ(decided(below_three), Verdict::kWeak);
  TearSheet wide_net = strong_sheet();
  wide_net.horizons[1].spread.net_annual.lower = -0.01;
  EXPECT_EQ(decided(wide_net), Verdict::kWeak);
  TearSheet changing = strong_sheet();
  changing.years[0].rank_ic = changing.years[1].rank_ic = -0.01;
  EXPECT_EQ(decided(changing), Verdict::kWeak);
  TearSheet in_placebo = strong_sheet();
  in_placebo.placebo_upper = 0.03;
  EXPECT_EQ(decided(in_placebo), Verdict::kWeak);
  TearSheet thin = strong_sheet();
  thin.coverage.ratio = 0.4;
  EXPECT_EQ(decided(thin), Verdict::kWeak);
  TearSheet turning = strong_sheet();
  turning.lagged_rank_ic[1] = -0.01;
  EXPECT_EQ(decided(turning), Verdict::kWeak);
}

TEST(Verdict, CostsEatIt) {
  TearSheet sheet = strong_sheet();
  sheet.horizons[1].spread = spread(0.01, -0.02);
  EXPECT_EQ(decided(sheet), Verdict::kCostsEatIt);
  EXPECT_THAT(sentence(sheet),
              HasSubstr("costs eat it: after 10 bp a side nothing is left at 1 day, nothing is left at 5"));
  sheet.horizons[1].spread = spread(-0.01, -0.04);
  EXPECT_THAT(sentence(sheet), HasSubstr("earn nothing even before costs"));
}

TEST(Verdict, NoneNeedsTheUsefulIcRuledOut) {
  TearSheet sheet = strong_sheet();
  sheet.horizons[1].rank_ic.mean = {0.002, -0.006, 0.010, 1200, ""};
  sheet.horizons[1].rank_ic.t_no_overlap = 0.5;
  EXPECT_EQ(decided(sheet), Verdict::kNone);
  EXPECT_EQ(sentence(sheet),
            "No sign of prediction 5 days ahead (rank IC +0.002, t 0.5, 1,200 dates); an IC of 0.02 or more "
            "either way is ruled out.");
  sheet.horizons[1].rank_ic.mean.upper = 0.03;
  EXPECT_EQ(decided(sheet), Verdict::kCannotTell);
  EXPECT_EQ(sentence(sheet),
            "Cannot tell at 5 days (rank IC +0.002, t 0.5, needs 2.6): the interval -0.006 to +0.030 holds "
            "both nothing and a useful IC.");
}

TEST(Verdict, CannotTellWithoutEnoughIndependentPeriods) {
  TearSheet sheet = strong_sheet();
  sheet.horizons[1].dates = 149;
  EXPECT_EQ(decided(sheet), Verdict::kCannotTell);
  EXPECT_THAT(sentence(sheet), HasSubstr("29 independent periods, needs 30"));
}

TEST(Verdict, TooGoodToBeTrueIsNotPraised) {
  TearSheet high = strong_sheet();
  high.horizons[1].rank_ic.mean.value = 0.2;
  EXPECT_EQ(decided(high), Verdict::kCannotTell);
  EXPECT_THAT(sentence(high), HasSubstr("Rank IC too high: +0.200, limit 0.10"));
  TearSheet leaking = strong_sheet();
  leaking.checks.push_back({"look_ahead", "Look-ahead check", CheckState::kFailed, "found", ""});
  EXPECT_EQ(decided(leaking), Verdict::kCannotTell);
}

TEST(Verdict, MoreTrialsNeedAHigherT) {
  EXPECT_NEAR(needed_t(1), 2.5758293035489004, 1e-12);
  EXPECT_EQ(needed_t(0), needed_t(1));
  EXPECT_NEAR(needed_t(1000), 4.417173413469021, 1e-9);  // scipy.stats.norm.isf(0.005 / 1000)
  TearSheet searched = strong_sheet();
  searched.options.trials = 1000;
  EXPECT_NE(decided(searched), Verdict::kStrong);
  searched.options.trials = 0;
  EXPECT_THAT(sentence(searched), HasSubstr("; trials unknown."));
}

TEST(Verdict, SaysSinceWhenItIsWeak) {
  TearSheet sheet = strong_sheet();
  sheet.years[3].rank_ic = 0.005;
  sheet.years[4].rank_ic = 0.001;
  EXPECT_THAT(sentence(sheet), HasSubstr("; weak since 2018."));
}

TEST(Decide, KeepsChecksOfOthersAndRenewsItsOwn) {
  TearSheet sheet = strong_sheet();
  sheet.checks.push_back({"look_ahead", "Look-ahead check", CheckState::kPassed, "passed", ""});
  decide(sheet);
  const std::size_t once = sheet.checks.size();
  decide(sheet);
  EXPECT_EQ(sheet.checks.size(), once);
  EXPECT_EQ(sheet.checks.front().id, "look_ahead");
  for (std::size_t i = 1; i < once; ++i) {
    EXPECT_TRUE(is_red_flag(sheet.checks[i].id)) << sheet.checks[i].id;
  }
}

CheckState state_of(const TearSheet& sheet, std::string_view id) {
  for (const Check& check : red_flags(sheet)) {
    if (check.id == id) {
      return check.state;
    }
  }
  ADD_FAILURE() << "no check " << id;
  return CheckState::kUnknown;
}

TEST(RedFlags, AllPassOnACleanSheet) {
  for (const Check& check : red_flags(strong_sheet())) {
    EXPECT_EQ(check.state, CheckState::kPassed) << check.id << ": " << check.result;
    EXPECT_FALSE(check.note.empty());
  }
}

TEST(RedFlags, EachLimitIsSeen) {
  const auto spoiled = [](std::string_view id, auto change) {
    TearSheet sheet = strong_sheet();
    change(sheet, sheet.horizons[1]);
    return state_of(sheet, id);
  };
  using S = TearSheet;
  using H = HorizonResult;
  EXPECT_EQ(spoiled("sharpe_too_high", [](S&, H& h) { h.spread.sharpe = -3.2; }), CheckState::kFailed);
  EXPECT_EQ(spoiled("win_rate", [](S&, H& h) { h.spread.share_positive = 0.25; }), CheckState::kFailed);
  EXPECT_EQ(spoiled("too_straight", [](S&, H& h) { h.spread.straightness = 0.995; }), CheckState::kFailed);
  EXPECT_EQ(spoiled("too_straight",
                    [](S&, H& h) {
                      h.spread.straightness = 0.991;
                      h.spread.chance_straightness = 0.993;
                    }),
            CheckState::kPassed)
      << "as straight as a good and long record is by itself";
  EXPECT_EQ(spoiled("few_periods", [](S&, H& h) { h.dates = 100; }), CheckState::kFailed);
  EXPECT_EQ(spoiled("few_names", [](S&, H& h) { h.thin_dates = h.dates / 5; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("few_names", [](S&, H& h) { h.thin_dates = h.dates / 20; }), CheckState::kPassed);
  EXPECT_EQ(spoiled("coverage_low", [](S& s, H&) { s.coverage.ratio = 0.3; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("short_leg", [](S&, H& h) { h.short_leg_untradable = 0.2; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("short_leg", [](S&, H& h) { h.short_leg_untradable = kNoValue; }), CheckState::kUnknown);
  EXPECT_EQ(spoiled("bars_stop", [](S&, H& h) { h.never_traded_again = 1; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("rank_autocorrelation", [](S& s, H&) { s.rank_autocorrelation[1] = -0.1; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("costs_zero", [](S& s, H&) { s.options.cost_bps = 0.0; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("delay", [](S& s, H&) { s.lagged_rank_ic[1] = 0.01; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("delay", [](S& s, H&) { s.lagged_rank_ic[1] = -0.01; }), CheckState::kFailed);
  EXPECT_EQ(spoiled("delay", [](S& s, H&) { s.decay[0].lower = -0.01; }), CheckState::kUnknown);
  EXPECT_EQ(spoiled("one_year", [](S&, H& h) { h.spread.best_year_share = 0.7; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("one_year", [](S& s, H&) { s.years.resize(2); }), CheckState::kUnknown);
  EXPECT_EQ(spoiled("one_name", [](S&, H& h) { h.spread.best_name_share = 0.7; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("few_days", [](S&, H& h) { h.spread.best_days_share = 0.7; }), CheckState::kWarning);
  EXPECT_EQ(spoiled("few_days", [](S&, H& h) { h.spread.t_no_overlap = 0.7; }), CheckState::kUnknown);
}

// Every id a check leads to is a number there is, and the number the check tells.
TEST(RedFlags, LeadToTheNumberTheyHold) {
  for (const char* id : {"ic_too_high", "sharpe_too_high", "win_rate", "too_straight", "few_names", "coverage_low",
                         "short_leg", "bars_stop", "rank_autocorrelation", "delay", "one_year", "one_name", "few_days",
                         "neighbours", "delayed_result", "deflated_sharpe", "track_record", "fdr", "pbo"}) {
    const std::string path = path_of_check(id, 5);
    ASSERT_FALSE(path.empty()) << id;
    EXPECT_EQ(find_metrics(path).size(), 1U) << id << ": " << path;
  }
  EXPECT_EQ(path_of_check("delayed_result", 5), "sensitivity.delay.rank_ic");
  EXPECT_EQ(path_of_check("win_rate", 21), "spread.21d.share_positive");
  EXPECT_EQ(path_of_check("few_periods", 5), "") << "dates over the horizon is no number of its own";
  EXPECT_EQ(path_of_check("look_ahead", 5), "");
}

TEST(RedFlags, SayTheLimitTheyHold) {
  // "limit 0.10" and so on, with the value just past it failing: text and rule are one number.
  const auto result = [](std::string_view id, const TearSheet& sheet) {
    for (const Check& check : red_flags(sheet)) {
      if (check.id == id) return check.result;
    }
    return std::string();
  };
  TearSheet sheet = strong_sheet();
  EXPECT_EQ(result("ic_too_high", sheet), "+0.024, limit 0.10");
  EXPECT_EQ(result("sharpe_too_high", sheet), "1.00 a year before costs, limit 3");
  EXPECT_EQ(result("win_rate", sheet), "54.0 %, limit 70 %");
  EXPECT_EQ(result("too_straight", sheet), "R2 on time 0.900, limit 0.980");
  EXPECT_EQ(result("few_names", sheet), "0.0 % of dates with fewer than 20, limit 10 %");
  EXPECT_EQ(result("coverage_low", sheet), "90.0 % of the universe, needs 50 %");
  EXPECT_EQ(result("short_leg", sheet), "1.0 % of its names could not be traded, limit 10 %");
  EXPECT_EQ(result("one_year", sheet), "20.0 % of the gross profit, limit 50 %");
  sheet.years.resize(2);
  EXPECT_EQ(result("one_year", sheet), "needs 3 years");
}

// 100 seeds of independent returns with a common market move; persistent and quick factors without any edge.
TEST(Verdict, WhiteNoiseReadsNoneOrCannotTellInNinetyFiveOfAHundred) {
  if (kSanitized) {
    GTEST_SKIP() << "a share over many seeds, for the plain build; the other tests run the same code";
  }
  Pool pool(2);
  Options options;
  options.horizons = {5};
  int praised = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto axis = test::make_axis(504, 40);
    const Market market =
        test::make_market(axis, {.rows = 504, .columns = 40, .seed = 900 + seed, .market_volatility = 0.01});
    const Panel factor = test::make_factor(market, {.persistence = seed % 2 == 0 ? 0.98 : 0.3, .seed = 5000 + seed});
    const auto sheet = tear_sheet(factor, market, nullptr, options, pool);
    ASSERT_TRUE(sheet.has_value());
    praised += sheet->verdict == Verdict::kNone || sheet->verdict == Verdict::kCannotTell ? 0 : 1;
  }
  EXPECT_LE(praised, 5);
}

}  // namespace
}  // namespace lode::evaluate
