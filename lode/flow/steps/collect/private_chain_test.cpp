// Sources that want a cookie and a crumb first: the whole way, and no trace of either behind it.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "lode/flow/steps/collect/testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kCookie = "d=AQABBCookieOfTheTest";
constexpr std::string_view kCrumb = "Cr.um/b9OfTest";

// Gives a cookie, gives the crumb to who has the cookie, and quotes to who has both.
class YahooHost final : public Http {
 public:
  Result<HttpResponse> send(const HttpRequest& request) override {
    asked.push_back(request.url);
    HttpResponse out;
    out.received_at = Time{1'760'000'000 * kNanosPerSecond};
    out.url = request.url;
    const std::string* sent = find_header(request.headers, "Cookie");
    const bool has_cookie = sent != nullptr && *sent == fmt::format("A3={}", kCookie);
    if (request.url == "https://fc.yahoo.com/") {
      out.status = 404;
      out.headers = {{"Set-Cookie", fmt::format("A3={}; Domain=.yahoo.com; Secure", kCookie)}};
    } else if (request.url.ends_with("/v1/test/getcrumb")) {
      out.status = has_cookie && gives_crumb ? 200 : 401;
      out.body = has_cookie && gives_crumb ? std::string(kCrumb) : "Unauthorized";
    } else if (request.url.find("/v7/finance/") != std::string::npos) {
      const bool has_crumb = request.url.find("crumb=Cr.um%2Fb9OfTest") != std::string::npos;
      out.status = has_cookie && has_crumb && !is_refusing ? 200 : 401;
      out.headers = {{"Content-Type", "application/json"}, {"Set-Cookie", fmt::format("A3={}", kCookie)}};
      out.body = out.status == 200 ? body_of(request.url) : R"({"finance":{"error":{"code":"Unauthorized"}}})";
    } else {
      out.status = 404;
    }
    return out;
  }

  static std::string body_of(const std::string& url) {
    if (url.find("/quote?") != std::string::npos) {
      return R"({"quoteResponse":{"result":[{"symbol":"AAPL","marketState":"REGULAR","currency":"USD",)"
             R"("regularMarketTime":1759999990,"regularMarketPrice":256.5,"bid":256.4,"ask":256.6}],"error":null}})";
    }
    const std::string expiry = url.find("date=1772755200") != std::string::npos ? "1772755200" : "1772150400";
    return fmt::format(
        R"({{"optionChain":{{"result":[{{"underlyingSymbol":"AAPL","expirationDates":[1772150400,1772755200],)"
        R"("options":[{{"expirationDate":{0},"calls":[{{"contractSymbol":"AAPL{0}C","strike":250.0,"currency":"USD",)"
        R"("expiration":{0},"lastPrice":9.5}}],"puts":[]}}]}}],"error":null}}}})",
        expiry);
  }

  std::vector<std::string> asked;
  bool gives_crumb = true;
  bool is_refusing = false;
};

class PrivateChain : public ::testing::Test {
 protected:
  Result<CollectReport> fetch(const std::string& source, std::vector<std::string> kinds = {}) {
    World one = world.world();
    world.http.inner = &host;
    source::FetchRequest request = named({"AAPL"});
    request.kinds = std::move(kinds);
    LODE_TRY(const auto collector, Collector::open(one, *must(find_source(source)), std::move(request)));
    return collector->fetch(false);
  }

  // Files of the lake that hold a text, the queue's and the archive's records among them.
  std::vector<std::string> files_with(std::string_view text) const {
    std::vector<std::string> out;
    for (const auto& file : std::filesystem::recursive_directory_iterator(world.lake_folder())) {
      if (file.is_regular_file()) {
        std::ifstream in(file.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        if (bytes.find(text) != std::string::npos) {
          out.push_back(file.path().string());
        }
      }
    }
    return out;
  }
  void expect_no_trace() const {
    for (const std::string_view secret : {kCookie, kCrumb, std::string_view("Cr.um%2Fb9OfTest")}) {
      EXPECT_THAT(files_with(secret), ::testing::IsEmpty()) << secret;
    }
    EXPECT_THAT(files_with("lode-secret"), ::testing::Not(::testing::IsEmpty())) << "the search finds what is there";
  }
  CollectWorld world;
  YahooHost host;
};

TEST_F(PrivateChain, QuotesComeWithACookieAndACrumbThatNobodyKeeps) {
  const CollectReport report = must(fetch("yahoo-quote"));
  EXPECT_EQ(exit_of(report), 0) << (report.unserved.empty() ? "" : report.unserved[0].reason);
  EXPECT_EQ(world.rows("quotes"), 1);
  EXPECT_EQ(report.planned, 1);
  EXPECT_EQ(report.left, 0);
  EXPECT_EQ(host.asked.size(), 3U);
  expect_no_trace();
  world.test.clock.advance(kNanosPerSecond);
  EXPECT_EQ(exit_of(fetch("yahoo-quote")), 0) << "again, with a chain of its own";
}

TEST_F(PrivateChain, WhatAnAnswerAsksForFurtherHasTheCrumbToo) {
  const CollectReport report = must(fetch("yahoo-options", {"all"}));
  EXPECT_EQ(exit_of(report), 0) << (report.unserved.empty() ? "" : report.unserved[0].reason);
  EXPECT_EQ(world.rows("option_quotes"), 2) << "two expiries";
  expect_no_trace();
}

TEST_F(PrivateChain, ARefusedCrumbNamesWhatWasRefused) {
  host.gives_crumb = false;
  const auto report = fetch("yahoo-quote");
  ASSERT_TRUE(report);
  ASSERT_EQ(report->unserved.size(), 1U);
  EXPECT_EQ(report->unserved[0].number, E::E6202);
  EXPECT_THAT(report->unserved[0].reason, HasSubstr("yahoo-quote's cookie and crumb"));
  EXPECT_NE(exit_of(report), 0);
  EXPECT_EQ(report->left, 1);
  EXPECT_THAT(files_with(kCookie), ::testing::IsEmpty());
  host.gives_crumb = true;
  world.test.clock.advance(60 * kNanosPerSecond);
  EXPECT_EQ(exit_of(fetch("yahoo-quote")), 0) << "the same fetch goes on";
}

// The second run has another crumb: the request that was put off takes that one.
TEST_F(PrivateChain, ARequestThatWasPutOffGoesWithTheNextCrumb) {
  host.is_refusing = true;
  EXPECT_NE(exit_of(fetch("yahoo-quote")), 0);
  host.is_refusing = false;
  world.test.clock.advance(60 * kNanosPerSecond);
  const CollectReport report = must(fetch("yahoo-quote"));
  EXPECT_EQ(exit_of(report), 0) << (report.unserved.empty() ? "" : report.unserved[0].reason);
  EXPECT_EQ(world.rows("quotes"), 1);
  expect_no_trace();
}

}  // namespace
}  // namespace lode::flow
