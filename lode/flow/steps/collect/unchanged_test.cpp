// "Nothing changed": what it stands for, and that it never costs a row, whenever a process ends.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/unchanged.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "lode/base/test_rounds.h"
#include "lode/flow/steps/collect/crash_testing.h"
#include "lode/flow/steps/collect/served_testing.h"
#include "lode/io/queue/queue.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr const char* kSec = "https://www.sec.gov";
constexpr const char* kAsx = "https://asx.api.markitdigital.com";

class Unchanged : public ::testing::Test {
 protected:
  Result<CollectReport> fetch(const std::string& published, const std::string& source, source::FetchRequest request,
                              bool fresh = false) {
    world.test.clock.advance(kNanosPerSecond);
    return fetch_served(served, published, source, std::move(request), world.lake_folder(), world.test,
                        world.test.clock, fresh);
  }
  Result<CollectReport> fetch_ecb(bool fresh = false) { return fetch(kEcb, "ecb", {}, fresh); }
  std::vector<std::string> rates() { return world.cells("macro", {"series", "date", "value"}); }
  // The last answer in a source's queue.
  Answer last_answer(const std::string& source) {
    const auto queue =
        must(queue::Queue::open(world.lake_folder(), "collect-" + source, queue::Access::kWrite, world.test.clock));
    return must(read_answer(must(queue->replay(1, 1000)).messages.back().payload));
  }
  std::string raw(const std::string& hash) {
    return must(lake::make_archive(*world.lake(), world.test.clock)->get(hash));
  }

  CollectWorld world;
  ServedSource served;
};

TEST_F(Unchanged, IsAskedForOnceTheRowsAreStoredRecordedAndCounted) {
  served.serve(kEcbPath, ecb_body("2024-01-02", 1.1), "\"v1\"");
  EXPECT_EQ(must(fetch_ecb()).not_modified, 0);
  EXPECT_THAT(served.answered(), ElementsAre(200));
  const auto stored = rates();
  EXPECT_EQ(stored.size(), 2U);
  const auto again = fetch_ecb();
  ASSERT_TRUE(again);
  EXPECT_THAT(served.answered(), ElementsAre(304));
  EXPECT_EQ(again->not_modified, 1);
  EXPECT_EQ(again->served, 1);
  EXPECT_EQ(again->left, 0);
  EXPECT_EQ(again->commits, 0);
  EXPECT_EQ(exit_of(again), 0);
  EXPECT_THAT(collect_text(*again), HasSubstr("not modified  1"));
  EXPECT_EQ(collect_json(*again).at_path("requests.not_modified")->as_int(), 1);
  EXPECT_EQ(rates(), stored);
  const Answer answer = last_answer("ecb");
  EXPECT_EQ(answer.status, 304);
  EXPECT_THAT(raw(answer.exchange_hash), HasSubstr(R"("status":304)"));
  EXPECT_THAT(raw(answer.raw_hash), HasSubstr("2024-01-02")) << "the body it stands for";

  served.serve(kEcbPath, ecb_body("2024-01-03", 1.2), "\"v2\"");
  EXPECT_EQ(must(fetch_ecb()).tables.at("macro").kept, 2);
  EXPECT_EQ(must(fetch_ecb()).not_modified, 1);
  EXPECT_THAT(served.answered(), ElementsAre(200, 304));
  EXPECT_EQ(must(fetch_ecb(true)).not_modified, 0) << "--fresh asks everything in full";
  EXPECT_THAT(served.answered(), ElementsAre(200));
}

TEST_F(Unchanged, WhatNamesNothingOrWasRefusedIsAskedInFull) {
  served.serve(kEcbPath, ecb_body("2024-01-02", 1.1), "");
  must(fetch_ecb());
  served.serve(kEcbPath, "<html>maintenance</html>", "\"bad\"");
  EXPECT_EQ(exit_of(fetch_ecb()), 65);
  EXPECT_EQ(exit_of(fetch_ecb()), 65);
  EXPECT_THAT(served.answered(), ElementsAre(200, 200, 200)) << "a body that was refused is not stored";
  EXPECT_EQ(rates().size(), 2U);
}

TEST_F(Unchanged, BringsBackRowsThatWereReverted) {
  served.serve(kEcbPath, ecb_body("2024-01-02", 1.1), "\"v1\"");
  const CollectReport first = must(fetch_ecb());
  must(world.lake()->revert(first.commit));
  EXPECT_EQ(rates().size(), 0U);
  EXPECT_EQ(must(fetch_ecb()).tables.at("macro").kept, 2);
  EXPECT_THAT(served.answered(), ElementsAre(200, 304)) << "from the archive, not from the source";
  EXPECT_EQ(rates().size(), 2U);
  EXPECT_EQ(must(fetch_ecb()).commits, 0) << "held again";
}

TEST_F(Unchanged, WithoutTheStoredBodyIsAskedInFull) {
  served.serve(kEcbPath, ecb_body("2024-01-02", 1.1), "\"v1\"");
  must(fetch_ecb());
  std::vector<std::filesystem::path> bodies;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.lake_folder() + "/raw")) {
    if (entry.path().extension() == ".zst") {
      bodies.push_back(entry.path());
    }
  }
  ASSERT_EQ(bodies.size(), 1U);
  std::filesystem::remove(bodies[0]);
  EXPECT_EQ(must(fetch_ecb()).not_modified, 0);
  EXPECT_THAT(served.answered(), ElementsAre(200, 200));
}

TEST_F(Unchanged, ThatNamesAnotherBodyIsNoAnswer) {
  served.serve(kEcbPath, ecb_body("2024-01-02", 1.1), "\"v1\"");
  must(fetch_ecb());
  served.misnamed = "\"other\"";
  const auto odd = fetch_ecb();
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->left, 1);
  ASSERT_EQ(odd->unserved.size(), 1U);
  EXPECT_EQ(odd->unserved[0].number, E::E6204);
  EXPECT_EQ(must(fetch_ecb()).served, 1) << "the next run asks in full";
  EXPECT_THAT(served.answered(), ElementsAre(200, 304, 200));
}

// An index as EDGAR writes it.
std::string index_body() {
  std::string out =
      "Description:           Master Index of EDGAR Dissemination Feed\n\n"
      "CIK|Company Name|Form Type|Date Filed|File Name\n" +
      std::string(80, '-') + "\n";
  for (int i = 1; i <= 4; ++i) {
    out += fmt::format("{}|COMPANY {}|{}|20240102|edgar/data/{}/000000000{}-24-000001.txt\n", i, i,
                       i % 2 == 0 ? "8-K" : "10-K", i, i);
  }
  return out;
}

TEST_F(Unchanged, AnswersAnotherQuestionFromTheStoredBody) {
  served.serve("/Archives/edgar/daily-index/2024/QTR1/master.20240102.idx", index_body(), "\"v1\"");
  source::FetchRequest request;
  request.from = request.to = Date::from_civil(2024, 1, 2);
  request.kinds = {"8-K"};
  EXPECT_EQ(must(fetch(kSec, "edgar-index", request)).tables.at("filings").kept, 2);
  request.kinds = {"10-K"};
  const CollectReport other = must(fetch(kSec, "edgar-index", request));
  EXPECT_THAT(served.answered(), ElementsAre(200, 304));
  EXPECT_EQ(other.tables.at("filings").kept, 2) << "rows that the first question left";
  EXPECT_EQ(other.not_modified, 1);
  EXPECT_EQ(world.rows("filings"), 4);
  EXPECT_EQ(must(fetch(kSec, "edgar-index", request)).tables.size(), 0U);
}

// A directory of the ASX with so many companies, without one of them.
std::string directory_body(int companies, int without) {
  std::string out = "ASX code,Company name,GICs industry group,Listing date,Market Cap\n";
  for (int i = 0; i < companies; ++i) {
    out += i == without ? "" : fmt::format("C{0:02},COMPANY {0},Energy,2010-01-04,1000\n", i);
  }
  return out;
}

TEST_F(Unchanged, MovesACursorThatCountsDays) {
  const std::string path = "/asx-research/1.0/companies/directory/file";
  const auto next_day = [&] { world.test.clock.advance(kNanosPerDay); };
  served.serve(path, directory_body(20, -1), "\"v1\"");
  must(fetch(kAsx, "asx-directory", {}));
  served.serve(path, directory_body(20, 7), "\"v2\"");
  for (int day = 0; day < 3; ++day) {
    next_day();
    must(fetch(kAsx, "asx-directory", {}));
  }
  EXPECT_THAT(served.answered(), ElementsAre(200, 200, 304, 304));
  EXPECT_THAT(world.cells("listing_events", {"symbol", "kind"}), UnorderedElementsAre("C07 missing", "C07 removed"))
      << "three lists in a row lacked it, two of them told by saying nothing";
}

TEST(StoredBody, IsNamedByTheStrongerValidator) {
  const StoredAnswer stored{.asked = "a", .raw_hash = "h", .headers = {{"ETag", "\"1\""}, {"Last-Modified", "Mon"}}};
  EXPECT_TRUE(stands_for(stored, {}));
  EXPECT_TRUE(stands_for(stored, {{"etag", "W/\"1\""}, {"Last-Modified", "Tue"}}));
  EXPECT_FALSE(stands_for(stored, {{"ETag", "\"2\""}, {"Last-Modified", "Mon"}}));
  EXPECT_FALSE(stands_for(stored, {{"Last-Modified", "Tue"}}));
}

TEST_F(Unchanged, BooksForgetWhatTheyCannotRead) {
  served.serve(kEcbPath, ecb_body("2024-01-02", 1.1), "\"v1\"");
  must(fetch_ecb());
  for (const auto& entry : std::filesystem::directory_iterator(world.lake_folder() + "/fetch/ecb")) {
    if (entry.path().filename().string().starts_with("stored-")) {
      std::ofstream(entry.path(), std::ios::app) << "x";
    }
  }
  EXPECT_EQ(must(fetch_ecb()).not_modified, 0);
  EXPECT_EQ(must(fetch_ecb()).not_modified, 1);
}

}  // namespace

namespace testing {
namespace {

// A fetch of the body that lies at `folder`/served.xml; what was answered goes to `folder`/answered.
int fetch_served_once(const std::string& folder) {
  std::ifstream in(folder + "/served.xml");
  const std::string body((std::istreambuf_iterator<char>(in)), {});
  ServedSource served;
  served.serve(kEcbPath, body, "\"" + sha256_hex(body).substr(0, 8) + "\"");
  TestWorld test;
  FixedClock clock(Time{kCrashNow.nanos + getpid()});
  const auto report = fetch_served(served, kEcb, "ecb", {}, folder + "/lake", test, clock);
  for (const int status : served.answered()) {
    std::ofstream(folder + "/answered", std::ios::app) << status << "\n";
  }
  if (!report) {
    std::ofstream(folder + ".error") << render(report.error());
    return 12;
  }
  return report->left == 0 && report->unserved.empty() ? 0 : 13;
}

TEST(UnchangedCrashWorker, DISABLED_Fetch) {
  const char* const folder = std::getenv("LODE_TEST_COLLECT");
  ASSERT_NE(folder, nullptr);
  std::exit(fetch_served_once(folder));
}

class UnchangedCrash : public Crashes {
 protected:
  static Hindrance at(long call) { return {.what = "kill", .at = call, .worker = "UnchangedCrashWorker.*"}; }
  void serve(const std::string& day, double dollars) const {
    must(lake::make_folders(work));
    std::ofstream(work + "/served.xml", std::ios::trunc) << ecb_body(day, dollars);
  }
  int asked_in_vain() const {
    std::ifstream in(work + "/answered");
    int out = 0, status = 0;
    while (in >> status) {
      out += status == 304 ? 1 : 0;
    }
    return out;
  }
  // Fetches `before` in peace, then `now`, killed at each call; afterwards one run more must leave what peace leaves.
  void campaign(const char* name, bool is_new, int sampled) {
    const auto begin = [&] {
      renew();
      serve("2024-01-02", 1.1);
      ASSERT_EQ(FetchWorker(work, at(0)).code(), 0);
      if (is_new) {
        serve("2024-01-03", 1.2);
      }
    };
    begin();
    const FetchWorker peace(work, at(0));
    ASSERT_EQ(peace.code(), 0) << peace.error;
    const std::vector<std::string> wanted = state();
    ASSERT_GT(wanted.size(), 2U);
    Found found;
    const long step = is_long() ? 1 : std::max<long>(1, peace.calls / test_rounds(sampled, 4));
    for (long call = 1; call <= peace.calls; call += step) {
      SCOPED_TRACE(fmt::format("killed at call {} of {}", call, peace.calls));
      begin();
      const FetchWorker killed(work, at(call));
      ASSERT_TRUE(killed.killed()) << killed.status << killed.error;
      const FetchWorker mended(work, at(0));
      ASSERT_EQ(mended.code(), 0) << mended.error;
      const std::vector<std::string> rows = state();
      ++found.points;
      found.compare(wanted, rows);
      EXPECT_EQ(rows, wanted);
    }
    const FetchWorker last(work, at(0));
    EXPECT_EQ(last.code(), 0);
    EXPECT_GT(asked_in_vain(), 0) << "was anything asked for changes?";
    fmt::print("fault=F1 workload={} points={} of={} lost={} dup={}\n", name, found.points, peace.calls, found.lost,
               found.doubled);
    EXPECT_EQ(found.lost + found.doubled, 0);
  }
};

TEST_F(UnchangedCrash, KilledWhileNewsAreStoredNothingIsTakenForUnchanged) { campaign("conditional-news", true, 14); }

TEST_F(UnchangedCrash, KilledWhileNothingChangedNothingIsLost) { campaign("conditional-same", false, 6); }

}  // namespace
}  // namespace testing
}  // namespace lode::flow
