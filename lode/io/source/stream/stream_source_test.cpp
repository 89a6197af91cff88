// Archived frames of streams, and what a watch is told of a stream.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/stream_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode::source {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Time kNow = must(parse_as_of("2026-04-07T14:30:10Z"));

Parsed parse(const std::string& venue, const std::string& body) {
  Response response{.status = 200, .body = body, .received_at = kNow, .raw_hash = "h"};
  return must(parse_frames(response, venue));
}

std::string candle(double close, const std::string& start = "2023-10-04T16:25:00Z") {
  return fmt::format(R"({{"channel":"ohlc","data":[{{"symbol":"BTC/USD","open":1,"high":9,"low":1,"close":{},)"
                     R"("volume":2,"vwap":1.5,"trades":3,"interval":1,"interval_begin":"{}"}}]}})",
                     close, start);
}

TEST(StreamSource, TheLatestVersionOfABarIsGiven) {
  const Parsed parsed = parse("kraken", frame_line(kNow, 1, candle(2)) + frame_line(kNow, 1, candle(3)) +
                                            frame_line(kNow, 1, candle(4, "2023-10-04T16:26:00Z")));
  ASSERT_EQ(parsed.tables.size(), 1U);
  const Batch& bars = parsed.tables[0].rows;
  ASSERT_EQ(bars.rows(), 2U);
  EXPECT_EQ(bars.column("close").cell(0), "3");
  EXPECT_EQ(bars.column("raw_line").cell(0), "2");
  EXPECT_EQ(bars.column("close").cell(1), "4");
  EXPECT_EQ(bars.column("known_time").cell(1), to_string(kNow)) << "when it came";
  EXPECT_EQ(parsed.records, 3);
}

TEST(StreamSource, AFrameThatCannotBeReadIsSetAsideWithItsLine) {
  const Parsed parsed = parse("kraken", frame_line(kNow, 1, "broken") + frame_line(kNow, 1, candle(2)));
  EXPECT_EQ(parsed.tables.size(), 1U);
  ASSERT_EQ(parsed.rejected.size(), 1U);
  EXPECT_EQ(parsed.rejected[0].line, 1);
  EXPECT_EQ(parsed.rejected[0].number, 6206);
  Response response{.status = 200, .body = "{\"at\":1}\n", .received_at = kNow};
  EXPECT_EQ(parse_frames(response, "kraken").error().number(), E::E6206) << "what no watch wrote";
}

// Numbers begin again with a connection; one that was seen is dropped.
TEST(StreamSource, NumbersOfAnotherConnectionAreNotTheSame) {
  const auto trade = [](int number, int id) {
    return fmt::format(R"({{"channel":"market_trades","sequence_num":{},"events":[{{"trades":[{{"product_id":"A-B",)"
                       R"("trade_id":"{}","price":"1","size":"1","side":"BUY","time":"2026-04-07T14:30:02Z"}}]}}]}})",
                       number, id);
  };
  const auto rows = [&](int second) {
    const Parsed parsed = parse("coinbase", frame_line(kNow, 1, trade(0, 1)) + frame_line(kNow, second, trade(0, 2)));
    return parsed.tables.at(0).rows.rows();
  };
  EXPECT_EQ(rows(1), 1U);
  EXPECT_EQ(rows(2), 2U);
}

TEST(StreamSource, EveryStreamTellsWhereItIsAndWhatToSend) {
  for (const std::string& venue : stream_venues()) {
    const Source& source = *must(find_source(venue + "-stream"));
    EXPECT_TRUE(is_stream(source.spec));
    FetchRequest request{.names = {"BTC-USD"}};
    for (const Setting& setting : source.spec.settings) {
      if (setting.required) {
        request.settings[std::string(setting.name)] = "word";
      }
    }
    const StreamPlan plan = must(read_stream_plan(must(source.plan(request, {}, kNow)).requests.at(0)));
    EXPECT_TRUE(plan.url.starts_with("wss://")) << plan.url;
    EXPECT_EQ(plan.venue, venue);
    EXPECT_FALSE(plan.subscribe.empty());
    EXPECT_EQ(plan.login.empty(), venue != "alpaca");
    request.names.clear();
    EXPECT_EQ(source.plan(request, {}, kNow).error().number(), E::E6208) << "no symbols";
  }
  EXPECT_FALSE(is_stream(must(find_source("yahoo"))->spec));
}

}  // namespace
}  // namespace lode::source
