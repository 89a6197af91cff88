// The report on paper: the same numbers as on the page, in a file any viewer opens, with nothing cut.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/document_pdf.h"

#include <gtest/gtest.h>

#include <set>

#include "lode/core/report/pdf/test_pdf.h"
#include "lode/core/report/test_sheet.h"

namespace lode::report {
namespace {

using test::ReadPdf;
using test::squeezed;

const std::string& sample() {
  static const std::string kFile = render_factor_pdf(test::make_sheet(), test::make_page());
  return kFile;
}

std::string unescaped(std::string text) {
  for (const auto& [from, to] :
       {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
      text.replace(at, std::string_view(from).size(), to);
    }
  }
  return text;
}

// What stands between the tags of each askable number of the page.
std::vector<std::string> askable_words(const std::string& html) {
  const std::string words = html.substr(0, html.find("<script"));
  std::vector<std::string> out;
  for (std::size_t at = words.find(" data-why="); at != std::string::npos; at = words.find(" data-why=", at + 1)) {
    const std::size_t open = words.find('>', at) + 1;
    out.push_back(unescaped(words.substr(open, words.find("</", open) - open)));
  }
  return out;
}

void check_numbers(const evaluate::TearSheet& sheet, const FactorPage& page, std::size_t least) {
  const ReadPdf pdf(render_factor_pdf(sheet, page));
  const std::string paper = squeezed(pdf.text());
  const std::vector<std::string> asked = askable_words(render_factor_html(sheet, page));
  EXPECT_GE(asked.size(), least);
  for (const std::string& words : asked) {
    EXPECT_NE(paper.find(squeezed(words)), std::string::npos) << words;
  }
}

TEST(DocumentPdf, EveryNumberOfThePageStandsOnPaper) {
  check_numbers(test::make_sheet(), test::make_page(), 250);
  check_numbers(test::make_sheet({.sessions = 700, .horizons = {1, 2, 5, 10, 21}, .quantiles = 3, .cost_bps = 0.0}),
                test::make_page(), 200);
  check_numbers(test::make_sheet({.sessions = 70, .horizons = {5}, .quantiles = 10, .edge = -0.01, .groups = false}),
                test::make_page(), 50);
  FactorPage nothing;
  nothing.name = "nothing";
  check_numbers(test::empty_sheet(), nothing, 10);
}

TEST(DocumentPdf, SameInputGivesTheSameBytes) {
  EXPECT_EQ(sample(), render_factor_pdf(test::make_sheet(), test::make_page()));
  EXPECT_EQ(sample().find("CreationDate"), std::string::npos);
  EXPECT_EQ(sample().find("/usr/"), std::string::npos) << "no path of the machine";
}

TEST(DocumentPdf, TenYearsFitTwelvePagesAndAMegabyte) {
  test::SheetOptions options;
  options.horizons = {1, 5, 10, 21, 63};
  const std::string file = render_factor_pdf(test::make_sheet(options), test::make_page());
  EXPECT_LE(ReadPdf(file).pages.size(), 12U);
  EXPECT_LT(file.size(), 400U * 1024U);
}

TEST(DocumentPdf, ThePagesAreCountedAndNamed) {
  const ReadPdf pdf(sample());
  for (std::size_t page = 0; page < pdf.pages.size(); ++page) {
    const std::string words = pdf.text(page);
    EXPECT_NE(words.find("page " + std::to_string(page + 1) + " of " + std::to_string(pdf.pages.size()) + "\n"),
              std::string::npos);
    EXPECT_NE(words.find("run 5e0c91aa77de4f2b\n"), std::string::npos);
  }
}

TEST(DocumentPdf, TheFileSaysItsTitleAndLanguage) {
  const ReadPdf pdf(sample());
  EXPECT_NE(pdf.catalog.find("/Lang(en)"), std::string::npos);
  EXPECT_NE(pdf.catalog.find("/DisplayDocTitle true"), std::string::npos);
  EXPECT_NE(pdf.object(ReadPdf::first(pdf.trailer, "/Info "))
                .find("/Title " + pdf_text("Synthetic: reversal5, factor report")),
            std::string::npos);
}

// Outline and contents lead to the page on which the heading of the section stands.
TEST(DocumentPdf, OutlineAndContentsLeadToTheirSections) {
  const ReadPdf pdf(sample());
  std::map<int, std::size_t> page_of;
  const std::string tree = pdf.object(ReadPdf::first(pdf.catalog, "/Pages "));
  const char* kids = tree.c_str() + tree.find("/Kids[") + 6;
  for (std::size_t page = 0; page < pdf.pages.size(); ++page) {
    char* end = nullptr;
    page_of[static_cast<int>(std::strtol(kids, &end, 10))] = page;
    kids = end + 5;
  }
  int item = ReadPdf::first(pdf.object(ReadPdf::first(pdf.catalog, "/Outlines ")), "/First ");
  int count = 0;
  for (; item != 0; ++count) {
    const std::string& one = pdf.object(item);
    const std::size_t page = page_of.at(ReadPdf::first(one, "/Dest ["));
    const std::string title = one.substr(one.find("<FEFF"), one.find('>', one.find("<FEFF")) + 1 - one.find("<FEFF"));
    bool is_there = false;
    for (const test::PaperWords& words : pdf.words(page)) {
      is_there |= title.ends_with(pdf_text(" " + words.text).substr(5)) && words.size > 9.0;
    }
    EXPECT_TRUE(is_there) << one;
    item = one.find("/Next ") == std::string::npos ? 0 : ReadPdf::first(one, "/Next ");
  }
  EXPECT_EQ(count, 17);
  const std::string links = pdf.pages[0].substr(pdf.pages[0].find("/Annots["));
  const std::string page = render_factor_html(test::make_sheet(), test::make_page());
  int listed = 0;
  for (std::size_t at = page.find("<li><a href=\"#s"); at != std::string::npos;
       at = page.find("<li><a href=\"#s", at + 1)) {
    ++listed;
  }
  EXPECT_EQ(std::count(links.begin(), links.end(), 'R'), listed);
}

// Everything drawn lies on the page, and words inside its margins.
void check_bounds(const std::string& file) {
  const ReadPdf pdf(file);
  for (std::size_t page = 0; page < pdf.pages.size(); ++page) {
    for (const test::PaperWords& one : pdf.words(page)) {
      const auto face = static_cast<Face>(one.font[1] - '0');
      EXPECT_GE(one.x, kA4.side - 0.01) << one.text;
      EXPECT_LE(one.x + one.size * width_of(face, one.text), kA4.width - kA4.side + 0.6) << one.text;
      EXPECT_GE(one.y, kA4.top) << one.text;
      EXPECT_LE(one.y, kA4.height - 20.0) << one.text;
    }
    const std::string drawn = pdf.content(page);
    const std::vector<std::string_view> parts = split(drawn, ' ');
    for (std::size_t i = 2; i < parts.size(); ++i) {
      if (parts[i] == "m" || parts[i] == "l") {
        const double x = std::stod(std::string(parts[i - 2]));
        const double y = kA4.height - std::stod(std::string(parts[i - 1]));
        EXPECT_TRUE(x >= kA4.side - 1.0 && x <= kA4.width - kA4.side + 1.0 && y >= kA4.top - 1.0 &&
                    y <= kA4.height - kA4.bottom + 1.0)
            << "page " << page + 1 << ": " << x << " " << y;
      }
    }
  }
}

TEST(DocumentPdf, NothingIsCutByThePage) {
  check_bounds(sample());
  check_bounds(render_factor_pdf(test::make_sheet({.sessions = 260, .horizons = {21}, .quantiles = 20, .edge = 0.4}),
                                 test::make_page()));
}

TEST(DocumentPdf, LongTablesGoOnWithTheirHead) {
  CellTable table{"", {"Symbol", "a number"}, {}, ""};
  for (int i = 0; i < 200; ++i) {
    table.rows.push_back({{"name " + std::to_string(i), false}, {std::to_string(1000 + i)}});
  }
  Document document;
  document.title = "Long";
  document.sections.push_back(section(1, "Names", "which?", card("All of them", "", Block{table}, Width::kFull)));
  const std::string file = to_pdf(document);
  const ReadPdf pdf(file);
  ASSERT_GE(pdf.pages.size(), 4U);
  std::string all;
  for (std::size_t page = 0; page < pdf.pages.size(); ++page) {
    const std::string words = pdf.text(page);
    all += words;
    if (words.find("name ") != std::string::npos) {
      EXPECT_NE(words.find("Symbol\na number\n"), std::string::npos) << "page " << page + 1;
    }
  }
  for (int i = 0; i < 200; ++i) {
    const std::string row = "name " + std::to_string(i) + "\n";
    const std::size_t at = all.find(row);
    ASSERT_NE(at, std::string::npos) << i;
    EXPECT_EQ(all.find(row, at + 1), std::string::npos) << "a row stands once";
  }
  check_bounds(file);
}

// The page says why in a tooltip; paper has none.
TEST(DocumentPdf, ADashInATableSaysWhy) {
  CellTable table{
      "", {"Market", "rank IC"}, {{{"up", false}, {"+0.04"}}, {{"down", false}, {missing("15 dates, needs 60")}}}, ""};
  Document document;
  document.title = "Dashes";
  document.sections.push_back(section(1, "Regimes", "", Block{table}));
  EXPECT_NE(ReadPdf(to_pdf(document)).text().find("\xE2\x80\x93 15 dates, needs 60\n"), std::string::npos);
}

TEST(DocumentPdf, HostileTextIsOnlyText) {
  const std::string evil =
      "\">)\\<script>\x01\xFF \xF0\x9F\x98\x80 endobj endstream \xE4\xB8\xAD\xE6\x96\x87 " + std::string(400, 'w');
  evaluate::TearSheet sheet = test::make_sheet({.sessions = 200});
  sheet.verdict_sentence = evil;
  for (evaluate::GroupResult& group : sheet.groups) {
    group.group += evil;
  }
  for (evaluate::Check& check : sheet.checks) {
    check.title = check.result = check.note = evil;
  }
  FactorPage page = test::make_page();
  for (std::string* text : {&page.name, &page.formula, &page.universe, &page.command, &page.commit}) {
    *text = evil;
  }
  page.options = {{evil, evil}};
  page.lineage = {{evil, evil, {{evil, evil, {}}}}};
  const std::string file = render_factor_pdf(sheet, page);
  const ReadPdf pdf(file);
  EXPECT_NE(squeezed(pdf.text()).find("<script>"), std::string::npos);
  EXPECT_NE(pdf.text().find("\xE4\xB8\xAD\xE6\x96\x87"), std::string::npos) << "drawn as boxes, copied as they are";
  check_bounds(file);
}

TEST(DocumentPdf, LetterPaperIsAsWideAsItSays) {
  Document document;
  document.title = "Letter";
  document.sections.push_back(section(1, "One", "", note("Words.")));
  EXPECT_NE(to_pdf(document, kLetter).find("/MediaBox[0 0 612 792]"), std::string::npos);
}

}  // namespace
}  // namespace lode::report
