// Titles and words follow from the numbers by rule; here each rule meets numbers on both sides of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/sections.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "lode/core/report/page/test_section.h"

namespace lode::report {
namespace {

using evaluate::TearSheet;
using test::draw_section;
using test::headline;
using test::kNaN;
using test::sheet;
using test::title_of;

std::string monotony_title(std::vector<double> means, double rank, double p = 0.004) {
  TearSheet of = sheet();
  evaluate::HorizonResult& result = headline(of);
  for (std::size_t i = 0; i < means.size(); ++i) {
    result.quantiles[i].mean_return.value = means[i];
  }
  result.monotonicity = rank;
  result.monotonicity_p = p;
  return title_of(draw_section(of, monotony_section), "monotony-5d");
}

TEST(Sections, MonotonySaysWhetherReturnsRise) {
  EXPECT_EQ(monotony_title({-2, -1, 0, 1, 2}, 1.0), "5_d: returns rise at every step");
  EXPECT_EQ(monotony_title({2, 1, 0, -1, -2}, -1.0), "5_d: returns fall at every step");
  EXPECT_EQ(monotony_title({-2, -1, 1, 0, 2}, 0.9), "5_d: returns mostly rise");
  EXPECT_EQ(monotony_title({2, 0, 1, -1, -2}, -0.9), "5_d: returns mostly fall");
  EXPECT_EQ(monotony_title({0, 1, -1, 1, 0}, 0.1), "5_d: no clear order");
  EXPECT_EQ(monotony_title({0, kNaN, -1, 1, 0}, 0.1), "5_d: not every quantile has names");
}

// The p stands under the same chart: a title surer than it would contradict the page.
TEST(Sections, MonotonyIsNoSurerThanItsTest) {
  const std::string chance = ", as they may by chance";
  EXPECT_EQ(monotony_title({-2, -1, 0, 1, 2}, 1.0, 0.049), "5_d: returns rise at every step");
  EXPECT_EQ(monotony_title({-2, -1, 0, 1, 2}, 1.0, 0.05), "5_d: returns rise at every step" + chance);
  EXPECT_EQ(monotony_title({-2, -1, 0, 1, 2}, 1.0, 0.832), "5_d: returns rise at every step" + chance);
  EXPECT_EQ(monotony_title({2, 1, 0, -1, -2}, -1.0, 0.3), "5_d: returns fall at every step" + chance);
  EXPECT_EQ(monotony_title({-2, -1, 1, 0, 2}, 0.9, 0.3), "5_d: returns mostly rise" + chance);
  EXPECT_EQ(monotony_title({2, 0, 1, -1, -2}, -0.8, 0.3), "5_d: returns mostly fall" + chance);
  EXPECT_EQ(monotony_title({-2, -1, 1, 0, 2}, 0.79, 0.3), "5_d: no clear order");
  EXPECT_EQ(monotony_title({1, 1, 1, 1, 1}, kNaN, kNaN), "5_d: no clear order");
  EXPECT_EQ(monotony_title({-2, -1, 0, 1, 2}, 1.0, kNaN), "5_d: returns rise at every step") << "not tested";
}

TEST(Sections, ABootstrapPIsNeverZero) {
  TearSheet of = sheet();
  headline(of).monotonicity_p = 0.0;
  EXPECT_NE(draw_section(of, monotony_section).find("p below 0.001"), std::string::npos);
}

// Lines that end on the side of zero the annual means lie on, unless told otherwise.
std::string legs_title(double long_annual, double short_annual, double long_line = kNaN, double short_line = kNaN) {
  TearSheet of = sheet();
  evaluate::HorizonResult& result = headline(of);
  result.spread.long_annual = long_annual;
  result.spread.short_annual = short_annual;
  const double top = (std::isnan(long_line) ? long_annual : long_line) / 252.0;
  const double bottom = -(std::isnan(short_line) ? short_annual : short_line) / 252.0;
  const double rest = -(top + bottom) / 3.0;
  const std::array<double, 5> daily{bottom, rest, rest, rest, top};
  for (std::size_t k = 0; k < daily.size() && !std::isnan(top); ++k) {
    result.quantile_series[k].assign(of.sessions.size(), daily[k]);
  }
  return title_of(draw_section(of, fan_section), "legs");
}

TEST(Sections, LegsSayWhoCarriesTheSpread) {
  EXPECT_EQ(legs_title(0.05, 0.05), "Both legs carry the spread");
  EXPECT_EQ(legs_title(0.01, 0.09), "Most of the spread is the short leg, which may not be borrowable");
  EXPECT_EQ(legs_title(0.09, 0.01), "Most of the spread is the long leg");
  EXPECT_EQ(legs_title(-0.01, 0.09), "Only the short leg earns, and it may not be borrowable");
  EXPECT_EQ(legs_title(0.04, -0.02), "Only the long leg earns");
  EXPECT_EQ(legs_title(-0.04, 0.0), "Neither leg earns anything");
  EXPECT_EQ(legs_title(kNaN, 0.1), "The legs cannot be told apart");
  EXPECT_EQ(legs_title(0.03, 0.07), "Most of the spread is the short leg, which may not be borrowable");
  EXPECT_EQ(legs_title(0.0301, 0.0699), "Both legs carry the spread");
}

// The lines are compounded, the means are not: where swings part them, the title follows neither alone.
TEST(Sections, ALegWhoseLineEndsBelowZeroDoesNotEarn) {
  const std::string split = " about nothing: its mean and its line lie on two sides of zero";
  EXPECT_EQ(legs_title(0.004, 0.05, -0.03), "The long leg earns" + split);
  EXPECT_EQ(legs_title(0.05, 0.004, 0.05, -0.02), "The short leg earns" + split);
  EXPECT_EQ(legs_title(0.004, 0.004, -0.03, -0.02), "Each leg earns" + split);
}

TEST(Sections, DecayNamesTheStrongestHorizonOfEitherSign) {
  TearSheet of = sheet();
  of.half_life_sessions.value = 11.8;
  of.decay = {{1, 0.010, 0.004, 0.016}, {5, 0.024, 0.018, 0.030}, {21, 0.009, 0.001, 0.017}};
  EXPECT_EQ(title_of(draw_section(of, decay_section), "decay"), "Rank IC is highest at 5_d; half-life 11.8 sessions");
  of.half_life_sessions.value = kNaN;
  for (evaluate::DecayPoint& point : of.decay) {
    point = {point.horizon, -point.rank_ic, -point.upper, -point.lower};
  }
  EXPECT_EQ(title_of(draw_section(of, decay_section), "decay"), "Rank IC is lowest at 5_d");
  of.decay = {{1, 0.001, -0.004, 0.006}, {5, -0.002, -0.008, 0.004}};
  EXPECT_EQ(title_of(draw_section(of, decay_section), "decay"), "Rank IC cannot be told from zero at any horizon");
}

std::string decay_title_of(std::vector<evaluate::DecayPoint> decay) {
  TearSheet of = sheet();
  of.half_life_sessions.value = 11.8;
  of.decay = std::move(decay);
  return title_of(draw_section(of, decay_section), "decay");
}

// The furthest point may be the least sure one: what the intervals of the others say stands in the same chart.
TEST(Sections, DecaySaysOfEachHorizonWhatItsIntervalSays) {
  EXPECT_EQ(decay_title_of({{1, 0.009, 0.003, 0.015},
                            {2, 0.011, 0.002, 0.02},
                            {3, 0.013, 0.001, 0.025},
                            {5, 0.018, -0.001, 0.037},
                            {21, 0.009, -0.02, 0.04}}),
            "Rank IC is above zero at 1, 2 and 3_d; at the others it cannot be told");
  EXPECT_EQ(decay_title_of({{1, 0.009, 0.003, 0.015}, {2, 0.011, -0.002, 0.02}}),
            "Rank IC is above zero at 1_d; at the other it cannot be told");
  EXPECT_EQ(decay_title_of({{1, 0.009, 0.003, 0.015}, {2, 0.001, -0.002, 0.02}, {63, -0.02, -0.03, -0.01}}),
            "Rank IC is above zero at 1_d and below zero at 63_d; at the other it cannot be told");
  EXPECT_EQ(decay_title_of({{1, 0.009, 0.003, 0.015}, {63, -0.02, -0.03, -0.01}}),
            "Rank IC is above zero at 1_d and below zero at 63_d");
  EXPECT_EQ(decay_title_of({{1, 0.009, 0.0, 0.015}, {2, -0.01, -0.02, 0.0}}),
            "Rank IC cannot be told from zero at any horizon")
      << "an end on zero does not leave it out";
  EXPECT_EQ(decay_title_of({{1, 0.009, -0.001, 0.015}}), "Rank IC cannot be told from zero");
  EXPECT_EQ(decay_title_of({{1, 0.009, 0.001, 0.015}}), "Rank IC is above zero at 1_d");
  EXPECT_EQ(decay_title_of({{1, 0.009, 0.001, 0.015}, {2, kNaN, kNaN, kNaN}, {3, 0.02, 0.01, 0.03}}),
            "Rank IC is highest at 3_d; half-life 11.8 sessions")
      << "a horizon that is not drawn says nothing";
}

TEST(Sections, ALossTooSmallToPrintIsNoNegativeZero) {
  TearSheet of = sheet();
  of.coverage.cells_universe = 1'000'000;
  of.coverage.cells_factor = 900'000;
  of.coverage.cells_tradable = 899'900;
  of.coverage.cells_return = 899'900;
  const std::string html = draw_section(of, coverage_section);
  EXPECT_NE(html.find(">" + std::string(kMinus) + number_text(0.1, Style::kShare) + "<"), std::string::npos);
  EXPECT_NE(html.find(">&lt; " + number_text(0.001, Style::kShare) + "<"), std::string::npos);
  EXPECT_NE(html.find(">" + number_text(0.0, Style::kShare) + "<"), std::string::npos);
  EXPECT_EQ(html.find(std::string(kMinus) + "0.0"), std::string::npos);
}

TEST(Sections, AYearWithoutASessionTakesNoRoom) {
  TearSheet of = sheet();
  const std::string last = std::to_string(of.sessions[of.sessions.size() - 2].year());
  of.sessions.back() = Date::from_civil(of.sessions[of.sessions.size() - 2].year() + 1, 1, 4);
  headline(of).net_series.back() = headline(of).spread_series.back() = kNaN;
  const std::string html = draw_section(of, money_section);
  EXPECT_EQ(html.find(std::to_string(of.sessions.back().year()) + "</th>"), std::string::npos);
  EXPECT_NE(html.find(last + "</th>"), std::string::npos);
}

TEST(Sections, EachYearlyReturnSaysWhichKindItIs) {
  const TearSheet of = sheet();
  EXPECT_NE(draw_section(of, money_section).find("net, year compounded"), std::string::npos);
  const std::string when = draw_section(of, when_section);
  EXPECT_NE(when.find("net, rate, % a year"), std::string::npos);
  EXPECT_NE(when.find("(1 + mean session)^252 - 1"), std::string::npos);
  TearSheet daily = sheet();
  daily.options.sessions_a_year = 365.0;
  const std::string pages = draw_section(daily, when_section) + draw_section(daily, money_section);
  EXPECT_NE(pages.find("(1 + mean session)^365 - 1"), std::string::npos);
  EXPECT_EQ(pages.find("^252"), std::string::npos);
}

TEST(Sections, CoverageTellsWhichDatesCount) {
  TearSheet of = sheet();
  of.options.min_names = 20;
  EXPECT_EQ(draw_section(of, coverage_section).find("class=\"rule "), std::string::npos);
  of.coverage.names_series[300] = 19.0;
  EXPECT_NE(draw_section(of, coverage_section).find("class=\"rule "), std::string::npos);
  headline(of).dates_left_out = 412;
  const std::string html = draw_section(of, coverage_section);
  EXPECT_NE(html.find("a date counts from <span class=\"n\" data-why=\"coverage.min_names\">20</span> names"),
            std::string::npos);
  EXPECT_NE(html.find("dates of fewer are left out"), std::string::npos);
  EXPECT_NE(html.find("Left out: 412 dates of fewer than 20 names."), std::string::npos);
}

TEST(Sections, DecayTellsTheHorizonsTheSpanIsTooShortFor) {
  TearSheet of = sheet();
  of.decay = {{1, 0.010, 0.004, 0.016, 80, ""},
              {5, 0.024, 0.018, 0.030, 76, ""},
              {42, kNaN, kNaN, kNaN, 39, "39 dates, needs 60"},
              {63, kNaN, kNaN, kNaN, 0, "0 dates, needs 60"}};
  const std::string html = draw_section(of, decay_section);
  EXPECT_NE(html.find("n/a at 42"), std::string::npos);
  EXPECT_NE(html.find("(39 dates, needs 60), 63"), std::string::npos);
  EXPECT_NE(html.find("(0 dates, needs 60).</p>"), std::string::npos);
}

std::string lag_title(std::vector<double> lagged, double lower) {
  TearSheet of = sheet();
  of.decay = {{1, lagged[0], lower, lagged[0] + 0.01}};
  of.lagged_rank_ic = std::move(lagged);
  return title_of(draw_section(of, decay_section), "lag");
}

TEST(Sections, LagWarnsOfALossAtOnce) {
  EXPECT_EQ(lag_title({0.030, 0.025}, 0.02), "One session later 83.3_% of the IC is left");
  EXPECT_EQ(lag_title({0.030, 0.003}, 0.02), "One session later 90.0_% of the IC is gone: stale prices or look-ahead?");
  EXPECT_EQ(lag_title({0.030, -0.010}, 0.02),
            "One session later the IC has the other sign: stale prices or look-ahead?");
  EXPECT_EQ(lag_title({0.030, 0.012}, 0.02), "One session later 40.0_% of the IC is left");
  EXPECT_EQ(lag_title({0.030, 0.0119}, 0.02),
            "One session later 60.3_% of the IC is gone: stale prices or look-ahead?");
  EXPECT_EQ(lag_title({0.030, 0.0299999}, 0.02), "One session later more than 99.9_% of the IC is left");
  EXPECT_EQ(lag_title({0.030, 0.030}, 0.02), "One session later the IC is as strong");
  EXPECT_EQ(lag_title({-0.030, -0.040}, -0.05), "One session later the IC is as strong") << "of either sign";
  EXPECT_EQ(lag_title({0.001, 0.0005}, -0.01), "There is no clear IC to lose by waiting");
  EXPECT_EQ(lag_title({0.030, kNaN}, 0.02), "The effect of waiting is not known");
}

TEST(Sections, CostSaysWhereNothingIsLeft) {
  TearSheet of = sheet();
  headline(of).spread.breakeven_bps = 11.43;
  EXPECT_EQ(title_of(draw_section(of, cost_section), "cost"), "5_d: nothing is left above 11.4_bp a side");
  headline(of).spread.breakeven_bps = 50.0;
  EXPECT_EQ(title_of(draw_section(of, cost_section), "cost"), "5_d: nothing is left above 50.0_bp a side");
  headline(of).spread.breakeven_bps = 63.4;
  EXPECT_EQ(title_of(draw_section(of, cost_section), "cost"), "5_d: something is left at 50_bp a side, up to 63.4_bp")
      << "the chart ends at 50";
  headline(of).spread.breakeven_bps = kNaN;
  headline(of).spread.gross_annual.value = 0.02;
  EXPECT_EQ(title_of(draw_section(of, cost_section), "cost"), "5_d: the break-even is not known");
  headline(of).spread.gross_annual.value = -0.02;
  headline(of).rank_ic.t_no_overlap = -1.2;
  EXPECT_EQ(title_of(draw_section(of, cost_section), "cost"), "5_d: nothing is earned even before costs");
  headline(of).rank_ic.t_no_overlap = -4.0;
  EXPECT_EQ(title_of(draw_section(of, cost_section), "cost"),
            "5_d: high values earn less, so the spread loses before costs");
}

// Without a cost the line follows the turnover: 4 x 0.1 traded a session for a book of gross 2.
TEST(Sections, WithoutACostTheLineFollowsTheTurnover) {
  TearSheet of = test::make_sheet({.sessions = 520, .horizons = {5}, .cost_bps = 0.0});
  evaluate::SpreadStatistics& spread = headline(of).spread;
  spread.gross_annual.value = spread.net_annual.value = -0.05;
  spread.breakeven_bps = kNaN;
  spread.turnover_a_session = 0.1;
  const Figures figures(evaluate::numbers(of));
  DataBlock data;
  const FactorPage page = test::make_page();
  PageContext context{of, page, figures, data};
  cost_section(context);
  const Result<Value> json = parse_json(data.json());
  const Value& net = json->find("charts")->find("cost")->as_array()[1];
  double at_fifty = 0.0;
  const bool differences = net.find("d")->as_int() == 1;
  for (const Value& value : net.find("v")->as_array()) {
    at_fifty = differences ? at_fifty + value.as_double() : value.as_double();
  }
  const double session = math::expm1(math::log1p(-0.05) / 252.0) - 0.4 * 50e-4;
  EXPECT_NEAR(at_fifty * 1e-6, math::expm1(math::log1p(session) * 252.0), 1e-5);
}

TEST(Sections, CoverageCountsWhatIsJudged) {
  TearSheet of = sheet();
  of.coverage.cells_universe = 1'000'000;
  of.coverage.cells_factor = 880'000;
  of.coverage.cells_tradable = 878'000;
  of.coverage.cells_return = 848'000;
  const std::string html = draw_section(of, coverage_section);
  EXPECT_EQ(title_of(html, "coverage"), "84.8_% of the universe is judged");
  for (const char* lost : {"12.0", "0.2", "3.0"}) {
    EXPECT_NE(html.find(std::string(kMinus) + lost + std::string(kThinSpace) + "%"), std::string::npos) << lost;
  }
}

TEST(Sections, WarmUpIsAGapInTheNamesLine) {
  TearSheet of = sheet();
  of.coverage.names_series.assign(of.sessions.size(), 400.0);
  for (std::size_t i = 0; i < 6; ++i) {
    of.coverage.names_series[i] = 0.0;
  }
  EXPECT_EQ(title_of(draw_section(of, coverage_section), "names"), "400 names a session");
}

TEST(Sections, YearsAreCounted) {
  TearSheet of = sheet();
  of.years = {{2015, 0.02, 0.1, 0.05, 250}, {2016, -0.01, 0.02, -0.03, 250}, {2017, kNaN, kNaN, kNaN, 3}};
  const std::string html = draw_section(of, when_section);
  EXPECT_EQ(title_of(html, "years-ic"), "Rank IC is above zero in 1 of 2 years");
  EXPECT_EQ(title_of(html, "years-money"), "Net is above zero in 1 of 2 years");
}

TEST(Sections, GroupsStandFromHighestToLowest) {
  TearSheet of = sheet();
  of.groups = {{"Low", -0.02, -1.0, -0.04, 0.0, 9.0},
               {"None", kNaN, kNaN, kNaN, kNaN, 1.0},
               {"High", 0.03, 3.0, 0.01, 0.05, 9.0}};
  const std::string html = draw_section(of, where_section);
  EXPECT_EQ(title_of(html, "groups"), "Rank IC is above zero in 1 of 2 groups, highest in High");
  EXPECT_LT(html.find("<span>High</span>"), html.find("<span>Low</span>"));
  EXPECT_LT(html.find("<span>Low</span>"), html.find("<span>None</span>"));
}

TEST(Sections, GroupsWithoutARankIcAreNotCounted) {
  TearSheet of = sheet();
  of.groups = {{"A", kNaN, kNaN, kNaN, kNaN, 1.0}, {"B", kNaN, kNaN, kNaN, kNaN, 1.0}};
  EXPECT_EQ(title_of(draw_section(of, where_section), "groups"), "No group has a rank IC");
  of.groups[1].rank_ic = -0.01;
  EXPECT_EQ(title_of(draw_section(of, where_section), "groups"),
            "Rank IC is below zero in B, the one group that has one");
}

// Hundreds of industries would be pages of dots.
TEST(Sections, ManyGroupsShowBothEnds) {
  TearSheet of = sheet();
  of.groups.clear();
  for (int i = 0; i < 150; ++i) {
    of.groups.push_back({"g" + std::to_string(i), 0.001 * (100 - i), 1.0, kNaN, kNaN, 9.0});
  }
  of.groups.push_back({"none", kNaN, kNaN, kNaN, kNaN, 1.0});
  const std::string html = draw_section(of, where_section);
  EXPECT_EQ(title_of(html, "groups"), "Rank IC is above zero in 100 of 150 groups, highest in g0");
  for (const char* shown : {"g0", "g11", "g138", "g149"}) {
    EXPECT_NE(html.find("<span>" + std::string(shown) + "</span>"), std::string::npos) << shown;
  }
  for (const char* left_out : {"g12", "g137", "none"}) {
    EXPECT_EQ(html.find("<span>" + std::string(left_out) + "</span>"), std::string::npos) << left_out;
  }
  EXPECT_NE(html.find("The 12 highest and lowest are drawn; 127 groups more"), std::string::npos);
}

// A folder with a file a symbol once printed ten pages of hashes.
TEST(Sections, LineageFoldsLongLists) {
  FactorPage page = test::make_page();
  page.run_hash = "5e0c91aa";
  page.warnings.clear();
  LineageNode field{"close", "lake commit 1", {}};
  for (int i = 0; i < 550; ++i) {
    field.children.push_back({"bars/" + std::to_string(i) + ".csv", "sha256", {}});
    page.warnings.push_back("warning " + std::to_string(i) + ".");
  }
  page.lineage = {field};
  const std::string html = draw_section(sheet(), lineage_section, page);
  EXPECT_NE(html.find("bars/11.csv"), std::string::npos);
  EXPECT_EQ(html.find("bars/12.csv"), std::string::npos);
  EXPECT_NE(html.find("and 538 more: lode why 5e0c91aa.rank_ic.5d.mean --json"), std::string::npos);
  EXPECT_NE(html.find("warning 11."), std::string::npos);
  EXPECT_EQ(html.find("warning 12."), std::string::npos);
  page.lineage.front().children.resize(13);
  EXPECT_NE(draw_section(sheet(), lineage_section, page).find("bars/12.csv"), std::string::npos)
      << "one more is shown rather than told of";
}

TEST(Sections, CountsOfOneTakeNoS) {
  TearSheet of = sheet();
  of.options.min_names = 1;
  evaluate::HorizonResult& result = headline(of);
  result.dates_left_out = result.untradable_entries = result.late_exits = result.delisted_inside = 1;
  of.coverage.warm_up_sessions = 1;
  of.coverage.names_series.assign(of.sessions.size(), 1.0);
  of.years = {{2015, 0.02, 0.1, 0.05, 250}};
  of.checks = {{"x", "X", evaluate::CheckState::kPassed, "", ""}};
  const std::string html = draw_section(of, coverage_section) + draw_section(of, when_section);
  EXPECT_EQ(title_of(html, "names"), "1 name a session");
  EXPECT_EQ(title_of(html, "years-ic"), "Rank IC is above zero in 1 of 1 year");
  EXPECT_NE(html.find("the first session is warm-up; a date counts from <span class=\"n\" "
                      "data-why=\"coverage.min_names\">1</span> name<"),
            std::string::npos);
  for (const char* phrase : {">1</span> name; ", " date of fewer is left out", " entry could not", " exit moved",
                             " window was ended by a delisting"}) {
    EXPECT_NE(html.find(phrase), std::string::npos) << phrase;
  }
  for (const char* wrong : {"1 names", "1 days", "1 years", "1 sessions", "1 dates"}) {
    EXPECT_EQ(html.find(wrong), std::string::npos) << wrong;
  }
}

TEST(Sections, YearsNeedDatesEnoughToBeCounted) {
  TearSheet of = sheet();
  of.years = {{2017, kNaN, kNaN, kNaN, 3}};
  const std::string html = draw_section(of, when_section);
  EXPECT_EQ(title_of(html, "years-ic"), "Rank IC: no year has dates enough to be judged");
  EXPECT_EQ(title_of(html, "years-money"), "Net: no year has dates enough to be judged");
}

TEST(Sections, AShareThatIsNotAllIsNotToldAsAll) {
  TearSheet of = sheet();
  of.coverage.cells_universe = 1'000'000;
  of.coverage.cells_factor = of.coverage.cells_tradable = of.coverage.cells_return = 999'900;
  EXPECT_EQ(title_of(draw_section(of, coverage_section), "coverage"), "More than 99.9_% of the universe is judged");
  of.coverage.cells_return = 1'000'000;
  EXPECT_EQ(share_words(1.0), number_text(1.0, Style::kShare));
  EXPECT_EQ(share_words(0.0), number_text(0.0, Style::kShare));
  EXPECT_EQ(share_words(0.0001), "less than " + number_text(0.001, Style::kShare));
  EXPECT_EQ(share_words(0.5), number_text(0.5, Style::kShare));
  headline(of).rank_ic.share_positive = kNaN;
  EXPECT_NE(title_of(draw_section(of, prediction_section), "ic-histogram").find("days: too few for a share"),
            std::string::npos);
}

TEST(Sections, NamesOfAGapInsideTheSpanCountAsZero) {
  TearSheet of = sheet();
  of.coverage.names_series.assign(of.sessions.size(), 400.0);
  of.coverage.names_series[0] = 0.0;
  of.coverage.names_series[200] = 0.0;
  EXPECT_EQ(title_of(draw_section(of, coverage_section), "names"), "0 to 400 names a session");
}

// Every number of the section that the run records can be asked for, and no title points to another one.
TEST(Sections, MoneyNumbersHaveTheirIds) {
  TearSheet of = sheet();
  const std::string html = draw_section(of, money_section);
  EXPECT_NE(html.find("<h3 data-why=\"path.net\">Gross ends"), std::string::npos);
  EXPECT_NE(html.find("data-why=\"path.gross\""), std::string::npos);
  EXPECT_NE(html.find("<h3 data-why=\"fall.1.depth\">Worst fall"), std::string::npos);
  for (const char* path : {"fall.5.depth", "fall.5.sessions", "month.2015.02.net", "year.2015.net_compounded",
                           "year.2015.gross_compounded"}) {
    EXPECT_NE(html.find("class=\"n\" data-why=\"" + std::string(path) + "\""), std::string::npos) << path;
  }
  const double depth = Figures(evaluate::numbers(of)).value("fall.1.depth");
  EXPECT_NE(html.find("Worst fall of net: " + number_text(depth, Style::kReturn)), std::string::npos);
  EXPECT_NE(html.find("<h3>Net is above zero in "), std::string::npos) << "a count is no recorded number";
  of.options.cost_bps = 0.0;
  EXPECT_NE(draw_section(of, money_section).find("<h3 data-why=\"path.gross\">Gross ends"), std::string::npos);
}

TEST(Sections, ATitleThatCountsPointsToNoNumber) {
  const TearSheet of = sheet();
  for (const std::string& html : {draw_section(of, prediction_section), draw_section(of, when_section),
                                  draw_section(of, where_section), draw_section(of, monotony_section)}) {
    EXPECT_EQ(html.find("<h3 data-why=\"rank_ic"), html.find("<h3 data-why=\"rank_ic.5d.share_positive"));
    for (const char* family : {"year.", "group.", "quantile."}) {
      EXPECT_EQ(html.find("<h3 data-why=\"" + std::string(family)), std::string::npos) << family;
    }
  }
  EXPECT_NE(draw_section(of, fan_section).find("<h3 data-why=\"path.q5\">The highest"), std::string::npos);
}

TEST(Sections, CapacityTellsWhatIsMissing) {
  const std::string html = draw_section(sheet(), cost_section);
  EXPECT_NE(html.find("Capacity: not computed with this run"), std::string::npos);
  EXPECT_EQ(html.find("need volumes"), std::string::npos) << "they are in the lake";
}

TEST(Sections, CapacityTellsWhatMoneyLeaves) {
  TearSheet of = sheet();
  of.capacity = {.zero_money = 4e7, .money_at_10_percent = 2.5e8, .impact = 1e-7, .net = 6.3e-4, .known_share = 1.0};
  std::string html = draw_section(of, cost_section);
  EXPECT_NE(html.find("Carries 40 million a side before impact eats it all"), std::string::npos);
  EXPECT_NE(html.find("daily volume at 250 million a side"), std::string::npos);
  EXPECT_NE(html.find("data-why=\"capacity.zero_money\""), std::string::npos);
  EXPECT_NE(html.find("1 thousand million"), std::string::npos);
  of.capacity.zero_money = std::numeric_limits<double>::quiet_NaN();
  of.capacity.reason = "nothing is left after costs for impact to eat";
  html = draw_section(of, cost_section);
  EXPECT_NE(html.find("No capacity to speak of"), std::string::npos);
  EXPECT_NE(html.find("nothing is left after costs"), std::string::npos);
}

TEST(Sections, MoneyNamesAnOpenFall) {
  TearSheet of = sheet();
  evaluate::HorizonResult& result = headline(of);
  result.net_series.assign(of.sessions.size(), 0.0);
  result.spread_series.assign(of.sessions.size(), 0.0);
  result.net_series[100] = 0.10;
  result.net_series[200] = -0.20;
  const std::string html = draw_section(of, money_section);
  EXPECT_EQ(title_of(html, "path"), "Gross ends at 0.00_%, net of 10_bp at ~12.0_%");
  EXPECT_NE(html.find("not recovered"), std::string::npos);
  EXPECT_NE(html.find(to_string(of.sessions[199])), std::string::npos) << "the last session of the peak";
  EXPECT_NE(html.find(to_string(of.sessions[200])), std::string::npos);
}

TEST(Sections, WhenShowsTheRegimesOfTheMarket) {
  evaluate::TearSheet of = test::make_sheet();
  EXPECT_NE(draw_section(of, when_section).find("regimes were not computed"), std::string::npos);
  for (const char* id : {"trend_up", "trend_down", "volatility_low", "volatility_middle", "volatility_high"}) {
    of.regimes.push_back(
        {.id = id, .rank_ic = 0.02, .t_no_overlap = 2.0, .spread_annual = 0.1, .net_annual = 0.05, .dates = 200});
  }
  of.regimes[1].rank_ic = -0.01;
  of.regimes[4] = {.id = "volatility_high", .dates = 12, .reason = "12 dates, needs 60"};
  const std::string html = draw_section(of, when_section);
  EXPECT_NE(html.find("Rank IC is above zero in 3 of 4 regimes"), std::string::npos);
  EXPECT_NE(html.find("data-why=\"regime.trend_up.rank_ic\""), std::string::npos);
  EXPECT_NE(html.find("12 dates, needs 60"), std::string::npos);
}

TEST(Sections, KnownTellsWhatIsLeftAfterNamedFactors) {
  const evaluate::TearSheet of = test::make_sheet();
  FactorPage page = test::make_page();
  EXPECT_NE(draw_section(of, known_section, page).find("the book of this factor is not known"), std::string::npos);
  page.kinship = evaluate::Kinship{.relatives = {}, .alpha = {}, .reason = "no other named factor"};
  EXPECT_NE(draw_section(of, known_section, page).find("no other named factor"), std::string::npos);
  page.kinship = evaluate::Kinship{
      .relatives = {{"quality<b>",
                     0.9,
                     {.value = 1.1, .standard_error = 0.1, .t = 11.0, .p = 0.0, .low = 0.9, .high = 1.3}}},
      .alpha = {.value = 0.0002, .standard_error = 0.0001, .t = 2.5, .p = 0.01, .low = 0.0, .high = 0.0004},
      .r2 = 0.81,
      .sessions = 1000,
      .reason = ""};
  const std::string html = draw_section(of, known_section, page);
  EXPECT_NE(html.find("Something new is left"), std::string::npos);
  EXPECT_NE(html.find("quality&lt;b&gt;"), std::string::npos);
  page.kinship->alpha.t = -0.4;
  EXPECT_NE(draw_section(of, known_section, page).find("Nothing certain is left"), std::string::npos);
}

// The regression on published factors: a card of its own, beside that of the lake's factors, each number askable.
TEST(Sections, KnownTellsOfPublishedFactors) {
  TearSheet of = sheet();
  of.known = evaluate::KnownResult{
      .factors = {{.name = "Mkt-RF", .correlation = 0.41, .beta = 0.35, .t = 6.2, .lower = 0.2, .upper = 0.5},
                  {.name = "SMB", .correlation = kNaN, .beta = kNaN, .t = kNaN}},
      .alpha_annual = {0.021, -0.01, 0.05, 480, ""},
      .alpha_t = 1.2,
      .r2 = 0.18};
  const std::string html = draw_section(of, known_section);
  EXPECT_NE(html.find("Nothing certain is left"), std::string::npos);
  EXPECT_NE(html.find("data-why=\"known.Mkt-RF.beta\""), std::string::npos);
  EXPECT_NE(html.find("data-why=\"known.alpha_annual\""), std::string::npos);
  EXPECT_NE(html.find("keep factors with lode factor add"), std::string::npos) << "the lake's factors are missed aloud";
  of.known->alpha_annual = {kNaN, kNaN, kNaN, 12, "12 sessions, needs 60"};
  EXPECT_NE(draw_section(of, known_section).find("Published factors: 12 sessions, needs 60"), std::string::npos);
}

// Each result of the panel that is one number can be asked for.
TEST(Sections, ChecksNameTheNumberTheyHold) {
  TearSheet of = sheet();
  FactorPage page = test::make_page();
  page.honesty.emplace();
  page.honesty->own.null_independent = 0.91;
  page.honesty->law.trials = 3;
  of.checks = {{"deflated_sharpe", "Deflated Sharpe ratio", evaluate::CheckState::kWarning, "0.91", "note"},
               {"ic_too_high", "Rank IC too high", evaluate::CheckState::kPassed, "+0.024, limit 0.10", "note"},
               {"look_ahead", "Look-ahead check", evaluate::CheckState::kPassed, "passed", "note"}};
  const std::string html = draw_section(of, honesty_section, page);
  EXPECT_NE(html.find("data-why=\"honesty.dsr\""), std::string::npos);
  EXPECT_NE(html.find("data-why=\"rank_ic.5d.mean\""), std::string::npos);
  page.honesty.reset();
  EXPECT_EQ(draw_section(of, honesty_section, page).find("honesty.dsr"), std::string::npos) << "no id without a number";
}

TEST(Sections, MonotonyHasTheFactorAsWeights) {
  const std::string html = draw_section(sheet(), monotony_section);
  for (const char* name : {"annual", "t_newey_west", "alpha_annual", "alpha_t", "beta", "beta_t"}) {
    EXPECT_NE(html.find(std::string("data-why=\"weighted.5d.") + name + "\""), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace lode::report
