// The blocks of a document as HTML.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/document/document_html.h"

#include <gtest/gtest.h>

namespace lode::report {
namespace {

TEST(DocumentHtml, TableNamesItsRowsAndEscapesItsHeaders) {
  const CellTable table{"A & B", {"Name", "<b>"}, {{{"x", false}, {"1", true, "up"}}}, "dense"};
  const std::string html = to_html(table);
  EXPECT_NE(html.find("<caption>A &amp; B</caption>"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"col\" class=\"r\">&lt;b&gt;</th>"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"row\">x</th><td class=\"r up\">1</td>"), std::string::npos);
}

TEST(DocumentHtml, ReasonBoxEscapes) { EXPECT_EQ(to_html(reason_box("a < b")), "<p class=\"missing\">a &lt; b</p>\n"); }

TEST(DocumentHtml, ACardSaysWhichNumberItsTitleTells) {
  const std::string html = to_html(card("A < B", "", note("x"), Width::kHalf, "fall.1.depth", true));
  EXPECT_EQ(html,
            "<div class=\"card half flows\"><div class=\"head\"><h3 data-why=\"fall.1.depth\">A &lt; B</h3></div><p "
            "class=\"note\">x</p></div>\n");
}

TEST(DocumentHtml, ATreeEscapesAndNests) {
  const Tree tree{{{"a<", "b", {{"c", "", {}}}}, {"", "and 3 more", {}}}};
  EXPECT_EQ(
      to_html(Block{tree}),
      "<div class=\"tree\"><ul><li><span class=\"name\">a&lt;</span> <span class=\"faint\">b</span><ul><li><span "
      "class=\"name\">c</span> <span class=\"faint\"></span></li></ul></li><li class=\"faint\">and 3 more</li></ul>"
      "</div>");
}

TEST(DocumentHtml, ASectionWithNothingButAReasonSaysSo) {
  EXPECT_EQ(to_html(missing_section(4, "Shape", "not built")),
            "<section id=\"s4\" class=\"gone\" aria-labelledby=\"h4\"><h2 id=\"h4\"><span class=\"num\">4</span> "
            "Shape</h2><p class=\"missing\">not built</p>\n</section>\n");
}

}  // namespace
}  // namespace lode::report
