// Sources over what they really sent: each accession of a crawl once, older files joined, lists against each other,
// refused when they shrank. The recordings are read where LODE_TEST_DATA says; without them these tests are skipped.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>

#include "lode/flow/steps/collect/testing.h"
#include "lode/flow/steps/collect/watching.h"
#include "lode/io/source/yahoo/recording.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

class CollectRecorded : public ::testing::Test {
 protected:
  void SetUp() override { LODE_NEEDS_DATA("edgar/atom"); }
  // The complete crawl: 51 pages of 100 entries, and what stands behind the last one.
  void record_crawl(int pages = 51) {
    for (int page = 0; page < pages; ++page) {
      world.record(
          page_url(page),
          read_test_data(fmt::format("edgar/atom/20251212T180331/type-all-start{:04}.atom.xml.gz", page * 100)), 200,
          "application/atom+xml", fmt::format("2025-12-12T23:03:{:02}Z", 31 + page / 4));
    }
    world.record(page_url(51), read_test_data("edgar/errors/getcurrent-past-end-start5100-20251212T180331.503.html"),
                 503, "text/html", "2025-12-12T23:03:44Z", {{"Server", "a mirror"}});
  }
  static std::string page_url(int page) {
    return fmt::format(
        "https://www.sec.gov/cgi-bin/browse-edgar?action=getcurrent&type=&owner=include&count=100&start={}&output=atom",
        page * 100);
  }
  std::int64_t accessions() {
    const Batch rows = world.read("filings", {"accession"});
    std::set<std::string> out;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      out.insert(rows.column("accession").cell(row));
    }
    EXPECT_EQ(out.size(), rows.rows()) << "an accession twice";
    return static_cast<std::int64_t>(out.size());
  }
  CollectWorld world;
};

TEST_F(CollectRecorded, ACompleteCrawlOfTheFeedGivesEachAccessionOnce) {
  record_crawl();
  const CollectReport report = must(world.fetch("edgar-feed", {}));
  EXPECT_EQ(report.answered, 52);
  EXPECT_EQ(report.records, 5100);
  EXPECT_EQ(accessions(), 3315);
  EXPECT_EQ(exit_of(report), 0);
  EXPECT_EQ(report.left, 0);
  world.test.clock.advance(1);
  const CollectReport again = must(world.fetch("edgar-feed", {}));
  EXPECT_EQ(again.answered, 1) << "the newest page is known whole";
  EXPECT_EQ(again.unchanged, 1);
  EXPECT_EQ(again.commits, 0);
  EXPECT_EQ(exit_of(again), 0) << "no news is no failure";
  EXPECT_EQ(accessions(), 3315);
}

TEST_F(CollectRecorded, WhatOneWatchDidNotWantTheNextOneGets) {
  record_crawl();
  source::FetchRequest some;
  some.kinds = {"8-K", "10-K"};
  must(world.fetch("edgar-feed", some));
  const std::int64_t wanted = accessions();
  EXPECT_GT(wanted, 0);
  EXPECT_LT(wanted, 1000);
  world.test.clock.advance(kNanosPerSecond);
  const CollectReport rest = must(world.fetch("edgar-feed", {}));
  EXPECT_EQ(rest.answered, 52);
  EXPECT_EQ(accessions(), 3315);
  const TableCount& stored = rest.tables.at("filings");
  EXPECT_EQ(stored.kept - stored.corrected, 3315 - wanted) << "what was stored is not stored again";
}

TEST_F(CollectRecorded, ACrawlThatIsCutShortSkipsNothing) {
  record_crawl();
  for (const int most : {3, 9, 20, 100}) {  // The network goes after so many requests.
    world.http.most = most;
    world.test.clock.advance(60 * kNanosPerSecond);
    must(world.fetch("edgar-feed", {}));
  }
  EXPECT_EQ(accessions(), 3315);
  EXPECT_LE(world.http.asked.size(), 56U) << "what is archived is not asked again";
}

TEST_F(CollectRecorded, OverlappingPollsTellEachFilingOnceAndWithItsLag) {
  for (int page = 0; page < 4; ++page) {
    world.record(page_url(page),
                 read_test_data(fmt::format("edgar/atom/20251212T180234/type-all-start{:04}.atom.xml.gz", page * 100)),
                 200, "application/atom+xml", "2025-12-12T23:02:34Z");
  }
  world.record(page_url(4), "<html>past the end</html>", 503, "text/html", "2025-12-12T23:02:35Z",
               {{"Server", "AkamaiNetStorage"}});
  for (int page = 0; page < 4; ++page) {
    world.record(page_url(page),
                 read_test_data(fmt::format("edgar/atom/20251212T180331/type-all-start{:04}.atom.xml.gz", page * 100)),
                 200, "application/atom+xml", "2025-12-12T23:03:31Z");
  }
  World one = world.world();
  std::string told;
  one.out = [&](std::string_view piece) {
    told += piece;
    return true;
  };
  const WatchReport report = must(
      watch(one, *must(find_source("edgar-feed")), {}, {.every_seconds = 1e-12, .polls_most = 2, .seconds_most = 0}));
  EXPECT_EQ(report.polls, 2);
  EXPECT_EQ(accessions(), 238 + 5);
  EXPECT_EQ(report.lags.size(), 5U) << "the second poll's own";
  EXPECT_THAT(told, HasSubstr("after acceptance: source"));
  EXPECT_EQ(watch_json(report).at_path("lag.count")->as_int(), 5);
}

TEST_F(CollectRecorded, SubmissionsAreJoinedWithTheirOlderFiles) {
  world.record("https://data.sec.gov/submissions/CIK0001318605.json",
               read_test_data("edgar/submissions/CIK0001318605.20260305.json"));
  world.record("https://data.sec.gov/submissions/CIK0001318605-submissions-001.json",
               read_test_data("edgar/submissions/CIK0001318605-submissions-001.20260305.json"));
  const CollectReport report = must(world.fetch("edgar-submissions", named({"1318605"})));
  EXPECT_EQ(report.planned, 2) << "the answer asked for the older file";
  EXPECT_EQ(accessions(), 1002 + 720);
  EXPECT_EQ(world.rows("issuers"), 1);
}

TEST_F(CollectRecorded, FactsOfACompany) {
  world.record("https://data.sec.gov/api/xbrl/companyfacts/CIK0000320193.json",
               read_test_data("edgar/companyfacts/CIK0000320193.json.gz"));
  const CollectReport report = must(world.fetch("edgar-facts", named({"320193"})));
  EXPECT_EQ(report.records, 24'579);
  EXPECT_EQ(exit_of(report), 0);
  EXPECT_EQ(world.rows("facts"), report.tables.at("facts").kept);
  EXPECT_GT(world.rows("facts"), 20'000);
}

TEST_F(CollectRecorded, ListsAgainstEachOtherAndAShortOneIsRefused) {
  const std::string url = "https://www.nasdaqtrader.com/dynamic/SymDir/nasdaqlisted.txt";
  const std::string first = read_test_data("symbol-directory/nasdaqlisted-20250717.txt.gz");
  const std::string second = read_test_data("symbol-directory/nasdaqlisted-20250721.txt.gz");
  std::string third = second.substr(0, second.size() / 2);
  third = third.substr(0, third.rfind('\n') + 1) + "File Creation Time: 0722202521:31|||||||\r\n";
  world.record(url, first, 200, "text/plain", "2025-07-17T22:00:00Z");
  world.record(url, second, 200, "text/plain", "2025-07-21T22:00:00Z");
  world.record(url, third, 200, "text/plain", "2025-07-22T22:00:00Z");
  source::FetchRequest request;
  request.kinds = {"nasdaqlisted"};
  World one = world.world();
  const auto collector = must(Collector::open(one, *must(find_source("nasdaq-directory")), request));
  EXPECT_EQ(exit_of(collector->poll()), 0);
  const std::int64_t listed = world.rows("listings");
  EXPECT_GT(listed, 4900);
  EXPECT_EQ(world.rows("listing_events"), 0) << "the first list makes no events";
  EXPECT_EQ(exit_of(collector->poll()), 0);
  const auto kinds = world.cells("listing_events", {"kind"});
  EXPECT_EQ(std::ranges::count(kinds, "added"), 5);
  EXPECT_EQ(std::ranges::count(kinds, "missing"), 5);
  const std::int64_t events = std::ssize(kinds);
  const auto refused = collector->poll();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->unserved.at(0).number, E::E6206);
  EXPECT_EQ(exit_of(refused), 65);
  EXPECT_EQ(world.rows("listing_events"), events) << "one bad list delists nobody";
}

TEST_F(CollectRecorded, SeriesAndRates) {
  world.record(world.planned("fred", named({"SP500"})).at(0), read_test_data("macro/fred_sp500.csv"), 200, "text/csv");
  const CollectReport fred = must(world.fetch("fred", named({"SP500"})));
  EXPECT_EQ(fred.tables.at("macro").kept, fred.records);
  source::FetchRequest hist;
  hist.kinds = {"hist"};
  world.record(world.planned("ecb", hist).at(0), read_test_data("macro/eurofxref-hist.zip"), 200, "application/zip");
  const CollectReport ecb = must(world.fetch("ecb", hist));
  EXPECT_GT(ecb.tables.at("macro").kept, 100'000);
  EXPECT_EQ(ecb.tables.at("macro").kept + static_cast<std::int64_t>(fred.records), world.rows("macro"));
}

TEST_F(CollectRecorded, TheDirectoryOfTheAsx) {
  world.record(world.planned("asx-directory", {}).at(0), read_test_data("asx/directory/other-column-order.csv.gz"), 200,
               "text/csv");
  const CollectReport report = must(world.fetch("asx-directory", {}));
  EXPECT_EQ(report.tables.at("listings").kept, world.rows("listings"));
  EXPECT_GT(world.rows("listings"), 1500);
}

TEST_F(CollectRecorded, AChartOfYahooAsItCame) {
  const source::Response recorded =
      source::yahoo::recorded("http/chart-AAPL-2020-08-31-to-2020-11-07.json", source::Request());
  source::FetchRequest request = named({"AAPL"});
  request.from = Date::from_civil(2020, 8, 31);
  request.to = Date::from_civil(2020, 11, 6);
  world.record(world.planned("yahoo", request).at(0), recorded.body, 200, "application/json", "2020-11-09T12:00:00Z");
  const CollectReport report = must(world.fetch("yahoo", request));
  EXPECT_EQ(world.rows("bars"), 49) << "sessions from 31 August to 6 November 2020";
  EXPECT_EQ(report.tables.at("bars").kept, 49);
  EXPECT_GE(world.rows("actions"), 1) << "a dividend and a split";
}

}  // namespace
}  // namespace lode::flow
