// News through the whole of collecting: an article that is found again is the one that was found first.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lode/flow/steps/collect/testing.h"

namespace lode::flow {
namespace {

using ::testing::UnorderedElementsAre;

std::string feed(const std::string& first, const std::string& second) {
  const auto item = [](const std::string& title, const std::string& link) {
    return fmt::format("<item><title>{}</title><link>{}</link><pubDate>Fri, 01 Mar 2024 11:00:00 GMT</pubDate></item>",
                       title, link);
  };
  return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>news</title>" + item(first, "http://a.test/1") +
         item(second, "http://a.test/2") + "</channel></rss>";
}

TEST(CollectArticles, FoundAgainKeepTheTimeTheyWereFirstSeen) {
  CollectWorld world;
  const std::string url = world.planned("rss", named({"AAPL"})).at(0);
  world.record(url, feed("A filing", "A rumour"), 200, "application/rss+xml", "2024-03-01T12:00:00Z");
  ASSERT_EQ(exit_of(world.fetch("rss", named({"AAPL"}))), 0);
  const std::vector<std::string> seen = world.cells("articles", {"url", "first_seen"});
  ASSERT_THAT(seen,
              UnorderedElementsAre("http://a.test/1 2024-03-01T12:00:00Z", "http://a.test/2 2024-03-01T12:00:00Z"));

  std::filesystem::remove_all(world.recordings);
  world.record(url, feed("A filing", "A rumour, denied"), 200, "application/rss+xml", "2024-03-03T12:00:00Z");
  world.test.clock.advance(2 * kNanosPerDay);
  ASSERT_EQ(exit_of(world.fetch("rss", named({"AAPL"}), true)), 0);
  EXPECT_EQ(world.cells("articles", {"url", "first_seen"}), seen);
  EXPECT_THAT(world.cells("articles", {"title", "known_time"}),
              UnorderedElementsAre("A filing 2024-03-01T12:00:00Z", "A rumour, denied 2024-03-03T12:00:00Z"));
}

}  // namespace
}  // namespace lode::flow
