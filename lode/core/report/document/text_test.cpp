// Lines of words, and what becomes of them in HTML.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/document/text.h"

#include <gtest/gtest.h>

#include "lode/core/report/document/document_html.h"

namespace lode::report {
namespace {

TEST(Text, ProseHasAMinusSignBeforeNumbersOnly) {
  EXPECT_EQ(prose("IC -0.02 (-.03 .. 1), 2015-01-02, q5-q1, a -> b").plain(),
            "IC \xE2\x88\x92"
            "0.02 (\xE2\x88\x92.03 .. 1), 2015-01-02, q5-q1, a -> b");
}

TEST(Text, ProseKeepsANumberAndItsPercentOnOneLine) {
  EXPECT_EQ(prose("net +2.5 %/yr of 3 names, % of 1").plain(), "net +2.5\xE2\x80\xAF%/yr of 3 names, % of 1");
}

TEST(Text, WordsTakeTheirPartsInOrder) {
  const Text text = words("from {} to {}.", {report::Run{"1", report::Run::Kind::kNumber, false, "a.b"}, faint("2")});
  EXPECT_EQ(text.plain(), "from 1 to 2.");
  ASSERT_EQ(text.runs().size(), 5U);
  EXPECT_EQ(text.runs()[1].why, "a.b");
  EXPECT_TRUE(text.runs()[3].faint);
  EXPECT_EQ(to_html(Text(report::Run{"0.91, limit 0.95", report::Run::Kind::kPlain, false, "honesty.dsr"})),
            "<span class=\"w\" data-why=\"honesty.dsr\">0.91, limit 0.95</span>");
  EXPECT_EQ(to_html(text), "from <span class=\"n\" data-why=\"a.b\">1</span> to <span class=\"faint\">2</span>.");
}

TEST(Text, ALineThatIsFaintIsOneInHtml) {
  const Text text =
      faint(words("naive {}, lag {}", {report::Run{"4", report::Run::Kind::kNumber, false, "t"}, code("<8>")}));
  EXPECT_EQ(to_html(text),
            "<span class=\"faint\">naive <span class=\"n\" data-why=\"t\">4</span>, lag <code>&lt;8&gt;</code></span>");
}

TEST(Text, AMissingNumberIsADashWithItsReason) {
  EXPECT_EQ(to_html(missing("a \"b\"")), "<span class=\"na\" title=\"a &quot;b&quot;\">\xE2\x80\x93</span>");
  EXPECT_TRUE(Text("").empty());
}

}  // namespace
}  // namespace lode::report
