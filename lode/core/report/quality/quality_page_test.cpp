// The page of a quality report: every count and row is on it, what is missing has a reason, and nothing of the data can
// write HTML.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/quality/quality_page.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/core/report/document/document_html.h"
#include "lode/core/report/html.h"
#include "lode/core/report/quality/parts.h"

namespace lode::report {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Date day(int date) { return Date::from_civil(2024, 6, date); }

QualityMeasure measure(const char* name, std::optional<double> value, double limit, bool is_above, bool is_good) {
  QualityMeasure out;
  out.name = out.title = name;
  out.value = value;
  out.unit = name == std::string("Freshness") ? "h" : "ratio";
  out.limit = limit;
  out.is_above = is_above;
  out.is_good = is_good;
  out.part = 5;
  out.whole = 7;
  out.part_name = "parts";
  out.whole_name = "wholes";
  out.meaning = "What it means.";
  out.reason = "nothing was due";
  out.rows = "lode data sql \"SELECT 1\"";
  return out;
}

QualityReport full() {
  QualityReport out;
  out.status = QualityStatus::kUnhealthy;
  out.reasons = {"2 rows set aside", "1 of 7 bars due are missing"};
  out.is_week = true;
  out.from = day(22);
  out.to = day(28);
  out.commit = 12;
  out.code_version = "lode@1";
  out.command = "lode data report --day 2024-06-28 --span week";
  out.total_symbols = 7;
  out.symbols_with_data = 6;
  out.expected = 7;
  out.present = 6;
  out.bars = 6;
  out.measures = {measure("Completeness", 6.0 / 7.0, 0.99, true, false), measure("Freshness", 3.25, 24, false, true),
                  measure("Duplicates", 0.0, 0.0, false, true)};
  out.exchanges = {{"XNYS", true, 5, 7, 6, day(28)}};
  for (const int date : {24, 25, 26, 27, 28}) {
    out.trend.push_back({day(date), 7, date == 27 ? 4 : 7, 0, 1, 0, 0});
  }
  out.missing = {{"AAA", "XNYS", day(27), day(26)}, {"NEW", "XNYS", day(28), std::nullopt}};
  out.odd = {{"ODD", "XNYS", day(26), "move", true, false, 100.0, 25.5, 1000.0}};
  out.flags = {{"move", 1}};
  out.suspicious = {day(25)};
  out.set_aside_by = {{"bars", "E2007", "high below low", 2, "raw/x.csv", 7, "h 9 l 11", "BAD"}};
  out.restated = {{"FIX", "XNYS", day(24), {"close 10 -> 11"}, start_of_day(day(28)), true}};
  out.became_final = 1;
  out.provisional = {{"LIVE", "XNYS", day(28), start_of_day(day(28)), true}};
  out.actions = {{"SPL", "XNYS", day(25), "split", "ratio 4"}};
  out.repairs = {{"REP", "XNYS", day(25), "close", "unit", 1000.0, 10.0}};
  out.changes = {{"list asx", day(26), "removed", "GONE", "", "Gone Ltd"}};
  out.sources = {{"yahoo", 2, {{"ok", 12}, {"empty", 1}}, 6, 1, 3, 2, 6, 1.5, 2.5, 4000.0}};
  out.notes = {"What it cannot tell."};
  return out;
}

std::string section_of(const QualityReport& report, std::size_t number) {
  DataBlock data;
  return to_html(quality_document(report, data).sections.at(number - 1));
}

TEST(QualityPage, HasEightSectionsAndSaysWhatItIsOf) {
  DataBlock data;
  const Document page = quality_document(full(), data);
  ASSERT_EQ(page.sections.size(), 8U);
  for (std::size_t i = 0; i < page.sections.size(); ++i) {
    EXPECT_EQ(page.sections[i].number, static_cast<int>(i) + 1);
  }
  EXPECT_EQ(page.heading.title, "Daily bars, week to 2024-06-28");
  EXPECT_EQ(page.heading.facts.front().value, "2024-06-22 .. 2024-06-28");
  EXPECT_THAT(page.footer, HasSubstr("lake commit 12"));
  EXPECT_THAT(data.json(), HasSubstr("\"trend\""));
}

TEST(QualityPage, TheVerdictTellsWhyAndHoldsEachMeasureToItsGoal) {
  const std::string html = section_of(full(), 1);
  EXPECT_THAT(html, AllOf(HasSubstr("Not healthy"), HasSubstr("2 rows set aside; 1 of 7 bars due are missing.")));
  EXPECT_THAT(html, AllOf(HasSubstr("failed"), HasSubstr("above 99"), HasSubstr("5 parts of 7 wholes")));
  EXPECT_THAT(html, HasSubstr("3.2" + std::string(kThinSpace) + "h"));
}

TEST(QualityPage, AHealthyDayNamesWhatIsOffItsGoal) {
  QualityReport report = full();
  report.status = QualityStatus::kHealthy;
  report.reasons.clear();
  EXPECT_THAT(section_of(report, 1), AllOf(HasSubstr("Healthy"), HasSubstr("Off its goal: completeness.")));
  report.measures.front().is_good = true;
  EXPECT_THAT(section_of(report, 1), Not(HasSubstr("Off its goal")));
}

TEST(QualityPage, EveryRowIsOnIt) {
  const QualityReport report = full();
  EXPECT_THAT(section_of(report, 2),
              AllOf(HasSubstr("Most are missing on 2024-06-27: 3 of 7"), HasSubstr("2 bars are missing"),
                    HasSubstr("never had one"), HasSubstr(">28 Jun<")));
  EXPECT_THAT(section_of(report, 3), AllOf(HasSubstr("1 anomaly"), HasSubstr("25.5"), HasSubstr("2024-06-25")));
  EXPECT_THAT(section_of(report, 4), AllOf(HasSubstr("E2007"), HasSubstr("raw/x.csv:7"), HasSubstr("BAD: h 9 l 11")));
  EXPECT_THAT(section_of(report, 5), AllOf(HasSubstr("1 bar not final yet"), HasSubstr("overdue"),
                                           HasSubstr("close 10 -&gt; 11"), HasSubstr("1 was provisional")));
  EXPECT_THAT(section_of(report, 6), AllOf(HasSubstr("1 empty, 12 ok"), HasSubstr(">1.5<"), HasSubstr(">2.5<"),
                                           HasSubstr("4" + std::string(kThinSpace) + "000")));
  EXPECT_THAT(section_of(report, 7), AllOf(HasSubstr("ratio 4"), HasSubstr("REP"), HasSubstr("Gone Ltd")));
  EXPECT_THAT(section_of(report, 8),
              AllOf(HasSubstr("SELECT 1"), HasSubstr("--span week"), HasSubstr("What it cannot tell.")));
}

TEST(QualityPage, WhatIsNotThereHasAReasonInItsPlace) {
  QualityReport empty;
  empty.to = empty.from = day(29);
  empty.reasons = {"the lake holds no daily bars"};
  empty.measures = {measure("Completeness", std::nullopt, 0.99, true, true)};
  EXPECT_THAT(section_of(empty, 1), AllOf(HasSubstr("No data"), HasSubstr("The lake holds no daily bars."),
                                          HasSubstr("nothing was due"), HasSubstr("unknown")));
  EXPECT_THAT(section_of(empty, 2), HasSubstr("no daily bar in these two weeks"));
  EXPECT_THAT(section_of(empty, 3), HasSubstr("no bar to judge"));
  EXPECT_THAT(section_of(empty, 4), HasSubstr("no row of this span was set aside"));
  EXPECT_THAT(section_of(empty, 5), HasSubstr("none was restated"));
  EXPECT_THAT(section_of(empty, 6), HasSubstr("nothing came in these days"));
  EXPECT_THAT(section_of(empty, 7), HasSubstr("no split, dividend, repair or change"));
  EXPECT_THAT(section_of(empty, 8), HasSubstr("the command was not recorded"));
}

TEST(QualityPage, ALongListIsCutAndSaysOfHowMany) {
  QualityReport report = full();
  report.missing.assign(1234, report.missing.front());
  const std::string html = section_of(report, 2);
  std::size_t rows = 0;
  for (std::size_t at = html.find("<th scope=\"row\">AAA"); at != std::string::npos;
       at = html.find("<th scope=\"row\">AAA", at + 1)) {
    ++rows;
  }
  EXPECT_EQ(rows, kQualityRows);
  EXPECT_THAT(html, HasSubstr("The first 200 of 1" + std::string(kThinSpace) + "234"));
}

TEST(QualityPage, NothingOfTheDataCanWriteHtml) {
  QualityReport report = full();
  const std::string bad = "<script>alert(1)</script>";
  report.missing.front().symbol = bad;
  report.set_aside_by.front().text = bad;
  report.set_aside_by.front().path = bad;
  report.changes.front().name = bad;
  report.universe = bad;
  report.reasons = {bad};
  EXPECT_THAT(render_quality_html(report), AllOf(Not(HasSubstr(bad)), HasSubstr(escape(bad))));
}

TEST(QualityPage, TheSameReportGivesTheSameBytes) {
  EXPECT_EQ(render_quality_html(full()), render_quality_html(full()));
  EXPECT_EQ(render_quality_pdf(full()), render_quality_pdf(full()));
  EXPECT_THAT(render_quality_pdf(full()), ::testing::StartsWith("%PDF-"));
}

TEST(QualityPage, SyntheticDataIsStampedUpToTheTitle) {
  QualityReport report = full();
  report.synthetic = true;
  DataBlock data;
  const Document page = quality_document(report, data);
  EXPECT_THAT(page.heading.stamps, ElementsAre("Synthetic market"));
  EXPECT_THAT(page.title, HasSubstr("Synthetic"));
}

TEST(QualityPage, NumbersAreNeverToldAsMoreThanTheyAre) {
  EXPECT_EQ(quality_value(measure("Completeness", 0.999999, 0.99, true, true)),
            "> 99.99" + std::string(kThinSpace) + "%");
  EXPECT_EQ(quality_value(measure("Completeness", 1.0, 0.99, true, true)), "100.00" + std::string(kThinSpace) + "%");
  EXPECT_EQ(quality_value(measure("Freshness", 96.0, 24, false, false)), "4.0" + std::string(kThinSpace) + "d");
  EXPECT_EQ(quality_value(measure("Freshness", std::nullopt, 24, false, true)), std::string(kMissing));
  EXPECT_EQ(quality_goal(measure("Completeness", 1.0, 0.99, true, true)), "above 99 %");
  EXPECT_EQ(quality_goal(measure("Freshness", 1.0, 24.0, false, true)), "below 24 h");
  EXPECT_EQ(quality_goal(measure("Duplicates", 1.0, 0.0, false, true)), "none");
  EXPECT_EQ(quality_price(0.1), "0.1");
  EXPECT_EQ(quality_price(std::nullopt), std::string(kMissing));
}

TEST(QualityStatusWords, AreTheOnesOfTheJson) {
  EXPECT_EQ(to_string(QualityStatus::kHealthy), "healthy");
  EXPECT_EQ(to_string(QualityStatus::kUnhealthy), "unhealthy");
  EXPECT_EQ(to_string(QualityStatus::kNoSession), "no_session");
  EXPECT_EQ(to_string(QualityStatus::kNoData), "no_data");
}

}  // namespace
}  // namespace lode::report
