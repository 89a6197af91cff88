// Sections 4 and 14 and the event study of section 8: what they say follows from the numbers, what is missing is told.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/core/report/page/test_section.h"

namespace lode::report::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

evaluate::Estimate estimate(double value, double half) { return {value, value - half, value + half, 60, ""}; }

evaluate::ShapeYear shape_year(int year, double median) {
  evaluate::ShapeYear out{.year = year,
                          .dates = 250,
                          .low = median - 1.0,
                          .median = median,
                          .high = median + 1.0,
                          .skew = 0.1,
                          .kurtosis = 1.5};
  out.density.assign(evaluate::kShapeBins, 0.98 / evaluate::kShapeBins);
  return out;
}

evaluate::EventPath path(double step, double error) {
  evaluate::EventPath out;
  for (int offset = -evaluate::kEventBefore; offset <= evaluate::kEventAfter; ++offset) {
    out.step.push_back(step);
    out.step_error.push_back(error);
    out.path.push_back(step * offset);
    out.path_error.push_back(offset == 0 ? 0.0 : error);
  }
  return out;
}

TearSheet studied() {
  TearSheet out = sheet();
  out.events.dates = 480;
  for (int k = 1; k <= 5; ++k) {
    out.events.quantiles.push_back(path(0.0002 * (k - 3), 0.0005));
  }
  out.events.spread = path(0.0008, 0.001);
  evaluate::Shape& shape = out.shape;
  shape.dates = 500;
  shape.skew = shape.kurtosis = estimate(0.2, 0.1);
  shape.extremes = estimate(0.001, 0.0);
  shape.ties = estimate(0.0, 0.0);
  shape.commonest = estimate(0.002, 0.0);
  shape.low = -2.0;
  shape.high = 2.0;
  shape.years = {shape_year(2015, 0.0), shape_year(2016, 0.1)};
  shape.stability = {{1, 0.98}, {5, 0.9}, {21, 0.7}, {63, 0.4}, {252, evaluate::kNoValue}};
  shape.exposures = {{"size", estimate(0.05, 0.02)}, {"momentum", estimate(-0.31, 0.02)}};
  shape.groups = {{"Energy", estimate(0.62, 0.02)}, {"Tech", estimate(0.41, 0.02)}};
  evaluate::Sensitivity s;
  const auto variant = [](std::string id, std::string words, double ic, bool window) {
    evaluate::Variant one{.id = std::move(id), .words = std::move(words), .is_window = window};
    one.rank_ic = estimate(ic, 0.01);
    one.t_no_overlap = 4.0;
    one.net_annual = estimate(0.04, 0.03);
    one.ic = ic;
    return one;
  };
  s.choice = variant("choice", "this choice", 0.03, false);
  s.variants = {variant("window_1_half", "ts_mean 5 -> 3", 0.027, true),
                variant("window_1_longer", "ts_mean 5 -> 8", 0.024, true),
                variant("delay", "a session late", 0.02, false)};
  out.sensitivity = std::move(s);
  return out;
}

TEST(ShapeSection, TitlesFollowTheNumbers) {
  const TearSheet of = studied();
  const std::string html = draw_section(of, shape_section);
  EXPECT_EQ(title_of(html, "ridges"), "The values look alike in all 2 years");
  EXPECT_EQ(title_of(html, "exposures"), "It leans away from momentum: rank correlation ~0.31");
  EXPECT_EQ(title_of(html, "stability"), "Ranks of a month ago correlate +0.70");
  EXPECT_EQ(title_of(html, "group-places"), "Energy stands highest at 62.0_%, Tech lowest at 41.0_%");
  EXPECT_THAT(html, HasSubstr("Few ties, few values far out"));
  for (const std::string_view why : {"shape.skew", "shape.extremes", "shape.2016.median", "exposure.momentum"}) {
    EXPECT_THAT(html, HasSubstr("data-why=\"" + std::string(why) + "\"")) << why;
  }
  TearSheet other = studied();
  other.shape.exposures[1].mean = estimate(0.02, 0.05);
  other.shape.ties.value = 0.6;
  other.shape.years[1].median = 3.0;
  other.shape.groups[0].mean.value = 0.45;
  const std::string changed = draw_section(other, shape_section);
  EXPECT_EQ(title_of(changed, "exposures"), "It leans on none of the usual styles");
  EXPECT_EQ(title_of(changed, "group-places"), "Groups stand alike: it is no bet on groups");
  EXPECT_THAT(title_of(changed, "ridges"), HasSubstr("change from year to year"));
  EXPECT_THAT(changed, HasSubstr("of the values are shared with another name"));
}

TEST(ShapeSection, SaysWhatIsMissing) {
  TearSheet of = studied();
  of.shape.exposures[0].mean = {evaluate::kNoValue, evaluate::kNoValue, evaluate::kNoValue, 3, "3 dates, needs 12"};
  of.shape.groups.clear();
  of.shape.low = of.shape.high = evaluate::kNoValue;
  of.shape.stability.resize(1);
  const std::string html = draw_section(of, shape_section);
  EXPECT_THAT(html, HasSubstr("n/a: size (3 dates, needs 12)."));
  EXPECT_THAT(html, HasSubstr("no group data"));
  EXPECT_THAT(html, HasSubstr("all values of every date are equal"));
  EXPECT_THAT(html, HasSubstr("too few dates for a correlation"));
  EXPECT_THAT(draw_section(sheet(), shape_section), HasSubstr("was not computed with this run"));
}

TEST(EventFigure, TellsTheSpreadAfterAndBefore) {
  TearSheet of = studied();
  const std::string html = draw_section(of, event_figure);
  EXPECT_EQ(
      title_of(html, "events"),
      "Top less bottom bucket moves +1.68_% in 21 sessions after the signal, and +0.80_% in 10 sessions before it");
  EXPECT_THAT(html, HasSubstr("data-why=\"event.spread.21_after\""));
  EXPECT_THAT(html, HasSubstr("data-why=\"event.q5.21_after\""));
  EXPECT_THAT(html, HasSubstr("hollow"));
  of.events.spread = path(-0.0008, 0.003);
  of.events.spread.path.back() = 0.001;
  EXPECT_EQ(title_of(draw_section(of, event_figure), "events"),
            "Nothing certain in 21 sessions after the signal; top less bottom bucket ~0.80_% in 10 sessions before it");
  of.events.spread = path(0.0008, 0.02);
  EXPECT_EQ(title_of(draw_section(of, event_figure), "events"), "Nothing certain in 21 sessions after the signal");
  of.events = {};
  of.events.reason = "12 dates, needs 60";
  EXPECT_THAT(draw_section(of, event_figure), HasSubstr("Event study: 12 dates, needs 60"));
}

TEST(SensitivitySection, PlacesTheChoice) {
  TearSheet of = studied();
  const std::string html = draw_section(of, sensitivity_section);
  EXPECT_EQ(title_of(html, "variants"), "Best of 3 windows: the median neighbour has 85.0_% of its rank IC");
  EXPECT_THAT(html, HasSubstr("ts_mean 5\xE2\x86\x92"
                              "3"));
  EXPECT_THAT(html, HasSubstr("data-why=\"sensitivity.window_1_half.rank_ic\""));
  EXPECT_THAT(html, HasSubstr("data-why=\"sensitivity.choice.net_annual\""));
  // The first row in the order of its headers.
  const std::size_t row = html.find("this choice</th>");
  EXPECT_LT(html.find(">rank IC</th>"), html.find(">t (no overlap)</th>"));
  EXPECT_LT(html.find(">t (no overlap)</th>"), html.find(">net, % a year</th>"));
  EXPECT_LT(html.find("choice.rank_ic\"", row), html.find("choice.t_no_overlap\"", row));
  EXPECT_LT(html.find("choice.t_no_overlap\"", row), html.find("choice.net_annual\"", row));
  EXPECT_LT(html.find("choice.net_annual\"", row), html.find("class=\"range\"", row));
  EXPECT_THAT(html, HasSubstr("has chosen among 4"));
  of.sensitivity->variants[0].rank_ic.value = 0.01;
  of.sensitivity->variants[1].rank_ic.value = 0.008;
  EXPECT_THAT(title_of(draw_section(of, sensitivity_section), "variants"),
              HasSubstr("Best of 3 windows, a knife edge"));
  of.sensitivity->variants[0].rank_ic.value = -0.01;
  of.sensitivity->variants[1].rank_ic.value = -0.02;
  EXPECT_THAT(title_of(draw_section(of, sensitivity_section), "variants"), HasSubstr("the other sign"));
  of.sensitivity->choice.t_no_overlap = 0.4;
  EXPECT_EQ(title_of(draw_section(of, sensitivity_section), "variants"), "Best of 3 windows, none of which says much");
}

TEST(SensitivitySection, SaysWhatIsMissing) {
  TearSheet of = studied();
  of.sensitivity->variants.erase(of.sensitivity->variants.begin(), of.sensitivity->variants.begin() + 2);
  of.sensitivity->no_windows = "the formula has no window of 2 sessions or more";
  of.sensitivity->variants.front().rank_ic = {evaluate::kNoValue, evaluate::kNoValue, evaluate::kNoValue, 9,
                                              "9 dates, needs 60"};
  of.groups.clear();
  const std::string html = draw_section(of, sensitivity_section);
  EXPECT_EQ(title_of(html, "variants"), "No variant has a rank IC");
  EXPECT_THAT(html, HasSubstr("Windows: the formula has no window"));
  EXPECT_THAT(html, HasSubstr("n/a: a session late (9 dates, needs 60)."));
  EXPECT_THAT(html, HasSubstr("no group data"));
  EXPECT_THAT(draw_section(sheet(), sensitivity_section), HasSubstr("--no-sensitivity"));
}

}  // namespace
}  // namespace lode::report::test
