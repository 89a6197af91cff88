// News as recorded, found twice: one article, first seen when it was.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/known/first_seen.h"

#include <gmock/gmock.h>

#include "lode/base/hash.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/source/collect/source.h"
#include "lode/market/test_data.h"

namespace lode::flow {
namespace {

class FirstSeen : public testing::Verbs {
 protected:
  // Finds the feed now; returns what became of its articles.
  lake::AppendOutcome find(const std::string& body) {
    const source::Source& rss = *must(find_source("rss"));
    source::FetchRequest asked;
    asked.names = {"AAPL"};
    source::Response response;
    response.asked = must(rss.plan(asked, {}, parts.clock.now())).requests.at(0);
    response.status = 200;
    response.headers = {{"Content-Type", "application/rss+xml"}};
    response.received_at = parts.clock.now();
    response.raw_hash = sha256_hex(body);
    response.body = body;
    source::Parsed parsed = must(rss.parse(response));
    const auto lake = must(open_lake(world, Wanted::kCreate));
    known = must(keep_first_seen(must(lake->snapshot()), parsed.tables.at(0).rows));
    lake::Writer writer = must(lake->writer());
    lake::AppendOutcome out = must(writer.append("articles", parsed.tables.at(0).rows, response.received_at));
    must(writer.commit(fmt::format("news {}", ++commits_), "data fetch", Value()));
    return out;
  }
  Batch articles(std::optional<Time> as_of = {}) {
    lake::Query query;
    query.as_of = as_of;
    return must(must(must(open_lake(world, Wanted::kRead))->snapshot()).read("articles", query));
  }

  std::int64_t known = 0;

 private:
  int commits_ = 0;
};

TEST_F(FirstSeen, AnArticleFoundAgainIsTheSame) {
  LODE_NEEDS_DATA("news");
  const std::string body = read_test_data("news/google-news.rss.xml");
  const Time first = parts.clock.now();
  const lake::AppendOutcome stored = find(body);
  ASSERT_GT(stored.kept, 0);
  EXPECT_EQ(known, 0);
  parts.clock.advance(400 * std::int64_t{86'400} * kNanosPerSecond);  // Into another year: another partition.
  const lake::AppendOutcome again = find(body);
  EXPECT_EQ(again.kept, 0);
  EXPECT_EQ(again.dropped, stored.kept);
  EXPECT_EQ(known, stored.kept);
  const Batch rows = articles();
  ASSERT_EQ(static_cast<std::int64_t>(rows.rows()), stored.kept);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    EXPECT_EQ(Time{rows.column("first_seen").times()[row]}, first);
    EXPECT_EQ(Time{rows.column("known_time").times()[row]}, first) << "whatever the publisher claims";
    EXPECT_EQ(rows.column("known_assumed").bools()[row], 0);
  }
  EXPECT_EQ(articles(Time{first.nanos - 1}).rows(), 0U) << "a back-dated article enters no past";
}

TEST_F(FirstSeen, AChangedHeadlineIsACorrectionOfTheSameArticle) {
  const auto feed = [](const char* title) {
    return fmt::format(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title><item><title>{}</title>"
        "<link>https://example.com/a</link><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate></item></channel></rss>",
        title);
  };
  const Time first = parts.clock.now();
  EXPECT_EQ(find(feed("Before")).kept, 1);
  parts.clock.advance(3600 * kNanosPerSecond);
  const Time later = parts.clock.now();
  EXPECT_EQ(find(feed("After")).corrected, 1);
  const Batch now = articles();
  ASSERT_EQ(now.rows(), 1U);
  EXPECT_EQ(now.column("title").texts()[0], "After");
  EXPECT_EQ(Time{now.column("first_seen").times()[0]}, first);
  EXPECT_EQ(Time{now.column("known_time").times()[0]}, later);
  EXPECT_EQ(articles(first).column("title").texts()[0], "Before");
}

}  // namespace
}  // namespace lode::flow
