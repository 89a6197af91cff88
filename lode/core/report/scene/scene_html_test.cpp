// Charts drawn as HTML, read back and compared with their tables.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/scene_html.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lode/core/report/scene/test_chart.h"

namespace lode::report {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

// Three marks over ten rows; the line has a gap and a value far outside its axis.
Chart small_chart() {
  Chart chart;
  chart.id = "small";
  chart.title = "A & B";
  chart.subtitle = "sub <i>";
  chart.aria = "The finding \"in words\"";
  chart.why = "rank_ic.5d.mean";
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> low;
  std::vector<double> high;
  for (int i = 0; i < 10; ++i) {
    x.push_back(i);
    y.push_back(i == 4 ? kNaN : std::sin(i) * 0.4);
    low.push_back(i < 3 ? kNaN : y.back() - 0.1);
    high.push_back(i < 3 ? kNaN : y.back() + 0.1);
  }
  chart.table.columns = {number_column("x", Style::kCount, x), number_column("y", Style::kCoefficient, y),
                         number_column("low", Style::kCoefficient, low),
                         number_column("high", Style::kCoefficient, high)};
  chart.x = linear_axis({-1.0, 10.0}, Style::kCount, false);
  Panel panel;
  panel.y = linear_axis({-0.6, 0.6}, Style::kCoefficient, true);
  panel.marks = {{.kind = Mark::Kind::kBar, .x = 0, .y = 1, .width = 0.5, .role = Role::kUp, .below = Role::kDown},
                 {.kind = Mark::Kind::kBand, .x = 0, .low = 2, .high = 3},
                 {.kind = Mark::Kind::kLine, .x = 0, .y = 1},
                 {.kind = Mark::Kind::kArea, .x = 0, .y = 1},
                 {.kind = Mark::Kind::kDot, .x = 0, .y = 1, .low = 2, .high = 3}};
  chart.panels.push_back(panel);
  return chart;
}

test::Columns columns_of(const Chart& chart) {
  test::Columns out;
  for (const Column& column : chart.table.columns) {
    out.push_back(column.values);
  }
  return out;
}

test::ReadChart read_back(const Chart& chart) {
  const std::vector<test::ReadChart> charts = test::read_charts(to_html(chart));
  EXPECT_EQ(charts.size(), 1U);
  return charts.empty() ? test::ReadChart{} : charts.front();
}

TEST(SceneHtml, EveryMarkStandsWhereItsValueSays) {
  const Chart chart = small_chart();
  const test::ReadChart read = read_back(chart);
  ASSERT_EQ(read.boxes.size(), 1U);
  EXPECT_EQ(read.boxes[0].marks.size(), 6U) << "the dots bring their whiskers";
  test::ChartCheck(read, columns_of(chart)).run();
}

TEST(SceneHtml, TheCheckItselfFindsAMovedMark) {
  const Chart chart = small_chart();
  test::Columns columns = columns_of(chart);
  columns[1][7] += 0.05;
  test::ReadChart read = read_back(chart);
  std::size_t wrong = 0;
  for (const test::ReadRect& rect : read.boxes[0].marks[0].rects) {
    const double top = (1.0 - read.boxes[0].y.place(std::max(0.0, columns[1][rect.row]))) * read.boxes[0].height;
    wrong += std::abs(top - rect.y) > test::kUnitTolerance ? 1U : 0U;
  }
  EXPECT_EQ(wrong, 1U);
}

TEST(SceneHtml, AClippedValueIsMarkedWithItsNumber) {
  Chart chart = small_chart();
  chart.table.columns[1].values[7] = 3.5;
  const std::string html = to_html(chart);
  EXPECT_NE(html.find("data-clipped=\"3.5\""), std::string::npos);
  EXPECT_NE(html.find(">+3.50</b>"), std::string::npos);
  test::ChartCheck(read_back(chart), columns_of(chart)).run();
}

TEST(SceneHtml, RowsThatStandOnNamesAreDrawnAcross) {
  Chart chart;
  chart.id = "names";
  const std::vector<std::string> names{"Energy", "Utilities", "<b>"};
  chart.table.columns = {text_column("group", names), number_column("row", Style::kCount, {0, 1, 2}, 0),
                         number_column("ic", Style::kCoefficient, {0.04, kNaN, -0.02}),
                         number_column("low", Style::kCoefficient, {0.03, kNaN, -0.03}),
                         number_column("high", Style::kCoefficient, {0.05, kNaN, -0.01})};
  chart.x = linear_axis({-0.03, 0.05}, Style::kCoefficient, true);
  Panel panel;
  panel.names = true;
  panel.y = name_axis(names);
  panel.marks = {{.kind = Mark::Kind::kDot, .x = 1, .y = 2, .low = 3, .high = 4, .across = true},
                 {.kind = Mark::Kind::kBar, .x = 1, .y = 2, .low = 3, .width = 0.5, .across = true}};
  chart.panels.push_back(panel);
  const std::string html = to_html(chart);
  EXPECT_EQ(html.find("<b>"), std::string::npos) << "names are escaped";
  test::Columns columns = columns_of(chart);
  test::ChartCheck(read_back(chart), columns).run();
}

TEST(SceneHtml, CarriesItsWordsEscapedAndItsFindingForReaders) {
  const std::string html = to_html(small_chart());
  EXPECT_NE(html.find("<h3 data-why=\"rank_ic.5d.mean\">A &amp; B</h3>"), std::string::npos);
  EXPECT_NE(html.find("sub &lt;i&gt;"), std::string::npos);
  EXPECT_NE(html.find("role=\"img\" aria-label=\"The finding &quot;in words&quot;\""), std::string::npos);
  EXPECT_NE(html.find("<details"), std::string::npos);
  EXPECT_NE(html.find("preserveAspectRatio=\"none\""), std::string::npos);
}

std::vector<double> end_tops(std::string_view html) {
  std::vector<double> tops;
  for (const std::string_view tag : test::tags(html)) {
    if (test::attribute(tag, "class").starts_with("end ")) {
      const std::string style = test::attribute(tag, "style");
      tops.push_back(test::number(style.substr(style.find("top:") + 4, 8)));
    }
  }
  return tops;
}

TEST(SceneHtml, ALabelThatWouldTouchTheOneAtTheRightEdgeGivesWay) {
  Chart chart = small_chart();
  chart.x.scale = {Scale::Kind::kLinear, 2020.0, 2025.0};
  chart.x.ticks = {{2021, "2021"}, {2022, "2022"}, {2023, "2023"}, {2024, "2024"}, {2025, "2025"}};
  const auto labels = [&](Chart::Width width) {
    chart.width = width;
    std::string found;
    const std::string html = to_html(chart);
    for (std::size_t at = html.find("class=\"x"); at != std::string::npos; at = html.find("class=\"x", at + 1)) {
      const std::size_t open = html.find('>', at) + 1;
      const std::string text = html.substr(open, html.find('<', open) - open);
      found += text.starts_with("20") ? text + " " : "";
    }
    return found;
  };
  EXPECT_EQ(labels(Chart::Width::kFull), "2021 2022 2023 2024 2025 ");
  EXPECT_EQ(labels(Chart::Width::kThird), "2021 2022 2023 2025 ");
}

TEST(SceneHtml, EndLabelsArePushedApart) {
  Chart chart = small_chart();
  Panel& panel = chart.panels[0];
  panel.ends = {{0.1, "a", "+0.1", Role::kUp},
                {0.1, "b", "+0.1", Role::kDown},
                {0.101, "c", "", Role::kInk},
                {-9.0, "d", "", Role::kInk},
                {kNaN, "gone", "", Role::kInk}};
  const std::vector<double> tops = end_tops(to_html(chart));
  ASSERT_EQ(tops.size(), 4U) << "no label for a line without a value";
  for (std::size_t i = 1; i < tops.size(); ++i) {
    EXPECT_GE((tops[i] - tops[i - 1]) / 100.0 * panel.height_px, 15.0) << "two thirds of it on paper";
  }
  EXPECT_LE(tops.back(), 100.0);
}

TEST(SceneHtml, LongTablesShowTheEndOfEachPeriod) {
  std::vector<Date> dates;
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) {
    dates.push_back(Date::from_civil(2015, 1, 1) + i);
    values.push_back(i);
  }
  Table table;
  table.columns = {date_column("day", dates), number_column("v", Style::kCount, values, 0)};
  const std::vector<std::size_t> rows = thinned_rows(table, 60);
  EXPECT_LE(rows.size(), 60U);
  EXPECT_EQ(rows.back(), 1999U);
  EXPECT_EQ(cell_text(table.columns[0], rows.front()), "2015-03-31");
  EXPECT_EQ(thinned_rows(table, 5000).size(), 2000U);
}

TEST(SceneHtml, AnEmptyTableIsNoCrash) {
  Chart chart = small_chart();
  for (Column& column : chart.table.columns) {
    column.values.clear();
  }
  EXPECT_NE(to_html(chart).find("<figure"), std::string::npos);
}

}  // namespace
}  // namespace lode::report
