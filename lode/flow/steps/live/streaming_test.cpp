// Streams into the lake against a WebSocket server on this machine that sends recorded messages.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/live/streaming.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

#include "lode/flow/flow.h"
#include "lode/flow/steps/collect/testing.h"
#include "lode/io/net/stream_testing.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RunningClock final : public Clock {
 public:
  Time now() const override { return {nanos<std::chrono::system_clock>()}; }
  std::int64_t monotonic_nanos() const override { return nanos<std::chrono::steady_clock>(); }

 private:
  template <class C>
  static std::int64_t nanos() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(C::now().time_since_epoch()).count();
  }
};

class Streaming : public ::testing::Test {
 protected:
  // A server on the place of `setting`; `talk` says what it sends on its n-th connection, and stays until it returns.
  using Talk = std::function<void(int connection, net::ClientFrames& frames, net::Wire& wire)>;
  void serve(const std::string& setting, Talk talk) {
    server_ = std::make_unique<net::TestServer>([this, talk = std::move(talk)](const net::Seen& seen, net::Wire& wire) {
      targets_.push_back(seen.target);
      net::accept_stream(seen, wire);
      net::ClientFrames frames(wire);
      talk(++connections_, frames, wire);
    });
    std::string place = server_->origin();
    place.replace(0, 4, "ws");
    must(test_.config.merge_flag(setting, place, "test"));
  }
  World world() {
    World out{clock_,     test_.archive, test_.http,    test_.log, test_.metrics,
              test_.pool, test_.config,  lake_folder(), nullptr,   nullptr};
    out.progress = [this](std::string_view, std::int64_t done, std::int64_t) {
      return !stop_ && done < frames_ && !(is_done_ && is_done_());
    };
    out.out = [this](std::string_view piece) {
      told_ += piece;
      return true;
    };
    return out;
  }
  // Until so many frames came; two minutes at most, however slow the machine is.
  Result<StreamReport> run(const std::string& name, std::vector<std::string> symbols, std::int64_t frames) {
    frames_ = frames;
    World one = world();
    return stream(one, *must(find_source(name)), named(std::move(symbols)), {0.3, 0, 120.0});
  }
  std::string lake_folder() const { return test_.folder + "/lake"; }
  Batch read(std::string_view table) {
    const auto lake = must(lake::Lake::open(lake_folder(), lake::Access::kRead, clock_, test_.pool));
    return must(must(lake->snapshot()).read(table, {}));
  }
  static std::string text(std::string_view message) { return net::server_frame(0x81, message); }

  TestWorld test_;
  RunningClock clock_;
  std::unique_ptr<net::TestServer> server_;
  std::vector<std::string> targets_;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stop_ = false;
  std::int64_t frames_ = 0;
  std::function<bool()> is_done_;
  std::string told_;
};

std::string kraken_trade(int id, const char* price) {
  return fmt::format(R"({{"channel":"trade","type":"update","data":[{{"symbol":"BTC/USD","side":"buy","price":{},)"
                     R"("qty":0.5,"ord_type":"limit","trade_id":{},"timestamp":"2026-04-07T07:48:36.9Z"}}]}})",
                     price, id);
}

TEST_F(Streaming, FramesReachTheLakeAndLeadBackToTheirBytes) {
  std::vector<std::string> asked;
  serve("kraken.stream_url", [&](int, net::ClientFrames& frames, net::Wire& wire) {
    for (int i = 0; i < 3; ++i) {
      asked.push_back(frames.next().payload);
    }
    wire.send(text(R"({"channel":"status","type":"update","data":[]})"));
    wire.send(text(kraken_trade(1, "100.5")) + text("no json at all") + text(kraken_trade(2, "101.5")));
    frames.next();
  });
  const StreamReport report = must(run("kraken-stream", {"BTC/USD"}, 4));
  EXPECT_EQ(targets_.at(0), "/v2");
  EXPECT_THAT(asked, Contains(HasSubstr(R"("channel":"ohlc","symbol":["BTC/USD"])")));
  EXPECT_EQ(report.frames, 4);
  EXPECT_EQ(report.connections, 1);
  EXPECT_EQ(report.lost, 0);
  EXPECT_EQ(report.total.tables.at("trades").kept, 2);
  EXPECT_EQ(report.total.rejected, 1);
  const Batch trades = read("trades");
  ASSERT_EQ(trades.rows(), 2U);
  EXPECT_EQ(trades.column("price").cell(1), "101.5");
  EXPECT_EQ(trades.column("source").cell(0), "kraken-stream");
  const auto lake = must(lake::Lake::open(lake_folder(), lake::Access::kRead, clock_, test_.pool));
  const std::string raw = must(lake::make_archive(*lake, clock_)->get(trades.column("raw_hash").cell(0)));
  const auto lines = split(raw, '\n');
  EXPECT_THAT(std::string(lines[static_cast<std::size_t>(trades.column("raw_line").int64s()[0] - 1)]),
              HasSubstr(R"(\"trade_id\":1,)"));
  EXPECT_EQ(read("quarantine").rows(), 1U) << "what is no message is kept with its reason";
  EXPECT_THAT(stream_text(report), HasSubstr("4 frames on 1 connection"));
}

// The server hangs up after each of three trades. The stream comes back, subscribes again, and tells each hole.
TEST_F(Streaming, ComesBackSubscribesAgainAndStoresEachTradeOnce) {
  std::atomic<int> subscriptions = 0;
  serve("kraken.stream_url", [&](int connection, net::ClientFrames& frames, net::Wire& wire) {
    for (int i = 0; i < 3; ++i) {
      subscriptions += frames.next().payload.find("subscribe") != std::string::npos ? 1 : 0;
    }
    for (int id = 1; id <= std::min(connection, 3); ++id) {  // Each snapshot tells the older trades again.
      wire.send(text(kraken_trade(id, "100")));
    }
    if (connection < 3) {
      wire.close();
    }
  });
  const StreamReport report = must(run("kraken-stream", {"BTC/USD"}, 6));
  EXPECT_EQ(report.connections, 3);
  EXPECT_EQ(report.lost, 2);
  EXPECT_EQ(subscriptions, 9);
  EXPECT_EQ(read("trades").rows(), 3U);
  EXPECT_THAT(told_, HasSubstr("kraken-stream lost"));
  EXPECT_THAT(told_, HasSubstr("s of the stream are missing"));
}

// The server answers nobody after its first trade: the hole is open when the watch ends, and is told.
TEST_F(Streaming, AHoleThatIsOpenAtTheEndIsTold) {
  server_ = std::make_unique<net::TestServer>([this](const net::Seen& seen, net::Wire& wire) {
    if (++connections_ == 1) {
      net::accept_stream(seen, wire);
      net::ClientFrames frames(wire);
      frames.next();
      wire.send(text(kraken_trade(1, "100")));
    }
    wire.close();
  });
  std::string place = server_->origin();
  must(test_.config.merge_flag("kraken.stream_url", place.replace(0, 4, "ws"), "test"));
  std::int64_t lost_at = 0;
  is_done_ = [&] {
    lost_at = lost_at == 0 && told_.find("lost") != std::string::npos ? clock_.monotonic_nanos() : lost_at;
    return lost_at != 0 && connections_ > 1 && clock_.monotonic_nanos() - lost_at > kNanosPerSecond / 2;
  };
  const StreamReport report = must(run("kraken-stream", {"BTC/USD"}, 100));
  EXPECT_EQ(report.connections, 1);
  EXPECT_EQ(report.lost, 1);
  EXPECT_GE(report.tries_failed, 1);
  EXPECT_TRUE(report.is_down);
  EXPECT_GE(report.down_seconds, 0.5);
  EXPECT_LE(report.down_seconds, report.total.seconds);
  EXPECT_THAT(told_, HasSubstr("kraken-stream is still down"));
  EXPECT_THAT(stream_text(report), HasSubstr("s of the stream are not there, and it is down still"));
  EXPECT_TRUE(stream_json(report).find("down_at_end")->as_bool());
  EXPECT_FALSE(stream_finding(report)) << "what came is stored";
}

// Nobody listens at the first port of this machine.
TEST_F(Streaming, AVenueThatWasNeverReachedIsAFailure) {
  must(test_.config.merge_flag("coinbase.stream_url", "ws://127.0.0.1:1", "test"));
  frames_ = 100;
  World one = world();
  const Outcome out = must(run_flow(one, *find_flow("data", "watch"),
                                    must(parse_json(R"({"source": "coinbase", "symbols": ["BTC-USD"], "for": 0.6})"))));
  EXPECT_EQ(out.data.find("connections")->as_int(), 0);
  EXPECT_EQ(out.data.find("lost")->as_int(), 0) << "no connection was there to be lost";
  EXPECT_GE(out.data.find("tries_failed")->as_int(), 1);
  EXPECT_GE(out.data.find("down_seconds")->as_double(), 0.5);
  EXPECT_THAT(out.text, HasSubstr("never connected, "));
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E6001);
  EXPECT_EQ(exit_code(out.finding->number()), 69);
  EXPECT_THAT(out.finding->message(), HasSubstr("coinbase-stream was not reached in"));
  EXPECT_THAT(told_, HasSubstr("coinbase-stream not reached: "));
  stop_ = true;
  const StreamReport stopped = must(run("coinbase-stream", {"BTC-USD"}, 100));
  EXPECT_TRUE(stopped.is_down);
  EXPECT_FALSE(stream_finding(stopped)) << "who stops it himself is told by the report";
}

// A venue that comes up late: the hole begins with the watch, not with the first try that failed.
TEST_F(Streaming, AFirstConnectionThatCameLateHasAHoleToo) {
  server_ = std::make_unique<net::TestServer>([this](const net::Seen& seen, net::Wire& wire) {
    if (++connections_ == 1) {
      std::this_thread::sleep_for(std::chrono::milliseconds(400));
      wire.close();
      return;
    }
    net::accept_stream(seen, wire);
    net::ClientFrames frames(wire);
    frames.next();
    wire.send(text(kraken_trade(1, "100")));
    frames.next();
  });
  std::string place = server_->origin();
  must(test_.config.merge_flag("kraken.stream_url", place.replace(0, 4, "ws"), "test"));
  const StreamReport report = must(run("kraken-stream", {"BTC/USD"}, 1));
  EXPECT_EQ(report.connections, 1);
  EXPECT_EQ(report.tries_failed, 1);
  EXPECT_GE(report.down_seconds, 0.4);
  EXPECT_FALSE(report.is_down);
  EXPECT_THAT(stream_text(report), HasSubstr("connected at last; "));
}

TEST_F(Streaming, ANumberLeftOutMakesANewConnection) {
  serve("coinbase.stream_url", [&](int connection, net::ClientFrames& frames, net::Wire& wire) {
    const auto beat = [&](int number) {
      wire.send(text(fmt::format(R"({{"channel":"heartbeats","sequence_num":{},"events":[]}})", number)));
    };
    frames.next();
    beat(0);
    if (connection == 1) {
      beat(2);
    }
    while (frames.next().kind != 0) {
    }
  });
  const StreamReport report = must(run("coinbase-stream", {"BTC-USD"}, 3));
  EXPECT_EQ(report.gaps, 1);
  EXPECT_EQ(report.lost, 1);
  EXPECT_EQ(report.connections, 2);
}

TEST_F(Streaming, RecordedMessagesOfEachVenue) {
  LODE_NEEDS_DATA("streams/coinbase");
  const auto replay = [&](const std::string& venue, const std::vector<std::string>& files, const std::string& symbol) {
    serve(venue + ".stream_url", [&](int, net::ClientFrames& frames, net::Wire& wire) {
      frames.next();
      for (const std::string& file : files) {
        wire.send(text(read_test_data("streams/" + venue + "/" + file)));
      }
      while (frames.next().kind != 0) {
      }
    });
    return must(run(venue + "-stream", {symbol}, std::ssize(files)));
  };
  EXPECT_GE(replay("binance", {"ws/ws_spot_agg_trade.json", "ws/ws_spot_ticker_book.json"}, "ETHUSDT").frames, 2);
  EXPECT_GE(replay("kraken", {"ws_ticker_snapshot.json", "ws_ohlc_update.json"}, "BTC/USD").frames, 2);
  EXPECT_GE(replay("coinbase", {"ws_market_trades.json"}, "BTC-USD").frames, 1);
  EXPECT_EQ(read("quotes").rows(), 2U);
  EXPECT_EQ(read("trades").rows(), 3U) << "one of Binance, two of Coinbase";
  EXPECT_EQ(read("bars").rows(), 1U);
}

TEST_F(Streaming, YahooIsAskedAgainAndGivesQuotes) {
  LODE_NEEDS_DATA("yahoo/stream-frames.jsonl");
  const std::string lines = read_test_data("yahoo/stream-frames.jsonl");
  const Value first = must(parse_json(lines.substr(0, lines.find('\n'))));
  serve("yahoo.stream_url", [&](int, net::ClientFrames& frames, net::Wire& wire) {
    EXPECT_EQ(frames.next().payload, R"({"subscribe":["BTC-USD"]})");
    wire.send(text(R"({"type":"pricing","message":")" + first.find("frame")->as_text() + "\"}"));
    frames.next();
  });
  must(run("yahoo-stream", {"BTC-USD"}, 1));
  EXPECT_EQ(targets_.at(0), "/?version=2");
  const Batch quotes = read("quotes");
  ASSERT_EQ(quotes.rows(), 1U);
  EXPECT_EQ(quotes.column("symbol").cell(0), "BTC-USD");
  EXPECT_EQ(quotes.column("venue").cell(0), "yahoo");
  EXPECT_NEAR(quotes.column("last").float64s()[0], first.at_path("decoded.price")->as_double(), 0.01);
}

TEST_F(Streaming, AlpacaLogsInThenSubscribesAndItsKeysStayHere) {
  must(test_.config.merge_flag("alpaca.key", "KeyIdOfTheTest", "test"));
  must(test_.config.merge_flag("alpaca.secret", "SecretOfTheTest", "test"));
  std::vector<std::string> asked;
  serve("alpaca.stream_url", [&](int, net::ClientFrames& frames, net::Wire& wire) {
    wire.send(text(R"([{"T":"success","msg":"connected"}])"));
    asked.push_back(frames.next().payload);
    wire.send(text(R"([{"T":"success","msg":"authenticated"}])"));
    asked.push_back(frames.next().payload);
    wire.send(text(R"([{"T":"t","i":96921,"S":"AAPL","x":"D","p":126.55,"s":1,"t":"2021-02-22T15:51:44.208Z"}])"));
    frames.next();
  });
  must(run("alpaca-stream", {"AAPL"}, 3));
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_THAT(asked[0], HasSubstr(R"("key":"KeyIdOfTheTest","secret":"SecretOfTheTest")"));
  EXPECT_THAT(asked[1], HasSubstr(R"("action":"subscribe","trades":["AAPL"])"));
  EXPECT_EQ(read("trades").rows(), 1U);
  for (const auto& file : std::filesystem::recursive_directory_iterator(lake_folder())) {
    if (file.is_regular_file()) {
      EXPECT_EQ(must(lake::read_file(file.path().string())).find("SecretOfTheTest"), std::string::npos) << file.path();
    }
  }
}

TEST_F(Streaming, ARefusalEndsItAndWhatCameBeforeIsStored) {
  serve("kraken.stream_url", [&](int, net::ClientFrames& frames, net::Wire& wire) {
    frames.next();
    wire.send(text(kraken_trade(1, "100")) + text(R"({"method":"subscribe","success":false,"error":"no such pair"})"));
    frames.next();
  });
  const auto report = run("kraken-stream", {"NO/PAIR"}, 100);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().number(), E::E6202);
  EXPECT_THAT(report.error().message(), HasSubstr("no such pair"));
  EXPECT_EQ(read("trades").rows(), 1U);
}

TEST_F(Streaming, StopsCleanlyAndStoresWhatIsInHand) {
  serve("kraken.stream_url", [&](int, net::ClientFrames& frames, net::Wire& wire) {
    frames.next();
    wire.send(text(kraken_trade(1, "100")));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop_ = true;
    while (frames.next().kind != 0) {
    }
  });
  const StreamReport report = must(run("kraken-stream", {"BTC/USD"}, 100));
  EXPECT_TRUE(report.total.stopped);
  EXPECT_EQ(read("trades").rows(), 1U);
}

TEST_F(Streaming, IsWatchedByItsVenuesNameAndNeverFetched) {
  World one = world();
  const auto call = [&](const char* verb, const std::string& request) {
    const Result<Outcome> out = run_flow(one, *find_flow("data", verb), must(parse_json(request)));
    return out ? std::string("done") : std::string(render(out.error()));
  };
  EXPECT_THAT(call("fetch", R"({"source": "coinbase", "symbols": ["BTC-USD"]})"), HasSubstr("lode data watch"));
  EXPECT_THAT(call("watch", R"({"source": "coinbase"})"), HasSubstr("--symbols"));
  EXPECT_THAT(call("watch", R"({"source": "alpaca", "symbols": ["AAPL"]})"), HasSubstr("alpaca.key"));
}

}  // namespace
}  // namespace lode::flow
