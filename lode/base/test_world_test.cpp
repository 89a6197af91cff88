// Tests of the TestWorld's parts and of progress.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/test_world.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "lode/base/must.h"

namespace lode {
namespace {

TEST(TestWorld, StartsAtAKnownInstant) {
  TestWorld parts;
  const World world = parts.world();
  EXPECT_EQ(to_string(world.clock.now()), "2026-01-05T12:00:00Z");
  parts.clock.advance(kNanosPerSecond);
  EXPECT_EQ(to_string(world.clock.now()), "2026-01-05T12:00:01Z");
}

TEST(TestWorld, OwnsAFreshFolder) {
  std::string folder;
  {
    TestWorld one;
    TestWorld other;
    folder = one.folder;
    EXPECT_NE(one.folder, other.folder);
    EXPECT_TRUE(std::filesystem::is_directory(folder));
    EXPECT_EQ(one.world().lake, folder + "/lake");
    EXPECT_FALSE(std::filesystem::exists(one.world().lake));
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(MemoryArchive, NamesBytesByTheirHash) {
  MemoryArchive archive;
  const std::string hash = must(archive.put("csv", "abc", "{}"));
  EXPECT_EQ(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(must(archive.put("other", "abc", "{}")), hash);
  EXPECT_EQ(must(archive.get(hash)), "abc");
  EXPECT_EQ(archive.get("00").error().number(), E::E9);
}

TEST(ScriptedHttp, AnswersInOrderThenNotAtAll) {
  ScriptedHttp http;
  http.answer({.status = 200, .headers = {}, .body = "one", .received_at = {}});
  http.answer({.status = 429, .headers = {}, .body = "two", .received_at = {}});
  HttpRequest request;
  request.url = "https://example.org/a";
  EXPECT_EQ(must(http.send(request)).body, "one");
  EXPECT_EQ(must(http.send(request)).status, 429);
  const auto none = http.send(request);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().number(), E::E6001);
  ASSERT_EQ(http.asked().size(), 3U);
  EXPECT_EQ(http.asked()[0].url, "https://example.org/a");
}

TEST(Http, HeadersAreFoundWithoutCase) {
  const HttpHeaders headers = {{"Content-Type", "text/html"}, {"content-type", "text/plain"}};
  ASSERT_NE(find_header(headers, "CONTENT-TYPE"), nullptr);
  EXPECT_EQ(*find_header(headers, "CONTENT-TYPE"), "text/html");
  EXPECT_EQ(find_header(headers, "Content"), nullptr);
}

TEST(Http, SendsAllOneByOneUntilToldToStop) {
  ScriptedHttp http;
  for (const int status : {200, 201, 202}) {
    http.answer({.status = status, .headers = {}, .body = "", .received_at = {}});
  }
  const std::vector<HttpRequest> requests(3);
  std::vector<int> seen;
  http.send_all(requests, 2, [&](std::size_t index, Result<HttpResponse> answer) {
    seen.push_back(static_cast<int>(index) * 1000 + must(std::move(answer)).status);
    return index < 1;
  });
  EXPECT_EQ(seen, (std::vector<int>{200, 1201}));
}

TEST(Progress, WithoutAListenerGoesOn) {
  TestWorld parts;
  EXPECT_TRUE(report_progress(parts.world(), "reading", 1, 2));
}

TEST(Progress, TheListenerHearsAndMayStop) {
  TestWorld parts;
  World world = parts.world();
  std::string heard;
  world.progress = [&](std::string_view phase, std::int64_t done, std::int64_t total) {
    heard = std::string(phase) + " " + std::to_string(done) + "/" + std::to_string(total);
    return done < 2;
  };
  EXPECT_TRUE(report_progress(world, "reading", 1, 2));
  EXPECT_EQ(heard, "reading 1/2");
  EXPECT_FALSE(report_progress(world, "reading", 2, 2));
}

}  // namespace
}  // namespace lode
