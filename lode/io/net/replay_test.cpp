// Tests of recording and replay: what was recorded comes back to the byte, without secrets; recordings of others are
// read in their forms; a miss is an error.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lode/base/must.h"
#include "lode/io/net/client_testing.h"
#include "lode/io/net/fault_testing.h"
#include "lode/io/net/json_slice.h"
#include "lode/io/net/replay_testing.h"
#include "lode/io/net/validators.h"
#include "lode/market/test_data.h"

namespace lode::net {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kSource = "https://source.example";

class Replay : public testing::Test {
 protected:
  std::string folder() const { return world_.folder + "/recorded"; }
  Result<std::unique_ptr<ReplayHttp>> open() const { return ReplayHttp::open(std::vector<std::string>{folder()}); }
  void write(const std::string& name, const std::string& bytes) const {
    must(replace_file(folder() + "/" + name, bytes));
  }
  std::string all_files() const {
    std::string out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
      out += entry.is_regular_file() ? entry.path().string() + must(read_file(entry.path().string())) : "";
    }
    return out;
  }
  TestWorld world_;
};

TEST_F(Replay, WhatTheClientRecordsComesBack) {
  const std::string bytes("binary \0 \xff bytes\r\n", 18);
  TestServer server([&](const Seen& seen, Wire& wire) {
    wire.answer(seen.target == "/gone" ? 404 : 200, seen.target == "/gone" ? "no" : bytes + seen.target + seen.body,
                {{"X-A", "1"}, {"X-A", "2"}});
  });
  const auto recorder = record_to_folder(folder());
  ClientOptions options = test_options({place_at(kSource, server.origin())});
  options.recorder = recorder.get();
  TestClient test(options);
  std::vector<HttpRequest> requests = {get(std::string(kSource) + "/a?x=1&y=2"), get(std::string(kSource) + "/gone"),
                                       get(std::string(kSource) + "/post")};
  requests[2].method = "POST";
  requests[2].body = "q=1";
  std::vector<HttpResponse> live;
  for (const HttpRequest& request : requests) {
    live.push_back(must(test.client.send(request)));
    test.parts.clock.advance(kNanosPerSecond);
  }
  const auto replay = must(open());
  EXPECT_EQ(replay->size(), 3U);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const HttpResponse again = must(replay->send(requests[i]));
    EXPECT_EQ(again.status, live[i].status);
    EXPECT_EQ(again.body, live[i].body);
    EXPECT_EQ(again.headers, live[i].headers);
    EXPECT_EQ(again.received_at, live[i].received_at);
    EXPECT_EQ(again.url, live[i].url);
  }
  EXPECT_TRUE(replay->unasked().empty());
  HttpRequest turned = get(std::string(kSource) + "/a?y=2&x=1");
  EXPECT_EQ(must(replay->send(turned)).body, live[0].body) << "the order of a query means nothing";
  requests[2].body = "q=2";
  EXPECT_EQ(replay->send(requests[2]).error().number(), E::E6106) << "another question";
}

TEST_F(Replay, RecordsHoldNoSecretAndAreFoundWithAnother) {
  TestServer server([&](const Seen&, Wire& wire) {
    wire.answer(200, "thank you, K3y-of-mine!", {{"Set-Cookie", "A3=zzzz"}});
  });
  const auto recorder = record_to_folder(folder());
  ClientOptions options = test_options({place_at(kSource, server.origin())});
  options.recorder = recorder.get();
  TestClient test(options);
  HttpRequest request = get(std::string(kSource) + "/q?symbol=A&mine=K3y-of-mine%21&apikey=K3y-of-mine!");
  request.secrets = {"K3y-of-mine!"};
  request.headers = {{"Authorization", "Bearer K3y-of-mine!"}, {"Cookie", "A3=zzzz"}};
  must(test.client.send(request));
  HttpRequest token = get(std::string(kSource) + "/crumb");
  token.is_private = true;
  must(test.client.send(token));
  const std::string kept = all_files();
  EXPECT_THAT(kept, Not(HasSubstr("K3y-of-mine")));
  EXPECT_THAT(kept, Not(HasSubstr("A3=zzzz")));
  EXPECT_THAT(kept, HasSubstr("thank you, REDACTED"));
  const auto replay = must(open());
  EXPECT_EQ(must(replay->send(token)).body, "REDACTED");
  HttpRequest other = get(std::string(kSource) + "/q?symbol=A&mine=another-key&apikey=another-key");
  other.secrets = {"another-key"};
  EXPECT_EQ(must(replay->send(other)).body, "thank you, REDACTED");
}

TEST_F(Replay, ABodyThatIsNotTheRecordedOneIsDamage) {
  TestServer server([&](const Seen&, Wire& wire) { wire.answer(200, "close 101.50"); });
  const auto recorder = record_to_folder(folder());
  ClientOptions options = test_options({place_at(kSource, server.origin())});
  options.recorder = recorder.get();
  TestClient test(options);
  must(test.client.send(get(std::string(kSource) + "/a")));
  std::string path;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
    path = entry.path().extension() == ".body" ? entry.path().string() : path;
  }
  const std::string whole = must(read_file(path));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    must(replace_file(path, flipped));
    const auto read = must(open())->send(get(std::string(kSource) + "/a"));
    ASSERT_FALSE(read) << bit;
    EXPECT_EQ(read.error().number(), E::E6107);
    EXPECT_THAT(read.error().message(), HasSubstr(path));
  }
  must(replace_file(path, whole.substr(1)));
  EXPECT_FALSE(must(open())->send(get(std::string(kSource) + "/a")));
  std::filesystem::remove(path);
  EXPECT_EQ(must(open())->send(get(std::string(kSource) + "/a")).error().number(), E::E6107) << "not an empty answer";
  must(replace_file(path + ".gz", gzipped(whole)));
  EXPECT_EQ(must(must(open())->send(get(std::string(kSource) + "/a"))).body, whole) << "packed it is the same";
}

TEST_F(Replay, ARecordNamesTheHostThatWasAsked) {
  TestServer server([&](const Seen&, Wire& wire) { wire.answer(200, "x"); });
  const Places places({place_at(kSource, server.origin())});
  const auto recorder = record_to_folder(folder(), places);
  ClientOptions options = test_options(places.all());
  options.recorder = recorder.get();
  TestClient test(options);
  const HttpResponse live = must(test.client.send(get(std::string(kSource) + "/a?token=hidden")));
  const std::string kept = all_files();
  EXPECT_THAT(kept, HasSubstr("\"answered_by\": \"" + server.origin() + "/a?token=REDACTED\""));
  EXPECT_THAT(kept, HasSubstr("\"in_place_of\": \"https://source.example/a?token=REDACTED\""));
  const auto replay = must(open());
  const HttpResponse again = must(replay->send(get(std::string(kSource) + "/a?token=other")));
  EXPECT_EQ(again.url, "https://source.example/a?token=REDACTED") << "what a source sees is the same";
  const Value replayed = exchange_record(get(std::string(kSource) + "/a"), again, Redaction(), Places());
  EXPECT_EQ(replayed.find("answered_by")->as_text(), server.origin() + "/a?token=REDACTED")
      << "the published host did not";
  EXPECT_EQ(replayed.find("in_place_of")->as_text(), again.url);
  HttpResponse usual;
  usual.url = "https://elsewhere.example/b";
  const Value record = exchange_record(get(usual.url), usual, Redaction(), places);
  EXPECT_EQ(record.find("answered_by")->as_text(), usual.url);
  EXPECT_EQ(record.find("in_place_of"), nullptr);
}

TEST_F(Replay, AMissIsAnErrorThatNamesTheRequest) {
  write("a.body", "x");
  write("a.body.meta.json",
        R"({"url": "https://source.example/a", "method": "GET", "status": 200, "response_headers": {}})");
  const auto replay = must(open());
  HttpRequest request = get(std::string(kSource) + "/b?apikey=hidden-key");
  const auto missed = replay->send(request);
  ASSERT_FALSE(missed);
  EXPECT_EQ(missed.error().number(), E::E6106);
  EXPECT_THAT(missed.error().message(), HasSubstr("/b?apikey=REDACTED"));
  request.url = std::string(kSource) + "/a";
  request.method = "POST";
  EXPECT_EQ(replay->send(request).error().number(), E::E6106);
  EXPECT_THAT(replay->unasked(), testing::ElementsAre("https://source.example/a"));
}

TEST_F(Replay, SeveralAnswersComeInTheOrderTheyWereReceived) {
  const std::string meta =
      R"({{"url": "https://source.example/a", "method": "GET", "status": {}, "response_headers": {{}}, "received_at": "2026-01-0{}T00:00:00Z"}})";
  write("1.body.meta.json", fmt::format(fmt::runtime(meta), 203, 3));
  write("2.body.meta.json", fmt::format(fmt::runtime(meta), 201, 1));
  write("3.body.meta.json", fmt::format(fmt::runtime(meta), 202, 2));
  const auto replay = must(open());
  for (const int status : {201, 202, 203, 203, 203}) {
    const HttpResponse answer = must(replay->send(get("https://source.example/a")));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.body, "") << "no body was kept";
  }
}

TEST_F(Replay, ReadsPairsOfRequestAndResponse) {
  write("p.json", R"({"request": {"url": "https://y.example/v8?a=1"}, "response": {"status": 200, "headers":
      {"content-type": "application/json", "date": "Thu, 20 Feb 2025 11:47:40 GMT"}, "bodyJson": {"big": 12345678901234567890, "x": 1.50}}})");
  write(
      "t.json",
      R"({"request": {"url": "https://y.example/t", "method": "GET"}, "response": {"status": 200, "headers": {"a": ["1", "2"]}, "bodyText": "line\nbreak"}})");
  write("no-recording.json", R"({"other": 1})");
  write("no-json.json", "<html>");
  const auto replay = must(open());
  EXPECT_EQ(replay->size(), 2U);
  const HttpResponse pair = must(replay->send(get("https://y.example/v8?a=1")));
  EXPECT_EQ(pair.body, R"({"big": 12345678901234567890, "x": 1.50})") << "digits as they stand";
  EXPECT_EQ(to_string(pair.received_at), "2025-02-20T11:47:40Z");
  const HttpResponse text = must(replay->send(get("https://y.example/t")));
  EXPECT_EQ(text.body, "line\nbreak");
  EXPECT_EQ(text.headers.size(), 2U);
}

TEST_F(Replay, RefusesDamagedRecordings) {
  EXPECT_EQ(open().error().number(), E::E8) << "no folder";
  write("x.txt", "nothing");
  EXPECT_EQ(open().error().number(), E::E6106);
  for (const char* meta : {"{", "[]", "{}", R"({"url": "ftp://x/", "status": 200})",
                           R"({"url": "https://x/", "status": 99})", R"({"url": "https://x/", "status": "200"})",
                           R"({"url": "https://x/", "status": 200, "received_at": "soon"})"}) {
    write("a.body.meta.json", meta);
    const auto opened = open();
    ASSERT_FALSE(opened) << meta;
    EXPECT_EQ(opened.error().number(), E::E6107) << meta;
  }
  write("a.body.meta.json", R"({"url": "https://x.example/", "status": 200})");
  write("a.body.gz", gzipped("whole").substr(0, 12));
  EXPECT_EQ(must(open())->send(get("https://x.example/")).error().number(), E::E6107);
  write("a.body.gz", gzipped("whole"));
  EXPECT_EQ(must(must(open())->send(get("https://x.example/"))).body, "whole");
}

TEST(ReplayKey, LeavesOutWhatDiffersBetweenUsers) {
  EXPECT_EQ(replay_key("GET", "https://x/q?b=2&a=1&crumb=zz"), replay_key("GET", "https://X:443/q?a=1&b=2&"));
  EXPECT_EQ(replay_key("GET", "https://x/q?a=%2C"), replay_key("GET", "https://x/q?a=,"));
  EXPECT_NE(replay_key("GET", "https://x/q?a=1"), replay_key("GET", "https://x/q?a=2"));
  EXPECT_NE(replay_key("GET", "https://x/q"), replay_key("POST", "https://x/q"));
  EXPECT_NE(replay_key("GET", "https://x/q"), replay_key("GET", "http://x/q"));
}

TEST(JsonSlice, FindsTheBytesOfAMember) {
  const std::string json =
      R"( {"a": {"b" : [1, {"c": "}\"]"}] , "d":-1.50e3}, "e": null, "a2": "x", "a": {"b": true }} )";
  EXPECT_EQ(json_slice(json, "a.b"), "true") << "of a doubled key the last";
  EXPECT_EQ(json_slice(json, "e"), "null");
  EXPECT_EQ(json_slice(R"({"a": {"b" : [1, {"c": "}\"]"}] , "d":-1.50e3}})", "a.b"), R"([1, {"c": "}\"]"}])");
  EXPECT_EQ(json_slice(R"({"a": {"d":-1.50e3}})", "a.d"), "-1.50e3");
  EXPECT_FALSE(json_slice(json, "x"));
  EXPECT_FALSE(json_slice("[1]", "a"));
  EXPECT_FALSE(json_slice("{\"a\": {\"b", "a.b"));
  EXPECT_FALSE(json_slice("{\"a\": [[[[", "a"));
  EXPECT_TRUE(json_slice("{\"a\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}", "a"))
      << "depth costs nothing";
}

TEST_F(Replay, ARecordedSourceComesWholeThroughEveryPassingFault) {
  const std::string rows(50'000, 'r');
  for (int i = 0; i < 3; ++i) {
    const std::string name = fmt::format("{}.body", i);
    write(name, fmt::format("{}{}", i, rows));
    write(name + ".meta.json", fmt::format(R"({{"url": "https://source.example/{}", "status": 200, "response_headers":
        {{"ETag": ["\"v{}\""], "Content-Length": ["7"], "Content-Encoding": ["br"]}}}})",
                                           i, i));
  }
  for (const Fault fault : {Fault::kThrottledSeconds, Fault::kUnavailable, Fault::kReset, Fault::kCut, Fault::kHalfBody,
                            Fault::kGarbage, Fault::kBrokenGzip, Fault::kBrokenChunk}) {
    const auto replay = must(open());
    // Of six requests the first, the third and the fifth fail.
    TestServer server(
        recorded_source(*replay, kSource, [&](std::size_t count) { return count % 2 == 0 ? fault : Fault::kNone; }));
    TestClient test(test_options({place_at(kSource, server.origin())}));
    for (int i = 0; i < 3; ++i) {
      const HttpResponse answer = must(test.client.send(get(fmt::format("{}/{}", kSource, i))));
      EXPECT_EQ(answer.body, fmt::format("{}{}", i, rows));
      EXPECT_EQ(*find_header(answer.headers, "ETag"), fmt::format("\"v{}\"", i));
      if (fault != Fault::kReset) {  // On a connection used before libcurl itself asks again, once.
        EXPECT_EQ(answer.attempts, 2) << static_cast<int>(fault);
      }
    }
    EXPECT_EQ(replay->unasked().size(), 0U);
    const auto unknown = must(open());
    TestServer right(recorded_source(*unknown, kSource, [](std::size_t) { return Fault::kNone; }));
    TestClient other(test_options({place_at(kSource, right.origin())}));
    EXPECT_EQ(must(other.client.send(get(std::string(kSource) + "/unknown"))).status, 599);
  }
}

TEST(RecordedData, EveryRecordingOfEdgarAnswers) {
  LODE_NEEDS_DATA("edgar");
  const auto replay = must(ReplayHttp::open(std::vector<std::string>{test_data("edgar")}));
  EXPECT_GE(replay->size(), 20U);
  HttpRequest page = get("https://www.sec.gov/Archives/edgar/full-index/2099/QTR1/form.gz");
  const HttpResponse absent = must(replay->send(page));
  EXPECT_EQ(absent.status, 403);
  EXPECT_THAT(absent.body, HasSubstr("AccessDenied"));
  EXPECT_EQ(to_string(absent.received_at), "2025-12-12T23:04:43Z");
  for (const std::string& url : replay->unasked()) {
    EXPECT_TRUE(replay->send(get(url))) << url;
  }
}

TEST(RecordedData, EveryRecordingOfYahooAnswers) {
  LODE_NEEDS_DATA("yahoo");
  const auto replay =
      must(ReplayHttp::open(std::vector<std::string>{test_data("yahoo/http"), test_data("yahoo/crumb-flow")}));
  EXPECT_GE(replay->size(), 70U);
  std::size_t answered = 0;
  for (const std::string& url : replay->unasked()) {
    HttpRequest request = get(url);
    answered += replay->send(request) ? 1 : 0;
  }
  EXPECT_GE(answered, 60U);
  HttpRequest crumb = get("https://query1.finance.yahoo.com/v1/test/getcrumb");
  EXPECT_EQ(must(replay->send(crumb)).body, "REDACTED");
}

}  // namespace
}  // namespace lode::net
