// Streams of venues on recorded messages; Alpaca's and the changes of books are written by their documented form.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/venue_stream.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/market/test_data.h"

namespace lode::source {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Time kNow = must(parse_as_of("2026-04-07T14:30:10Z"));

Result<StreamRead> try_read(VenueStream& stream, std::string_view text) { return stream.read({text, kNow, "h", 7}); }
StreamRead read(VenueStream& stream, std::string_view text) { return must(try_read(stream, text)); }
StreamRead read_one(std::string_view venue, std::string_view text) {
  return read(*must(open_venue_stream(venue)), text);
}
StreamRead recorded(std::string_view venue, const std::string& file) {
  return read_one(venue, read_test_data("streams/" + file));
}
// The cells of a row, with blanks between.
std::string cells(const StreamRead& out, std::string_view table, std::initializer_list<const char*> columns,
                  std::size_t row = 0) {
  std::string text;
  for (const TableRows& rows : out.tables) {
    if (rows.table != table || row >= rows.rows.rows()) {
      continue;
    }
    for (const char* column : columns) {
      text += (text.empty() ? "" : " ") + rows.rows.column(column).cell(row);
    }
  }
  return text;
}

TEST(VenueStreams, AreFoundByName) {
  for (const std::string& venue : stream_venues()) {
    EXPECT_EQ(must(open_venue_stream(venue))->venue(), venue);
  }
  EXPECT_FALSE(open_venue_stream("krakn").has_value());
  EXPECT_THAT(must(open_venue_stream("coinbase"))->subscribe({"BTC-USD"})[0],
              HasSubstr(R"("product_ids":["BTC-USD"],"channel":"market_trades")"));
  EXPECT_THAT(must(open_venue_stream("binance"))->subscribe({"BTCUSDT"})[0], HasSubstr("btcusdt@trade"));
  EXPECT_FALSE(must(open_venue_stream("kraken"))->snapshot("X", "{}").has_value());
}

TEST(VenueStreams, BinancesRecordedMessages) {
  LODE_NEEDS_DATA("streams/binance");
  const StreamRead trade = recorded("binance", "binance/ws/ws_spot_agg_trade.json");
  EXPECT_EQ(cells(trade, "trades", {"symbol", "trade_id", "time", "price_text", "size_text", "side"}),
            "ETHUSDT a226532 2023-02-07T08:45:20.847Z 1632.46000000 0.34305000 buy");
  EXPECT_EQ(cells(trade, "trades", {"known_time", "raw_line", "source"}), "2026-04-07T14:30:10Z 7 binance-stream");
  EXPECT_EQ(cells(recorded("binance", "binance/ws/trade_stream.json"), "trades", {"trade_id", "price", "size", "side"}),
            "5933014 0.001 100 sell");
  EXPECT_EQ(cells(recorded("binance", "binance/ws/ws_spot_ticker_book.json"), "quotes",
                  {"bid", "bid_size", "ask", "ask_size", "time"}),
            "4507.24 2.3595 4507.25 2.8457 2022-03-02T05:33:48.123Z");
  EXPECT_EQ(cells(recorded("binance", "binance/ws/ws_spot_ticker_24hr.json"), "quotes", {"symbol", "bid", "last"}),
            "BNBBTC 0.0024 0.0025");
  std::string kline = read_test_data("streams/binance/ws/kline_stream_open.json");
  EXPECT_EQ(read_one("binance", kline).rejected.at(0).number, 2007);  // Its low lies above its open.
  kline.replace(kline.find("0.0015"), 6, "0.0005");
  const StreamRead bar = read_one("binance", kline);
  EXPECT_EQ(cells(bar, "bars", {"start", "interval_seconds", "open", "close", "amount", "trades", "provisional"}),
            "2021-12-05T23:41:00Z 60 0.001 0.002 1 100 true");
}

TEST(VenueStreams, CoinbasesRecordedMessages) {
  LODE_NEEDS_DATA("streams/coinbase");
  const auto stream = must(open_venue_stream("coinbase"));
  const StreamRead none = read(*stream, read_test_data("streams/coinbase/ws_subscriptions.json"));
  EXPECT_EQ(none.gap, GapAnswer::kApply);
  EXPECT_TRUE(none.tables.empty());
  const StreamRead trades = read(*stream, read_test_data("streams/coinbase/ws_market_trades.json"));  // Number 5.
  EXPECT_EQ(trades.gap, GapAnswer::kResync);
  EXPECT_EQ(stream->resync(), Resync::kReconnect);
  EXPECT_EQ(cells(trades, "trades", {"symbol", "trade_id", "price_text", "size_text", "side", "time"}),
            "BTC-USD 995098700 68900.50 0.00150000 sell 2026-04-07T14:30:02.789012Z");
  EXPECT_EQ(cells(trades, "trades", {"side"}, 1), "buy");
  EXPECT_EQ(cells(recorded("coinbase", "coinbase/ws_ticker.json"), "quotes", {"last", "bid", "ask_size", "high"}),
            "68900.5 68900 0.5 ");
  EXPECT_EQ(cells(recorded("coinbase", "coinbase/ws_candles.json"), "bars", {"start", "interval_seconds", "close"}),
            "2026-04-07T00:30:00Z 300 68920.5");
}

TEST(VenueStreams, CoinbasesNumbersTellALostMessage) {
  const auto stream = must(open_venue_stream("coinbase"));
  const auto gap = [&](int number) {
    return read(*stream, fmt::format(R"({{"channel":"heartbeats","sequence_num":{},"events":[]}})", number)).gap;
  };
  EXPECT_EQ(gap(0), GapAnswer::kApply);
  EXPECT_EQ(gap(1), GapAnswer::kApply);
  EXPECT_EQ(gap(1), GapAnswer::kDrop);
  EXPECT_EQ(gap(3), GapAnswer::kResync);
  stream->reconnect();
  EXPECT_EQ(gap(0), GapAnswer::kApply);
}

TEST(VenueStreams, KrakensRecordedMessages) {
  LODE_NEEDS_DATA("streams/kraken");
  EXPECT_EQ(cells(recorded("kraken", "kraken/ws_ticker_snapshot.json"), "quotes",
                  {"symbol", "bid", "bid_size", "ask", "last", "time"}),
            "BTC/USD 105944.2 2.5 105944.3 105899.4 2022-12-25T09:30:59.123456Z");
  EXPECT_EQ(cells(recorded("kraken", "kraken/ws_ohlc_update.json"), "bars",
                  {"start", "interval_seconds", "open", "vwap", "volume", "trades"}),
            "2023-10-04T16:25:00Z 60 106038.2 106039.6 30927.68066226 12");
  EXPECT_TRUE(recorded("kraken", "kraken/ws_book_update.json").tables.empty());
  EXPECT_EQ(cells(read_one("kraken", R"({"channel":"trade","type":"update","data":[{"symbol":"MATIC/USD","side":"buy",
      "price":0.5147,"qty":6423.46326,"ord_type":"limit","trade_id":4665846,"timestamp":"2023-09-25T07:48:36.925533Z"}]})"),
                  "trades", {"trade_id", "price", "size", "side"}),
            "4665846 0.5147 6423.46326 buy");
  EXPECT_EQ(cells(read_one("kraken", R"({"channel":"trade","type":"update","data":[
      {"symbol":"A/USD","price":0.10,"qty":1.0,"trade_id":1,"timestamp":"2023-09-25T07:48:36Z"},
      {"symbol":"B \"price\":9","price":12345678.123456789012,"qty":2e3,"trade_id":2,"timestamp":"2023-09-25T07:48:36Z"}]})"),
                  "trades", {"price_text", "size_text"}, 1),
            "12345678.123456789012 2e3")
      << "the digits as sent, not those of the double";
  EXPECT_EQ(cells(read_one("kraken", R"({"channel":"trade","type":"update","price":7,"data":[
      {"symbol":"A/USD","price":0.10,"qty":1.0,"trade_id":1,"timestamp":"2023-09-25T07:48:36Z"}]})"),
                  "trades", {"price_text", "size_text"}),
            "1.0")
      << "digits that may be another number's are not given";
}

TEST(VenueStreams, AlpacasMessagesComeInLists) {
  const StreamRead out = read_one("alpaca", R"([{"T":"success","msg":"authenticated"},
    {"T":"t","i":96921,"S":"AAPL","x":"D","p":126.55,"s":1,"t":"2021-02-22T15:51:44.208Z","c":["@","I"],"z":"C"},
    {"T":"q","S":"AMD","bx":"U","bp":87.66,"bs":1,"ax":"Q","ap":87.68,"as":4,"t":"2021-02-22T15:51:45.335689322Z"},
    {"T":"b","S":"SPY","o":388.985,"h":389.13,"l":388.975,"c":389.12,"v":49378,"n":461,"vw":389.06,"t":"2021-02-22T19:15:00Z"},
    {"T":"u","S":"SPY","o":388.985,"h":389.13,"l":388.975,"c":389.11,"v":49380,"n":462,"vw":389.06,"t":"2021-02-22T19:15:00Z"},
    {"T":"s","S":"AAPL","sc":"H"}])");
  EXPECT_EQ(cells(out, "trades", {"symbol", "trade_id", "price", "side"}), "AAPL 96921 126.55 ");
  EXPECT_EQ(cells(out, "quotes", {"symbol", "bid", "ask_size"}), "AMD 87.66 4");
  EXPECT_EQ(cells(out, "bars", {"close", "known_time"}), "389.12 2026-04-07T14:30:10Z");
  EXPECT_EQ(cells(out, "bars", {"close", "trades"}, 1), "389.11 462");
  EXPECT_EQ(out.records, 4);
  const auto stream = must(open_venue_stream("alpaca"));
  EXPECT_EQ(try_read(*stream, R"([{"T":"error","code":402,"msg":"auth failed"}])").error().number(), E::E6202);
  EXPECT_EQ(try_read(*stream, R"([{"T":"error","code":406,"msg":"connection limit"}])").error().number(), E::E6203);
}

TEST(VenueStreams, APriceOfZeroIsNone) {
  const StreamRead out = read_one("binance", R"({"e":"trade","E":1,"s":"A","t":1,"p":"0.000","q":"1","T":1,"m":true})");
  EXPECT_TRUE(out.tables.empty());
  ASSERT_EQ(out.rejected.size(), 1U);
  EXPECT_EQ(out.rejected[0].number, 6210);
  EXPECT_EQ(
      read_one("kraken", R"({"channel":"ticker","data":[{"symbol":"X","bid":0,"ask":0,"last":0}]})").rejected.size(),
      1U);
}

std::string depth(int first, int last, const char* bid, const char* size) {
  return fmt::format(R"({{"e":"depthUpdate","E":1672515782136,"s":"BNBBTC","U":{},"u":{},"b":[["{}","{}"]],"a":[]}})",
                     first, last, bid, size);
}

TEST(VenueStreams, BinancesBookWaitsForItsSnapshotAndAsksAgainOverAGap) {
  const auto stream = must(open_venue_stream("binance"));
  EXPECT_EQ(stream->resync(), Resync::kSnapshot);
  EXPECT_EQ(read(*stream, depth(95, 99, "1", "1")).gap, GapAnswer::kBuffer);
  EXPECT_EQ(read(*stream, depth(100, 103, "5", "2")).gap, GapAnswer::kBuffer);
  ASSERT_TRUE(stream->snapshot("BNBBTC", R"({"lastUpdateId":101,"bids":[["4","9"]],"asks":[["6","1"]]})").has_value());
  const StreamRead next = read(*stream, depth(104, 105, "4", "0"));
  EXPECT_EQ(next.gap, GapAnswer::kApply);
  EXPECT_EQ(cells(next, "quotes", {"bid", "bid_size", "ask"}), "5 2 6");
  EXPECT_EQ(cells(read(*stream, depth(106, 106, "5", "0")), "quotes", {"bid", "ask"}), "6");
  EXPECT_EQ(read(*stream, depth(103, 104, "5", "7")).gap, GapAnswer::kDrop);
  EXPECT_EQ(read(*stream, depth(108, 109, "5", "1")).gap, GapAnswer::kResync);
  EXPECT_EQ(read(*stream, depth(110, 111, "5", "1")).gap, GapAnswer::kBuffer);
  EXPECT_FALSE(stream->snapshot("BNBBTC", R"({"lastUpdateId":105,"bids":[],"asks":[]})").has_value());
  EXPECT_FALSE(stream->snapshot("BNBBTC", R"({"bids":[],"asks":[]})").has_value());
  ASSERT_TRUE(stream->snapshot("BNBBTC", R"({"lastUpdateId":111,"bids":[["4","9"]],"asks":[["6","1"]]})").has_value());
  EXPECT_EQ(read(*stream, depth(112, 112, "5", "1")).gap, GapAnswer::kApply);
}

TEST(VenueStreams, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("streams");
  for (const auto& [venue, file] :
       std::vector<std::pair<std::string, std::string>>{{"binance", "binance/ws/ws_spot_agg_trade.json"},
                                                        {"binance", "binance/ws/kline_stream_open.json"},
                                                        {"coinbase", "coinbase/ws_market_trades.json"},
                                                        {"coinbase", "coinbase/ws_candles.json"},
                                                        {"kraken", "kraken/ws_ticker_snapshot.json"},
                                                        {"kraken", "kraken/ws_ohlc_update.json"}}) {
    const std::string body = read_test_data("streams/" + file);
    int refused = 0;
    with_bad_bodies(body, 17, 200, [&](const std::string& bad) {
      const auto stream = must(open_venue_stream(venue));
      const auto out = try_read(*stream, bad);
      refused += out ? 0 : 1;
      for (const TableRows& rows : out ? out->tables : std::vector<TableRows>()) {
        EXPECT_TRUE(check_batch(*find_table(rows.table), rows.rows).has_value()) << file;
      }
    });
    EXPECT_GT(refused, 60) << file;
  }
}

}  // namespace
}  // namespace lode::source
