// What a host can do with the keys it is given, and what the settings of the network may hold: a refusal that echoes a
// key in any spelling, a proxy with a password, a mirror in the place of a host.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>

#include "lode/flow/steps/collect/testing.h"
#include "lode/flow/steps/live/streaming.h"
#include "lode/io/lake/lake.h"
#include "lode/io/net/stream_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Secrets : public ::testing::Test {
 protected:
  CollectWorld world;
};

constexpr const char* kKey = "AKFORTESTS12";
constexpr const char* kSecret = "ALPSECRETghi+/=x";

TEST_F(Secrets, AnEchoOfAKeyIsNeitherKeptNorTold) {
  must(world.test.config.merge_flag("alpaca.key", kKey, "test"));
  must(world.test.config.merge_flag("alpaca.secret", kSecret, "test"));
  source::FetchRequest asked = named({"AAPL"});
  asked.from = Date::from_civil(2025, 12, 1);
  asked.to = Date::from_civil(2025, 12, 5);
  const std::string front = R"({"message":"forbidden )";
  const std::string body = front + R"(ALPSECRETghi+\/=x and ALPSECRETghi\u002b\u002F=x and ALPSECRETghi%2b%2f%3dx and )"
                                   R"(QUxQU0VDUkVUZ2hpKy89eA== and AKFORTESTS12"})";
  world.record(world.planned("alpaca", asked).at(0), body, 403);
  const auto report = world.fetch("alpaca", asked);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->unserved.size(), 1U);
  EXPECT_EQ(report->unserved[0].number, E::E6202);
  const auto finding = collect_finding(*report, 0.01);
  ASSERT_TRUE(finding);
  for (const std::string& told : {collect_text(*report), to_json(collect_json(*report)), render(*finding)}) {
    EXPECT_THAT(told, HasSubstr("forbidden REDACTED and REDACTED and REDACTED and REDACTED and REDACTED"));
    for (const char* part : {"SECRETghi", "Z2hpKy89", "AKFORTESTS"}) {
      EXPECT_THAT(told, Not(HasSubstr(part)));
    }
  }
  const std::string kept = front + "REDACTED and REDACTED and REDACTED and REDACTED and REDACTED\"}";
  const auto lake = world.lake();
  const auto archive = lake::make_archive(*lake, world.test.clock);
  EXPECT_EQ(must(archive->get(sha256_hex(kept))), kept) << "the body as it may be kept";
  EXPECT_FALSE(archive->get(sha256_hex(body))) << "and nowhere the one that came";
}

// An escape of an escape is no spelling of the key until the answer is read.
TEST_F(Secrets, WhatReadingMakesOfAnAnswerIsLookedOverAgain) {
  must(world.test.config.merge_flag("alpaca.key", kKey, "test"));
  must(world.test.config.merge_flag("alpaca.secret", kSecret, "test"));
  source::FetchRequest asked = named({"AAPL"});
  asked.from = Date::from_civil(2025, 12, 1);
  asked.to = Date::from_civil(2025, 12, 5);
  world.record(world.planned("alpaca", asked).at(0), R"({"message":"no ALPSECRETghi\u005cu002b/=x here"})", 403);
  const auto report = world.fetch("alpaca", asked);
  ASSERT_TRUE(report);
  EXPECT_THAT(collect_text(*report), HasSubstr("no REDACTED here"));
  EXPECT_THAT(to_json(collect_json(*report)), Not(HasSubstr("ghi")));
  EXPECT_THAT(render(*collect_finding(*report, 0.01)), Not(HasSubstr("ghi")));
}

// What Go's encoding/json and others make of a text that was written for HTML.
TEST_F(Secrets, NoRowHoldsAKeyThatCameInEscapesInsideEachOther) {
  must(world.test.config.merge_flag("brave.key", "brv-a&b\"c'd+9/Z", "test"));
  const std::string body =
      R"({"results":[{"title":"T1 brv-a\u0026amp;b\u0026#34;c\u0026#x27;d+9/Z end","url":"https://e.org/1","page_age":)"
      R"("2025-09-10T19:29:06"},{"title":"T2 brv-a\u002526b\u002522c\u002527d\u00252B9\u00252FZ end","url":)"
      R"("https://e.org/2","page_age":"2025-09-10T19:29:06"}]})";
  world.record(world.planned("brave", named({"AAPL"})).at(0), body);
  must(world.fetch("brave", named({"AAPL"})));
  EXPECT_THAT(world.cells("articles", {"title"}),
              ::testing::UnorderedElementsAre("T1 REDACTED end", "T2 REDACTED end"));
}

// A key that is cut is none that could be taken out of the message any more.
TEST_F(Secrets, WordsOfAVenueAreToldWithoutAKeyBeforeTheyAreCut) {
  const std::string secret = "ALPSECRETghijklmnop1234";
  must(world.test.config.merge_flag("alpaca.key", kKey, "test"));
  must(world.test.config.merge_flag("alpaca.secret", secret, "test"));
  enum class Way { kError, kTrouble, kClose, kStatus };
  for (const Way way : {Way::kError, Way::kTrouble, Way::kClose, Way::kStatus}) {
    const std::string words = "policy violation: no account has the secret " + secret;
    net::TestServer server([&](const net::Seen& seen, net::Wire& wire) {
      if (way == Way::kStatus) {
        wire.send("HTTP/1.1 403 " + words + "\r\n\r\n");
        wire.close();
        return;
      }
      net::accept_stream(seen, wire);
      if (way == Way::kClose) {
        wire.send(net::server_frame(0x88, "\x0f\xa1" + words));
      } else {
        wire.send(net::server_frame(
            0x81, fmt::format(R"([{{"T":"error","code":{},"msg":"{}"}}])", way == Way::kError ? 402 : 500, words)));
      }
      wire.hang();
    });
    must(world.test.config.merge_flag("alpaca.stream_url", "ws" + server.origin().substr(4), "test"));
    World one = world.world();
    std::string told;
    one.out = [&](std::string_view piece) {
      told += piece;
      return true;
    };
    one.progress = [&](std::string_view, std::int64_t, std::int64_t) { return told.empty(); };
    const auto streamed = stream(one, *must(find_source("alpaca-stream")), named({"AAPL"}), {});
    ASSERT_EQ(streamed.has_value(), way != Way::kError);
    told += streamed ? to_json(stream_json(*streamed)) + streamed->why_lost : render(streamed.error());
    EXPECT_THAT(told, HasSubstr("the secret RED"));
    EXPECT_THAT(told, Not(HasSubstr("ALPSECRET")));
  }
}

TEST_F(Secrets, AProxyThatIsNoneIsToldBeforeAnythingIsMade) {
  for (const char* proxy :
       {"http://user:SECRETp@ss99@127.0.0.1:99999", "http://user:SECRETss99@", "user:SECRET99@a b"}) {
    must(world.test.config.merge_flag("net.proxy", proxy, "https_proxy"));
    const auto fetched = world.fetch("ecb", {});
    World one = world.world();
    const auto previewed = preview_fetch(one, *must(find_source("ecb")), {}, false);
    ASSERT_FALSE(fetched);
    ASSERT_FALSE(previewed) << "a dry run says what the fetch will say";
    for (const Error* error : {&fetched.error(), &previewed.error()}) {
      EXPECT_EQ(error->number(), E::E5002);
      EXPECT_THAT(error->message(), HasSubstr("net.proxy"));
      EXPECT_THAT(render(*error), Not(HasSubstr("SECRET")));
      EXPECT_THAT(render(*error), Not(HasSubstr("ss99")));
    }
    const auto streamed = stream(one, *must(find_source("coinbase-stream")), named({"BTC-USD"}), {});
    ASSERT_FALSE(streamed);
    EXPECT_EQ(streamed.error().number(), E::E5002);
    EXPECT_FALSE(std::filesystem::exists(world.lake_folder()));
    EXPECT_TRUE(world.http.asked.empty());
  }
  must(world.test.config.merge_flag("net.replay", world.recordings, "test"));
  World one = world.world();
  EXPECT_TRUE(preview_fetch(one, *must(find_source("ecb")), {}, false)) << "recordings need no proxy";
}

TEST_F(Secrets, AnAddressWithASignOfAPasswordIsNone) {
  for (const char* address : {"https://me:12/SECRETpw@mirror.example", "https://mirror.example/a@SECRET/b@c",
                              "https://me:SECRET@mirror.example"}) {
    must(world.test.config.merge_flag("ecb.base_url", address, "test"));
    World one = world.world();
    const auto previewed = preview_fetch(one, *must(find_source("ecb")), {}, false);
    ASSERT_FALSE(previewed) << address;
    EXPECT_EQ(previewed.error().number(), E::E5002);
    EXPECT_THAT(render(previewed.error()), Not(HasSubstr("SECRET")));
  }
}

TEST_F(Secrets, ADryRunNamesTheHostThatWouldBeAsked) {
  World one = world.world();
  const source::Source& ecb = *must(find_source("ecb"));
  const Preview usual = must(preview_fetch(one, ecb, {}, false));
  EXPECT_EQ(usual.urls.at(0), usual.asks.at(0).request.http.url);
  EXPECT_THAT(preview_text(usual, ecb.spec), Not(HasSubstr("in place of")));
  EXPECT_THAT(to_json(preview_json(usual, ecb.spec)), Not(HasSubstr("in_place_of")));
  must(world.test.config.merge_flag("ecb.base_url", "http://127.0.0.1:9/mirror", "test"));
  const Preview moved = must(preview_fetch(one, ecb, {}, false));
  EXPECT_EQ(moved.asks.at(0).id, usual.asks.at(0).id) << "the same question";
  EXPECT_THAT(moved.urls.at(0), HasSubstr("http://127.0.0.1:9/mirror/stats/"));
  const std::string text = preview_text(moved, ecb.spec);
  EXPECT_THAT(text, HasSubstr("GET " + moved.urls.at(0) + " (in place of https://www.ecb.europa.eu)\n"));
  EXPECT_THAT(text, HasSubstr("\n  127.0.0.1: "));
  const Value json = preview_json(moved, ecb.spec);
  const Value& first = json.find("requests")->as_array().at(0);
  EXPECT_EQ(first.find("url")->as_text(), moved.urls.at(0));
  EXPECT_EQ(first.find("in_place_of")->as_text(), usual.urls.at(0));
}

}  // namespace
}  // namespace lode::flow
