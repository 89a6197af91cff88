// The whole page: charts against tables, size, determinism, escaping, structure, and sheets with nothing in them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/tear_sheet_page.h"

#include <gtest/gtest.h>

#include <set>

#include "lode/base/hash.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/report/html.h"
#include "lode/core/report/page/assets.h"
#include "lode/core/report/scene/test_chart.h"
#include "lode/core/report/test_sheet.h"

namespace lode::report {
namespace {

const std::string& sample() {
  static const std::string kPage = render_factor_html(test::make_sheet(), test::make_page());
  return kPage;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

// The page without style, script and data: what a reader reads.
std::string markup(const std::string& page) {
  std::string out = page;
  for (const auto& [open, close] : {std::pair{"<style>", "</style>"}, {"<script", "</script>"}}) {
    for (std::size_t at = out.find(open); at != std::string::npos; at = out.find(open)) {
      out.erase(at, out.find(close, at) + std::string_view(close).size() - at);
    }
  }
  return out;
}

void check_charts(const std::string& page, std::size_t least) {
  const std::vector<test::ReadChart> charts = test::read_charts(page);
  const Value data = test::read_data(page);
  ASSERT_NE(data.find("charts"), nullptr);
  EXPECT_GE(charts.size(), least);
  EXPECT_EQ(charts.size(), data.find("charts")->as_object().size());
  std::set<std::string> ids;
  for (const test::ReadChart& chart : charts) {
    EXPECT_TRUE(ids.insert(chart.id).second) << chart.id << " stands twice";
    const Value* table = data.find("charts")->find(chart.id);
    ASSERT_NE(table, nullptr) << chart.id;
    test::ChartCheck(chart, test::read_table(*table)).run();
  }
}

TEST(TearSheetPage, EveryChartDrawsItsTable) { check_charts(sample(), 15); }

TEST(TearSheetPage, ChartsHoldForOtherShapes) {
  for (const test::SheetOptions& options :
       {test::SheetOptions{.sessions = 70, .horizons = {5}, .quantiles = 10, .edge = -0.01, .groups = false},
        test::SheetOptions{.sessions = 700, .horizons = {1, 2, 5, 10, 21}, .quantiles = 3, .cost_bps = 0.0},
        test::SheetOptions{.sessions = 260, .horizons = {21}, .quantiles = 20, .edge = 0.4}}) {
    check_charts(render_factor_html(test::make_sheet(options), test::make_page()), 10);
  }
}

TEST(TearSheetPage, SameInputGivesTheSameBytes) {
  EXPECT_EQ(sample(), render_factor_html(test::make_sheet(), test::make_page()));
}

TEST(TearSheetPage, TenYearsFitTheBudget) {
  EXPECT_LT(sample().size(), 450U * 1024U);
  test::SheetOptions options;
  options.horizons = {1, 5, 10, 21, 63};
  EXPECT_LT(render_factor_html(test::make_sheet(options), test::make_page()).size(), 450U * 1024U);
  EXPECT_LE(page_script().size(), 40U * 1024U);
}

TEST(TearSheetPage, NothingRemoteIsNamed) {
  const std::string& page = sample();
  const std::string markup_of_sample = markup(page);
  EXPECT_EQ(count_of(page, "http:") + count_of(page, "https:") + count_of(page, "url(") + count_of(page, "@import"),
            0U);
  for (const std::string_view tag : test::tags(markup_of_sample)) {
    for (const char* name : {"src", "href"}) {
      const std::string target = test::attribute(tag, name);
      EXPECT_TRUE(target.empty() || target.starts_with("#") || target.starts_with("data:image/png;base64,")) << target;
    }
  }
}

TEST(TearSheetPage, ThePolicyNamesTheScriptThatIsThere) {
  const std::string& page = sample();
  const std::size_t open = page.rfind("<script>") + 8;
  const std::string script = page.substr(open, page.rfind("</script>") - open);
  EXPECT_EQ(script, page_script());
  std::string raw;
  const std::string digits = sha256_hex(script);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    raw += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  EXPECT_NE(page.find("script-src 'sha256-" + base64(raw) + "'"), std::string::npos);
  const std::string words = markup(page);
  for (const std::string_view tag : test::tags(words)) {
    for (const char* handler : {"onclick", "onload", "onerror", "onmouseover", "onfocus"}) {
      EXPECT_TRUE(test::attribute(tag, handler).empty()) << tag;
    }
  }
}

TEST(TearSheetPage, EveryAskableNumberIsANumberOfTheSheet) {
  std::set<std::string> paths;
  for (const evaluate::Number& number : evaluate::numbers(test::make_sheet())) {
    paths.insert(escape(number.path));
  }
  std::size_t asked = 0;
  const std::string page = markup(sample());
  for (const std::string_view tag : test::tags(page)) {
    const std::string why = test::attribute(tag, "data-why");
    if (!why.empty()) {
      EXPECT_TRUE(paths.contains(why)) << why;
      ++asked;
    }
  }
  EXPECT_GT(asked, 100U);
  EXPECT_EQ(count_of(sample(), "not computed\""), 0U) << "every path the page prints exists";
}

TEST(TearSheetPage, PrintsWhatTheSheetSays) {
  evaluate::TearSheet sheet = test::make_sheet();
  evaluate::HorizonResult& headline = sheet.horizons[static_cast<std::size_t>(sheet.headline)];
  headline.rank_ic.mean = {0.02434, 0.0129, 0.0357, 2514, ""};
  headline.spread.net_annual = {-0.0113, -0.031, 0.0084, 2514, ""};
  const std::string page = render_factor_html(sheet, test::make_page());
  EXPECT_NE(page.find("data-why=\"rank_ic.5d.mean\">+0.0243</span>"), std::string::npos);
  EXPECT_NE(page.find("+0.0129 .. +0.0357"), std::string::npos);
  EXPECT_NE(page.find("data-why=\"spread.5d.net_annual\">\xE2\x88\x92"
                      "1.13"),
            std::string::npos);
}

TEST(TearSheetPage, HasTheStructureAReaderNeeds) {
  const std::string page = markup(sample());
  EXPECT_NE(page.find("<html lang=\"en\">"), std::string::npos);
  EXPECT_EQ(count_of(page, "<h1"), 1U);
  EXPECT_NE(page.find("<a class=\"skip\" href=\"#main\">"), std::string::npos);
  for (const char* landmark : {"<header>", "<nav aria-label=", "<main id=\"main\">", "<footer>"}) {
    EXPECT_EQ(count_of(page, landmark), 1U) << landmark;
  }
  int last = 0;
  for (const std::string_view tag : test::tags(page)) {
    if (tag.size() >= 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6') {
      const int level = tag[1] - '0';
      EXPECT_LE(level, last + 1) << "headings go down one at a time";
      last = level;
    }
  }
  EXPECT_EQ(count_of(page, "<figure"), count_of(page, "role=\"img\""));
  EXPECT_EQ(count_of(page, "<figure"), count_of(page, "<details class=\"data\"><summary>Table"));
  EXPECT_EQ(count_of(page, "aria-label=\"\""), 0U);
  for (int number = 1; number <= 17; ++number) {
    EXPECT_EQ(count_of(page, "<section id=\"s" + std::to_string(number) + "\""), 1U) << number;
  }
}

TEST(TearSheetPage, IdsAreUnique) {
  std::set<std::string> ids;
  const std::string page = markup(sample());
  for (const std::string_view tag : test::tags(page)) {
    const std::string id = test::attribute(tag, "id");
    EXPECT_TRUE(id.empty() || ids.insert(id).second) << id;
  }
}

TEST(TearSheetPage, TagsAreBalanced) {
  const std::set<std::string> alone{"meta", "link", "path", "rect", "!doctype"};
  std::vector<std::string> open;
  const std::string page = markup(sample());
  for (const std::string_view tag : test::tags(page)) {
    const bool closing = tag.front() == '/';
    const std::string name(tag.substr(closing ? 1 : 0, tag.find_first_of(" >/", 1) - (closing ? 1 : 0)));
    if (closing) {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ(open.back(), name);
      open.pop_back();
    } else if (!alone.contains(name)) {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(TearSheetPage, HostileNamesStayText) {
  const std::string evil = "\"><script>alert(1)</script><img src=x onerror='a'>&\xFF";
  evaluate::TearSheet sheet = test::make_sheet({.sessions = 200});
  sheet.verdict_sentence = evil;
  for (evaluate::GroupResult& group : sheet.groups) {
    group.group += evil;
  }
  for (evaluate::Check& check : sheet.checks) {
    check.title = check.result = check.note = evil;
  }
  FactorPage page = test::make_page();
  for (std::string* text : {&page.name, &page.formula, &page.profile, &page.universe, &page.run_hash,
                            &page.code_version, &page.as_of, &page.commit, &page.command, &page.convention}) {
    *text = evil;
  }
  page.warnings = {evil};
  page.options = {{evil, evil}};
  page.lineage = {{evil, evil, {{evil, evil, {}}}}};
  page.examples_top = page.examples_bottom = {{evil, evil}};
  const std::string html = render_factor_html(sheet, page);
  EXPECT_EQ(count_of(html, "<script"), 2U) << "the data and our own";
  EXPECT_EQ(count_of(html, "<img"), 0U);
  EXPECT_EQ(count_of(html, "alert(1)</script>"), 0U);
  EXPECT_EQ(count_of(html, "\xFF"), 0U);
  const std::string words = markup(html);
  for (const std::string_view tag : test::tags(words)) {
    EXPECT_TRUE(test::attribute(tag, "onerror").empty());
  }
}

TEST(TearSheetPage, AnEmptySheetSaysWhy) {
  FactorPage page;
  page.name = "nothing";
  const std::string html = render_factor_html(test::empty_sheet(), page);
  check_charts(html, 0);
  const std::string words = markup(html);
  EXPECT_GT(count_of(words, "3 days, needs 60"), 3U);
  EXPECT_NE(words.find("no group data"), std::string::npos);
  EXPECT_NE(words.find("unknown, treat as 1 of many"), std::string::npos);
  for (const char* word : {">nan", "NaN", ">inf", "-nan"}) {
    EXPECT_EQ(count_of(words, word), 0U) << word;
  }
}

TEST(TearSheetPage, MissingPartsLeaveAReason) {
  test::SheetOptions options;
  options.groups = false;
  evaluate::TearSheet sheet = test::make_sheet(options);
  sheet.years.clear();
  sheet.decay.clear();
  sheet.checks.clear();
  FactorPage page = test::make_page();
  page.lineage.clear();
  page.examples_top.clear();
  page.examples_bottom.clear();
  page.command.clear();
  const std::string html = markup(render_factor_html(sheet, page));
  for (const char* reason : {"no group data: load it with lode data import FILE --table groups", "no calendar year",
                             "no horizon of the decay ladder", "no lineage was recorded",
                             "the command was not recorded", "No check was recorded", "no names: no date"}) {
    EXPECT_NE(html.find(reason), std::string::npos) << reason;
  }
}

// The series may hold gaps and infinities in any place; nothing of that may reach the page as a number.
TEST(TearSheetPage, SurvivesGapsAndInfinities) {
  evaluate::TearSheet sheet = test::make_sheet({.sessions = 400});
  evaluate::HorizonResult& headline = sheet.horizons[static_cast<std::size_t>(sheet.headline)];
  const double infinity = std::numeric_limits<double>::infinity();
  for (std::size_t t = 0; t < 400; t += 3) {
    headline.rank_ic_series[t] = test::kNaN;
    headline.net_series[t] = t % 2 == 0 ? test::kNaN : infinity;
    headline.quantile_series[1][t] = t % 2 == 0 ? test::kNaN : -infinity;
  }
  headline.net_series[100] = -1.5;  // More than everything: the growth scale has no place for it.
  headline.quantiles[2].mean_return = {test::kNaN, test::kNaN, test::kNaN, 0, "no names"};
  sheet.groups[3].rank_ic = sheet.groups[3].lower = sheet.groups[3].upper = test::kNaN;
  sheet.years[0].rank_ic = test::kNaN;
  sheet.decay[2] = {3, test::kNaN, test::kNaN, test::kNaN};
  sheet.rank_autocorrelation[0] = test::kNaN;
  const std::string html = render_factor_html(sheet, test::make_page());
  check_charts(html, 10);
  EXPECT_GT(count_of(html, "data-clipped=\"-1\""), 0U) << "a total loss is marked at the edge";
  for (const char* word : {">nan", "NaN%", ">inf", "-nan"}) {
    EXPECT_EQ(count_of(markup(html), word), 0U) << word;
  }
}

TEST(TearSheetPage, NumbersInASubtitleCanBeAskedForToo) {
  const std::string page = markup(sample());
  for (const auto& [figure, path] : {std::pair("f-legs", "spread.5d.long_annual"),
                                     {"f-legs", "spread.5d.short_annual"},
                                     {"f-coverage", "coverage.cells_universe"},
                                     {"f-names", "coverage.min_names"}}) {
    const std::size_t begin = page.find(std::string("id=\"") + figure + "\"");
    ASSERT_NE(begin, std::string::npos) << figure;
    const std::string caption = page.substr(begin, page.find("</figcaption>", begin) - begin);
    EXPECT_NE(caption.find(std::string("<span class=\"n\" data-why=\"") + path + "\">"), std::string::npos)
        << path << " in " << caption;
  }
}

// One line of cost against net: it starts at gross, passes the printed net at the cost charged, and crosses zero at the
// printed break-even.
TEST(TearSheetPage, TheCostLineAgreesWithThePrintedNumbers) {
  const evaluate::TearSheet sheet = test::make_sheet();
  const Value data = test::read_data(sample());
  const test::Columns table = test::read_table(*data.find("charts")->find("cost"));
  for (std::size_t i = 0; i < sheet.horizons.size(); ++i) {
    const evaluate::SpreadStatistics& spread = sheet.horizons[i].spread;
    const std::vector<double>& net = table[i + 1];
    EXPECT_NEAR(net[0], spread.gross_annual.value, 1e-6);
    EXPECT_NEAR(net[10], spread.net_annual.value, 1e-6);
    const auto below = static_cast<std::size_t>(spread.breakeven_bps);
    ASSERT_LT(below + 1, net.size());
    EXPECT_GT(net[below], 0.0);
    EXPECT_LT(net[below + 1], 0.0);
  }
}

TEST(TearSheetPage, TheLastValuesOfThePathAreTheCompoundedSeries) {
  const evaluate::TearSheet sheet = test::make_sheet();
  const evaluate::HorizonResult& headline = sheet.headline_horizon();
  double wealth = 1.0;
  for (const double value : headline.net_series) {
    wealth *= value == value ? 1.0 + value : 1.0;
  }
  const Value data = test::read_data(sample());
  EXPECT_NEAR(test::read_table(*data.find("charts")->find("path"))[2].back(), wealth - 1.0, 1e-5);
}

TEST(TearSheetPage, SaysWhatIsNotARealMarket) {
  FactorPage page = test::make_page();
  EXPECT_NE(sample().find("<title>Synthetic: reversal5, factor report</title>"), std::string::npos);
  page.synthetic = false;
  page.survivor_biased = true;
  const std::string html = render_factor_html(test::make_sheet({.sessions = 200}), page);
  EXPECT_EQ(html.find("Synthetic"), std::string::npos);
  EXPECT_NE(html.find("survivor-biased"), std::string::npos);
}

TEST(TearSheetPage, GrossOnlySaysSoInTheHeader) {
  const std::string html = render_factor_html(test::make_sheet({.sessions = 200, .cost_bps = 0.0}), test::make_page());
  EXPECT_NE(html.find("none: net equals gross"), std::string::npos);
}

}  // namespace
}  // namespace lode::report
