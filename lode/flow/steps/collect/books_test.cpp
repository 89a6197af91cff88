// Plans, follow-ups and cursors between processes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/books.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/steps/collect/report.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

Ask ask_of(const std::string& url) {
  source::Request request;
  request.http.url = url;
  return make_ask(request);
}

class BooksTest : public ::testing::Test {
 protected:
  BooksTest() : lake(must(lake::Lake::open(parts.folder + "/lake", lake::Access::kCreate, parts.clock, parts.pool))) {}
  Books open() { return must(Books::open(parts.folder + "/lake", "yahoo")); }
  std::string place() const { return parts.folder + "/lake/fetch/yahoo"; }

  TestWorld parts;
  std::unique_ptr<lake::Lake> lake;
};

TEST_F(BooksTest, AJobIsItsPlanAndWhatFollowed) {
  {
    Books books = open();
    Job job{.id = "j", .planned_at = Time{100}, .offset = 7, .asks = {ask_of("https://a/1"), ask_of("https://a/2")}};
    must(books.begin(job));
    must(books.follow("j", 12, {ask_of("https://a/3"), ask_of("https://a/1")}));
    must(books.follow("j", 12, {ask_of("https://a/3"), ask_of("https://a/1")}));
    must(books.follow("unknown", 13, {ask_of("https://a/9")}));
  }
  const Books books = open();
  const auto job = must(books.job("j", Time{0}));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->offset, 7);
  ASSERT_EQ(job->asks.size(), 3U) << "each once";
  EXPECT_EQ(job->asks[2].request.http.url, "https://a/3");
  EXPECT_FALSE(must(books.job("j", Time{101}))) << "too old";
  EXPECT_FALSE(must(books.job("unknown", Time{0})));
}

// An answer costs what it asks for and not what its job is long: a fetch of thousands of names has thousands of
// answers.
TEST_F(BooksTest, APlanIsNotReadAgainForEachAnswer) {
  Books books = open();
  must(books.begin({.id = "j", .planned_at = Time{100}, .asks = {ask_of("https://a/1")}}));
  const std::string plan = must(lake::read_file(place() + "/j/plan.json"));
  std::ofstream(place() + "/j/plan.json") << "no plan";
  must(books.follow("j", 3, {}));
  must(books.follow("j", 4, {ask_of("https://a/2")}));
  std::ofstream(place() + "/j/plan.json") << plan;
  EXPECT_EQ(must(books.job("j", Time{0}))->asks.size(), 2U);
  books.end("j");
  must(books.follow("j", 5, {ask_of("https://a/3")}));
  EXPECT_FALSE(std::filesystem::exists(place() + "/j")) << "a job that ended is followed by nothing";
}

TEST(Job, HoldsEachAskOnceAndLetsOneGo) {
  Job job;
  for (const char* url : {"https://a/1", "https://a/2", "https://a/1"}) {
    job.add(ask_of(url));
  }
  ASSERT_EQ(job.asks.size(), 2U);
  job.remove(job.asks[0].id);
  ASSERT_EQ(job.asks.size(), 1U);
  EXPECT_EQ(job.asks[0].request.http.url, "https://a/2");
  job.add(ask_of("https://a/1"));
  EXPECT_EQ(job.asks.size(), 2U) << "gone, so it is new";
}

TEST_F(BooksTest, FollowUpsOfAnEarlierBeginningDoNotCount) {
  Books books = open();
  must(books.begin({.id = "j", .planned_at = Time{100}, .asks = {ask_of("https://a/1")}}));
  must(books.follow("j", 3, {ask_of("https://a/2")}));
  must(books.begin({.id = "j", .planned_at = Time{200}, .asks = {ask_of("https://a/1")}}));
  EXPECT_EQ(must(books.job("j", Time{0}))->asks.size(), 1U);
  books.end("j");
  EXPECT_FALSE(must(books.job("j", Time{0})));
}

TEST_F(BooksTest, OldJobsAreForgotten) {
  Books books = open();
  must(books.begin({.id = "old", .planned_at = Time{100}, .asks = {}}));
  must(books.begin({.id = "new", .planned_at = Time{300}, .asks = {}}));
  books.forget(Time{200});
  EXPECT_FALSE(std::filesystem::exists(place() + "/old"));
  EXPECT_TRUE(must(books.job("new", Time{0})));
}

TEST_F(BooksTest, ACursorIsKeptWithItsToken) {
  Books books = open();
  EXPECT_EQ(must(books.standing(*lake)).token, "");
  Standing standing{.cursor = {}, .token = "t", .commit = 0};
  standing.cursor.state.set("AAPL", "2024-01-02");
  must(books.keep(standing));
  const Standing back = must(books.standing(*lake));
  EXPECT_EQ(back.cursor, standing.cursor);
  EXPECT_EQ(back.token, "t");
}

TEST_F(BooksTest, ACursorOfAnotherLakeIsVoid) {
  Books books = open();
  must(books.keep({.cursor = {Value("x")}, .token = "t", .commit = 5}));
  EXPECT_EQ(must(books.standing(*lake)).token, "") << "this lake has no commit 5";
}

TEST_F(BooksTest, AFlippedByteIsTold) {
  Books books = open();
  must(books.keep({.cursor = {Value("xyz")}, .token = "t", .commit = 0}));
  std::fstream file(place() + "/cursor.json", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(40);
  file.put('#');
  file.close();
  const auto back = books.standing(*lake);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().number(), E::E8005);
  EXPECT_THAT(back.error().message(), HasSubstr("cursor.json"));
}

TEST(JobId, IsOfWhatWasAsked) {
  source::FetchRequest a;
  a.names = {"AAPL"};
  source::FetchRequest b = a;
  EXPECT_EQ(job_id("yahoo", a), job_id("yahoo", b));
  b.settings["fred.key"] = "x";
  EXPECT_EQ(job_id("yahoo", a), job_id("yahoo", b)) << "a new key is no other fetch";
  b.to = Date::from_civil(2024, 1, 1);
  EXPECT_NE(job_id("yahoo", a), job_id("yahoo", b));
  EXPECT_NE(job_id("yahoo", a), job_id("fred", a));
}

CollectReport report_of(std::vector<Unserved> unserved, std::int64_t served) {
  CollectReport out{.source = "yahoo"};
  out.unserved = std::move(unserved);
  out.served = served;
  return out;
}

TEST(CollectFinding, TellsTheGravest) {
  EXPECT_FALSE(collect_finding(report_of({}, 3), 0.0));
  const std::vector<Unserved> mixed = {
      {"A", E::E6205, "A: none"}, {"B", E::E6203, "B: wait"}, {"C", E::E6204, "C: down"}, {"D", E::E6203, "D: wait"}};
  CollectReport report = report_of(mixed, 2);
  report.left = 2;
  report.wait_seconds = 900;
  const auto finding = collect_finding(report, 0.0);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->number(), E::E6203);
  EXPECT_EQ(finding->message(),
            "4 of 6 requests of yahoo not served: B: wait (2 like it); the rest is stored, nothing lost");
  EXPECT_EQ(finding->hint(), "in 15 min, the same command goes on with the 2 requests that are left");
  EXPECT_EQ(collect_finding(report_of({mixed[0], mixed[2]}, 0), 0.0)->number(), E::E6204);
  EXPECT_EQ(collect_finding(report_of({mixed[0]}, 0), 0.0)->message(), "A: none");
  EXPECT_EQ(collect_finding(report_of({mixed[0], {"E", E::E6206, "E: html"}}, 0), 0.0)->number(), E::E6206);
}

TEST(CollectFinding, CountsWhatWasSetAside) {
  CollectReport report = report_of({}, 1);
  report.records = 1000;
  report.reasons["E6210 row of a source not understood"] = 11;
  EXPECT_EQ(collect_finding(report, 0.01)->number(), E::E3001);
  EXPECT_FALSE(collect_finding(report, 0.02));
}

TEST(LagOf, SplitsTheWayFromAcceptanceToTheLake) {
  const Time accepted{100 * kNanosPerSecond};
  const Time received{130 * kNanosPerSecond};
  const Arrival arrival{"a", "8-K", accepted, received, Time{131 * kNanosPerSecond}};
  const Lag late = lag_of(arrival, Time{120 * kNanosPerSecond});  // The poll before was after acceptance.
  EXPECT_DOUBLE_EQ(late.total, 31.0);
  EXPECT_DOUBLE_EQ(late.source, 20.0);
  EXPECT_DOUBLE_EQ(late.poll, 10.0);
  EXPECT_DOUBLE_EQ(late.ours, 1.0);
  const Lag prompt = lag_of(arrival, Time{90 * kNanosPerSecond});
  EXPECT_DOUBLE_EQ(prompt.source, 0.0);
  EXPECT_DOUBLE_EQ(prompt.poll, 30.0);
  const Lag first = lag_of(arrival, std::nullopt);
  EXPECT_DOUBLE_EQ(first.source, 30.0);
  EXPECT_DOUBLE_EQ(first.poll, 0.0);
}

}  // namespace
}  // namespace lode::flow
