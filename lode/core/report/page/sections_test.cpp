// Titles and words follow from the numbers by rule; here each rule meets numbers on both sides of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/sections.h"

#include <gtest/gtest.h>

#include "lode/core/report/test_sheet.h"

namespace lode::report {
namespace {

using evaluate::CheckState;
using evaluate::TearSheet;
using test::kNaN;

// Ten years would only be slower.
TearSheet sheet() { return test::make_sheet({.sessions = 520}); }

evaluate::HorizonResult& headline(TearSheet& of) { return of.horizons[static_cast<std::size_t>(of.headline)]; }

template <class Section>
std::string draw_section(const TearSheet& of, Section section, const FactorPage& page = test::make_page()) {
  const Figures figures(evaluate::numbers(of));
  DataBlock data;
  PageContext context{of, page, figures, data};
  return section(context);
}

// The title of a figure, without thin spaces (as "_") and with '~' for the minus sign.
std::string title_of(const std::string& html, const std::string& id) {
  const std::size_t figure = html.find("id=\"f-" + id + "\"");
  if (figure == std::string::npos) {
    return "no figure " + id;
  }
  const std::size_t open = html.find('>', html.find("<h3", figure)) + 1;
  std::string out = html.substr(open, html.find("</h3>", open) - open);
  for (const auto& [from, to] : {std::pair{kThinSpace, "_"}, {kMinus, "~"}}) {
    for (std::size_t at = out.find(from); at != std::string::npos; at = out.find(from)) {
      out.replace(at, from.size(), to);
    }
  }
  return out;
}

std::string monotony_title(std::vector<double> means, double rank) {
  TearSheet of = sheet();
  evaluate::HorizonResult& result = headline(of);
  for (std::size_t i = 0; i < means.size(); ++i) {
    result.quantiles[i].mean_return.value = means[i];
  }
  result.monotonicity = rank;
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

TEST(Sections, ABootstrapPIsNeverZero) {
  TearSheet of = sheet();
  headline(of).monotonicity_p = 0.0;
  EXPECT_NE(draw_section(of, monotony_section).find("p below 0.001"), std::string::npos);
}

std::string legs_title(double long_annual, double short_annual) {
  TearSheet of = sheet();
  headline(of).spread.long_annual = long_annual;
  headline(of).spread.short_annual = short_annual;
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
  EXPECT_EQ(draw_section(of, coverage_section).find("class=\"rule dash"), std::string::npos);
  headline(of).dates_left_out = 412;
  const std::string html = draw_section(of, coverage_section);
  EXPECT_NE(html.find("a date counts from 20 names"), std::string::npos);
  EXPECT_NE(html.find("dates of fewer are left out"), std::string::npos);
  EXPECT_NE(html.find("412 dates of fewer than 20 names are left out"), std::string::npos);
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
  EXPECT_EQ(lag_title({0.001, 0.0005}, -0.01), "There is no clear IC to lose by waiting");
  EXPECT_EQ(lag_title({0.030, kNaN}, 0.02), "The effect of waiting is not known");
}

TEST(Sections, CostSaysWhereNothingIsLeft) {
  TearSheet of = sheet();
  headline(of).spread.breakeven_bps = 11.43;
  EXPECT_EQ(title_of(draw_section(of, cost_section), "cost"), "5_d: nothing is left above 11.4_bp a side");
  headline(of).spread.breakeven_bps = kNaN;
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
  EXPECT_EQ(title_of(html, "groups"), "Rank IC is above zero in 1 of 3 groups, highest in High");
  EXPECT_LT(html.find("<span>High</span>"), html.find("<span>Low</span>"));
  EXPECT_LT(html.find("<span>Low</span>"), html.find("<span>None</span>"));
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

// State of a row of the honesty panel.
std::string state_of(const std::string& html, const std::string& row) {
  const std::size_t at = html.find(">" + row + "</th>");
  if (at == std::string::npos) {
    return "no row";
  }
  const std::size_t open = html.find("class=\"state ", at) + 13;
  return html.substr(open, html.find('"', open) - open);
}

TEST(Sections, HonestyJudgesTrialsDataAndSurvivorship) {
  const TearSheet of = sheet();
  FactorPage page = test::make_page();
  page.trials = 1;
  page.rows_set_aside = page.rows_flagged = 0;
  std::string html = draw_section(of, honesty_section, page);
  EXPECT_EQ(state_of(html, "Trials tried"), "passed");
  EXPECT_EQ(state_of(html, "Data rows"), "passed");
  EXPECT_EQ(state_of(html, "Survivorship"), "passed");
  EXPECT_EQ(state_of(html, "Look-ahead check"), "passed");
  EXPECT_EQ(state_of(html, "Out-of-sample share"), "unknown");
  page.trials = 0;
  page.rows_flagged = 3;
  page.survivor_biased = true;
  html = draw_section(of, honesty_section, page);
  EXPECT_EQ(state_of(html, "Trials tried"), "unknown");
  EXPECT_EQ(state_of(html, "Data rows"), "look");
  EXPECT_EQ(state_of(html, "Survivorship"), "failed");
  page.survivor_biased = false;
  page.delisted_names = 0;
  EXPECT_EQ(state_of(draw_section(of, honesty_section, page), "Survivorship"), "look");
  page.names = 0;
  EXPECT_EQ(state_of(draw_section(of, honesty_section, page), "Survivorship"), "unknown");
}

TEST(Sections, HonestyCountsTheLinesItShows) {
  const std::string html = draw_section(sheet(), honesty_section);
  const auto times = [&](const std::string& what) {
    int found = 0;
    for (std::size_t at = html.find(what); at != std::string::npos; at = html.find(what, at + 1)) {
      ++found;
    }
    return found;
  };
  const int lines = times("<th scope=\"row\">");
  const int passed = times("</i>passed</span>");
  ASSERT_GT(lines, passed);
  EXPECT_NE(html.find(std::to_string(lines - passed) + " of " + std::to_string(lines) + " checks need"),
            std::string::npos)
      << lines << " lines, " << passed << " passed";
}

TEST(Sections, ALeakStudiedOnPurposeIsStampedAtTheTop) {
  TearSheet of = sheet();
  EXPECT_EQ(draw_section(of, header_section).find("Looks ahead"), std::string::npos);
  of.checks = {{"look_ahead", "Look-ahead check", CheckState::kFailed, "found, allowed on purpose", ""}};
  EXPECT_NE(draw_section(of, header_section).find("Looks ahead, on purpose"), std::string::npos);
}

TEST(Sections, HonestyComparesTheHonestTWithTheNaiveOne) {
  TearSheet of = sheet();
  evaluate::IcStatistics& ic = headline(of).rank_ic;
  ic.t_no_overlap = 1.2;
  ic.t_naive = 4.1;
  EXPECT_EQ(state_of(draw_section(of, honesty_section), "t, with and without overlap"), "look");
  ic.t_no_overlap = 3.9;
  EXPECT_EQ(state_of(draw_section(of, honesty_section), "t, with and without overlap"), "passed");
  ic.t_no_overlap = kNaN;
  EXPECT_EQ(state_of(draw_section(of, honesty_section), "t, with and without overlap"), "unknown");
}

TEST(Sections, HonestyPlacesTheMeanAgainstThePlacebo) {
  TearSheet of = sheet();
  headline(of).rank_ic.mean.value = 0.02;
  of.placebo_lower = -0.01;
  of.placebo_upper = 0.01;
  EXPECT_EQ(state_of(draw_section(of, honesty_section), "Placebo"), "passed");
  of.placebo_upper = 0.03;
  EXPECT_EQ(state_of(draw_section(of, honesty_section), "Placebo"), "look");
  of.placebo_upper = kNaN;
  EXPECT_EQ(state_of(draw_section(of, honesty_section), "Placebo"), "unknown");
}

// A flow that brings its own row of the same meaning replaces the page's.
TEST(Sections, ACheckOfTheEvaluationReplacesThePagesOwn) {
  TearSheet of = sheet();
  of.checks.push_back({"survivorship", "Survivorship", CheckState::kFailed, "61 names", "from the flow"});
  const std::string html = draw_section(of, honesty_section);
  EXPECT_EQ(state_of(html, "Survivorship"), "failed");
  EXPECT_EQ(html.find(">Survivorship</th>"), html.rfind(">Survivorship</th>"));
}

TEST(Sections, TheHeaderNamesAFormulaTypedByHand) {
  FactorPage page = test::make_page();
  page.name.clear();
  const TearSheet of = sheet();
  EXPECT_NE(draw_section(of, header_section, page).find("<h1 class=\"mono\">Synthetic: rank(-ts_delta(close, 5))</h1>"),
            std::string::npos);
  page.formula.clear();
  page.synthetic = false;
  const std::string own = draw_section(of, header_section, page);
  EXPECT_NE(own.find("<h1>Own values</h1>"), std::string::npos);
  EXPECT_NE(own.find("user's own numbers"), std::string::npos);
  EXPECT_EQ(own.find("Profile"), std::string::npos);
}

TEST(Sections, TheGlossaryDefinesEachFamilyOnce) {
  TearSheet of = sheet();
  of.groups[0].group = "Oil. Gas";
  const std::string html = draw_section(of, glossary_section);
  for (const char* term : {"<dt>rank_ic.Hd.mean</dt>", "<dt>quantile.Hd.qK.return</dt>", "<dt>year.N.rank_ic</dt>",
                           "<dt>group.NAME.rank_ic</dt>", "<dt>lagged.Hd.rank_ic</dt>"}) {
    const std::size_t first = html.find(term);
    ASSERT_NE(first, std::string::npos) << term;
    EXPECT_EQ(html.find(term, first + 1), std::string::npos) << term;
  }
}

}  // namespace
}  // namespace lode::report
