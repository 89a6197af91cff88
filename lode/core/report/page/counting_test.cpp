// Data reaches past the dates that count: the page draws the part that counts and says what it leaves out.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/counting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "lode/core/report/number_text.h"
#include "lode/core/report/test_sheet.h"

namespace lode::report {
namespace {

using evaluate::HorizonResult;
using evaluate::TearSheet;
using test::kNaN;

HorizonResult& headline(TearSheet& of) { return of.horizons[static_cast<std::size_t>(of.headline)]; }

// 1500 sessions of which 500 .. 999 count: names enough only there, and a book that is held until 1004.
TearSheet sheet_with_edges() {
  TearSheet sheet = test::make_sheet({.sessions = 1500});
  sheet.options.min_names = 20;
  const auto only = [](std::vector<double>& series, std::size_t first, std::size_t end) {
    for (std::size_t row = 0; row < series.size(); ++row) {
      series[row] = row < first || row >= end ? kNaN : series[row];
    }
  };
  for (HorizonResult& one : sheet.horizons) {
    only(one.rank_ic_series, 500, 1000);
    only(one.ic_series, 500, 1000);
    only(one.net_series, 501, 1005);
    only(one.spread_series, 501, 1005);
    for (std::vector<double>& bucket : one.quantile_series) {
      only(bucket, 501, 1005);
    }
  }
  std::vector<double>& names = sheet.coverage.names_series;
  std::fill(names.begin(), names.end(), 9.0);
  std::fill(names.begin(), names.begin() + 6, 0.0);
  std::fill(names.begin() + 500, names.begin() + 1000, 400.0);
  sheet.years = test::year_results(sheet.sessions, sheet.headline_horizon());
  return sheet;
}

TEST(CountingPart, RunsFromTheFirstDateThatCountsToTheEndOfItsBook) {
  TearSheet whole = sheet_with_edges();
  const CountingPart part = counting_part(whole);
  const HorizonResult& cut = part.sheet.headline_horizon();
  ASSERT_EQ(part.sheet.sessions.size(), 505U);
  EXPECT_EQ(part.sheet.sessions.front(), whole.sessions[500]);
  EXPECT_EQ(part.sheet.sessions.back(), whole.sessions[1004]);
  EXPECT_EQ(cut.rank_ic_series.front(), headline(whole).rank_ic_series[500]);
  EXPECT_EQ(cut.net_series.back(), headline(whole).net_series[1004]);
  for (const std::vector<double>* series : {&cut.ic_series, &cut.rank_ic_series, &cut.spread_series, &cut.net_series,
                                            &cut.quantile_series.back(), &part.sheet.coverage.names_series}) {
    EXPECT_EQ(series->size(), 505U);
  }
  EXPECT_EQ(cut.rank_ic.mean.value, headline(whole).rank_ic.mean.value) << "statistics are those of the whole";
}

TEST(CountingPart, SaysHowManySessionsAreNotDrawnAndWhy) {
  std::string words = counting_part(sheet_with_edges()).outside;
  for (std::size_t at = words.find(kThinSpace); at != std::string::npos; at = words.find(kThinSpace)) {
    words.replace(at, kThinSpace.size(), "_");
  }
  EXPECT_EQ(words,
            "995 of 1_500 sessions not drawn, outside the first and last date that counts: 989 with fewer than 20 "
            "names, 6 without a factor value");
}

TEST(CountingPart, KeepsOnlyYearsWithADateThatCounts) {
  const CountingPart part = counting_part(sheet_with_edges());
  ASSERT_FALSE(part.sheet.years.empty());
  EXPECT_EQ(part.sheet.years.front().year, part.sheet.sessions.front().year());
  EXPECT_TRUE(std::ranges::none_of(part.sheet.years, [](const auto& year) { return year.dates == 0; }));
}

TEST(CountingPart, FewNamesWhileOnlyTheBookGoesOnAreAGap) {
  const CountingPart part = counting_part(sheet_with_edges());
  EXPECT_EQ(part.sheet.coverage.names_series[499], 400.0);
  for (std::size_t row = 500; row < 505; ++row) {
    EXPECT_TRUE(std::isnan(part.sheet.coverage.names_series[row])) << row;
  }
}

TEST(CountingPart, AGapInsideStays) {
  TearSheet whole = sheet_with_edges();
  std::fill_n(headline(whole).rank_ic_series.begin() + 700, 50, kNaN);
  EXPECT_EQ(counting_part(whole).sheet.sessions.size(), 505U);
}

TEST(CountingPart, OfDataThatAllCountsIsTheWhole) {
  const TearSheet whole = test::make_sheet({.sessions = 300, .warm_up = 0});
  const CountingPart part = counting_part(whole);
  EXPECT_EQ(part.sheet.sessions.size(), 300U);
  EXPECT_EQ(part.outside, "");
}

TEST(CountingPart, WithoutADateThatCountsIsTheWhole) {
  const CountingPart part = counting_part(test::empty_sheet());
  EXPECT_EQ(part.sheet.sessions.size(), 3U);
  EXPECT_EQ(part.outside, "");
}

TEST(CountingPart, TheLastSessionsHaveNoReturnYet) {
  TearSheet whole = test::make_sheet({.sessions = 300, .warm_up = 0});
  whole.options.min_names = 20;
  headline(whole).rank_ic_series.back() = headline(whole).net_series.back() = kNaN;
  EXPECT_EQ(counting_part(whole).outside,
            "1 of 300 sessions not drawn, outside the first and last date that counts: 1 without a return yet");
}

// On the page: no axis, year, fall or count reaches beyond the span.
TEST(CountingPart, IsAllThatThePageDraws) {
  const TearSheet whole = sheet_with_edges();
  const std::string html = render_factor_html(whole, test::make_page());
  const std::string first = to_string(whole.sessions[500]);
  const std::string last = to_string(whole.sessions[1004]);
  EXPECT_NE(html.find("<dd>" + first + " .. " + last + ", 505 sessions"), std::string::npos);
  EXPECT_NE(html.find("995 of 1"), std::string::npos);
  EXPECT_NE(html.find("400 names a session"), std::string::npos);
  const std::string body = html.substr(0, html.find("id=\"data\""));
  EXPECT_EQ(body.find(">2015</th>"), std::string::npos);
  EXPECT_EQ(body.find(">2015</span>"), std::string::npos) << "a tick before the span";
  EXPECT_EQ(body.find(">2020</span>"), std::string::npos) << "a tick after it";
}

}  // namespace
}  // namespace lode::report
