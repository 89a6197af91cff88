// The report of a comparison: numbers of each factor under its run, charts that draw their tables, words by rule.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/comparison/comparison.h"

#include <gtest/gtest.h>

#include <set>

#include "lode/core/evaluate/numbers.h"
#include "lode/core/report/html.h"
#include "lode/core/report/pdf/test_pdf.h"
#include "lode/core/report/scene/test_chart.h"
#include "lode/core/report/test_sheet.h"

namespace lode::report {
namespace {

using evaluate::CheckState;

// Factors of planted edges and their comparison; the sheets live as long as it.
struct Sample {
  std::vector<evaluate::TearSheet> sheets;
  Comparison comparison;
};

evaluate::Correlations correlations(std::size_t count, double off_diagonal) {
  evaluate::Correlations out{count, std::vector<double>(count * count, off_diagonal),
                             std::vector<int>(count * count, 500)};
  for (std::size_t i = 0; i < count; ++i) {
    out.cells[i * count + i] = 1.0;
  }
  return out;
}

Sample sample(std::size_t count, int sessions = 520) {
  Sample out;
  for (std::size_t i = 0; i < count; ++i) {
    test::SheetOptions options;
    options.sessions = sessions;
    options.seed = 7 + i;
    options.edge = 0.024 - 0.006 * static_cast<double>(i);
    out.sheets.push_back(test::make_sheet(options));
  }
  for (std::size_t i = 0; i < count; ++i) {
    out.comparison.factors.push_back({"factor_" + std::to_string(i), "rank(ts_delta(close, " + std::to_string(i) + "))",
                                      "0be204fbd49a6e6c92f40a14f25400" + std::to_string(10 + i), nullptr, 0.2, 0.4});
    out.comparison.factors.back().run_hash.replace(0, 2, std::to_string(10 + i));
  }
  out.comparison.values = correlations(count, 0.12);
  out.comparison.books = correlations(count, -0.3);
  out.comparison.universe = "liquid500";
  out.comparison.synthetic = true;
  out.comparison.convention = "next_open";
  out.comparison.commit = "lake commit 37";
  out.comparison.as_of = "now";
  out.comparison.code_version = "lode 0.1.0";
  out.comparison.command = "lode factor compare factor_0 factor_1";
  out.comparison.trials = 9;
  return out;
}

const Comparison& wired(Sample& of) {
  for (std::size_t i = 0; i < of.sheets.size(); ++i) {
    of.comparison.factors[i].sheet = &of.sheets[i];
  }
  return of.comparison;
}

std::string page_of(Sample of) { return render_comparison_html(wired(of)); }

std::string markup(const std::string& page) {
  std::string out = page.substr(0, page.find("<script"));
  return out.erase(out.find("<style>"), out.find("</style>") - out.find("<style>"));
}

void check_charts(const std::string& page) {
  const Value data = test::read_data(page);
  const std::vector<test::ReadChart> charts = test::read_charts(page);
  EXPECT_EQ(charts.size(), data.find("charts")->as_object().size());
  for (const test::ReadChart& chart : charts) {
    const Value* table = data.find("charts")->find(chart.id);
    ASSERT_NE(table, nullptr) << chart.id;
    test::ChartCheck(chart, test::read_table(*table)).run();
  }
}

TEST(Comparison, EveryChartDrawsItsTable) {
  check_charts(page_of(sample(3)));
  check_charts(page_of(sample(8)));
}

TEST(Comparison, UpToFiveShareAChartAndMoreHaveTheirOwnOnOneScale) {
  const std::string five = markup(page_of(sample(5)));
  EXPECT_NE(five.find("id=\"f-paths\""), std::string::npos);
  EXPECT_EQ(five.find("id=\"f-path-A\""), std::string::npos);
  const std::string six = page_of(sample(6));
  EXPECT_EQ(six.find("id=\"f-paths\""), std::string::npos);
  std::set<std::string> scales;
  for (const char* id : {"f-path-A", "f-path-F"}) {
    const std::size_t at = six.find(std::string("id=\"") + id + "\"");
    ASSERT_NE(at, std::string::npos) << id;
    const std::size_t open = six.find("data-y=\"", at) + 8;
    scales.insert(six.substr(open, six.find('"', open) - open));
  }
  EXPECT_EQ(scales.size(), 1U);
}

// "10e204fbd49a.rank_ic.5d.mean": the run's first digits, then the path; the value is that of the run's own sheet.
TEST(Comparison, EveryNumberIsThatOfItsRun) {
  Sample of = sample(4);
  const std::string page = render_comparison_html(wired(of));
  const Value data = test::read_data(page);
  const std::string words = markup(page);
  std::size_t asked = 0;
  for (const std::string_view tag : test::tags(words)) {
    const std::string why = test::attribute(tag, "data-why");
    if (why.empty()) {
      continue;
    }
    ++asked;
    const Value* told = data.find("numbers")->find(why);
    ASSERT_NE(told, nullptr) << why;
    const auto run = static_cast<std::size_t>(std::stoi(why.substr(0, 2)) - 10);
    for (const evaluate::Number& number : evaluate::numbers(of.sheets[run])) {
      if (number.path == why.substr(13) && number.value == number.value) {
        EXPECT_EQ(told->as_array()[0].as_double(), number.value) << why;
      }
    }
  }
  EXPECT_GT(asked, 70U);
  EXPECT_EQ(words.find("not computed\""), std::string::npos) << "every path the page prints exists";
}

TEST(Comparison, PrintsTheHeadlineOfEachWithItsInterval) {
  Sample of = sample(2);
  evaluate::HorizonResult& second = of.sheets[1].horizons[static_cast<std::size_t>(of.sheets[1].headline)];
  second.rank_ic.mean = {0.02434, 0.0129, 0.0357, 514, ""};
  second.spread.sharpe = 1.234;
  second.spread.net_annual = {-0.0113, -0.031, 0.0084, 514, ""};
  const std::string words = markup(page_of(of));
  EXPECT_NE(words.find("data-why=\"11e204fbd49a.rank_ic.5d.mean\">+0.0243</span>"), std::string::npos);
  EXPECT_NE(words.find("+0.0129 .. +0.0357"), std::string::npos);
  EXPECT_NE(words.find("data-why=\"11e204fbd49a.spread.5d.sharpe\">+1.23</span>"), std::string::npos);
  EXPECT_NE(words.find("\xE2\x88\x92"
                       "3.10 .. +0.84"),
            std::string::npos)
      << "both ends in the decimals of the value";
}

TEST(Comparison, TheMostAlikePairIsNamed) {
  Sample of = sample(3);
  of.comparison.books = correlations(3, -0.3);
  of.comparison.values.cells[1] = of.comparison.values.cells[3] = -0.5;
  EXPECT_NE(page_of(of).find("The most alike are factor_0 and factor_1: their ranks correlate \xE2\x88\x92"
                             "0.50"),
            std::string::npos);
  of.comparison.values.cells[5] = of.comparison.values.cells[7] = 0.7;
  EXPECT_NE(page_of(of).find("factor_1 and factor_2 are nearly one: their ranks correlate +0.70"), std::string::npos);
  of.comparison.books.cells[2] = of.comparison.books.cells[6] = -0.82;
  EXPECT_NE(page_of(of).find("factor_0 and factor_2 are nearly one: their books correlate \xE2\x88\x92"
                             "0.82"),
            std::string::npos);
  of.comparison.values = of.comparison.books = correlations(3, test::kNaN);
  const std::string none = page_of(of);
  EXPECT_NE(none.find("No two of them have dates enough in common"), std::string::npos);
  EXPECT_NE(none.find("too few sessions in common"), std::string::npos);
}

// Values above the diagonal, books below it; a colour only for what does not print as zero.
TEST(Comparison, LikenessHasValuesAboveAndBooksBelow) {
  Sample of = sample(2);
  of.comparison.values.cells[1] = of.comparison.values.cells[2] = 0.31;
  of.comparison.books.cells[1] = of.comparison.books.cells[2] = -0.004;
  const std::string words = markup(page_of(of));
  const std::size_t table = words.find("class=\"heatmap\"");
  const std::size_t above = words.find("<td class=\"r heat u2\">+0.31</td>", table);
  const std::size_t below = words.find("<td class=\"r\">0.00</td>", table);
  ASSERT_NE(above, std::string::npos);
  ASSERT_NE(below, std::string::npos);
  EXPECT_LT(above, below);
}

TEST(Comparison, OnlyChecksThatNotAllPassAreListed) {
  Sample of = sample(2);
  for (evaluate::TearSheet& sheet : of.sheets) {
    sheet.checks = {{"a", "Both pass", CheckState::kPassed, "", ""}, {"b", "One fails", CheckState::kPassed, "", ""}};
  }
  of.sheets[1].checks[1].state = CheckState::kFailed;
  of.sheets[0].checks.push_back({"c", "Of one alone", CheckState::kPassed, "", ""});
  const std::string words = markup(page_of(of));
  EXPECT_EQ(words.find(">Both pass<"), std::string::npos);
  EXPECT_NE(words.find("2 of 3 checks need a look at one factor or more"), std::string::npos);
  EXPECT_NE(words.find(">One fails</th><td class=\" faint\">passed</td><td class=\" strong down\">failed</td>"),
            std::string::npos);
  EXPECT_NE(words.find("title=\"not checked\""), std::string::npos);
  EXPECT_NE(words.find("9 trials counted on this universe"), std::string::npos);
}

TEST(Comparison, VerdictsAreCountedAndLeftOutFactorsTold) {
  Sample of = sample(3);
  of.sheets[1].verdict = evaluate::Verdict::kStrong;
  of.sheets[1].verdict_sentence = "Predicts 5 days ahead (rank IC -0.04).";
  of.comparison.left_out = {{"rank(clsoe)", "no field called 'clsoe'"}};
  of.comparison.factors[1].q = 0.0004;
  const std::string words = markup(page_of(of));
  EXPECT_NE(words.find("1 of 3 factors is strong"), std::string::npos);
  EXPECT_NE(words.find("(rank IC \xE2\x88\x92"
                       "0.04)"),
            std::string::npos);
  EXPECT_NE(words.find("rank(clsoe) was left out: no field called &#39;clsoe&#39;"), std::string::npos);
  EXPECT_NE(words.find("&lt; 0.001"), std::string::npos) << "a q is never told as 0";
}

// Data may reach decades past the dates that count.
TEST(Comparison, TheSpanIsThatOfTheDatesThatCount) {
  Sample of = sample(2);
  const std::vector<Date> days = of.sheets[0].sessions;
  const std::string words = markup(page_of(of));
  EXPECT_NE(words.find(to_string(days[6]) + " .. " + to_string(days.back())), std::string::npos)
      << "six sessions are warm-up";
}

TEST(Comparison, LongNamesAreLettersInChartsAndTables) {
  Sample of = sample(2);
  of.comparison.factors[1].name = "rank(ts_sum(returns, 250) - ts_sum(returns, 20))";
  const std::string words = markup(page_of(of));
  EXPECT_NE(words.find("<code>rank(ts_sum(returns, 250) - ts_sum(returns, 20))</code>"), std::string::npos);
  EXPECT_NE(words.find(">A  factor_0</th>"), std::string::npos);
  EXPECT_NE(words.find("<th scope=\"row\">B</th>"), std::string::npos);
}

TEST(Comparison, PaperHasTheNumbersOfThePage) {
  Sample of = sample(7);
  const Comparison& comparison = wired(of);
  const test::ReadPdf pdf(render_comparison_pdf(comparison));
  const std::string paper = test::squeezed(pdf.text());
  const std::string words = markup(render_comparison_html(comparison));
  std::size_t asked = 0;
  for (std::size_t at = words.find(" data-why="); at != std::string::npos; at = words.find(" data-why=", at + 1)) {
    const std::size_t open = words.find('>', at) + 1;
    const std::string number = words.substr(open, words.find("</", open) - open);
    EXPECT_NE(paper.find(test::squeezed(number)), std::string::npos) << number;
    ++asked;
  }
  EXPECT_GT(asked, 120U);
  EXPECT_NE(pdf.text().find("report "), std::string::npos);
  EXPECT_LE(pdf.pages.size(), 8U);
}

TEST(Comparison, SameInputGivesTheSameBytesAndAnotherRunAnotherId) {
  Sample of = sample(2);
  const std::string first = render_comparison_html(wired(of));
  EXPECT_EQ(first, render_comparison_html(wired(of)));
  EXPECT_EQ(render_comparison_pdf(wired(of)), render_comparison_pdf(wired(of)));
  const auto id = [](const std::string& page) { return page.substr(page.find("lode-run\" content=\"") + 19, 32); };
  of.comparison.factors[1].run_hash.back() = 'f';
  EXPECT_NE(id(render_comparison_html(wired(of))), id(first));
}

TEST(Comparison, TwentyFactorsOverTenYearsFitAMegabyte) { EXPECT_LT(page_of(sample(20, 2520)).size(), 1'000'000U); }

TEST(Comparison, SheetsWithNothingInThemSayWhy) {
  Sample of = sample(2);
  of.sheets[0] = of.sheets[1] = test::empty_sheet();
  const std::string words = markup(page_of(of));
  EXPECT_NE(words.find("no spread has returns"), std::string::npos);
  EXPECT_NE(words.find("no horizon of the decay ladders"), std::string::npos);
  EXPECT_NE(words.find("no calendar year"), std::string::npos);
  EXPECT_NE(words.find("3 days, needs 60"), std::string::npos);
  for (const char* word : {">nan", "NaN", ">inf", "-nan"}) {
    EXPECT_EQ(words.find(word), std::string::npos) << word;
  }
}

TEST(Comparison, HostileNamesStayText) {
  const std::string evil = "\"><script>alert(1)</script>&\xFF";
  Sample of = sample(2);
  for (ComparedFactor& factor : of.comparison.factors) {
    factor.name = factor.formula = evil;
  }
  for (std::string* text : {&of.comparison.universe, &of.comparison.command, &of.comparison.commit}) {
    *text = evil;
  }
  of.comparison.left_out = {{evil, evil}};
  of.comparison.warnings = {evil};
  const std::string page = page_of(of);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find('\xFF'), std::string::npos);
}

}  // namespace
}  // namespace lode::report
