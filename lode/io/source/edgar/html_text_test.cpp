// Text of filed HTML.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/html_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/text.h"
#include "lode/market/test_data.h"

namespace lode::source::edgar {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HtmlText, KeepsWordsWholeAndBlocksApart) {
  EXPECT_EQ(html_text("<p>A<b>p</b>ple &amp; <i>Co</i></p><p>next</p>"), "Apple & Co\nnext\n");
  EXPECT_EQ(html_text("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td></tr></table>"), "a 1\nb\n");
  EXPECT_EQ(html_text("one<br>two<BR/>three"), "one\ntwo\nthree\n");
  EXPECT_EQ(html_text("  a \n\n  b  "), "a b\n");
}

TEST(HtmlText, LeavesOutWhatIsNoText) {
  EXPECT_EQ(html_text("<style>p{}</style>a<script>if (a<b) {}</script>b<!-- c > d -->e"), "abe\n");
  EXPECT_EQ(html_text("<ix:header><ix:hidden>0000320193</ix:hidden></ix:header>x"), "x\n");
  EXPECT_EQ(html_text("<?xml version=\"1.0\"?><a><b/>c</a>"), "c\n");
  EXPECT_EQ(html_text("<ix:nonNumeric name=\"x\">a</ix:nonNumeric>b"), "ab\n");
}

TEST(HtmlText, ResolvesEntitiesAndWindowsBytes) {
  EXPECT_EQ(html_text("&ldquo;a&#8217;s&#146;&nbsp;b&rdquo; 5 &lt; 6 &unknown; &"),
            "\xE2\x80\x9C"
            "a\xE2\x80\x99s\xE2\x80\x99 b\xE2\x80\x9D 5 < 6 &unknown; &\n");
  EXPECT_EQ(html_text("a\x92s"), "a\xE2\x80\x99s\n");
  EXPECT_EQ(html_text("caf\xC3\xA9"), "caf\xC3\xA9\n");
}

TEST(HtmlText, TakesBrokenHtmlToItsEnd) {
  EXPECT_EQ(html_text("a < b <3 c"), "a < b <3 c\n");
  EXPECT_EQ(html_text("a<b"), "a\n");
  EXPECT_EQ(html_text("a<!-- b"), "a\n");
  EXPECT_EQ(html_text("a<script>b"), "a\n");
  EXPECT_EQ(html_text("<"), "<\n");
  EXPECT_EQ(html_text("</"), "");
  EXPECT_EQ(html_text(""), "");
}

TEST(HtmlText, ReadsRecordedReports) {
  LODE_NEEDS_DATA("edgar/docs");
  const std::string report = html_text(read_test_data("edgar/docs/aapl-10-k-2024-11-01.html.gz"));
  EXPECT_THAT(report, HasSubstr("Item 1A."));
  EXPECT_THAT(report, HasSubstr("iPhone"));
  EXPECT_THAT(report, Not(HasSubstr("</")));
  EXPECT_TRUE(is_utf8(report));
  EXPECT_GT(report.size(), 100'000U);
  const std::string release = html_text(read_test_data("edgar/docs/BuckleInc.8-K.EX99.1.html"));
  EXPECT_THAT(release, HasSubstr("The Buckle, Inc."));
}

TEST(HtmlText, PlainTextKeepsItsLinesWithoutPageMarks) {
  EXPECT_EQ(plain_text("A   b\n<PAGE>\n\n  c\r<TABLE>\rd"), "A b\nc\nd\n");
}

}  // namespace
}  // namespace lode::source::edgar
