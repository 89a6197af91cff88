// How a source says no, and what is asked after it: nothing of a host that shuts this address out, everything else
// where one file is not there.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lode/flow/steps/collect/testing.h"
#include "lode/flow/steps/collect/watching.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kBlockPage = "<html><h1>Your Request Rate Threshold Exceeded</h1></html>";
constexpr const char* kNoFile =
    R"(<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>)";

// Several under way at a time, as the real client has them: what was asked is asked, also when the answer before it
// ends the round.
class EagerHttp final : public Http {
 public:
  explicit EagerHttp(Http& inner) : inner_(inner) {}
  Result<HttpResponse> send(const HttpRequest& request) override { return inner_.send(request); }
  void send_all(std::span<const HttpRequest> requests, int parallel, const Answered& answered) override {
    std::vector<Result<HttpResponse>> under_way;
    std::size_t next = 0;
    for (std::size_t told = 0; told < requests.size(); ++told) {
      while (next < requests.size() && next < told + static_cast<std::size_t>(parallel)) {
        under_way.push_back(inner_.send(requests[next++]));
      }
      if (!answered(told, std::move(under_way[told]))) {
        return;
      }
    }
  }
  void hold(std::string_view url, Time until) override { inner_.hold(url, until); }

 private:
  Http& inner_;
};

std::string facts_url(const std::string& cik) {
  return "https://data.sec.gov/api/xbrl/companyfacts/CIK" + cik + ".json";
}

std::string index_of(const std::string& accession) {
  return "Description:           Master Index of EDGAR Dissemination Feed\nLast Data Received:    Jan 5, 2026\n"
         "Comments:              webmaster@sec.gov\n \n \n \n \nCIK|Company Name|Form Type|Date Filed|File Name\n"
         "--------------------------------------------------------------------------------\n"
         "320193|Apple Inc.|8-K|20260105|edgar/data/320193/" +
         accession + ".txt\n";
}

class Refusal : public ::testing::Test {
 protected:
  CollectReport fetch_eagerly(const std::string& source, const source::FetchRequest& request) {
    World inner = world.world();
    EagerHttp eager(inner.http);
    World one{inner.clock, inner.archive, eager,      inner.log,      inner.metrics,
              inner.pool,  inner.config,  inner.lake, world.progress, {}};
    return must(must(Collector::open(one, *must(find_source(source)), request))->fetch(false));
  }
  CollectWorld world;
};

TEST_F(Refusal, ABlockEndsTheRunAndHoldsTheHost) {
  const std::vector<std::string> ciks = {"0000000001", "0000000002", "0000000003", "0000000004", "0000000005"};
  for (const std::string& cik : ciks) {
    world.record(facts_url(cik), kBlockPage, 429, "text/html");
  }
  const auto report = world.fetch("edgar-facts", named({"1", "2", "3", "4", "5"}));
  ASSERT_TRUE(report);
  EXPECT_EQ(world.http.asked.size(), 1U);
  EXPECT_THAT(world.http.held, ElementsAre(facts_url("0000000001")));
  EXPECT_EQ(to_string(world.http.until.at(0)), "2025-12-12T23:13:31Z") << "ten minutes from the answer";
  EXPECT_EQ(report->wait_seconds, 600);
  EXPECT_EQ(report->left, 5);
  const auto finding = collect_finding(*report, 0.01);
  EXPECT_THAT(finding->message(), HasSubstr("1 of 5 requests of edgar-facts not served"));
  EXPECT_THAT(finding->message(), HasSubstr("may be asked again in 600 s"));
  EXPECT_THAT(finding->hint(), HasSubstr("in 10 min, the same command goes on with the 5 requests"));
  EXPECT_EQ(exit_of(report), 75);
  // The next runs count requests, however often one was asked.
  world.test.clock.advance(601 * kNanosPerSecond);
  const auto again = world.fetch("edgar-facts", named({"1", "2", "3", "4", "5"}));
  EXPECT_EQ(again->planned, 5);
  EXPECT_EQ(again->before, 0);
  EXPECT_THAT(collect_finding(*again, 0.01)->message(), HasSubstr("1 of 5 requests"));
}

TEST_F(Refusal, ALongerWaitIsHeldAsLongAsItIsTold) {
  world.record(facts_url("0000000001"), kBlockPage, 429, "text/html", "2025-12-12T23:03:31Z",
               {{"Retry-After", "7200"}});
  const auto report = world.fetch("edgar-facts", named({"1"}));
  EXPECT_EQ(report->wait_seconds, 7200);
  EXPECT_EQ(to_string(world.http.until.at(0)), "2025-12-13T01:03:31Z");
  EXPECT_THAT(collect_finding(*report, 0.01)->message(), HasSubstr("may be asked again in 7200 s"));
}

TEST_F(Refusal, AFirewallThatAnswersWithAPageIsABlockToo) {
  world.record(world.planned("asx-directory", {}).at(0),
               "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.</body></html>",
               200, "text/html");
  const auto report = world.fetch("asx-directory", {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->unserved.at(0).number, E::E6203);
  EXPECT_EQ(world.http.held.size(), 1U);
  EXPECT_GE(report->wait_seconds.value_or(0), 60);
}

TEST_F(Refusal, AFileThatIsNotThereCostsNoRequestTwice) {
  source::FetchRequest days;
  days.from = Date::from_civil(2025, 12, 29);
  days.to = Date::from_civil(2026, 1, 5);
  world.test.clock.advance(30 * kNanosPerDay);
  const std::vector<std::string> urls = world.planned("edgar-index", days);
  ASSERT_EQ(urls.size(), 6U);
  for (const std::string& url : urls) {
    const bool is_last = url == urls.back();
    world.record(url, is_last ? index_of("0000320193-26-000001") : kNoFile, is_last ? 200 : 403,
                 is_last ? "text/plain" : "application/xml");
  }
  const CollectReport report = fetch_eagerly("edgar-index", days);
  EXPECT_EQ(world.http.asked.size(), 6U);
  EXPECT_EQ(report.absent.size(), 5U);
  EXPECT_TRUE(report.unserved.empty());
  EXPECT_EQ(exit_of(report), 0) << "a holiday among days that are there";
  EXPECT_THAT(collect_text(report), HasSubstr("not there  5: master.20251229.idx"));
  EXPECT_EQ(world.rows("filings"), 1);
}

TEST_F(Refusal, WhereNoDayIsThereTheRunSaysSo) {
  source::FetchRequest day;
  day.from = day.to = Date::from_civil(2026, 1, 1);
  world.test.clock.advance(30 * kNanosPerDay);
  world.record(world.planned("edgar-index", day).at(0), kNoFile, 403, "application/xml");
  const auto report = world.fetch("edgar-index", day);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->unserved.size(), 1U);
  EXPECT_EQ(exit_of(report), 5);
}

TEST_F(Refusal, AQuestionThatTheSourceDoesNotTakeIsNoRefusedKey) {
  world.record(world.planned("gdelt", named({"a"})).at(0), "Your query was too short or too long.\n", 200, "text/html");
  const auto report = world.fetch("gdelt", named({"a"}));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->unserved.size(), 1U);
  EXPECT_EQ(report->unserved[0].number, E::E6208);
  EXPECT_EQ(report->left, 0) << "it is not asked again";
  EXPECT_EQ(exit_of(report), 2);
  EXPECT_THAT(collect_finding(*report, 0.01)->message(), HasSubstr("too short or too long"));
  EXPECT_EQ(collect_finding(*report, 0.01)->hint(), "ask it otherwise; what was stored stays");
  EXPECT_EQ(world.rows("quarantine"), 0) << "no record was set aside";
}

// What a proxy between us and GDELT says is no fault of the question.
TEST_F(Refusal, ABodyThatIsNoneOfTheSourcesIsNoFaultOfTheQuestion) {
  world.record(world.planned("gdelt", named({"a"})).at(0), "404 page not found", 200, "text/plain");
  world.record(world.planned("gdelt", named({"b"})).at(0), "upstream connect error or disconnect/reset before headers",
               200, "text/plain");
  const auto report = world.fetch("gdelt", named({"a", "b"}));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->unserved.size(), 2U);
  EXPECT_EQ(report->unserved[0].number, E::E6206);
  EXPECT_EQ(report->unserved[1].number, E::E6204);
  EXPECT_EQ(report->left, 1) << "what is broken for now is asked again";
  EXPECT_EQ(world.rows("quarantine"), 1) << "what is no answer is kept with its reason";
}

TEST_F(Refusal, AWatchAddsUpItsSeconds) {
  world.record(
      "https://www.sec.gov/cgi-bin/browse-edgar?action=getcurrent&type=&owner=include&count=100&start=0&output=atom",
      "<html>maintenance</html>", 500, "text/html");
  world.progress = [&](std::string_view, std::int64_t, std::int64_t) {
    world.test.clock.advance(2 * kNanosPerSecond);
    return true;
  };
  World one = world.world();
  const WatchReport report = must(
      watch(one, *must(find_source("edgar-feed")), {}, {.every_seconds = 1e-12, .polls_most = 2, .seconds_most = 0}));
  EXPECT_EQ(report.polls, 2);
  EXPECT_GE(report.total.seconds, 4.0);
}

// The same command alone would find the same recording.
TEST_F(Refusal, ARecordingThatIsDamagedOrNotThereIsToBeMadeAnew) {
  CollectReport report{.source = "ecb", .planned = 1};
  report.left = 1;
  report.unserved = {{"a", E::E6107, "recording a.body: it is not the body that was recorded"}};
  EXPECT_EQ(collect_finding(report, 0.01)->hint(),
            "record the exchange again; the same command goes on with the 1 request that is left");
  report.unserved = {{"a", E::E6106, "GET a is not among the 3 exchanges recorded"}};
  EXPECT_EQ(collect_finding(report, 0.01)->hint(),
            "record it, or leave net.replay out; the same command goes on with the 1 request that is left");
}

}  // namespace
}  // namespace lode::flow
