// Tests of what a client trusts: the matrix of bad certificates, old protocols, private addresses, proxies.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/tls_testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/net/client_testing.h"
#include "lode/io/net/server_testing.h"
#include "lode/io/net/stream.h"
#include "lode/io/net/stream_testing.h"

namespace lode::net {
namespace {

using testing::HasSubstr;

constexpr const char* kSource = "https://source.example";

struct Trust : testing::Test {
  TestWorld world;
  TestAuthority authority{world.folder};

  // What a request to a server with that certificate comes to.
  Result<HttpResponse> ask(const CertificateOptions& certificate, int newest = TLS1_3_VERSION, bool trusts = true) {
    const TlsServer tls = authority.server(certificate, newest);
    TestServer server([](const Seen&, Wire& wire) { wire.answer(200, "hello"); }, tls.get());
    ClientOptions options = test_options({place_at(kSource, server.origin())});
    options.route.ca_file = trusts ? authority.path() : "";
    TestClient test(options);
    HttpRequest request = get(std::string(kSource) + "/");
    request.headers = {{"Authorization", "Bearer abcdefgh"}};
    Result<HttpResponse> answer = test.client.send(request);
    asked = server.count();
    connections = server.connection_count();
    return answer;
  }
  std::size_t asked = 0;
  int connections = 0;
};

TEST_F(Trust, ARightCertificateIsTaken) {
  EXPECT_EQ(must(ask({})).body, "hello");
  EXPECT_EQ(must(ask({}, TLS1_2_VERSION)).body, "hello");
}

TEST_F(Trust, NoBadOneIsAndNothingIsSentToIt) {
  struct Row {
    const char* what;
    CertificateOptions certificate;
    int newest = TLS1_3_VERSION;
    bool trusts = true;
  };
  const Row rows[] = {
      {"nobody vouches for it", {}, TLS1_3_VERSION, false},
      {"signed by itself", {.is_by_authority = false}},
      {"expired", {.from_seconds = -7200, .to_seconds = -3600}},
      {"not yet valid", {.from_seconds = 3600, .to_seconds = 7200}},
      {"another name", {.names = "DNS:other.example"}},
      {"another address", {.names = "IP:127.0.0.2"}},
      {"TLS 1.1", {}, TLS1_1_VERSION},
      {"TLS 1.0", {}, TLS1_VERSION},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const auto answer = ask(row.certificate, row.newest, row.trusts);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().number(), E::E6103) << answer.error().message();
    EXPECT_EQ(asked, 0U) << "no request, and so no key";
    EXPECT_EQ(connections, 1) << "never tried again";
  }
}

TEST_F(Trust, StreamsAskForTheSame) {
  const TlsServer tls = authority.server({});
  TestServer server(
      [](const Seen& seen, Wire& wire) {
        accept_stream(seen, wire);
        wire.send(server_frame(0x81, "over tls"));
        wire.hang();
      },
      tls.get());
  std::string base = server.origin();
  base.replace(0, 5, "wss");
  const Places places({place_at("wss://source.example", base)});
  ClockSleeper sleeper(world.clock);
  NullLog log;
  for (const bool trusts : {true, false}) {
    Route route;
    route.ca_file = trusts ? authority.path() : "";
    StreamOptions options;
    options.url = "wss://source.example/";
    Stream stream(options, places, route, world.clock, sleeper, log, world.metrics);
    auto event = stream.next(5000);
    if (!trusts) {
      ASSERT_FALSE(event);
      EXPECT_EQ(event.error().number(), E::E6103);
      continue;
    }
    EXPECT_EQ(must(std::move(event))->kind, StreamEvent::Kind::kOpened);
    EXPECT_EQ(must(stream.next(5000))->text, "over tls");
  }
}

TEST_F(Trust, ANameThatLeadsToThisMachineIsCaughtWhenItIsConnectedTo) {
  // localhost.localdomain and its like: no number that shows, a private address behind it.
  TestServer server([](const Seen&, Wire& wire) { wire.answer(200, "private"); });
  Transfers transfers(world.clock, {});
  Transfer transfer;
  transfer.url = fmt::format("https://localhost:{}/", server.port());
  transfers.start(1, transfer);
  std::vector<Transferred> done;
  for (int i = 0; i < 100 && done.empty(); ++i) {
    done = transfers.run(100);
  }
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].trouble, Trouble::kForbidden);
  EXPECT_THAT(done[0].what, HasSubstr("private address"));
  EXPECT_EQ(server.connection_count(), 0);
}

TEST_F(Trust, GoesThroughTheProxyAndAroundIt) {
  // A proxy sees CONNECT of the real host; what is excepted goes straight.
  TestServer proxy([](const Seen& seen, Wire& wire) {
    EXPECT_EQ(seen.method, "CONNECT");
    wire.answer(403, "no");
    wire.close();
  });
  ClientOptions options = test_options({});
  options.attempts = 1;
  options.route.proxy = proxy.origin();
  options.route.no_proxy = "direct.example, 127.0.0.1";
  {
    TestClient test(options);
    EXPECT_FALSE(test.client.send(get("https://data.sec.gov/x")));
    ASSERT_EQ(proxy.count(), 1U);
    EXPECT_EQ(proxy.seen()[0].target, "data.sec.gov:443");
  }
  TestServer direct([](const Seen&, Wire& wire) { wire.answer(200, "straight"); });
  options.places = Places({place_at(kSource, direct.origin())}, {kMostTokens, 1});
  TestClient test(options);
  EXPECT_EQ(must(test.client.send(get(std::string(kSource) + "/"))).body, "straight");
  EXPECT_EQ(proxy.count(), 1U);
}

}  // namespace
}  // namespace lode::net
