// The shared parts of feeds: times, tables, marks and archives, and what is none of them.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/xml.h"
#include "lode/io/source/parts/zip.h"
#include "lode/market/test_data.h"

namespace lode::source {
namespace {

using ::testing::ElementsAre;

std::string rfc2822(std::string_view text) {
  const auto at = read_rfc2822(text);
  return at ? to_string(*at) : "none";
}
std::string rfc3339(std::string_view text) {
  const auto at = read_rfc3339(text);
  return at ? to_string(*at) : "none";
}

TEST(FeedTimes, OfMailAndOfTheNet) {
  EXPECT_EQ(rfc2822("Mon, 21 Jul 2025 18:30:00 GMT"), "2025-07-21T18:30:00Z");
  EXPECT_EQ(rfc2822("21 Jul 2025 14:30 -0400"), "2025-07-21T18:30:00Z");
  EXPECT_EQ(rfc2822("Tue, 1 Jan 02 00:00:00 EST"), "2002-01-01T05:00:00Z");
  EXPECT_EQ(rfc2822("Mon, 31 Feb 2025 18:30:00 GMT"), "none");
  EXPECT_EQ(rfc2822("Mon, 21 Jul 2025"), "none");
  EXPECT_EQ(rfc2822("Mon, 21 Jul 2025 18:30:00 XYZ"), "none");
  EXPECT_EQ(rfc3339("2024-06-28T16:00:00.25+02:00"), "2024-06-28T14:00:00.250Z");
  EXPECT_EQ(rfc3339("2024-06-28T16:00:00Z"), "2024-06-28T16:00:00Z");
  EXPECT_EQ(rfc3339("2024-06-28T16:00:00"), "none");
  EXPECT_EQ(rfc3339("2024-06-28T25:00:00Z"), "none");
  EXPECT_EQ(rfc3339("2024-06-28T16:00:00."), "none");
  EXPECT_FALSE(time_of_seconds(std::int64_t{1} << 60).has_value());
  EXPECT_EQ(to_string(*time_of_millis(1'577'836'800'123)), "2020-01-01T00:00:00.123Z");
}

TEST(FeedAsk, AddressesAreEscaped) { EXPECT_EQ(escape_url("^GSPC BRK-B/é"), "%5EGSPC%20BRK-B%2F%C3%A9"); }

TEST(FeedCsv, QuotesLineEndsAndMarks) {
  const std::vector<CsvRow> rows = read_csv(
      "\xEF\xBB\xBF"
      "a,\"b,1\"\r\n\"x \"\"y\"\"\", z \r\r1,2\n");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_THAT(rows[0].cells, ElementsAre("a", "b,1"));
  EXPECT_THAT(rows[1].cells, ElementsAre("x \"y\"", "z"));
  EXPECT_THAT(rows[2].cells, ElementsAre("1", "2"));
  EXPECT_EQ(csv_column(rows[0], {"B,1"}), 1);
  EXPECT_EQ(csv_column(rows[0], {"c"}), -1);
  EXPECT_EQ(csv_cell(rows[0], 5), "");
  EXPECT_TRUE(read_csv("\n\r\n").empty());
}

TEST(FeedText, MarkupBecomesText) {
  EXPECT_EQ(plain_text("<p>A &amp;amp; B</p>&#8217;s <b>C</b> 3 < 4"), "A & B \xE2\x80\x99s C 3 < 4");
  EXPECT_EQ(clean_text("caf\xE9\x01 x"), "caf\xC3\xA9 x");
  EXPECT_EQ(plain_text("&#0;&#xD800;&bogus;"), "&#0;&#xD800;&bogus;");
}

TEST(FeedXml, ElementsTextsAndAttributes) {
  XmlReader xml("<?xml version='1.0'?><!-- c --><a x=\"1>2\"><b/>t<![CDATA[<raw>]]></a>");
  ASSERT_TRUE(xml.next());
  EXPECT_TRUE(xml.is_start("a"));
  EXPECT_EQ(xml.attribute("x"), "1>2");
  EXPECT_EQ(xml.attribute("y"), "");
  ASSERT_TRUE(xml.next());
  EXPECT_TRUE(xml.is_start("b") && xml.is_empty_element());
  ASSERT_TRUE(xml.next());
  EXPECT_EQ(xml.text(), "t");
  ASSERT_TRUE(xml.next());
  EXPECT_TRUE(xml.is_cdata());
  EXPECT_EQ(xml.text(), "<raw>");
  ASSERT_TRUE(xml.next());
  EXPECT_TRUE(xml.is_end("a"));
  EXPECT_FALSE(xml.next());
  EXPECT_FALSE(xml.broken());
}

TEST(FeedXml, DeclarationsAndDepthAreRefused) {
  XmlReader entity("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>");
  EXPECT_FALSE(entity.next());
  EXPECT_TRUE(entity.broken());
  std::string deep;
  for (int i = 0; i < 100'000; ++i) {
    deep += "<a>";
  }
  XmlReader xml(deep);
  while (xml.next()) {
  }
  EXPECT_TRUE(xml.broken());
}

TEST(FeedZip, TheEuropeanRatesUnpackAndDamageIsRefused) {
  LODE_NEEDS_DATA("macro");
  const std::string body = read_test_data("macro/eurofxref-hist.zip");
  const ZipFile file = must(read_zipped(body, ".csv"));
  EXPECT_TRUE(file.bytes.starts_with("Date,USD,JPY"));
  EXPECT_FALSE(read_zipped(body, ".xml").has_value());
  int refused = 0;
  int all = 0;
  with_bad_bodies(body, 3, 50, [&](const std::string& bad) {
    ++all;
    refused += read_zip(bad).has_value() ? 0 : 1;
  });
  EXPECT_GE(refused, all - 5);  // A flipped name or time of a file goes unseen.
}

TEST(FeedZip, ABombIsRefusedBeforeItIsHeld) {
  std::string body = "PK\x01\x02" + std::string(42, '\0');
  body[10] = 8;
  body[20] = 1;
  body[24] = body[25] = body[26] = '\xFF';
  std::string end = "PK\x05\x06" + std::string(18, '\0');
  end[10] = 1;
  EXPECT_FALSE(read_zip(body + end).has_value());
}

}  // namespace
}  // namespace lode::source
