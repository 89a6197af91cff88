// The top of the page, the honesty panel and the glossary: states and words by rule.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/core/report/page/test_section.h"

namespace lode::report {
namespace {

using evaluate::CheckState;
using evaluate::TearSheet;
using test::draw_section;
using test::headline;
using test::kNaN;
using test::sheet;

// State of a row of the honesty panel.
std::string state_of(const std::string& html, const std::string& row) {
  const std::size_t at = html.find(">" + row + "</th>");
  if (at == std::string::npos) {
    return "no row";
  }
  const std::size_t open = html.find("class=\"state ", at) + 13;
  return html.substr(open, html.find('"', open) - open);
}

TEST(Summary, HonestyJudgesTrialsDataAndSurvivorship) {
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

TEST(Summary, HonestyCountsTheLinesItShows) {
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

TEST(Summary, ALeakStudiedOnPurposeIsStampedAtTheTop) {
  TearSheet of = sheet();
  EXPECT_EQ(draw_section(of, factor_heading).find("Looks ahead"), std::string::npos);
  of.checks = {{"look_ahead", "Look-ahead check", CheckState::kFailed, "found, allowed on purpose", ""}};
  EXPECT_NE(draw_section(of, factor_heading).find("Looks ahead, on purpose"), std::string::npos);
}

TEST(Summary, HonestyComparesTheHonestTWithTheNaiveOne) {
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

TEST(Summary, HonestyPlacesTheMeanAgainstThePlacebo) {
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
TEST(Summary, ACheckOfTheEvaluationReplacesThePagesOwn) {
  TearSheet of = sheet();
  of.checks.push_back({"survivorship", "Survivorship", CheckState::kFailed, "61 names", "from the flow"});
  const std::string html = draw_section(of, honesty_section);
  EXPECT_EQ(state_of(html, "Survivorship"), "failed");
  EXPECT_EQ(html.find(">Survivorship</th>"), html.rfind(">Survivorship</th>"));
}

TEST(Summary, TheHeaderNamesAFormulaTypedByHand) {
  FactorPage page = test::make_page();
  page.name.clear();
  const TearSheet of = sheet();
  EXPECT_NE(draw_section(of, factor_heading, page).find("<h1 class=\"mono\">Synthetic: rank(-ts_delta(close, 5))</h1>"),
            std::string::npos);
  page.formula.clear();
  page.synthetic = false;
  const std::string own = draw_section(of, factor_heading, page);
  EXPECT_NE(own.find("<h1>Own values</h1>"), std::string::npos);
  EXPECT_NE(own.find("own numbers; no formula"), std::string::npos);
  EXPECT_EQ(own.find("Profile"), std::string::npos);
}

TEST(Summary, TheGlossaryDefinesEachFamilyOnce) {
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
