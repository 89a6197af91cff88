// Yahoo's quotes, options and search on recorded answers, and the two ways to a crumb.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/yahoo/crumb.h"
#include "lode/io/source/yahoo/recording.h"

namespace lode {
const source::Source& source_yahoo_quote();
const source::Source& source_yahoo_options();
const source::Source& source_yahoo_search();
}  // namespace lode

namespace lode::source::yahoo {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

// What a source wants behind the crumb, as the chain would ask it.
Request wanted(const Source& source, const FetchRequest& request, std::size_t at = 0) {
  Response crumb{.asked = must(source.plan(request, {}, {})).requests.at(0), .status = 200, .body = "cRuMb/1.x"};
  crumb.asked.part = "crumb";
  crumb.asked.http.headers.emplace_back("Cookie", "A3=d=1");
  return must(source.parse(crumb)).follow.at(at);
}
Parsed parse(const Source& source, const std::string& file, const FetchRequest& request) {
  return must(source.parse(recorded("http/" + file + ".json", wanted(source, request))));
}
std::string cell(const Parsed& parsed, std::string_view column, std::size_t row = 0, std::size_t table = 0) {
  return parsed.tables.at(table).rows.column(column).cell(row);
}

TEST(YahooCrumb, ACookieAndACrumbThenTheQuestion) {
  const FetchRequest request{.names = {"AAPL", "BRK-B"}};
  const Plan plan = must(source_yahoo_quote().plan(request, {}, {}));
  ASSERT_EQ(plan.requests.size(), 1U);
  EXPECT_EQ(plan.requests[0].http.url, "https://fc.yahoo.com/");
  EXPECT_TRUE(plan.requests[0].http.is_private);
  Response cookie{.asked = plan.requests[0], .status = 404, .body = "<html>"};
  cookie.headers = {{"Set-Cookie", "A3=d=AQAB; Expires=Tue; Domain=.yahoo.com"}, {"set-cookie", "A1=x; Path=/"}};
  const Parsed first = must(source_yahoo_quote().parse(cookie));
  ASSERT_EQ(first.follow.size(), 1U);
  EXPECT_EQ(first.follow[0].http.url, "https://query1.finance.yahoo.com/v1/test/getcrumb");
  EXPECT_EQ(first.follow[0].http.headers.back().second, "A3=d=AQAB; A1=x");
  EXPECT_THAT(first.follow[0].http.secrets, ::testing::ElementsAre("A3=d=AQAB; A1=x"));
  Response crumb{.asked = first.follow[0], .status = 200, .body = "cRuMb/1.x"};
  const Parsed second = must(source_yahoo_quote().parse(crumb));
  ASSERT_EQ(second.follow.size(), 1U);
  EXPECT_THAT(second.follow[0].http.url, EndsWith("/v7/finance/quote?symbols=AAPL%2CBRK-B&crumb=cRuMb%2F1.x"));
  EXPECT_FALSE(second.follow[0].http.is_private);
  EXPECT_EQ(second.follow[0].http.secrets.size(), 3U);
  EXPECT_THAT(to_json(second.follow[0].about), Not(HasSubstr("cRuMb")));
  EXPECT_THAT(to_json(first.follow[0].about), Not(HasSubstr("AQAB")));
}

TEST(YahooCrumb, WhatIsNoCrumbIsRefusedUnder200) {
  EXPECT_EQ(must(read_crumb(" abc.D/1 \n")), "abc.D/1");
  for (const char* bad : {"", "Too Many Requests", "<html></html>", "{\"finance\":{}}"}) {
    EXPECT_FALSE(read_crumb(bad).has_value()) << bad;
  }
  EXPECT_FALSE(read_crumb(std::string(65, 'a')).has_value());
  Response limited{.asked = must(source_yahoo_quote().plan({.names = {"AAPL"}}, {}, {})).requests[0], .status = 200};
  limited.asked.part = "crumb";
  limited.body = "Too Many Requests";
  const Parsed parsed = must(source_yahoo_quote().parse(limited));
  EXPECT_EQ(parsed.verdict.kind, ResponseClass::kThrottled);
  EXPECT_TRUE(parsed.follow.empty());
}

TEST(YahooCrumb, TheRecordedFormOfConsentIsTheOtherWay) {
  LODE_NEEDS_DATA("yahoo/crumb-flow");
  Response none{.asked = must(source_yahoo_quote().plan({.names = {"AAPL"}}, {}, {})).requests[0], .status = 200};
  Request asked = must(source_yahoo_quote().parse(none)).follow.at(0);
  EXPECT_EQ(asked.http.url, "https://guce.yahoo.com/consent");
  const auto answer = [&](const char* file) {
    const Parsed parsed =
        must(source_yahoo_quote().parse(recorded(std::string("crumb-flow/") + file + ".json", asked)));
    asked = parsed.follow.at(0);
  };
  answer("getCrumb-quote-AAPL-consent.html");
  EXPECT_THAT(asked.http.url, HasSubstr("https://consent.yahoo.com/v2/collectConsent?sessionId="));
  answer("getCrumb-quote-AAPL-collectConsent.html");
  EXPECT_EQ(asked.http.method, "POST");
  EXPECT_THAT(asked.http.body, HasSubstr("csrfToken=REDACTED&sessionId=REDACTED&originalDoneUrl=https%3A%2F%2Ffinance."
                                         "yahoo.com%2Fquote%2FAAPL%3Fguccounter%3D1&namespace=yahoo"));
  EXPECT_THAT(asked.http.body, EndsWith("&agree=agree&agree=agree"));
  answer("getCrumb-quote-AAPL-collectConsentSubmit");
  EXPECT_THAT(asked.http.url, HasSubstr("https://guce.yahoo.com/copyConsent"));
  Response copied = recorded("crumb-flow/getCrumb-quote-AAPL-copyConsent.json", asked);
  copied.headers.emplace_back("set-cookie", "A3=consented");
  asked = must(source_yahoo_quote().parse(copied)).follow.at(0);
  EXPECT_THAT(asked.http.url, HasSubstr("/v1/test/getcrumb"));
  EXPECT_THAT(asked.http.headers.back().second, HasSubstr("A3=consented"));
  // The second way failing too, there is no third.
  Response refused{.asked = asked, .status = 401, .body = "{}"};
  const Parsed end = must(source_yahoo_quote().parse(refused));
  EXPECT_EQ(end.verdict.kind, ResponseClass::kDenied);
  EXPECT_TRUE(end.follow.empty());
}

TEST(YahooCrumb, ACookieGoesToNoOtherHost) {
  Response away{.asked = must(source_yahoo_quote().plan({.names = {"AAPL"}}, {}, {})).requests[0], .status = 302};
  away.asked.part = "consent";
  away.headers = {{"location", "https://yahoo.com.example.org/collectConsent"}};
  EXPECT_EQ(must(source_yahoo_quote().parse(away)).verdict.kind, ResponseClass::kDenied);
}

TEST(YahooQuote, OfOneKnownAndOneUnknownSymbol) {
  LODE_NEEDS_DATA("yahoo/http");
  const Parsed parsed = parse(source_yahoo_quote(), "quoteCombine-AAPL-NONEXIST", {.names = {"AAPL", "NONEXIST"}});
  ASSERT_EQ(parsed.tables[0].rows.rows(), 1U);
  EXPECT_EQ(cell(parsed, "symbol"), "AAPL");
  EXPECT_EQ(cell(parsed, "state"), "pre");
  EXPECT_EQ(cell(parsed, "last"), "155.82");  // Before the open: the newer reading.
  EXPECT_EQ(cell(parsed, "time"), "2022-02-24T10:16:17Z");
  EXPECT_EQ(cell(parsed, "bid"), "");  // 0 is none.
  EXPECT_EQ(cell(parsed, "previous_close"), "164.32");
  EXPECT_EQ(cell(parsed, "known_time"), to_string(kReceived));
  EXPECT_TRUE(parsed.rejected.empty()) << "it is no record";
  ASSERT_EQ(parsed.missing.size(), 1U);
  EXPECT_EQ(parsed.missing[0].name, "NONEXIST");
  EXPECT_EQ(outcome_error(parsed.missing[0].verdict, "NONEXIST").number(), E::E6209);
}

TEST(YahooQuote, EveryRecordedQuote) {
  LODE_NEEDS_DATA("yahoo/http");
  for (const char* symbol : {"AAPL", "ABBV", "AMZN", "AZT.OL", "BEKE", "BFLY", "BTC-USD", "CRON", "EPAC", "ORSTED.CO",
                             "QQQ", "SOHO", "WSKT.JK"}) {
    const Parsed parsed = parse(source_yahoo_quote(), std::string("quote-") + symbol, {.names = {symbol}});
    EXPECT_EQ(parsed.tables.size(), 1U) << symbol;
    EXPECT_TRUE(parsed.rejected.empty()) << symbol;
  }
  EXPECT_EQ(parse(source_yahoo_quote(), "quote-APS.AX", {.names = {"APS.AX"}}).verdict.kind, ResponseClass::kAbsent);
  const Parsed none = parse(source_yahoo_quote(), "quote-SIMP", {.names = {"SIMP"}});
  EXPECT_EQ(none.verdict.kind, ResponseClass::kEmpty);
  EXPECT_EQ(none.rejected.at(0).number, 6210);
  const Request asked = wanted(source_yahoo_quote(), {.names = {"X"}});
  EXPECT_FALSE(source_yahoo_quote().parse(recorded("http/weirdJsonResult.fake.json", asked)).has_value());
  EXPECT_EQ(must(source_yahoo_quote().parse(recorded("http/pageWithUnknownError.json", asked))).verdict.kind,
            ResponseClass::kAbsent);
}

TEST(YahooOptions, AChainWithEveryContract) {
  LODE_NEEDS_DATA("yahoo/http");
  const Parsed parsed = parse(source_yahoo_options(), "options-AAPL", {.names = {"AAPL"}});
  EXPECT_EQ(parsed.tables.at(0).rows.rows(), static_cast<std::size_t>(parsed.records));
  EXPECT_GT(parsed.records, 90);
  EXPECT_EQ(cell(parsed, "contract"), "AAPL250228C00110000");
  EXPECT_EQ(cell(parsed, "expiry"), "2025-02-28");
  EXPECT_EQ(cell(parsed, "side"), "call");
  EXPECT_EQ(cell(parsed, "bid"), "135.9");
  EXPECT_EQ(cell(parsed, "volume"), "");  // Not told: it did not trade.
  EXPECT_EQ(cell(parsed, "last_time"), "2025-01-21T19:20:02Z");
  EXPECT_EQ(cell(parsed, "side", static_cast<std::size_t>(parsed.records) - 1), "put");
  EXPECT_TRUE(parsed.follow.empty());
}

TEST(YahooOptions, TheExpiriesAskedForAndNoOthers) {
  LODE_NEEDS_DATA("yahoo/http");
  const Parsed all = parse(source_yahoo_options(), "options-AAPL", {.names = {"AAPL"}, .kinds = {"all"}});
  ASSERT_GT(all.follow.size(), 10U);
  EXPECT_THAT(all.follow[0].http.url, HasSubstr("/options/AAPL?date=1741305600&crumb="));
  const Parsed one = parse(source_yahoo_options(), "options-AAPL", {.names = {"AAPL"}, .kinds = {"2025-03-14"}});
  ASSERT_EQ(one.follow.size(), 1U);
  EXPECT_THAT(one.follow[0].http.url, HasSubstr("date=1741910400&"));
  EXPECT_TRUE(one.tables.empty());
  EXPECT_FALSE(source_yahoo_options().plan({.names = {"AAPL"}, .kinds = {"soon"}}, {}, {}).has_value());
}

TEST(YahooOptions, AnExpiryThatIsNotListedIsToldAndAnotherOneIsRefused) {
  LODE_NEEDS_DATA("yahoo/http");
  const Source& source = source_yahoo_options();
  const Parsed none = parse(source, "options-AAPL", {.names = {"AAPL"}, .kinds = {"2025-03-15"}});
  EXPECT_EQ(none.verdict.kind, ResponseClass::kAbsent);
  EXPECT_THAT(none.verdict.reason, HasSubstr("no expiry 2025-03-15; it lists 2025-02-28, 2025-03-07, 2025-03-14"));
  EXPECT_TRUE(none.missing.empty());
  const Parsed some = parse(source, "options-AAPL", {.names = {"AAPL"}, .kinds = {"2025-02-28", "2025-03-15"}});
  EXPECT_EQ(some.verdict.kind, ResponseClass::kOk);
  ASSERT_EQ(some.missing.size(), 1U);
  EXPECT_EQ(some.missing[0].name, "AAPL 2025-03-15");
  const Parsed asked = parse(source, "options-AAPL", {.names = {"AAPL"}, .kinds = {"2025-03-14"}});
  const auto other = source.parse(recorded("http/options-AAPL.json", asked.follow.at(0)));
  ASSERT_FALSE(other.has_value());
  EXPECT_THAT(other.error().message(), HasSubstr("the expiry 2025-02-28 where 2025-03-14 was asked"));
}

TEST(YahooOptions, EveryRecordedChain) {
  LODE_NEEDS_DATA("yahoo/http");
  for (const char* symbol : {"ABBV", "BABA", "BEKE", "BFLY", "EBAY", "GOOG", "PYPL", "QQQ", "SPOT"}) {
    const Parsed parsed = parse(source_yahoo_options(), std::string("options-") + symbol, {.names = {symbol}});
    EXPECT_EQ(parsed.tables.size(), 1U) << symbol;
    EXPECT_TRUE(parsed.rejected.empty()) << symbol;
  }
  for (const char* symbol : {"ADH", "OCDO.L", "ORSTED.CO", "WSKT.JK"}) {
    const Parsed parsed = parse(source_yahoo_options(), std::string("options-") + symbol, {.names = {symbol}});
    EXPECT_EQ(parsed.verdict.kind, ResponseClass::kEmpty) << symbol;
  }
  const Request other = wanted(source_yahoo_options(), {.names = {"MSFT"}});
  EXPECT_FALSE(source_yahoo_options().parse(recorded("http/options-AAPL.json", other)).has_value());
}

TEST(YahooSearch, SymbolsOfANameAndItsNews) {
  LODE_NEEDS_DATA("yahoo/http");
  const auto search = [](const std::string& name) {
    const Request asked = must(source_yahoo_search().plan({.names = {name}}, {}, {})).requests.at(0);
    return must(source_yahoo_search().parse(recorded("http/search-" + name + ".json", asked)));
  };
  const Parsed parsed = search("AAPL");
  const Batch& news = parsed.tables.at(0).rows;
  const Batch& listings = parsed.tables.at(1).rows;
  EXPECT_EQ(parsed.tables[0].table, "articles");
  EXPECT_GT(news.rows(), 0U);
  EXPECT_EQ(listings.column("symbol").cell(0), "AAPL");
  EXPECT_EQ(listings.column("mic").cell(0), "XNAS");
  EXPECT_EQ(listings.column("sector").cell(0), "Technology");
  EXPECT_EQ(listings.column("kind").cell(1), "etf");
  EXPECT_EQ(listings.column("valid_to").cell(0), "2025-03-01");
  for (const char* name : {"ABBV", "ADH", "AMZN", "BTC-USD", "Bayerische Motoren Werke AG", "EUR", "QQQ"}) {
    EXPECT_EQ(search(name).verdict.kind, ResponseClass::kOk) << name;
  }
  const Parsed odd = search("badResult.fake");
  EXPECT_EQ(odd.verdict.kind, ResponseClass::kEmpty);
  EXPECT_EQ(odd.rejected.size(), 2U);
}

TEST(YahooQuote, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("yahoo/http");
  const auto damage = [](const Source& source, const std::string& file, Request asked) {
    return refused_bad_bodies(recorded("http/" + file + ".json", std::move(asked)), 11, 60, source.parse);
  };
  EXPECT_GT(damage(source_yahoo_quote(), "quote-AAPL", wanted(source_yahoo_quote(), {.names = {"AAPL"}})), 60);
  EXPECT_GT(damage(source_yahoo_options(), "options-BEKE", wanted(source_yahoo_options(), {.names = {"BEKE"}})), 20);
  const Request asked = must(source_yahoo_search().plan({.names = {"QQQ"}}, {}, {})).requests.at(0);
  EXPECT_GT(damage(source_yahoo_search(), "search-QQQ", asked), 60);
}

}  // namespace
}  // namespace lode::source::yahoo
