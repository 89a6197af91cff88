// Alpaca's bars on recorded answers. The recordings are the carrier's: values are partly edited, forms are the wire's.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/market/test_data.h"

namespace lode {
const source::Source& source_alpaca_bars();
}  // namespace lode

namespace lode::source {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const FetchRequest kAsked{.names = {"AAPL", "tsla"},
                          .from = Date::from_civil(2022, 3, 9),
                          .to = Date::from_civil(2023, 9, 27),
                          .settings = {{"alpaca.key", "KEY1"}, {"alpaca.secret", "SECRET2"}}};

Response answer(std::string body, int status = 200, FetchRequest request = kAsked) {
  Response out{.asked = must(source_alpaca_bars().plan(request, {}, {})).requests.at(0), .status = status};
  out.body = std::move(body);
  out.received_at = must(parse_as_of("2023-10-01T00:00:00Z"));
  return out;
}
Parsed parse(std::string body, int status = 200) {
  return must(source_alpaca_bars().parse(answer(std::move(body), status)));
}
std::string cell(const Parsed& parsed, std::size_t table, std::string_view column, std::size_t row = 0) {
  return parsed.tables.at(table).rows.column(column).cell(row);
}

TEST(AlpacaBars, OneQuestionForManySymbolsWithItsKeysInHeadersOnly) {
  const Plan plan = must(source_alpaca_bars().plan(kAsked, {}, {}));
  ASSERT_EQ(plan.requests.size(), 1U);
  const HttpRequest& http = plan.requests[0].http;
  EXPECT_EQ(http.url,
            "https://data.alpaca.markets/v2/stocks/bars?symbols=AAPL%2CTSLA&timeframe=1Day&start=2022-03-09&"
            "end=2023-09-27&limit=10000&adjustment=raw&feed=iex&sort=asc");
  EXPECT_EQ(http.redirects, 0);
  EXPECT_THAT(http.secrets, ::testing::ElementsAre("KEY1", "SECRET2"));
  EXPECT_THAT(to_json(plan.requests[0].about), Not(HasSubstr("SECRET2")));
  FetchRequest bad = kAsked;
  bad.settings.erase("alpaca.secret");
  EXPECT_FALSE(source_alpaca_bars().plan(bad, {}, {}).has_value());
  bad = kAsked;
  bad.kinds = {"1w"};
  EXPECT_FALSE(source_alpaca_bars().plan(bad, {}, {}).has_value());
  bad = kAsked;
  bad.to = Date::from_civil(2020, 1, 1);
  EXPECT_FALSE(source_alpaca_bars().plan(bad, {}, {}).has_value());
}

TEST(AlpacaBars, ADaysBarIsTheSessionOfItsNewYorkMidnight) {
  LODE_NEEDS_DATA("streams/alpaca");
  const Parsed parsed = parse(read_test_data("streams/alpaca/multisymbol_get_bars-1.json"));
  ASSERT_EQ(parsed.tables[0].rows.rows(), 2U);
  EXPECT_TRUE(parsed.rejected.empty());
  EXPECT_EQ(cell(parsed, 0, "session"), "2022-03-09");
  EXPECT_EQ(cell(parsed, 0, "start"), "2022-03-09T14:30:00Z");
  EXPECT_EQ(cell(parsed, 0, "event_time"), "2022-03-09T21:00:00Z");
  EXPECT_EQ(cell(parsed, 0, "known_time"), "2022-03-09T21:00:00Z");
  EXPECT_EQ(cell(parsed, 0, "close"), "162.95");
  EXPECT_EQ(cell(parsed, 0, "vwap"), "161.942117");
  EXPECT_EQ(cell(parsed, 0, "trades"), "700291");
  EXPECT_EQ(cell(parsed, 0, "close", 1), "858.97");
  EXPECT_EQ(cell(parsed, 0, "provisional"), "false");
  EXPECT_EQ(parsed.next.state.find("TSLA 1d")->as_text(), "2022-03-09");
  EXPECT_TRUE(parsed.follow.empty());
}

TEST(AlpacaBars, ATokenAsksTheNextPageAndNeverItself) {
  LODE_NEEDS_DATA("streams/alpaca");
  const std::string body = read_test_data("streams/alpaca/get_bars_desc-1.json");
  const Parsed first = parse(body);
  ASSERT_EQ(first.follow.size(), 1U);
  EXPECT_THAT(first.follow[0].http.url, ::testing::EndsWith("&page_token=VFNMQXxEfDc1Mjc3NTc2MzYwMDAwMDAwMDA%3D"));
  EXPECT_EQ(first.follow[0].http.secrets.size(), 2U);
  EXPECT_EQ(first.tables[0].rows.rows(), 3U);
  Response again = answer(body);
  again.asked = first.follow[0];
  EXPECT_FALSE(source_alpaca_bars().parse(again).has_value());
  std::string other = body;
  other.replace(other.find("VFNM"), 4, "AAAA");
  again.body = other;
  const Parsed second = must(source_alpaca_bars().parse(again));
  EXPECT_THAT(second.follow.at(0).http.url, ::testing::EndsWith("&page_token=AAAAQXxEfDc1Mjc3NTc2MzYwMDAwMDAwMDA%3D"));
  EXPECT_EQ(second.follow[0].http.url.find("page_token"), second.follow[0].http.url.rfind("page_token"));
}

TEST(AlpacaBars, ASymbolThatNoPageHadIsToldAtTheEnd) {
  FetchRequest asked = kAsked;
  asked.names = {"AAPL", "MSFT", "NOPE"};
  const std::string bar = R"([{"t":"2022-03-14T04:00:00Z","o":2,"h":3,"l":1,"c":2,"v":1}])";
  const Response first = answer(R"({"bars":{"AAPL":)" + bar + R"(},"next_page_token":"T2"})", 200, asked);
  const Parsed page = must(source_alpaca_bars().parse(first));
  EXPECT_TRUE(page.missing.empty()) << "there may be more of it behind";
  Response second{.asked = page.follow.at(0), .status = 200};
  second.received_at = first.received_at;
  second.cursor = page.next;
  second.body = R"({"bars":{"MSFT":)" + bar + R"(},"next_page_token":null})";
  const Parsed end = must(source_alpaca_bars().parse(second));
  ASSERT_EQ(end.missing.size(), 1U);
  EXPECT_EQ(end.missing[0].name, "NOPE");
  EXPECT_EQ(end.missing[0].verdict.kind, ResponseClass::kAbsent);
  EXPECT_EQ(end.verdict.kind, ResponseClass::kOk);
  second.body = R"({"bars":{},"next_page_token":null})";
  EXPECT_EQ(must(source_alpaca_bars().parse(second)).verdict.kind, ResponseClass::kNotModified)
      << "the pages before had";
  Response none = answer(R"({"bars":{}})", 200, asked);
  EXPECT_THAT(must(source_alpaca_bars().parse(none)).verdict.reason, HasSubstr("AAPL, MSFT, NOPE"));
}

TEST(AlpacaBars, BarsOfASymbolThatWasNotAskedAreRefused) {
  const std::string bar = R"([{"t":"2022-03-14T04:00:00Z","o":2,"h":3,"l":1,"c":2,"v":1}])";
  const auto other = source_alpaca_bars().parse(answer(R"({"bars":{"AAPL":)" + bar + R"(,"MSFT":)" + bar + "}}"));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().number(), E::E6206);
  EXPECT_THAT(other.error().message(), HasSubstr("bars of 'MSFT' where AAPL, TSLA was asked"));
  EXPECT_EQ(parse(R"({"bars":{"tsla":)" + bar + "}}").tables.at(0).rows.rows(), 1U);
}

// Alpaca tells no first day: the first of the answer is marked as that, whatever was asked before.
TEST(AlpacaBars, TheFirstSessionIsNoListing) {
  const Response response = answer(R"({"bars":{"AAPL":[{"t":"2022-03-15T04:00:00Z","o":2,"h":3,"l":1,"c":2,"v":1}]}})");
  const Parsed parsed = must(source_alpaca_bars().parse(response));
  EXPECT_EQ(cell(parsed, 1, "listed_on") + " " + cell(parsed, 2, "valid_from"), "2022-03-15 2022-03-15");
  EXPECT_THAT(parsed.undated, ::testing::ElementsAre(instrument_id(kNoMic, "AAPL")));
}

TEST(AlpacaBars, EmptyRefusedAndOdd) {
  LODE_NEEDS_DATA("streams/alpaca");
  EXPECT_EQ(parse(read_test_data("streams/alpaca/get_bars_single_empty_response-1.json")).verdict.kind,
            ResponseClass::kEmpty);
  EXPECT_EQ(parse(R"({"bars":null,"next_page_token":null})").verdict.kind, ResponseClass::kEmpty);
  const Parsed denied =
      parse(R"({"code":42210000,"message":"subscription does not permit querying recent SIP data"})", 403);
  EXPECT_EQ(denied.verdict.kind, ResponseClass::kDenied);
  EXPECT_THAT(denied.verdict.reason, HasSubstr("recent SIP data"));
  EXPECT_EQ(parse("{}", 429).verdict.kind, ResponseClass::kThrottled);
  EXPECT_FALSE(source_alpaca_bars().parse(answer("<html>")).has_value());
  EXPECT_FALSE(source_alpaca_bars().parse(answer(R"({"bars":[]})")).has_value());
  const Parsed odd =
      parse(R"({"bars":{"AAPL":[{"t":"x","c":1},{"t":"2022-03-12T05:00:00Z","o":1,"h":1,"l":1,"c":1,"v":1},
      {"t":"2022-03-14T04:00:00Z","o":2,"h":1,"l":2,"c":2,"v":1},{"t":"2022-03-15T04:00:00Z","c":2}]}})");
  EXPECT_EQ(odd.records, 4);
  ASSERT_EQ(odd.rejected.size(), 3U);  // No time, a Saturday, high below low.
  EXPECT_EQ(odd.rejected[0].number, 6210);
  EXPECT_EQ(odd.rejected[1].number, 2011);
  EXPECT_EQ(odd.rejected[2].number, 2007);
  EXPECT_EQ(cell(odd, 0, "open"), "");
}

TEST(AlpacaBars, ABarThatEndsAheadIsProvisional) {
  FetchRequest request = kAsked;
  request.kinds = {"15m"};
  Response response = answer(R"({"bars":{"AAPL":[{"t":"2023-09-30T23:50:00Z","c":1.5}]}})", 200, request);
  const Parsed parsed = must(source_alpaca_bars().parse(response));
  EXPECT_EQ(cell(parsed, 0, "interval_seconds"), "900");
  EXPECT_EQ(cell(parsed, 0, "provisional"), "true");
  EXPECT_EQ(cell(parsed, 0, "known_time"), "2023-10-01T00:00:00Z");
  EXPECT_EQ(cell(parsed, 0, "event_time"), "2023-10-01T00:05:00Z");
}

TEST(AlpacaBars, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("streams/alpaca");
  const Response good = answer(read_test_data("streams/alpaca/multisymbol_get_bars-1.json"));
  EXPECT_GT(refused_bad_bodies(good, 5, 300, source_alpaca_bars().parse), 64);
}

}  // namespace
}  // namespace lode::source
