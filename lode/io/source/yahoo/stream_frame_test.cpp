// Frames of Yahoo's stream beside what they are known to say, and what is none.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/yahoo/stream_frame.h"

#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/market/test_data.h"

namespace lode::source::yahoo {
namespace {

std::vector<Value> frames() {
  std::vector<Value> out;
  const std::string bytes = read_test_data("yahoo/stream-frames.jsonl");
  for (const std::string_view line : split(bytes, '\n')) {
    if (!trim(line).empty()) {
      out.push_back(must(parse_json(line)));
    }
  }
  return out;
}

TEST(YahooStream, RecordedFramesSayWhatIsKnownOfThem) {
  LODE_NEEDS_DATA("yahoo/stream-frames.jsonl");
  ASSERT_EQ(frames().size(), 2U);
  for (const Value& line : frames()) {
    const std::string& frame = line.find("frame")->as_text();
    const Value& known = *line.find("decoded");
    const StreamQuote quote = must(read_stream_frame(frame));
    EXPECT_EQ(quote.id, known.find("id")->as_text());
    EXPECT_NEAR(*quote.price, known.find("price")->as_double(), 0.01);
    std::int64_t millis = 0;  // Some tables write it as a text.
    const Value& time = *known.find("time");
    ASSERT_TRUE(time.is_int() || parse_int(time.as_text(), millis));
    EXPECT_EQ(quote.time->nanos, (time.is_int() ? time.as_int() : millis) * 1'000'000);
    EXPECT_EQ(quote.exchange, known.find("exchange")->as_text());
    EXPECT_EQ(must(read_stream_frame("{\"type\":\"pricing\",\"message\":\"" + frame + "\"}")).id, quote.id);
  }
}

TEST(YahooStream, EveryCutIsRefusedOrShorter) {
  LODE_NEEDS_DATA("yahoo/stream-frames.jsonl");
  const std::string frame = frames()[0].find("frame")->as_text();
  int refused = 0;
  for (std::size_t size = 0; size < frame.size(); ++size) {
    refused += read_stream_frame(frame.substr(0, size)).has_value() ? 0 : 1;
  }
  EXPECT_GT(refused, static_cast<int>(frame.size()) / 2);
  EXPECT_FALSE(read_stream_frame("not base64!").has_value());
  EXPECT_FALSE(read_stream_frame("{}").has_value());
  EXPECT_FALSE(read_stream_frame("gICAgICAgICAgIA=").has_value());  // A varint without end.
}

TEST(YahooStream, FieldsNotKnownArePassedOver) {
  // id "A", then field 100 as a varint.
  EXPECT_EQ(must(read_stream_frame("CgFBoAYF")).id, "A");
  EXPECT_EQ(read_base64("QUJD"), "ABC");
  EXPECT_EQ(read_base64("QQ=="), "A");
  EXPECT_FALSE(read_base64("Q").has_value());
}

}  // namespace
}  // namespace lode::source::yahoo
