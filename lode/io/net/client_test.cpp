// Tests of the client against a server on this machine: right answers, pace, retries, redirects, conditions, secrets.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>

#include "lode/base/must.h"
#include "lode/io/net/client_testing.h"
#include "lode/io/net/fault_testing.h"

namespace lode::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSource = "https://source.example";

// A server that is `kSource`, and a client that believes so.
struct Pair {
  explicit Pair(TestServer::Answer answer, const std::function<void(ClientOptions&)>& change = {})
      : server(std::move(answer)), test(options(change)) {}
  ClientOptions options(const std::function<void(ClientOptions&)>& change) const {
    ClientOptions out = test_options({place_at(kSource, server.origin())});
    if (change) {
      change(out);
    }
    return out;
  }
  Result<HttpResponse> send(const HttpRequest& request) { return test.client.send(request); }
  Result<HttpResponse> get(const std::string& path) { return send(net::get(kSource + path)); }

  TestServer server;
  TestClient test;
};

ErrorNumber number_of(const Result<HttpResponse>& answer) { return answer ? ErrorNumber{} : answer.error().number(); }

TEST(Client, BringsStatusHeadersBodyAndTheInstantOfItsFirstByte) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(200, "hello", {{"X-One", "1"}, {"ETag", "\"a\""}}); });
  const HttpResponse answer = must(pair.get("/a/b?x=1&y=%20"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(*find_header(answer.headers, "x-one"), "1");
  EXPECT_EQ(answer.received_at, pair.test.parts.clock.now());
  EXPECT_EQ(answer.url, "https://source.example/a/b?x=1&y=%20") << "as the source publishes it";
  EXPECT_EQ(answer.attempts, 1);
  const std::vector<Seen> seen = pair.server.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].method, "GET");
  EXPECT_EQ(seen[0].target, "/a/b?x=1&y=%20");
  EXPECT_EQ(seen[0].header("User-Agent"), "lode");
  EXPECT_EQ(seen[0].header("Accept-Encoding"), "gzip");
}

TEST(Client, SendsBodiesAndHeadersAsTheyAre) {
  Pair pair([](const Seen& seen, Wire& wire) { wire.answer(201, seen.body); });
  HttpRequest request = get(std::string(kSource) + "/search");
  request.method = "POST";
  request.body = std::string("{\"q\":\"\0x\"}", 10);
  request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}, {"User-Agent", "Someone a@example.com"}};
  const HttpResponse answer = must(pair.send(request));
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, request.body);
  const Seen seen = pair.server.seen().at(0);
  EXPECT_EQ(seen.header("Content-Type"), "application/json");
  EXPECT_EQ(seen.header("User-Agent"), "Someone a@example.com");
  EXPECT_NE(find_header(seen.headers, "X-Empty"), nullptr);
  EXPECT_EQ(find_header(seen.headers, "Expect"), nullptr);
}

TEST(Client, PutDeleteAndHeadAreThemselves) {
  Pair pair([](const Seen& seen, Wire& wire) {
    seen.method == "HEAD" ? wire.send("HTTP/1.1 200 OK\r\nContent-Length: 50000000000\r\n\r\n")
                          : wire.answer(200, seen.method);
  });
  for (const std::string method : {"PUT", "DELETE", "PATCH"}) {
    HttpRequest request = get(std::string(kSource) + "/x");
    request.method = method;
    request.body = "b";
    EXPECT_EQ(must(pair.send(request)).body, method);
  }
  HttpRequest head = get(std::string(kSource) + "/x");
  head.method = "HEAD";
  const HttpResponse answer = must(pair.send(head));
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(*find_header(answer.headers, "Content-Length"), "50000000000");
}

TEST(Client, UnpacksGzip) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += fmt::format("row {} of the text\n", i * i);
  }
  Pair pair([&](const Seen&, Wire& wire) { wire.answer(200, gzipped(text), {{"Content-Encoding", "gzip"}}); });
  EXPECT_EQ(must(pair.get("/")).body, text);
  Pair two([&](const Seen&, Wire& wire) {
    wire.answer(200, gzipped("one ") + gzipped("two"), {{"Content-Encoding", "gzip"}});
  });
  EXPECT_EQ(must(two.get("/")).body, "one two") << "two members are one body";
}

TEST(Client, EveryStatusIsAnAnswer) {
  Pair pair([](const Seen& seen, Wire& wire) { wire.answer(std::stoi(seen.target.substr(1)), "page"); });
  for (const int status : {204, 304, 400, 401, 403, 404, 418}) {
    const auto answer = pair.get(fmt::format("/{}", status));
    ASSERT_TRUE(answer) << status;
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->attempts, 1) << "never tried again: " << status;
  }
  EXPECT_TRUE(pair.test.sleeper.waits.empty());
}

TEST(Client, TriesAgainWithJitterUntilItWorks) {
  int calls = 0;
  Pair pair([&](const Seen&, Wire& wire) { wire.answer(++calls < 4 ? 503 : 200, "body"); });
  const HttpResponse answer = must(pair.get("/"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.attempts, 4);
  ASSERT_EQ(pair.test.sleeper.waits.size(), 3U);
  const std::int64_t most[] = {1, 2, 4};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LE(pair.test.sleeper.waits[i], most[i] * kNanosPerSecond);
  }
}

TEST(Client, GivesTheLastAnswerWhenTriesAreUsedUp) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(502, "down"); });
  const HttpResponse answer = must(pair.get("/"));
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.attempts, 6);
  EXPECT_EQ(pair.server.count(), 6U);
  HttpRequest fewer = get(std::string(kSource) + "/");
  fewer.attempts = 2;
  EXPECT_EQ(must(pair.send(fewer)).attempts, 2);
}

TEST(Client, AnAnswerTheCollectorKnowsIsNotTriedAgain) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(503, "past the end"); });
  HttpRequest request = get(std::string(kSource) + "/feed?start=5100");
  request.answers = {503};
  EXPECT_EQ(must(pair.send(request)).attempts, 1);
}

TEST(Client, SendsAnOrderTwiceOnlyWhenItWasRefused) {
  int status = 503;
  Pair pair([&](const Seen&, Wire& wire) { wire.answer(status, ""); });
  HttpRequest order = get(std::string(kSource) + "/v2/orders");
  order.method = "POST";
  order.body = "{}";
  EXPECT_EQ(must(pair.send(order)).attempts, 1) << "it may have been done";
  status = 429;
  EXPECT_EQ(must(pair.send(order)).attempts, 6) << "it was not done";
  status = 500;
  order.is_repeatable = true;
  EXPECT_EQ(must(pair.send(order)).attempts, 6) << "the caller says it does no harm";
}

TEST(Client, WaitsAsLongAsTheHostSays) {
  int calls = 0;
  Pair pair([&](const Seen& seen, Wire& wire) {
    answer_with(++calls == 1 ? Fault::kThrottledSeconds : Fault::kNone, seen, wire, "body");
  });
  EXPECT_EQ(must(pair.get("/")).status, 200);
  EXPECT_GE(pair.test.sleeper.total(), 7 * kNanosPerSecond);
  EXPECT_LE(pair.test.sleeper.total(), 8 * kNanosPerSecond);
  EXPECT_EQ(pair.test.parts.metrics.value("lode_source_throttled_total", "source=\"test\""), 1);
}

TEST(Client, WaitsUntilTheDateTheHostSays) {
  int calls = 0;
  std::string date;
  Pair pair([&](const Seen& seen, Wire& wire) {
    answer_with(++calls == 1 ? Fault::kThrottledDate : Fault::kNone, seen, wire, "body", date);
  });
  date = http_date({pair.test.parts.clock.now().nanos + 90 * kNanosPerSecond});
  EXPECT_EQ(must(pair.get("/")).status, 200);
  EXPECT_GE(pair.test.sleeper.total(), 89 * kNanosPerSecond);
  EXPECT_LE(pair.test.sleeper.total(), 91 * kNanosPerSecond);
}

TEST(Client, LeavesAHostAloneThatAsksForLong) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(429, "", {{"Retry-After", "600"}}); });
  EXPECT_EQ(must(pair.get("/")).status, 429) << "the answer itself, at once";
  EXPECT_TRUE(pair.test.sleeper.waits.empty());
  const auto next = pair.get("/other");
  EXPECT_EQ(number_of(next), E::E6102);
  EXPECT_THAT(next.error().message(), HasSubstr("until 2026-01-05T12:10:00Z"));
  EXPECT_EQ(pair.server.count(), 1U) << "nothing was asked meanwhile";
  pair.test.parts.clock.advance(601 * kNanosPerSecond);
  EXPECT_EQ(must(pair.get("/")).status, 429);
}

TEST(Client, HoldsAHostAsLongAsItAsksUpToADay) {
  Pair pair([](const Seen& seen, Wire& wire) {
    wire.answer(429, "", {{"Retry-After", seen.target == "/two-hours" ? "7200" : "604800"}});
  });
  EXPECT_EQ(must(pair.get("/two-hours")).status, 429);
  EXPECT_THAT(pair.get("/").error().message(), HasSubstr("until 2026-01-05T14:00:00Z"));
  pair.test.parts.clock.advance(7201 * kNanosPerSecond);
  EXPECT_EQ(must(pair.get("/a-week")).status, 429);
  EXPECT_THAT(pair.get("/").error().message(), HasSubstr("until 2026-01-06T14:00:01Z"));
  EXPECT_EQ(pair.server.count(), 2U);
}

TEST(Client, HoldsAHostOnRequest) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(200, ""); });
  pair.test.client.hold(std::string(kSource) + "/x", {pair.test.parts.clock.now().nanos + 600 * kNanosPerSecond});
  EXPECT_EQ(number_of(pair.get("/")), E::E6102);
  EXPECT_EQ(pair.server.count(), 0U);
}

TEST(Client, ARetryCostsAToken) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(500, ""); },
            [](ClientOptions& options) {
              std::vector<Place> places = options.places.all();
              places[0].rate = {1, 100 * kNanosPerSecond};
              options.places = Places(places);
            });
  EXPECT_EQ(must(pair.get("/")).attempts, 6);
  EXPECT_GE(pair.test.sleeper.total(), 5 * 100 * kNanosPerSecond);
}

TEST(Client, TheBreakerOpensAfterFailuresAndProbesOnce) {
  bool is_down = true;
  Pair pair([&](const Seen&, Wire& wire) { wire.answer(is_down ? 503 : 200, ""); },
            [](ClientOptions& options) {
              options.attempts = 1;
              options.breaker_failures = 3;
            });
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(must(pair.get("/")).status, 503);
  }
  const auto kept_back = pair.get("/");
  EXPECT_EQ(number_of(kept_back), E::E6101);
  EXPECT_THAT(kept_back.error().message(), HasSubstr("next try in 30 s"));
  EXPECT_EQ(pair.server.count(), 3U);
  EXPECT_EQ(pair.test.parts.metrics.value("lode_source_circuit_state", "source=\"test\""), 2);
  pair.test.parts.clock.advance(31 * kNanosPerSecond);
  EXPECT_EQ(must(pair.get("/")).status, 503) << "the probe";
  EXPECT_EQ(number_of(pair.get("/")), E::E6101) << "open again, for longer";
  pair.test.parts.clock.advance(61 * kNanosPerSecond);
  is_down = false;
  EXPECT_EQ(must(pair.get("/")).status, 200);
  EXPECT_EQ(pair.test.parts.metrics.value("lode_source_circuit_state", "source=\"test\""), 0);
}

TEST(Client, ABudgetEndsRetriesOfAHostThatIsDown) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(500, ""); },
            [](ClientOptions& options) {
              options.retry_budget = 7;
              options.breaker_failures = 1000;
            });
  std::size_t tries = 0;
  for (int i = 0; i < 10; ++i) {
    tries += static_cast<std::size_t>(must(pair.get("/")).attempts);
  }
  EXPECT_EQ(tries, 17U) << "ten requests and seven retries";
}

TEST(Client, FollowsRedirectsAndCountsThem) {
  Pair pair([](const Seen& seen, Wire& wire) {
    const int left = seen.target.back() - '0';
    left == 0 ? (void)wire.answer(200, "there")
              : (void)wire.answer(302, "", {{"Location", fmt::format("/hop{}", left - 1)}});
  });
  const HttpResponse answer = must(pair.get("/hop5"));
  EXPECT_EQ(answer.body, "there");
  EXPECT_EQ(pair.server.count(), 6U);
  EXPECT_EQ(number_of(pair.get("/hop6")), E::E6104);
  HttpRequest none = get(std::string(kSource) + "/hop3");
  none.redirects = 0;
  EXPECT_EQ(must(pair.send(none)).status, 302) << "the redirect is the answer";
}

TEST(Client, CarriesNoCredentialsToAnotherHost) {
  TestServer other([](const Seen&, Wire& wire) { wire.answer(200, "other"); });
  TestServer first([&](const Seen&, Wire& wire) { wire.answer(307, "", {{"Location", "https://other.example/x"}}); });
  TestClient test(test_options({place_at(kSource, first.origin()), place_at("https://other.example", other.origin())}));
  HttpRequest request = get(std::string(kSource) + "/?apikey=not-a-secret-here");
  request.headers = {{"Authorization", "Bearer abcdefgh"},
                     {"Cookie", "A3=1"},
                     {"X-Custom", "abcdefgh"},
                     {"X-Subscription-Token", "t"},
                     {"Accept", "text/plain"}};
  request.secrets = {"abcdefgh"};
  request.redirect_hosts = {"other.example"};
  EXPECT_EQ(must(test.client.send(request)).body, "other");
  EXPECT_EQ(first.seen().at(0).header("Authorization"), "Bearer abcdefgh");
  const Seen seen = other.seen().at(0);
  EXPECT_EQ(seen.header("Accept"), "text/plain");
  for (const auto& [name, value] : seen.headers) {
    EXPECT_THAT(value, Not(HasSubstr("abcdefgh"))) << name;
    EXPECT_FALSE(is_credential_header(name)) << name;
  }
  request.method = "POST";
  request.body = "key=abcdefgh";
  EXPECT_EQ(number_of(test.client.send(request)), E::E6104) << "a body with the key stays here";
  request.redirect_hosts.clear();
  request.method = "GET";
  request.body.clear();
  EXPECT_EQ(number_of(test.client.send(request)), E::E6104) << "nobody named the host";
  EXPECT_EQ(other.count(), 1U);
}

TEST(Client, APostBecomesAGetBehindASeeOther) {
  Pair pair([](const Seen& seen, Wire& wire) {
    seen.target == "/form" ? wire.answer(303, "", {{"Location", "/done"}}) : wire.answer(200, seen.method + seen.body);
  });
  HttpRequest request = get(std::string(kSource) + "/form");
  request.method = "POST";
  request.body = "x";
  EXPECT_EQ(must(pair.send(request)).body, "GET");
}

TEST(Client, AsksForChangesOnlyOfWhatIsStored) {
  Pair pair([](const Seen& seen, Wire& wire) {
    seen.header("If-None-Match") == "\"v1\""
        ? wire.answer(304, "")
        : wire.answer(200, "all", {{"ETag", "\"v1\""}, {"Last-Modified", "Sun, 04 Jan 2026 00:00:00 GMT"}});
  });
  // Without a folder nothing is kept.
  HttpRequest request = get(std::string(kSource) + "/list.csv?apikey=abcd1234");
  request.is_conditional = true;
  request.secrets = {"abcd1234"};
  ASSERT_TRUE(pair.test.client.stored(request, must(pair.send(request))));
  EXPECT_EQ(must(pair.send(request)).status, 200);
  ClientOptions options = test_options({place_at(kSource, pair.server.origin())});
  options.validator_folder = pair.test.parts.folder + "/net";
  TestClient test(options);
  EXPECT_EQ(must(test.client.send(request)).status, 200);
  EXPECT_EQ(must(test.client.send(request)).status, 200) << "answered, but not stored: all of it again";
  ASSERT_TRUE(test.client.stored(request, must(test.client.send(request))));
  EXPECT_EQ(must(test.client.send(request)).status, 304);
  EXPECT_EQ(pair.server.seen().back().header("If-Modified-Since"), "Sun, 04 Jan 2026 00:00:00 GMT");
  request.is_conditional = false;
  EXPECT_EQ(must(test.client.send(request)).status, 200);
  TestClient later(options);
  request.is_conditional = true;
  EXPECT_EQ(must(later.client.send(request)).status, 304) << "another process knows";
}

TEST(Client, SendsManyAtOnceAndHandsAnswersOn) {
  Pair pair([](const Seen& seen, Wire& wire) {
    wire.sleep_ms(20);
    wire.answer(200, seen.target);
  });
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 40; ++i) {
    requests.push_back(get(fmt::format("{}/{}", kSource, i)));
  }
  std::map<std::size_t, std::string> bodies;
  pair.test.client.send_all(requests, 8, [&](std::size_t index, Result<HttpResponse> answer) {
    EXPECT_TRUE(bodies.emplace(index, must(std::move(answer)).body).second);
    return true;
  });
  ASSERT_EQ(bodies.size(), 40U);
  for (const auto& [index, body] : bodies) {
    EXPECT_EQ(body, fmt::format("/{}", index));
  }
  std::set<int> connections;
  for (const Seen& seen : pair.server.seen()) {
    connections.insert(seen.connection);
  }
  EXPECT_GT(connections.size(), 1U) << "at the same time";
  EXPECT_LE(connections.size(), 8U) << "never more than asked, and used again";
}

TEST(Client, StopsWhenNobodyTakesMore) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(200, ""); });
  const std::vector<HttpRequest> requests(10, get(std::string(kSource) + "/"));
  int taken = 0;
  pair.test.client.send_all(requests, 1, [&](std::size_t, const Result<HttpResponse>&) { return ++taken < 3; });
  EXPECT_EQ(taken, 3);
  EXPECT_EQ(must(pair.get("/")).status, 200) << "the client goes on working";
}

TEST(Client, StopsWaitingWhenToldTo) {
  int asked = 0;
  Pair pair([](const Seen&, Wire& wire) { wire.answer(503, ""); },
            [&](ClientOptions& options) { options.is_stopped = [&] { return ++asked > 5; }; });
  EXPECT_EQ(number_of(pair.get("/")), E::E10);
}

TEST(Client, AProbeThatWasStoppedIsTheNextOnesToTry) {
  std::atomic<int> calls = 0;
  std::atomic<bool> stops = false;
  Pair pair(
      [&](const Seen&, Wire& wire) {
        const int call = ++calls;
        if (call == 2) {
          stops = true;
          wire.hang();
          wire.close();
          return;
        }
        wire.answer(call == 1 ? 503 : 200, "");
      },
      [&](ClientOptions& options) {
        options.attempts = 1;
        options.breaker_failures = 1;
        options.limits.wait_ms = 60'000;
        options.is_stopped = [&] { return stops.load(); };
      });
  EXPECT_EQ(must(pair.get("/")).status, 503);
  pair.test.parts.clock.advance(31 * kNanosPerSecond);
  EXPECT_EQ(number_of(pair.get("/")), E::E10) << "the probe, stopped on its way";
  stops = false;
  EXPECT_EQ(must(pair.get("/")).status, 200);
}

TEST(Client, TellsHowMuchTheSourceStillAllows) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(200, "", {{"x-ratelimit-remaining", " 17 "}}); });
  must(pair.get("/"));
  EXPECT_EQ(pair.test.parts.metrics.value("lode_source_quota_remaining", "source=\"test\""), 17);
}

TEST(Client, TellsNoSecretAnywhere) {
  const std::string key = "s3cr3t+Key/1";
  Pair pair([&](const Seen&, Wire& wire) { wire.answer(500, "your key " + key); },
            [](ClientOptions& options) { options.attempts = 1; });
  HttpRequest request = get(std::string(kSource) + "/q?symbol=A&mine=" + percent_encode(key));
  request.secrets = {key};
  ASSERT_TRUE(pair.send(request));
  TestClient nowhere(test_options({place_at(kSource, "http://127.0.0.1:1")}));
  const auto refused = nowhere.client.send(request);
  ASSERT_EQ(number_of(refused), E::E6001);
  for (const std::string& text : {pair.test.log.text, nowhere.log.text, refused.error().message()}) {
    EXPECT_THAT(text, HasSubstr("mine=REDACTED"));
    EXPECT_THAT(text, Not(HasSubstr(key)));
    EXPECT_THAT(text, Not(HasSubstr(percent_encode(key))));
  }
}

TEST(Client, WordsOfAHostAreToldWithoutASecretBeforeTheyAreCut) {
  const std::string key = "SECRETkeyOfManyCharacters0123456789";
  Pair pair([&](const Seen&, Wire& wire) {
    wire.answer(200, "x", {{"Content-Encoding", "a word that is so long that the key is cut: " + key}});
  });
  HttpRequest request = get(std::string(kSource) + "/");
  request.secrets = {key};
  const auto answer = pair.send(request);
  ASSERT_EQ(number_of(answer), E::E6105);
  for (const std::string& text : {pair.test.log.text, answer.error().message()}) {
    EXPECT_THAT(text, HasSubstr("'a word that is so long that the key is cut: REDACTED'"));
    EXPECT_THAT(lower(text), Not(HasSubstr("secretkey")));
  }
}

TEST(Client, AHeaderWithALineBreakIsNotSent) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(200, "x"); });
  for (const char* value : {"SECRET\n", "a\r\nSECRET: b", "SECRET\rb"}) {
    HttpRequest request = get(std::string(kSource) + "/");
    request.headers = {{"X-Key", value}};
    const auto answer = pair.send(request);
    ASSERT_EQ(number_of(answer), E::E6104);
    EXPECT_THAT(answer.error().message(), Not(HasSubstr("SECRET")));
  }
  EXPECT_EQ(pair.server.count(), 0U);
}

TEST(Client, AnErrorNamesTheHostThatWasAsked) {
  TestClient nowhere(test_options({place_at(kSource, "http://127.0.0.1:1/mirror")}));
  HttpRequest request = get(std::string(kSource) + "/a?apikey=hidden");
  const auto answer = nowhere.client.send(request);
  ASSERT_EQ(number_of(answer), E::E6001);
  EXPECT_THAT(
      answer.error().message(),
      HasSubstr("http://127.0.0.1:1/mirror/a?apikey=REDACTED (in place of https://source.example) gave no answer"));
}

TEST(Client, CountsByClass) {
  Pair pair([](const Seen& seen, Wire& wire) { wire.answer(std::stoi(seen.target.substr(1)), ""); },
            [](ClientOptions& options) { options.attempts = 1; });
  for (const char* path : {"/200", "/304", "/404", "/403", "/503", "/429"}) {
    ASSERT_TRUE(pair.get(path));
  }
  for (const char* kind : {"ok", "not_modified", "absent", "denied", "unavailable", "throttled"}) {
    EXPECT_EQ(
        pair.test.parts.metrics.value("lode_source_requests_total", fmt::format("source=\"test\",class=\"{}\"", kind)),
        1)
        << kind;
  }
}

}  // namespace
}  // namespace lode::net
