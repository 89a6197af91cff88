// The whole way from a source to the lake, over recorded and made bodies.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/collect.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "lode/flow/steps/collect/testing.h"

namespace lode::flow {

std::string chart_body(const std::string& symbol, int days) {
  // Tuesdays to Fridays of 2024 from 2 January, 14:30 UTC: sessions of New York in every week of that winter.
  std::string stamps, prices, volumes;
  std::int64_t day = 19'724;
  for (int made = 0; made < days; ++day) {
    const auto weekday = (day + 4) % 7;  // 0 = Sunday
    if (weekday < 2 || weekday > 5) {
      continue;
    }
    stamps += fmt::format("{}{}", made == 0 ? "" : ",", day * 86'400 + 52'200);
    prices += fmt::format("{}{}", made == 0 ? "" : ",", 100 + made);
    volumes += fmt::format("{}{}", made == 0 ? "" : ",", 1000 + made);
    ++made;
  }
  return fmt::format(
      R"({{"chart":{{"result":[{{"meta":{{"currency":"USD","symbol":"{0}","exchangeName":"NYQ","instrumentType":"EQUITY",)"
      R"("firstTradeDate":1704205800,"gmtoffset":-18000,"timezone":"EST","exchangeTimezoneName":"America/New_York",)"
      R"("dataGranularity":"1d","range":""}},"timestamp":[{1}],"indicators":{{"quote":[{{"open":[{2}],"high":[{2}],)"
      R"("low":[{2}],"close":[{2}],"volume":[{3}]}}],"adjclose":[{{"adjclose":[{2}]}}]}}}}],"error":null}}}})",
      symbol, stamps, prices, volumes);
}

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class Collect : public ::testing::Test {
 protected:
  // Charts of the symbols, recorded at the addresses a fetch of all of them plans.
  void record_charts(const std::vector<std::string>& symbols, int days = 5) {
    const std::vector<std::string> urls = world.planned("yahoo", named(symbols));
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      world.record(urls[i], chart_body(symbols[i], days));
    }
  }
  CollectWorld world;
};

TEST_F(Collect, RowsReachTheLakeOnceAndLeadBackToTheirBytes) {
  record_charts({"AAA", "BBB"});
  const CollectReport first = must(world.fetch("yahoo", named({"AAA", "BBB"})));
  EXPECT_EQ(first.answered, 2);
  EXPECT_EQ(first.served, 2);
  EXPECT_EQ(first.left, 0);
  EXPECT_EQ(first.tables.at("bars").kept, 10);
  EXPECT_EQ(first.commits, 1) << "one commit a batch";
  EXPECT_EQ(world.rows("bars"), 10);
  const Batch bars = world.read("bars", {"close", "raw_hash", "source", "session"});
  const auto lake = world.lake();
  const auto archive = lake::make_archive(*lake, world.test.clock);
  for (std::size_t row = 0; row < bars.rows(); ++row) {
    EXPECT_THAT(must(archive->get(bars.column("raw_hash").cell(row))), HasSubstr("chart"));
    EXPECT_EQ(bars.column("source").cell(row), "yahoo");
  }
  EXPECT_THAT(world.cells("instruments", {"mic", "symbol"}), UnorderedElementsAre("XNYS AAA", "XNYS BBB"));

  const CollectReport again = must(world.fetch("yahoo", named({"AAA", "BBB"})));
  EXPECT_EQ(again.answered, 0) << "the window of a refresh is another address, and it is not recorded";
  EXPECT_EQ(world.rows("bars"), 10);
  EXPECT_EQ(exit_of(again), 5);
}

TEST_F(Collect, TheSameAnswerStoresNothingTwice) {
  record_charts({"AAA"});
  source::FetchRequest request = named({"AAA"});
  request.from = Date::from_civil(1950, 1, 1);
  EXPECT_EQ(must(world.fetch("yahoo", request)).tables.at("bars").kept, 5);
  world.test.clock.advance(1);  // Another fetch of the same second, so of the same address.
  const CollectReport again = must(world.fetch("yahoo", request));
  EXPECT_EQ(again.answered, 1);
  EXPECT_EQ(again.tables.at("bars").kept, 0);
  EXPECT_EQ(again.tables.at("bars").dropped, 5);
  EXPECT_EQ(world.rows("bars"), 5);
}

TEST_F(Collect, AListWithoutNewsSaysSo) {
  world.record(world.planned("asx-directory", {}).at(0),
               "ASX code,Company name,GICs industry group,Listing date,Market Cap\n"
               "BHP,BHP GROUP LIMITED,Materials,28/06/1985,1000\nCBA,COMMONWEALTH BANK,Banks,12/09/1991,2000\n",
               200, "text/csv");
  const CollectReport first = must(world.fetch("asx-directory", {}, true));
  EXPECT_EQ(first.tables.at("listings").kept, 2);
  EXPECT_THAT(collect_text(first), ::testing::Not(HasSubstr("nothing new")));
  world.test.clock.advance(kNanosPerSecond);
  const CollectReport again = must(world.fetch("asx-directory", {}, true));
  EXPECT_EQ(again.served, 1);
  EXPECT_THAT(collect_text(again), HasSubstr("  nothing new\n"));
}

TEST_F(Collect, AFailingSymbolCostsNoGoodOne) {
  const std::vector<std::string> urls = world.planned("yahoo", named({"AAA", "BAD", "CCC"}));
  world.record(urls[0], chart_body("AAA", 3));
  world.record(urls[1], R"({"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}})", 404);
  world.record(urls[2], chart_body("CCC", 3));
  const auto report = world.fetch("yahoo", named({"AAA", "BAD", "CCC"}));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->served, 2);
  ASSERT_EQ(report->unserved.size(), 1U);
  EXPECT_EQ(report->unserved[0].number, E::E6209);
  EXPECT_THAT(report->unserved[0].reason, HasSubstr("BAD"));
  EXPECT_EQ(world.rows("bars"), 6);
  EXPECT_EQ(exit_of(report), 5);
  EXPECT_THAT(collect_finding(*report, 0.01)->message(), HasSubstr("1 of 3 requests of yahoo not served"));
  EXPECT_EQ(report->left, 0) << "what is gone is not asked again";
}

TEST_F(Collect, WhatTheNetworkCostGoesOnWithTheNextRunAndAsksNothingTwice) {
  record_charts({"AAA", "BBB", "CCC", "DDD", "EEE"});
  const source::FetchRequest request = named({"AAA", "BBB", "CCC", "DDD", "EEE"});
  world.http.most = 2;
  const auto first = world.fetch("yahoo", request);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->served, 2);
  EXPECT_EQ(first->left, 3);
  EXPECT_EQ(exit_of(first), 69);
  EXPECT_THAT(collect_finding(*first, 0.01)->hint(), HasSubstr("goes on with the 3 requests that are left"));
  world.http.most = 100;
  world.test.clock.advance(60 * kNanosPerSecond);
  const auto second = world.fetch("yahoo", request);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->before, 2);
  EXPECT_EQ(second->answered, 3);
  EXPECT_EQ(exit_of(second), 0);
  EXPECT_EQ(world.http.asked.size(), 5U);
  EXPECT_EQ(world.rows("bars"), 25);
}

TEST_F(Collect, AnUnfinishedFetchIsForgottenAfterADayAndByFresh) {
  record_charts({"AAA", "BBB"});
  world.http.most = 1;
  EXPECT_EQ(must(world.fetch("yahoo", named({"AAA", "BBB"}))).left, 1);
  world.http.most = 100;
  const CollectReport fresh = must(world.fetch("yahoo", named({"AAA", "BBB"}), true));
  EXPECT_EQ(fresh.before, 0);
  EXPECT_EQ(fresh.planned, 2);
  EXPECT_EQ(world.http.asked.size(), 3U) << "AAA is asked again, for the window since its last bar";
  EXPECT_EQ(world.rows("bars"), 10);
  world.http.most = 3;
  world.test.clock.advance(25 * 3600 * kNanosPerSecond);
  EXPECT_EQ(must(world.fetch("yahoo", named({"AAA", "BBB"}))).before, 0) << "yesterday's is not gone on with";
}

TEST_F(Collect, FourOutcomesStayApart) {
  CollectWorld keyless;
  must(keyless.test.config.merge_flag("edgar.contact", "", "test"));
  const auto no_key = keyless.fetch("edgar-facts", named({"320193"}));
  ASSERT_FALSE(no_key);
  EXPECT_EQ(no_key.error().number(), E::E6201);
  EXPECT_EQ(exit_of(no_key), 4);
  EXPECT_FALSE(std::filesystem::exists(keyless.lake_folder())) << "what cannot be asked makes no lake";

  const std::string url = "https://data.sec.gov/api/xbrl/companyfacts/CIK0000320193.json";
  CollectWorld refused;
  refused.record(url, "<html>Undeclared Automated Tool</html>", 403, "text/html");
  EXPECT_EQ(exit_of(refused.fetch("edgar-facts", named({"320193"}))), 4);

  CollectWorld limited;
  limited.record(url, "<html>Request Rate Threshold Exceeded</html>", 429, "text/html");
  const auto wait = limited.fetch("edgar-facts", named({"320193"}));
  EXPECT_EQ(exit_of(wait), 75);
  EXPECT_EQ(wait->wait_seconds, 600);
  EXPECT_EQ(wait->left, 1) << "it is asked again by the next run";

  CollectWorld down;
  down.record(url, "<html>maintenance</html>", 500, "text/html");
  EXPECT_EQ(exit_of(down.fetch("edgar-facts", named({"320193"}))), 69);

  CollectWorld empty;
  empty.record(url, R"({"cik":320193,"entityName":"Apple Inc.","facts":{}})");
  const auto nothing = empty.fetch("edgar-facts", named({"320193"}));
  EXPECT_EQ(exit_of(nothing), 5);
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->unserved.at(0).number, E::E6205);
}

TEST_F(Collect, WhatIsPutOffIsAskedByTheNextRun) {
  const std::string url = "https://data.sec.gov/api/xbrl/companyfacts/CIK0000320193.json";
  world.record(url, "busy", 503, "text/plain", "2025-12-12T23:00:00Z");
  world.record(url,
               R"({"cik":320193,"entityName":"Apple Inc.","facts":{"dei":{"EntityCommonStockSharesOutstanding":)"
               R"({"label":"x","description":"y","units":{"shares":[{"end":"2024-10-18","val":15115823000,)"
               R"("accn":"0000320193-24-000123","fy":2024,"fp":"FY","form":"10-K","filed":"2024-11-01"}]}}}}})",
               200, "application/json", "2025-12-12T23:10:00Z");
  World one = world.world();
  {
    const auto collector = must(Collector::open(one, *must(find_source("edgar-facts")), named({"320193"})));
    const CollectReport report = must(collector->fetch(false));
    EXPECT_EQ(report.left, 1);
    EXPECT_EQ(world.http.asked.size(), 1U) << "not again in the same run";
  }
  const auto collector = must(Collector::open(one, *must(find_source("edgar-facts")), named({"320193"})));
  const CollectReport report = must(collector->fetch(false));
  EXPECT_EQ(report.left, 0);
  EXPECT_EQ(report.served, 1);
  EXPECT_EQ(world.rows("facts"), 1);
}

TEST_F(Collect, AWrongBodyIsKeptAsideAndTheLastGoodDataStay) {
  const std::vector<std::string> urls = world.planned("yahoo", named({"AAA"}));
  world.record(urls[0], "<!DOCTYPE html><html>Just a moment...</html>", 200, "text/html");
  const auto report = world.fetch("yahoo", named({"AAA"}));
  ASSERT_TRUE(report);
  EXPECT_EQ(exit_of(report), 65);
  EXPECT_THAT(world.cells("quarantine", {"rule", "table_name"}), ElementsAre("E6206 bars"));
  const auto lake = world.lake();
  EXPECT_THAT(
      must(lake::make_archive(*lake, world.test.clock)->get(world.read("quarantine").column("raw_hash").cell(0))),
      HasSubstr("Just a moment"));
}

TEST_F(Collect, AStopIsCleanAndTheRestComesLater) {
  record_charts({"AAA", "BBB", "CCC"});
  int calls = 0;
  world.progress = [&](std::string_view, std::int64_t, std::int64_t) { return ++calls < 2; };
  const auto stopped = world.fetch("yahoo", named({"AAA", "BBB", "CCC"}));
  ASSERT_TRUE(stopped);
  EXPECT_TRUE(stopped->stopped);
  EXPECT_EQ(collect_finding(*stopped, 0.01)->number(), E::E10);
  EXPECT_GT(world.rows("bars"), 0) << "what came is stored";
  world.progress = {};
  must(world.fetch("yahoo", named({"AAA", "BBB", "CCC"})));
  EXPECT_EQ(world.rows("bars"), 15);
  EXPECT_EQ(world.http.asked.size(), 3U);
}

// Every file below a folder, and whether one of them holds the text.
bool holds(const std::string& folder, const std::string& text) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      if (bytes.find(text) != std::string::npos) {
        return true;
      }
    }
  }
  return false;
}

TEST_F(Collect, NoSecretIsKeptAnywhere) {
  constexpr const char* kSecret = "sk3cr3tsk3cr3t";
  must(world.test.config.merge_flag("fred.key", kSecret, "test"));
  const std::string url = world.planned("fred", named({"DGS10"})).at(0);
  ASSERT_THAT(url, HasSubstr(secret_word("fred.key"))) << "a plan holds a word for the key";
  world.test.http.answer({200,
                          {{"Content-Type", "application/json"}},
                          fmt::format(R"({{"note":"{}","observations":[{{"realtime_start":"2024-01-03",)"
                                      R"("realtime_end":"9999-12-31","date":"2024-01-02","value":"3.95"}}]}})",
                                      kSecret),
                          Time{1'765'580'000'000'000'000},
                          url});
  const auto report = world.fetch("fred", named({"DGS10"}));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->tables.at("macro").kept, 1);
  EXPECT_THAT(world.http.asked, ElementsAre(HasSubstr(kSecret)));
  EXPECT_FALSE(holds(world.lake_folder(), kSecret));
}

TEST_F(Collect, ADryRunAsksNothingAndMakesNothing) {
  World one = world.world();
  const Preview preview = must(preview_fetch(one, *must(find_source("yahoo")), named({"AAA", "BBB"}), false));
  EXPECT_EQ(preview.asks.size(), 2U);
  EXPECT_DOUBLE_EQ(preview.seconds, 4.0) << "half a request a second";
  EXPECT_FALSE(std::filesystem::exists(world.lake_folder()));
  const std::string text = preview_text(preview, must(find_source("yahoo"))->spec);
  EXPECT_THAT(text, HasSubstr("query2.finance.yahoo.com"));
  EXPECT_THAT(text, HasSubstr("0.5 requests a second"));
  must(world.test.config.merge_flag("alphavantage.key", "sk3cr3tsk3cr3t", "test"));
  const source::Source& slow = *must(find_source("alphavantage"));
  EXPECT_THAT(preview_text(must(preview_fetch(one, slow, named({"IBM"}), false)), slow.spec),
              HasSubstr("0.0833 requests a second"));
}

TEST_F(Collect, ARevertedCommitTakesTheCursorBack) {
  record_charts({"AAA"});
  const CollectReport first = must(world.fetch("yahoo", named({"AAA"})));
  must(world.lake()->revert(first.commit));
  EXPECT_EQ(world.rows("bars"), 0);
  world.test.clock.advance(1);
  must(world.fetch("yahoo", named({"AAA"})));
  EXPECT_EQ(world.rows("bars"), 5) << "asked from the beginning, as if it had never been";
}

}  // namespace
}  // namespace lode::flow
