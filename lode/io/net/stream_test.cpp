// Tests of streams against a WebSocket server on this machine: subscribe, pings, silence, loss and return, gaps, bad
// frames, bad handshakes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/net/client_testing.h"
#include "lode/io/net/stream_testing.h"

namespace lode::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Kind = StreamEvent::Kind;

// A server that is wss://source.example, and what a Stream needs.
struct Pair {
  explicit Pair(TestServer::Answer answer) : server(std::move(answer)) {
    std::string base = server.origin();
    base.replace(0, 4, "ws");
    places = Places({place_at("wss://source.example", base)});
  }
  std::unique_ptr<Stream> open(const std::function<void(StreamOptions&)>& change = {}) {
    StreamOptions options;
    options.url = "wss://source.example/v2?feed=iex";
    options.source = "test";
    options.connect_ms = 10'000;
    if (change) {
      change(options);
    }
    return std::make_unique<Stream>(options, places, route, parts.clock, sleeper, log, parts.metrics);
  }
  // The next event's kind and text: "opened", "message x", "lost why"; "nothing".
  std::string next(Stream& stream, int wait_ms = 5000) {
    const auto event = must(stream.next(wait_ms));
    if (!event) {
      return "nothing";
    }
    last = *event;
    return event->kind == Kind::kOpened ? "opened"
                                        : (event->kind == Kind::kMessage ? "message " : "lost ") + event->text;
  }

  TestWorld parts;
  ClockSleeper sleeper{parts.clock};
  KeptLog log;
  Route route;
  Places places;
  StreamEvent last;
  TestServer server;
};

TEST(Stream, ConnectsSubscribesAndReads) {
  Pair pair([](const Seen& seen, Wire& wire) {
    accept_stream(seen, wire);
    ClientFrames frames(wire);
    const ClientFrame first = frames.next();
    const ClientFrame second = frames.next();
    wire.send(server_frame(0x81, fmt::format("{} {} {}", first.is_masked, first.payload, second.payload)));
    wire.send(server_frame(0x82, "bytes"));
    frames.next();
  });
  const auto stream = pair.open([](StreamOptions& options) {
    options.subscriptions = {"{\"subscribe\":[\"AAPL\"]}", "second"};
    options.headers = {{"X-Key", "k"}};
  });
  EXPECT_EQ(pair.next(*stream), "opened");
  EXPECT_EQ(pair.last.connection, 1);
  EXPECT_EQ(pair.next(*stream), "message true {\"subscribe\":[\"AAPL\"]} second");
  EXPECT_FALSE(pair.last.is_binary);
  EXPECT_EQ(pair.last.received_at, pair.parts.clock.now());
  EXPECT_EQ(pair.next(*stream), "message bytes");
  EXPECT_TRUE(pair.last.is_binary);
  EXPECT_EQ(pair.next(*stream, 20), "nothing");
  const Seen seen = pair.server.seen().at(0);
  EXPECT_EQ(seen.target, "/v2?feed=iex");
  EXPECT_EQ(seen.header("Sec-WebSocket-Version"), "13");
  EXPECT_EQ(seen.header("X-Key"), "k");
  EXPECT_EQ(seen.header("Sec-WebSocket-Key").size(), 24U);
}

TEST(Stream, AnswersPingsWithTheirBytes) {
  Pair pair([](const Seen& seen, Wire& wire) {
    accept_stream(seen, wire);
    wire.send(server_frame(0x89, "are you there"));
    ClientFrames frames(wire);
    const ClientFrame pong = frames.next();
    wire.send(server_frame(0x81, fmt::format("{} {}", pong.kind, pong.payload)));
    frames.next();
  });
  const auto stream = pair.open();
  EXPECT_EQ(pair.next(*stream), "opened");
  EXPECT_EQ(pair.next(*stream), "message 10 are you there");
}

TEST(Stream, AsksIntoASilenceAndGivesUpAfterIt) {
  Pair pair([](const Seen& seen, Wire& wire) {
    accept_stream(seen, wire);
    ClientFrames frames(wire);
    while (frames.next().kind != 0) {
    }
  });
  const auto stream = pair.open();
  EXPECT_EQ(pair.next(*stream), "opened");
  pair.parts.clock.advance(21 * kNanosPerSecond);
  EXPECT_EQ(pair.next(*stream, 20), "nothing") << "asked, not lost";
  pair.parts.clock.advance(40 * kNanosPerSecond);
  EXPECT_THAT(pair.next(*stream), HasSubstr("nothing was heard for 61 s"));
  EXPECT_EQ(pair.next(*stream), "opened") << "and back again";
}

TEST(Stream, ComesBackAndSubscribesAgain) {
  std::atomic<int> connection = 0;
  Pair pair([&](const Seen& seen, Wire& wire) {
    const int number = ++connection;
    accept_stream(seen, wire);
    ClientFrames frames(wire);
    std::string all;
    for (int i = 0; i < (number == 1 ? 1 : 2); ++i) {
      all += frames.next().payload + ";";
    }
    wire.send(server_frame(0x81, all));
    if (number == 1) {
      frames.next();
      wire.reset();
    } else {
      wire.hang();
    }
  });
  const auto stream = pair.open([](StreamOptions& options) { options.subscriptions = {"one"}; });
  EXPECT_EQ(pair.next(*stream), "opened");
  EXPECT_EQ(pair.next(*stream), "message one;");
  stream->subscribe("two");
  EXPECT_THAT(pair.next(*stream), HasSubstr("lost "));
  EXPECT_EQ(pair.next(*stream), "opened");
  EXPECT_EQ(pair.last.connection, 2) << "messages of another connection: there is a gap between";
  EXPECT_EQ(pair.next(*stream), "message one;two;");
  EXPECT_EQ(pair.parts.metrics.value("lode_stream_lost_total", "source=\"test\""), 1);
}

TEST(Stream, WaitsLongerTheMoreConnectionsFail) {
  Pair pair([](const Seen&, Wire& wire) { wire.answer(503, "down"); });
  const auto stream = pair.open();
  for (int i = 0; i < 12; ++i) {
    EXPECT_THAT(pair.next(*stream), HasSubstr("it answered 'HTTP/1.1 503 Status'"));
  }
  EXPECT_EQ(pair.server.count(), 12U);
  EXPECT_GT(pair.sleeper.total(), 60 * kNanosPerSecond) << "1 + 2 + 4 ... seconds, less the jitter";
  for (const std::int64_t wait : pair.sleeper.waits) {
    EXPECT_LE(wait, 60 * kNanosPerSecond);
  }
}

// A venue that greets everybody and then refuses is left alone like one that says nothing, whoever ends the connection.
TEST(Stream, WaitsLongerTheMoreConnectionsEndAfterAGreeting) {
  for (const bool is_left_by_us : {false, true}) {
    Pair pair([&](const Seen& seen, Wire& wire) {
      accept_stream(seen, wire);
      wire.send(server_frame(0x81, "welcome"));
      if (is_left_by_us) {
        ClientFrames frames(wire);
        frames.next();
      } else {
        wire.send(server_frame(0x88, close_payload(4001, "not now")));
      }
    });
    const auto stream = pair.open();
    for (int i = 0; i < 16; ++i) {
      EXPECT_EQ(pair.next(*stream), "opened");
      EXPECT_EQ(pair.next(*stream), "message welcome");
      if (is_left_by_us) {
        stream->reconnect("it says that it is broken");
      }
      EXPECT_THAT(pair.next(*stream), HasSubstr("lost "));
    }
    EXPECT_GT(pair.sleeper.total(), 60 * kNanosPerSecond) << is_left_by_us;
  }
}

TEST(Stream, PausesBeginAnewBehindAConnectionThatLasted) {
  Pair pair([](const Seen& seen, Wire& wire) {
    accept_stream(seen, wire);
    wire.send(server_frame(0x81, "welcome"));
    ClientFrames frames(wire);
    if (frames.next().payload == "data?") {
      wire.send(server_frame(0x81, "data"));
      frames.next();
    }
  });
  const auto stream = pair.open();
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(pair.next(*stream), "opened");
    EXPECT_EQ(pair.next(*stream), "message welcome");
    stream->reconnect("a gap");
    EXPECT_EQ(pair.next(*stream), "lost a gap");
  }
  EXPECT_EQ(pair.next(*stream), "opened");
  EXPECT_EQ(pair.next(*stream), "message welcome");
  pair.parts.clock.advance(31 * kNanosPerSecond);
  must(stream->send("data?"));
  EXPECT_EQ(pair.next(*stream), "message data");
  const std::size_t waits = pair.sleeper.waits.size();
  stream->reconnect("a gap");
  EXPECT_EQ(pair.next(*stream), "lost a gap");
  EXPECT_EQ(pair.next(*stream), "opened");
  EXPECT_EQ(pair.sleeper.waits.size(), waits) << "a gap of a good connection is no reason to wait";
}

TEST(Stream, ConnectsAnewWhenTheCallerSeesAGap) {
  std::atomic<int> connection = 0;
  Pair pair([&](const Seen& seen, Wire& wire) {
    accept_stream(seen, wire);
    const bool is_first = ++connection == 1;
    for (const char* number : {"1", "2", "5", "6"}) {
      wire.send(server_frame(0x81, is_first ? number : "snapshot"));
    }
    wire.hang();
  });
  int expected = 1;
  const auto stream = pair.open([&](StreamOptions& options) {
    options.has_gap = [&](std::string_view message) {
      const bool has_gap = message != "snapshot" && message != std::to_string(expected);
      ++expected;
      return has_gap;
    };
  });
  EXPECT_EQ(pair.next(*stream), "opened");
  EXPECT_EQ(pair.next(*stream), "message 1");
  EXPECT_EQ(pair.next(*stream), "message 2");
  EXPECT_EQ(pair.next(*stream), "message 5");
  EXPECT_EQ(pair.next(*stream), "lost messages are missing before the last one");
  EXPECT_EQ(pair.next(*stream), "opened");
  EXPECT_EQ(pair.next(*stream), "message snapshot");
  stream->reconnect("the snapshot is too old");
  std::string event;
  while ((event = pair.next(*stream)) == "message snapshot") {
  }
  EXPECT_EQ(event, "lost the snapshot is too old");
}

TEST(Stream, ConnectsAnewBeforeTheSourceCuts) {
  Pair pair([](const Seen& seen, Wire& wire) {
    accept_stream(seen, wire);
    wire.hang();
  });
  const auto stream = pair.open([](StreamOptions& options) { options.silence_nanos = 100 * 3600 * kNanosPerSecond; });
  EXPECT_EQ(pair.next(*stream), "opened");
  pair.parts.clock.advance(24 * 3600 * kNanosPerSecond);
  EXPECT_EQ(pair.next(*stream), "lost it is as old as it may get");
  EXPECT_EQ(pair.next(*stream), "opened");
}

TEST(Stream, TellsTheOtherSideWhyItLeaves) {
  struct Row {
    std::string bad;
    int code;
  };
  const Row rows[] = {{server_frame(0x81, "\xff"), 1007},
                      {server_frame(0xc1, "x"), 1002},
                      {server_frame(0x82, std::string(2000, 'x')), 1009},
                      {server_frame(0x88, close_payload(1001, "restart")), 1001}};
  for (const Row& row : rows) {
    std::atomic<int> told = 0;
    Pair pair([&](const Seen& seen, Wire& wire) {
      accept_stream(seen, wire);
      wire.send(server_frame(0x81, "good") + row.bad + server_frame(0x81, "never read"));
      ClientFrames frames(wire);
      const ClientFrame answer = frames.next();
      if (answer.kind == 8 && told == 0) {
        told = static_cast<unsigned char>(answer.payload[0]) * 256 + static_cast<unsigned char>(answer.payload[1]);
      }
      wire.close();
    });
    const auto stream = pair.open([](StreamOptions& options) { options.limits.most_message_bytes = 1000; });
    EXPECT_EQ(pair.next(*stream), "opened");
    EXPECT_EQ(pair.next(*stream), "message good");
    EXPECT_THAT(pair.next(*stream), HasSubstr("lost "));
    EXPECT_EQ(pair.next(*stream), "opened");
    for (int i = 0; i < 500 && told == 0; ++i) {  // The server reads on a thread of its own.
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(told, row.code);
  }
}

TEST(Stream, TakesNoHandshakeButARightOne) {
  const auto head = [](const std::string& accept, const std::string& more) {
    return "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + "\r\n" +
           more + "\r\n";
  };
  const std::pair<std::function<void(const Seen&, Wire&)>, std::string> rows[] = {
      {[](const Seen&, Wire& wire) { wire.answer(200, "page"); }, "200"},
      {[](const Seen&, Wire& wire) {
         wire.answer(302, "", {{"Location", "http://169.254.169.254/"}});
       },
       "302"},
      {[&](const Seen&, Wire& wire) { wire.send(head("wrong", "")); }, "did not answer our key"},
      {[&](const Seen& seen, Wire& wire) {
         wire.send(
             head(accept_of(seen.header("Sec-WebSocket-Key")), "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
       },
       "an extension nobody asked for"},
      {[](const Seen&, Wire& wire) { wire.send("HTTP/1.1 101 X\r\n\r\n"); }, "no upgrade"},
      {[](const Seen&, Wire& wire) { wire.send("garbage\r\n\r\n"); }, "it answered 'garbage'"},
      {[](const Seen&, Wire& wire) {
         while (wire.send(std::string(1000, 'h'))) {
         }
       },
       "headers do not end"},
      {[](const Seen&, Wire& wire) { wire.reset(); }, "lost"},
  };
  for (const auto& [answer, why] : rows) {
    Pair pair(answer);
    const auto stream = pair.open([](StreamOptions& options) { options.connect_ms = 10'000; });
    EXPECT_THAT(pair.next(*stream), HasSubstr(why));
    EXPECT_FALSE(stream->is_open());
  }
}

TEST(Stream, EndsWhereTryingAgainHelpsNobody) {
  Pair pair([](const Seen&, Wire&) {});
  for (const char* url : {"wss://169.254.169.254/", "ws://example.org/", "nothing"}) {
    const auto stream = pair.open([&](StreamOptions& options) { options.url = url; });
    const auto answer = stream->next(1000);
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().number(), E::E6104);
    EXPECT_FALSE(must(stream->next(10)).has_value());
  }
}

TEST(Stream, TellsNoSecret) {
  Pair pair([](const Seen&, Wire& wire) { wire.send("HTTP/1.1 401 no-such-key-k3y5ecret\r\n\r\n"); });
  const auto stream = pair.open([](StreamOptions& options) { options.secrets = {"k3y5ecret"}; });
  EXPECT_THAT(pair.next(*stream), HasSubstr("REDACTED"));
  EXPECT_THAT(pair.log.text, Not(HasSubstr("k3y5ecret")));
}

TEST(Stream, ClosesInOrder) {
  std::atomic<int> kind = 0;
  {
    Pair pair([&](const Seen& seen, Wire& wire) {
      accept_stream(seen, wire);
      ClientFrames frames(wire);
      kind = frames.next().kind;
    });
    const auto stream = pair.open();
    EXPECT_EQ(pair.next(*stream), "opened");
    stream->close();
    EXPECT_EQ(pair.next(*stream, 10), "nothing");
    EXPECT_EQ(stream->send("x").error().number(), E::E6001);
    for (int i = 0; i < 200 && kind == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  EXPECT_EQ(kind, 8);
}

}  // namespace
}  // namespace lode::net
