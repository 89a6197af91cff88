// Alpha Vantage's bars. Nothing of it is recorded: the bodies are written by its documented form.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/source/parts/bad_bodies.h"

namespace lode {
const source::Source& source_alphavantage_prices();
}  // namespace lode

namespace lode::source {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kMinutes =
    R"J({"Meta Data":{"1. Information":"Intraday (1min) open, high, low, close prices and volume","2. Symbol":"IBM",
 "3. Last Refreshed":"2024-06-28 15:59:00","4. Interval":"1min","5. Output Size":"Compact","6. Time Zone":"US/Eastern"},
 "Time Series (1min)":{
 "2024-06-28 15:59:00":{"1. open":"173.10","2. high":"173.20","3. low":"173.00","4. close":"173.05","5. volume":"5000"},
 "2024-06-28 15:58:00":{"1. open":"173.00","2. high":"172.00","3. low":"173.00","4. close":"173.05","5. volume":"1"},
 "2024-02-28 09:30:00":{"1. open":"185","2. high":"185","3. low":"185","4. close":"185","5. volume":"3000000000"}}})J";
constexpr std::string_view kDays =
    R"J({"Meta Data":{"2. Symbol":"IBM","5. Time Zone":"US/Eastern"},"Time Series (Daily)":{
 "2024-06-28":{"1. open":"173","2. high":"174","3. low":"172","4. close":"173.5","5. volume":"4000"},
 "2024-06-27":{"1. open":"172","2. high":"174","3. low":"171","4. close":"173","5. volume":"3000"}}})J";

Response answer(std::string_view interval, std::string_view body, std::optional<Date> from = {}) {
  FetchRequest request{.names = {"ibm"}, .kinds = {std::string(interval)}, .from = from};
  request.settings["alphavantage.key"] = "k+1";
  Response out{.asked = must(source_alphavantage_prices().plan(request, {}, {})).requests.at(0), .status = 200};
  out.body = body;
  out.received_at = must(parse_as_of("2024-06-29T10:00:00Z"));
  return out;
}
Parsed parse(std::string_view interval, std::string_view body, std::optional<Date> from = {}) {
  return must(source_alphavantage_prices().parse(answer(interval, body, from)));
}
std::string cell(const Parsed& parsed, std::string_view column, std::size_t row = 0) {
  return parsed.tables.at(0).rows.column(column).cell(row);
}

TEST(AlphaVantage, TheKeyIsInTheAddressAndTold) {
  const Request asked = answer("1m", "").asked;
  EXPECT_EQ(asked.http.url,
            "https://www.alphavantage.co/query?function=TIME_SERIES_INTRADAY&interval=1min&adjusted=false&"
            "extended_hours=false&symbol=IBM&outputsize=full&datatype=json&apikey=k%2B1");
  EXPECT_THAT(asked.http.secrets, ::testing::ElementsAre("k+1", "k%2B1"));
  EXPECT_THAT(answer("1d", "").asked.http.url, HasSubstr("function=TIME_SERIES_DAILY&symbol=IBM"));
  EXPECT_FALSE(source_alphavantage_prices().plan({.names = {"IBM"}}, {}, {}).has_value());
  EXPECT_FALSE(source_alphavantage_prices()
                   .plan({.names = {"IBM"}, .kinds = {"2m"}, .settings = {{"alphavantage.key", "k"}}}, {}, {})
                   .has_value());
}

TEST(AlphaVantage, NewYorksClockInSummerAndWinter) {
  const Parsed parsed = parse("1m", kMinutes);
  ASSERT_EQ(parsed.tables[0].rows.rows(), 2U);
  EXPECT_EQ(cell(parsed, "start"), "2024-06-28T19:59:00Z");
  EXPECT_EQ(cell(parsed, "event_time"), "2024-06-28T20:00:00Z");
  EXPECT_EQ(cell(parsed, "start", 1), "2024-02-28T14:30:00Z");
  EXPECT_EQ(cell(parsed, "volume", 1), "3000000000");
  EXPECT_EQ(cell(parsed, "close"), "173.05");
  ASSERT_EQ(parsed.rejected.size(), 1U);
  EXPECT_EQ(parsed.rejected[0].number, 2007);
  EXPECT_EQ(parsed.next.state.find("IBM 1m")->as_text(), "2024-06-28");
}

TEST(AlphaVantage, DaysAreSessionsOfTheSpanAsked) {
  EXPECT_EQ(parse("1d", kDays).tables[0].rows.rows(), 2U);
  const Parsed parsed = parse("1d", kDays, Date::from_civil(2024, 6, 28));
  ASSERT_EQ(parsed.tables[0].rows.rows(), 1U);
  EXPECT_EQ(cell(parsed, "known_time"), "2024-06-28T20:00:00Z");
}

TEST(AlphaVantage, WordsUnderStatus200AreNoRows) {
  const auto kind = [](std::string_view body) { return parse("1d", body).verdict.kind; };
  EXPECT_EQ(kind(R"({"Note":"Our standard API call frequency is 5 requests per minute."})"), ResponseClass::kThrottled);
  EXPECT_EQ(kind(R"({"Information":"Our standard API rate limit is 25 requests per day. See premium plans"})"),
            ResponseClass::kThrottled);
  EXPECT_EQ(kind(R"({"Information":"This is a premium endpoint."})"), ResponseClass::kDenied);
  EXPECT_EQ(kind(R"({"Error Message":"the parameter apikey is invalid or missing."})"), ResponseClass::kDenied);
  EXPECT_EQ(kind(R"({"Error Message":"Invalid API call."})"), ResponseClass::kAbsent);
  EXPECT_FALSE(source_alphavantage_prices().parse(answer("1d", "{}")).has_value());
  EXPECT_FALSE(source_alphavantage_prices().parse(answer("1d", "timestamp,open")).has_value());
  std::string other(kDays);
  other.replace(other.find("\"IBM\""), 5, "\"IBX\"");
  EXPECT_FALSE(source_alphavantage_prices().parse(answer("1d", other)).has_value());
  other = kDays;
  other.replace(other.find("US/Eastern"), 10, "Asia/Tokyo");
  EXPECT_FALSE(source_alphavantage_prices().parse(answer("1d", other)).has_value());
}

TEST(AlphaVantage, DamageIsRefusedOrRead) {
  EXPECT_GT(refused_bad_bodies(answer("1m", kMinutes), 7, 300, source_alphavantage_prices().parse), 64);
}

}  // namespace
}  // namespace lode::source
