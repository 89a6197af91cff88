// Entries of the feed, cell by cell, and what is refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/atom.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

using testing::HasSubstr;

std::string feed(const std::string& entries) {
  return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n" + entries +
         "</feed>\n";
}

std::string entry(const std::string& title, const std::string& summary, const std::string& term = "8-K",
                  const std::string& updated = "2025-12-12T17:31:08-05:00") {
  return "<entry><title>" + title + "</title><link rel=\"alternate\" type=\"text/html\" href=\"https://x/a&amp;b\"/>" +
         "<summary type=\"html\">" + summary + "</summary><updated>" + updated + "</updated>" +
         "<category scheme=\"https://www.sec.gov/\" label=\"form type\" term=\"" + term + "\"/>" +
         "<id>urn:tag:sec.gov,2008:accession-number=0001493152-25-027595</id></entry>\n";
}

constexpr const char* kSummary =
    "\n &lt;b&gt;Filed:&lt;/b&gt; 2025-12-12 &lt;b&gt;AccNo:&lt;/b&gt; 0001493152-25-027595 &lt;b&gt;Size:&lt;/b&gt; "
    "24 MB\n"
    "&lt;br&gt;Item 8.01: Other Events\n&lt;br&gt;Item 9.01: Financial Statements and Exhibits\n";

TEST(Atom, ReadsAnEntry) {
  const FeedPage page =
      must(parse_atom(feed(entry("8-K - AT&amp;T (NV) - Holdings (0001083743) (Filed by)", kSummary))));
  ASSERT_EQ(page.entries.size(), 1U);
  const Filing& filing = page.entries.front();
  EXPECT_EQ(filing.accession, "0001493152-25-027595");
  EXPECT_EQ(filing.form, "8-K");
  ASSERT_EQ(filing.parties.size(), 1U);
  EXPECT_EQ(filing.parties.front(), (Party{"filed_by", "0001083743", "AT&T (NV) - Holdings"}));
  EXPECT_EQ(to_string(filing.filed_on), "2025-12-12");
  EXPECT_EQ(to_string(filing.accepted->at), "2025-12-12T22:31:08Z");
  EXPECT_EQ(filing.accepted->zone, "-05:00");
  EXPECT_EQ(filing.size, 24 << 20);
  EXPECT_EQ(filing.items, "8.01,9.01");
  EXPECT_EQ(filing.url, "https://x/a&b");
}

TEST(Atom, ReadsPaperFilingsAndBareSizes) {
  const FeedPage page = must(parse_atom(feed(
      entry("1/A - NASDAQ MRX, LLC (0001652844) (Filer)",
            "&lt;b&gt;Film#:&lt;/b&gt; 25004951  &lt;b&gt;Filed:&lt;/b&gt; 2025-12-09 &lt;b&gt;Size:&lt;/b&gt; 812",
            "1/A"))));
  ASSERT_EQ(page.entries.size(), 1U);
  EXPECT_EQ(page.entries.front().size, 812);
  EXPECT_EQ(to_string(page.entries.front().filed_on), "2025-12-09");
  EXPECT_EQ(page.entries.front().items, "");
}

TEST(Atom, ReadsNamesInLatin1) {
  const FeedPage page = must(parse_atom(feed(entry("8-K - Nestl\xE9 &#39;SA&#39; (0000000001) (Filer)", kSummary))));
  EXPECT_EQ(page.entries.at(0).parties.at(0).name, "Nestl\xC3\xA9 'SA'");
}

TEST(Atom, SetsAsideWhatLacksAPartAndKeepsTheRest) {
  const std::string good = entry("8-K - A (0000000001) (Filer)", kSummary);
  for (const auto& [bad, reason] : std::vector<std::pair<std::string, std::string>>{
           {entry("no brackets", kSummary), "title"},
           {entry("8-K - A (1) (Filer)", "no date"), "filing date"},
           {entry("8-K - A (1) (Filer)", kSummary, ""), "form"},
           {entry("8-K - A (1) (Filer)", kSummary, "8-K", "2025-12-12T17:31:08"), "offset"},
           {"<entry><title>x</title></entry>", "accession"}}) {
    const FeedPage page = must(parse_atom(feed(bad + good)));
    EXPECT_EQ(page.entries.size(), 1U) << reason;
    ASSERT_EQ(page.rejected.size(), 1U) << reason;
    EXPECT_EQ(page.rejected.front().number, 6210);
    EXPECT_THAT(page.rejected.front().reason, HasSubstr(reason));
  }
}

TEST(Atom, RefusesWhatIsNoWholeFeed) {
  const std::string good = feed(entry("8-K - A (0000000001) (Filer)", kSummary));
  EXPECT_TRUE(parse_atom(good));
  EXPECT_TRUE(parse_atom(feed("")));
  for (const std::string& bad :
       {good.substr(0, good.size() - 10), std::string("<html><feed></feed>"), std::string(), std::string("{}"),
        std::string("<?xml?><!DOCTYPE feed [<!ENTITY a \"b\">]><feed></feed>"),
        feed("<entry>" + std::string("x") + "</entry>")}) {
    const auto parsed = parse_atom(bad);
    ASSERT_FALSE(parsed) << bad.substr(0, 80);
    EXPECT_EQ(parsed.error().number(), E::E6206);
  }
}

TEST(Atom, ResolvesEntitiesOnceAndLeavesUnknownOnes) {
  EXPECT_EQ(unescape_xml("a&amp;lt;b &#65;&#x42; &foo; & &#0; &#xD800; &quot;"), "a&lt;b AB &foo; & &#0; &#xD800; \"");
  EXPECT_EQ(unescape_xml("&#8364;"), "\xE2\x82\xAC");
}

}  // namespace
}  // namespace lode::source::edgar
