// News: recorded feeds, answers of searches, keys that stay where they belong.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/market/test_data.h"

namespace lode {
const source::Source& source_news_rss();
const source::Source& source_news_gdelt();
const source::Source& source_news_tavily();
const source::Source& source_news_brave();
}  // namespace lode

namespace lode::source {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Response answer(const Source& source, std::string body, int status = 200) {
  FetchRequest request{.names = {"AAPL"}, .settings = {{"tavily.key", "k1"}, {"brave.key", "k2"}}};
  Response out{.asked = must(source.plan(request, {}, {})).requests[0], .status = status, .body = std::move(body)};
  out.received_at = must(parse_as_of("2026-09-12T00:00:00Z"));
  return out;
}

std::string cell(const Parsed& parsed, std::string_view column) {
  return parsed.tables.at(0).rows.column(column).cell(0);
}

TEST(Rss, ThreeRecordedFeeds) {
  LODE_NEEDS_DATA("news");
  const auto read = [](const std::string& name) {
    return must(source_news_rss().parse(answer(source_news_rss(), read_test_data("news/" + name + ".rss.xml"))));
  };
  const Parsed google = read("google-news");
  EXPECT_EQ(cell(google, "title"), "How Apple stock usually reacts to big iPhone reveal events");
  EXPECT_EQ(cell(google, "publisher"), "Yahoo Finance");
  EXPECT_EQ(cell(google, "summary"), "How Apple stock usually reacts Yahoo Finance");
  EXPECT_EQ(cell(google, "published_at"), "2026-09-09T09:08:43Z");
  EXPECT_EQ(cell(google, "first_seen"), "2026-09-12T00:00:00Z");
  EXPECT_EQ(cell(google, "known_time"), "2026-09-12T00:00:00Z");
  EXPECT_EQ(cell(google, "known_assumed"), "false");
  const Parsed nasdaq = read("nasdaq");
  EXPECT_EQ(cell(nasdaq, "title"), "Stocks Settle Lower as S&P 500 Slides");
  EXPECT_EQ(cell(nasdaq, "symbols"), "AMAT,AAPL");
  EXPECT_EQ(cell(nasdaq, "publisher"), "Barchart");
  const Parsed yahoo = read("yahoo-finance-headline");
  EXPECT_EQ(cell(yahoo, "symbols"), "AAPL");
  EXPECT_EQ(cell(yahoo, "publisher"), "finance.yahoo.com");
  EXPECT_EQ(cell(yahoo, "url_hash"), sha256_hex(cell(yahoo, "url")));
}

TEST(Rss, AtomEmptyAndOtherThings) {
  const auto parse = [](std::string body) {
    return source_news_rss().parse(answer(source_news_rss(), std::move(body)));
  };
  const Parsed atom =
      must(parse("<feed xmlns=\"x\"><entry><title><![CDATA[A <b>B</b>]]></title><link href=\"https://e.org/1\"/>"
                 "<updated>2026-09-10T10:00:00Z</updated></entry><entry><title>none</title></entry></feed>"));
  EXPECT_EQ(cell(atom, "title"), "A B");
  EXPECT_EQ(cell(atom, "url"), "https://e.org/1");
  EXPECT_EQ(cell(atom, "published_at"), "2026-09-10T10:00:00Z");
  EXPECT_EQ(atom.rejected.size(), 1U);
  EXPECT_EQ(must(parse("<rss><channel></channel></rss>")).verdict.kind, ResponseClass::kEmpty);
  EXPECT_FALSE(parse("<rss><channel><item>").has_value());
  EXPECT_FALSE(parse("<html><body>sign in</body></html>").has_value());
}

TEST(Gdelt, ControlCharactersAndSentences) {
  const Source& source = source_news_gdelt();
  const Parsed parsed = must(source.parse(answer(
      source,
      "{\"articles\":[{\"url\":\"https://e.org/1\",\"title\":\"A\x01 \x02\x42\",\"seendate\":\"20260910T192906Z\","
      "\"domain\":\"e.org\",\"language\":\"English\"}]}")));
  EXPECT_EQ(cell(parsed, "title"), "A B");
  EXPECT_EQ(cell(parsed, "published_at"), "2026-09-10T19:29:06Z");
  EXPECT_EQ(must(source.parse(answer(source, "{}"))).verdict.kind, ResponseClass::kEmpty);
  const auto misasked = source.parse(answer(source, "Your query was too short or too long.\n"));
  ASSERT_FALSE(misasked.has_value());
  EXPECT_EQ(misasked.error().number(), E::E6208);
  EXPECT_EQ(misasked.error().message(),
            "the question 'AAPL' is none GDELT takes: GDELT says 'Your query was too short or too long.'");
  EXPECT_EQ(must(source.parse(answer(source, "An unknown error occurred, please try again."))).verdict.kind,
            ResponseClass::kUnavailable);
  for (const std::string page : {"<html><body>sign in</body></html>", "", "[]"}) {
    const auto refused = source.parse(answer(source, page));
    ASSERT_FALSE(refused.has_value()) << page;
    EXPECT_EQ(refused.error().number(), E::E6206) << page;
  }
  EXPECT_EQ(must(source.parse(answer(source, "Please limit requests to one every 5 seconds"))).verdict.kind,
            ResponseClass::kThrottled);
  EXPECT_FALSE(source.parse(answer(source, "{\"articles\":3}")).has_value());
}

// Hosts on the way speak under status 200 too; only what is said of the question is the question's fault.
TEST(Gdelt, OnlySentencesOfTheQuestionAreItsFault) {
  const Source& source = source_news_gdelt();
  for (const std::string sentence :
       {"Your query was too short or too long.", "Invalid query start date.", "Timespan is too short.",
        "The specified phrase is too short.", "Parentheses may only be used around OR'd statements.",
        "One or more of your keywords were too short, too long or too common"}) {
    const auto refused = source.parse(answer(source, sentence));
    ASSERT_FALSE(refused.has_value()) << sentence;
    EXPECT_EQ(refused.error().number(), E::E6208) << sentence;
  }
  for (const std::string sentence :
       {"upstream connect error or disconnect/reset before headers", "Service is under maintenance",
        "The search service is temporarily unavailable, please repeat your query"}) {
    EXPECT_EQ(must(source.parse(answer(source, sentence))).verdict.kind, ResponseClass::kUnavailable) << sentence;
  }
  EXPECT_EQ(must(source.parse(answer(source, "Access denied: your IP was blocked"))).verdict.kind,
            ResponseClass::kBlocked);
  for (const std::string& body : {std::string("404"), std::string(2, '\0'), std::string("ok")}) {
    const auto refused = source.parse(answer(source, body));
    ASSERT_FALSE(refused.has_value()) << body;
    EXPECT_EQ(refused.error().number(), E::E6206) << body;
  }
  EXPECT_EQ(must(source.parse(answer(source, "\xEF\xBB\xBF{}"))).verdict.kind, ResponseClass::kEmpty);
  EXPECT_EQ(cell(must(source.parse(answer(source,
                                          "\xEF\xBB\xBF{\"articles\":[{\"url\":\"https://e.org/1\",\"title\":\"A\","
                                          "\"seendate\":\"20260910T192906Z\"}]}"))),
                 "title"),
            "A")
      << "a byte-order mark is no part of the answer";
}

TEST(Searches, KeysAreNeededAndStayInTheirHeaders) {
  for (const Source* source : {&source_news_tavily(), &source_news_brave()}) {
    const auto without = source->plan({.names = {"x"}}, {}, {});
    ASSERT_FALSE(without.has_value());
    EXPECT_EQ(without.error().number(), E::E6201);
    EXPECT_TRUE(source->spec.settings[0].secret);
    const Request asked = answer(*source, "").asked;
    EXPECT_THAT(asked.http.url, Not(HasSubstr("k1")));
    EXPECT_THAT(asked.http.url, Not(HasSubstr("k2")));
    EXPECT_THAT(asked.http.body, Not(HasSubstr("k1")));
  }
}

TEST(Searches, ResultsAndLimits) {
  const Source& tavily = source_news_tavily();
  const Parsed found = must(tavily.parse(answer(
      tavily,
      R"({"results":[{"url":"https://www.e.org/1","title":"T","content":"C","published_date":"Thu, 10 Sep 2026 19:29:06 GMT"},{"url":"x"}]})")));
  EXPECT_EQ(cell(found, "publisher"), "e.org");
  EXPECT_EQ(cell(found, "published_at"), "2026-09-10T19:29:06Z");
  EXPECT_EQ(found.rejected.size(), 1U);
  EXPECT_EQ(must(tavily.parse(answer(tavily, "{}", 432))).verdict.kind, ResponseClass::kThrottled);
  EXPECT_EQ(must(tavily.parse(answer(tavily, "{}", 401))).verdict.kind, ResponseClass::kDenied);
  EXPECT_EQ(must(tavily.parse(answer(tavily, R"({"results":[]})"))).verdict.kind, ResponseClass::kEmpty);
  const Source& brave = source_news_brave();
  const Parsed news = must(brave.parse(answer(
      brave,
      R"({"results":[{"url":"https://e.org/2","title":"T","page_age":"2026-09-10T19:29:06","meta_url":{"hostname":"h.org"}}]})")));
  EXPECT_EQ(cell(news, "published_at"), "2026-09-10T19:29:06Z");
  EXPECT_EQ(cell(news, "publisher"), "h.org");
  EXPECT_EQ(must(brave.parse(answer(brave, "", 429))).verdict.kind, ResponseClass::kThrottled);
}

TEST(News, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("news");
  const std::string feed = read_test_data("news/nasdaq.rss.xml");
  EXPECT_GT(refused_bad_bodies(answer(source_news_rss(), feed), 9, 400, source_news_rss().parse), 60);
  const std::string json = R"({"articles":[{"url":"https://e.org/1","title":"A","seendate":"20260910T192906Z"}]})";
  refused_bad_bodies(answer(source_news_gdelt(), json), 9, 400, source_news_gdelt().parse);
}

}  // namespace
}  // namespace lode::source
