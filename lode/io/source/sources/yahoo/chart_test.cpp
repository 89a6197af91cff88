// Yahoo's charts on recorded answers: raw prices and events, empty answers, minor units, odd shapes, damage.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/yahoo/answers.h"
#include "lode/io/source/yahoo/chart_body.h"
#include "lode/io/source/yahoo/recording.h"

namespace lode {
const source::Source& source_yahoo_chart();
}

namespace lode::source::yahoo {
namespace {

using ::testing::HasSubstr;

Request asked(const std::string& symbol, const std::string& interval = "1d", const std::string& to = "") {
  FetchRequest request{.names = {symbol}, .kinds = {interval}};
  Plan plan = must(source_yahoo_chart().plan(request, {}, kReceived));
  plan.requests[0].about.set("from", "1950-01-01");
  if (!to.empty()) {
    plan.requests[0].about.set("to", to);
  }
  return plan.requests[0];
}

Parsed parse(const std::string& file, const std::string& symbol, const std::string& interval = "1d") {
  return must(source_yahoo_chart().parse(recorded("http/" + file + ".json", asked(symbol, interval))));
}

const Batch& table(const Parsed& parsed, std::string_view name) {
  for (const TableRows& rows : parsed.tables) {
    if (rows.table == name) {
      return rows.rows;
    }
  }
  LODE_ASSERT(false && "no such table");
  return parsed.tables[0].rows;
}

std::string cell(const Batch& batch, std::string_view column, std::size_t row) {
  return batch.column(column).cell(row);
}

TEST(YahooChart, PlansUpToNowSoThatEverySplitIsThere) {
  FetchRequest request{
      .names = {"AAPL", "^GSPC"}, .from = Date::from_civil(2015, 1, 1), .to = Date::from_civil(2016, 1, 1)};
  const Plan plan = must(source_yahoo_chart().plan(request, {}, kReceived));
  ASSERT_EQ(plan.requests.size(), 2U);
  EXPECT_EQ(plan.requests[0].http.url,
            "https://query2.finance.yahoo.com/v8/finance/chart/AAPL?period1=1420070400&period2=9999999999&interval=1d"
            "&includePrePost=false&events=div%2Csplits%2CcapitalGains");
  EXPECT_THAT(plan.requests[1].http.url, HasSubstr("/chart/%5EGSPC?"));
  EXPECT_EQ(plan.requests[0].pace, "yahoo.com");
}

TEST(YahooChart, AnIntervalHasTheHistoryYahooKeeps) {
  const auto number = [](const std::string& interval, int days_back) -> int {
    FetchRequest request{.names = {"AAPL"}, .kinds = {interval}, .from = utc_date(kReceived) - days_back};
    const auto plan = source_yahoo_chart().plan(request, {}, kReceived);
    return plan ? 0 : static_cast<int>(plan.error().number());
  };
  EXPECT_EQ(number("1m", 8), 0);
  EXPECT_EQ(number("1m", 9), 6208);
  EXPECT_EQ(number("15m", 60), 0);
  EXPECT_EQ(number("15m", 61), 6208);
  EXPECT_EQ(number("60m", 730), 0);
  EXPECT_EQ(number("60m", 731), 6208);
  EXPECT_EQ(number("1d", 20000), 0);
  for (const char* interval : {"30m", "5d", "1wk", "1mo", "3mo", "x"}) {
    EXPECT_EQ(number(interval, 1), 6208) << interval;
  }
}

TEST(YahooChart, ARefreshAsksTenDaysAndAllAfterAnEvent) {
  Cursor cursor;
  cursor.state.set("AAPL 1d", "2020-11-06");
  FetchRequest request{.names = {"AAPL"}};
  const Plan plan = must(source_yahoo_chart().plan(request, cursor, kReceived));
  EXPECT_THAT(plan.requests[0].http.url, HasSubstr("period1=1603756800"));  // 2020-10-27
  LODE_NEEDS_DATA("yahoo/http");
  const Parsed parsed =
      must(source_yahoo_chart().parse(recorded("http/chart-AAPL-2020-08-31-to-2020-11-07.json", plan.requests[0])));
  ASSERT_EQ(parsed.follow.size(), 1U);
  EXPECT_THAT(parsed.follow[0].http.url, HasSubstr("period1=-631152000"));
  EXPECT_FALSE(parsed.follow[0].about.find("refresh")->as_bool());
}

TEST(YahooChart, AppleKeepsItsSplitAndItsDividend) {
  LODE_NEEDS_DATA("yahoo/http");
  const Parsed parsed = parse("chart-AAPL-2020-08-31-to-2020-11-07", "AAPL");
  EXPECT_EQ(parsed.verdict.kind, ResponseClass::kOk);
  EXPECT_TRUE(parsed.rejected.empty());
  const Batch& bars = table(parsed, "bars");
  ASSERT_EQ(bars.rows(), 49U);
  EXPECT_EQ(cell(bars, "instrument_id", 0), to_string(instrument_id("XNAS", "AAPL")));
  EXPECT_EQ(cell(bars, "session", 0), "2020-08-31");
  EXPECT_EQ(cell(bars, "close", 0), "129.04");
  EXPECT_EQ(cell(bars, "volume", 0), "225702700");
  EXPECT_EQ(cell(bars, "known_time", 0), "2020-08-31T20:00:00Z");
  EXPECT_EQ(cell(bars, "known_assumed", 0), "true");
  EXPECT_EQ(cell(bars, "provisional", 48), "false");
  const Batch& actions = table(parsed, "actions");
  ASSERT_EQ(actions.rows(), 2U);
  EXPECT_EQ(cell(actions, "kind", 0), "split");
  EXPECT_EQ(cell(actions, "ratio", 0), "4");
  EXPECT_EQ(cell(actions, "ex_date", 0), "2020-08-31");
  EXPECT_EQ(cell(actions, "amount", 1), "0.205");
  EXPECT_EQ(cell(actions, "currency", 1), "USD");
  EXPECT_EQ(parsed.next.state.find("AAPL 1d")->as_text(), "2020-11-06");
}

// Raw prices and events together give back what Yahoo served, and its adjusted close but for the dividends the
// recording does not hold, whose factor moves on few days only.
TEST(YahooChart, RawPricesTimesEventsAreTheAdjustedOnes) {
  LODE_NEEDS_DATA("yahoo/http");
  const std::string file = "historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.csv";
  const Parsed parsed = parse(file, "NVDA");
  const Batch& bars = table(parsed, "bars");
  ASSERT_EQ(bars.rows(), 252U);
  const Response response = recorded("http/" + file + ".json", asked("NVDA"));
  const Chart chart = must(read_chart(response.body, "NVDA", true));
  int steps = 0;
  double factor_before = 0;
  for (std::size_t i = 0; i < bars.rows(); ++i) {
    const double raw = bars.column("close").float64s()[i];
    const double ratio = bars.column("session").dates()[i] < Date::from_civil(2021, 7, 20).days ? 4.0 : 1.0;
    EXPECT_NEAR(raw / ratio / chart.bars[i].row.close, 1, 2e-7) << i;
    const double factor = bars.column("close_vendor").float64s()[i] / (raw / ratio);
    steps += std::abs(factor - factor_before) > 1e-5 ? 1 : 0;
    factor_before = factor;
  }
  EXPECT_LE(steps, 5);  // The first, and four dividends of a quarter each.
  EXPECT_EQ(cell(bars, "close", 0), "52.948");
  EXPECT_EQ(cell(bars, "volume", 0), "54301000");
}

TEST(YahooChart, PenceBecomePounds) {
  LODE_NEEDS_DATA("yahoo/http");
  const Parsed parsed = parse("chart-OCDO.L-2020-01-01-to-2020-01-03", "OCDO.L");
  const Batch& bars = table(parsed, "bars");
  ASSERT_EQ(bars.rows(), 1U);
  EXPECT_EQ(cell(bars, "close", 0), "12.595");
  EXPECT_EQ(cell(bars, "high", 0), "12.8657");
  const Batch& instruments = table(parsed, "instruments");
  EXPECT_EQ(cell(instruments, "currency", 0), "GBP");
  EXPECT_EQ(cell(instruments, "mic", 0), "XLON");
  EXPECT_EQ(cell(instruments, "symbol", 0), "OCDO");
  EXPECT_EQ(cell(table(parsed, "symbols"), "symbol", 0), "OCDO.L");
  EXPECT_DOUBLE_EQ(unit_of("ZAc").per, 100);
  EXPECT_EQ(unit_of("ILA").currency, "ILS");
  EXPECT_DOUBLE_EQ(unit_of("USD").per, 1);
}

TEST(YahooChart, EveryRecordedSymbolHasItsSession) {
  LODE_NEEDS_DATA("yahoo/http");
  const auto sessions = [](const std::string& file, const std::string& symbol) {
    const Parsed parsed = parse(file, symbol);
    std::string out;
    for (std::size_t i = 0; i < table(parsed, "bars").rows(); ++i) {
      out += cell(table(parsed, "bars"), "session", i) + " ";
    }
    return out;
  };
  EXPECT_EQ(sessions("chart-BTC-USD-2020-01-01-to-2020-01-03", "BTC-USD"), "2020-01-01 2020-01-02 2020-01-03 ");
  EXPECT_EQ(sessions("chart-EURUSD_X-2020-01-01-to-2020-01-03", "EURUSD=X"), "2020-01-01 2020-01-02 2020-01-03 ");
  EXPECT_EQ(sessions("chart-CRON-2020-01-01-to-2020-01-03", "CRON"), "2020-01-02 ");
  EXPECT_EQ(sessions("chart-0P000071W8.TO-2020-01-01-to-2020-01-03", "0P000071W8.TO"), "2020-01-02 ");
  EXPECT_EQ(sessions("historical-via-chart-GC_F-2020-01-01-to-2020-01-03", "GC=F"), "2020-01-02 ");
  EXPECT_EQ(sessions("historical-via-chart-AZT.OL-2020-01-01-to-2020-01-03", "AZT.OL"), "2020-01-02 ");
  EXPECT_EQ(sessions("historical-via-chart-WSKT.JK-2020-01-01-to-2020-01-03", "WSKT.JK"), "2020-01-02 ");
}

TEST(YahooChart, ADailyStampShortBeforeMidnightIsTheDayAfter) {
  const std::int64_t summer_midnight_london = 1'751'324'400;  // 2025-06-30T23:00Z
  EXPECT_EQ(to_string(session_of(summer_midnight_london, 0, true)), "2025-07-01");
  EXPECT_EQ(to_string(session_of(summer_midnight_london, 3600, true)), "2025-07-01");
  EXPECT_EQ(to_string(session_of(summer_midnight_london, 0, false)), "2025-06-30");
  EXPECT_EQ(to_string(session_of(-1, 0, false)), "1969-12-31");
}

// The oracle is the library's shortest text of a float. The steps visit every magnitude from 1e-3 to 1e9.
TEST(YahooChart, ANumberOfSinglePrecisionIsTheShortestDecimalThatReadsBackToIt) {
  const auto shortest_of = [](float value) {
    std::array<char, 48> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    double out = 0;
    std::from_chars(text.data(), end.ptr, out);
    return out;
  };
  for (std::uint32_t bits = std::bit_cast<std::uint32_t>(1e-3F); bits < std::bit_cast<std::uint32_t>(1e9F);
       bits += 1009) {
    const auto value = std::bit_cast<float>(bits);
    ASSERT_EQ(as_written(static_cast<double>(value)), shortest_of(value)) << bits;
  }
  for (int cents = 1; cents < 400'000; ++cents) {
    ASSERT_EQ(as_written(static_cast<double>(static_cast<float>(cents / 100.0))), cents / 100.0);
  }
  for (float power = 1; power < 1e8F; power *= 2) {
    for (const float value : {power, std::nextafter(power, 0.0F), std::nextafter(power, 1e9F)}) {
      ASSERT_EQ(as_written(static_cast<double>(value)), shortest_of(value)) << value;
    }
  }
}

TEST(YahooChart, NoDataIsEmptyAndNoFailure) {
  LODE_NEEDS_DATA("yahoo/http");
  const Parsed empty = parse("chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m", "AAPL", "1m");
  EXPECT_EQ(empty.verdict.kind, ResponseClass::kEmpty);
  EXPECT_TRUE(empty.tables.empty());
  EXPECT_EQ(parse("chart-TSLA-2025-01-01-to-2025-01-02-interval-1h.fake", "TSLA", "1h").verdict.kind,
            ResponseClass::kEmpty);
  EXPECT_EQ(parse("chart-notimestamp-weird-quote.fake", "AAPL").verdict.kind, ResponseClass::kEmpty);
}

TEST(YahooChart, AnAnswerOfAnotherSymbolOrShapeIsRefused) {
  LODE_NEEDS_DATA("yahoo/http");
  const auto other =
      source_yahoo_chart().parse(recorded("http/chart-AAPL-2020-08-31-to-2020-11-07.json", asked("MSFT")));
  ASSERT_FALSE(other.has_value());
  EXPECT_THAT(other.error().message(), HasSubstr("'AAPL' where 'MSFT' was asked"));
  EXPECT_FALSE(source_yahoo_chart().parse(recorded("http/weirdJsonResult.fake.json", asked("AAPL"))).has_value());
  EXPECT_FALSE(source_yahoo_chart().parse(recorded("http/quote-AAPL.json", asked("AAPL"))).has_value());
}

Response answer(int status, std::string body, const std::string& symbol = "A", const std::string& interval = "1d") {
  Response out{.asked = asked(symbol, interval), .status = status, .body = std::move(body), .received_at = kReceived};
  return out;
}

ResponseClass class_of(int status, std::string body) {
  const auto parsed = source_yahoo_chart().parse(answer(status, std::move(body)));
  return parsed ? parsed->verdict.kind : ResponseClass::kCorrupt;
}

TEST(YahooChart, EveryWrongAnswerHasItsClass) {
  EXPECT_EQ(class_of(200, "Too Many Requests"), ResponseClass::kThrottled);
  EXPECT_EQ(class_of(429, "Too Many Requests\r\n"), ResponseClass::kThrottled);
  EXPECT_EQ(class_of(200, "<!doctype html><p>Will be right back...</p>"), ResponseClass::kUnavailable);
  EXPECT_EQ(class_of(503, ""), ResponseClass::kUnavailable);
  EXPECT_EQ(class_of(200, "<html><form action=\"https://consent.yahoo.com/v2/collectConsent\">"),
            ResponseClass::kDenied);
  EXPECT_EQ(class_of(200, "<html>anything</html>"), ResponseClass::kCorrupt);
  EXPECT_EQ(class_of(404, R"({"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}})"),
            ResponseClass::kGone);
  EXPECT_EQ(class_of(404, "<html>"), ResponseClass::kAbsent);
  EXPECT_EQ(
      class_of(400, R"({"chart":{"error":{"code":"Bad Request","description":"Data doesn't exist for startDate"}}})"),
      ResponseClass::kEmpty);
  EXPECT_EQ(class_of(401, "{}"), ResponseClass::kDenied);
}

std::string chart(const std::string& stamps, const std::string& quote, const std::string& adjusted,
                  const std::string& more = "") {
  return R"({"chart":{"result":[{"meta":{"symbol":"A","currency":"USD","exchangeName":"NYQ","gmtoffset":-18000},)"
         R"("timestamp":[)" +
         stamps + R"(],"indicators":{"quote":[)" + quote + R"(],"adjclose":[{"adjclose":[)" + adjusted + "]}]}" + more +
         R"(}],"error":null}})";
}

// Yahoo calls 23:59 the end of a coin's day; its bar is known when the day is over, and no minute before.
TEST(YahooChart, ADayOfTwentyFourHoursEndsWithTheDay) {
  const auto known = [](std::int64_t from, std::int64_t to) {
    const std::string body = fmt::format(
        R"({{"chart":{{"result":[{{"meta":{{"currency":"USD","symbol":"A","instrumentType":"CRYPTOCURRENCY",)"
        R"("gmtoffset":0,"currentTradingPeriod":{{"regular":{{"start":{},"end":{},"gmtoffset":0}}}}}},)"
        R"("timestamp":[1609459200,1609545600],"indicators":{{"quote":[{{"open":[1,1],"high":[2,2],"low":[1,1],)"
        R"("close":[2,2],"volume":[5,5]}}],"adjclose":[{{"adjclose":[2,2]}}]}}}}],"error":null}}}})",
        from, to);
    return cell(table(must(source_yahoo_chart().parse(answer(200, body))), "bars"), "known_time", 0);
  };
  EXPECT_EQ(known(1640131200, 1640217540), "2021-01-02T00:00:00Z");
  EXPECT_EQ(known(1640131200, 1640131200 + 8 * 3600), "2021-01-01T08:00:00Z");
}

TEST(YahooChart, AnErrorUnderAGoodStatusIsWhatItSays) {
  const auto verdict = [](std::string_view code, std::string_view words) {
    return must(source_yahoo_chart().parse(answer(
                    200, fmt::format(R"({{"chart":{{"result":null,"error":{{"code":"{}","description":"{}"}}}}}})",
                                     code, words))))
        .verdict;
  };
  const Verdict gone = verdict("Not Found", "No data found, symbol may be delisted");
  EXPECT_EQ(outcome_error(gone, "A").number(), E::E6209);
  EXPECT_EQ(gone.reason, "Not Found: No data found, symbol may be delisted");
  const Verdict down = verdict("Internal", "Backend down");
  EXPECT_EQ(down.kind, ResponseClass::kUnavailable);
  EXPECT_EQ(down.reason, "Internal: Backend down");
}

// Months under the keys of days would stand over good days.
TEST(YahooChart, BarsOfAnotherLengthThanAskedAreRefused) {
  const std::string quote = R"({"open":[1,1],"high":[1,1],"low":[1,1],"close":[1,1],"volume":[5,5]})";
  const auto refused = [&](const std::string& interval, const std::string& served) {
    std::string body = chart("1577975400,1578061800", quote, "1,1");
    const std::size_t at = body.find(R"("currency")");
    body.insert(at, fmt::format(R"("dataGranularity":"{}",)", served));
    const auto parsed = source_yahoo_chart().parse(answer(200, body, "A", interval));
    EXPECT_TRUE(parsed || parsed.error().number() == E::E6206);
    return parsed ? std::string("read") : parsed.error().message();
  };
  for (const std::string interval : {"1d", "1m", "2m", "5m", "15m", "60m", "1h", "90m"}) {
    for (const std::string served : {"1d", "1m", "2m", "5m", "15m", "30m", "60m", "1h", "90m", "5d", "1wk", "1mo"}) {
      const bool is_hour = (interval == "60m" || interval == "1h") && (served == "60m" || served == "1h");
      if (interval == served || is_hour) {
        EXPECT_EQ(refused(interval, served), "read") << interval << " " << served;
      } else {
        EXPECT_THAT(refused(interval, served), HasSubstr("bars of '" + served + "' where " + interval + " was asked"));
      }
    }
  }
}

TEST(YahooChart, NumbersThatAreNoneSetTheirRowAside) {
  const std::string quote = R"({"open":[1,1,1],"high":[1,1,1],"low":[1,1,1],"close":[1,1,1],"volume":[5,5,5]})";
  for (const std::string word : {R"("Infinity")", "Infinity", "NaN", "-Infinity"}) {
    const Parsed parsed = must(
        source_yahoo_chart().parse(answer(200, chart("1577975400,1578061800,1578321000", quote, "1," + word + ",1"))));
    EXPECT_EQ(table(parsed, "bars").rows(), 2U) << word;
    ASSERT_EQ(parsed.rejected.size(), 1U) << word;
    EXPECT_EQ(parsed.rejected[0].number, 6210);
    EXPECT_EQ(parsed.rejected[0].line, 2);
  }
}

TEST(YahooChart, RowsWithoutNumbersAreNoneAndBadOnesAreSetAside) {
  const std::string quote =
      R"({"open":[1,null,9],"high":[1,null,2],"low":[1,null,1],"close":[1,null,1],"volume":[5,null,5]})";
  const Parsed parsed =
      must(source_yahoo_chart().parse(answer(200, chart("1577975400,1578061800,1578321000", quote, "1,null,1"))));
  EXPECT_EQ(table(parsed, "bars").rows(), 1U);
  ASSERT_EQ(parsed.rejected.size(), 1U);
  EXPECT_EQ(parsed.rejected[0].number, 2007);
  EXPECT_FALSE(source_yahoo_chart().parse(answer(200, chart("1577975400", quote, "1"))).has_value());
}

TEST(YahooChart, TheDayThatIsOnIsProvisionalAndStandsOnce) {
  const std::string quote = R"({"open":[1,1,1],"high":[1,1,1],"low":[1,1,1],"close":[1,1,1],"volume":[5,5,6]})";
  Response live = answer(200, chart("1577975400,1578061800,1578080000", quote, "1,1,1"));
  live.received_at = Time{1'578'080'100 * kNanosPerSecond};  // 2020-01-03, before the close
  const Parsed parsed = must(source_yahoo_chart().parse(live));
  const Batch& bars = table(parsed, "bars");
  ASSERT_EQ(bars.rows(), 2U);
  EXPECT_EQ(cell(bars, "provisional", 0), "false");
  EXPECT_EQ(cell(bars, "provisional", 1), "true");
  EXPECT_EQ(cell(bars, "volume", 1), "5");
  EXPECT_EQ(cell(bars, "known_time", 1), "2020-01-03T19:35:00Z");
  EXPECT_EQ(cell(bars, "known_assumed", 1), "false");
}

// A live row carries the time of its last trade. Under that key the final row would stand beside it, and not replace
// it.
TEST(YahooChart, TheRowOfTheDayThatIsOnHasTheKeyOfTheFinalOne) {
  const std::string quote = R"({"open":[1,1],"high":[1,1],"low":[1,1],"close":[1,1],"volume":[5,6]})";
  Response live = answer(200, chart("1577975400,1578080000", quote, "1,1"));
  live.received_at = Time{1'578'080'100 * kNanosPerSecond};
  const Batch on = table(must(source_yahoo_chart().parse(live)), "bars");
  const Batch over =
      table(must(source_yahoo_chart().parse(answer(200, chart("1577975400,1578061800", quote, "1,1")))), "bars");
  EXPECT_EQ(cell(on, "provisional", 1), "true");
  EXPECT_EQ(cell(over, "provisional", 1), "false");
  EXPECT_EQ(cell(on, "start", 1), "2020-01-03T14:30:00Z");
  for (const char* key : {"instrument_id", "interval_seconds", "session", "start"}) {
    EXPECT_EQ(cell(on, key, 1), cell(over, key, 1)) << key;
  }
}

// 2020-01-03: 14:30, 15:30 and the last trade at 16:05:07 of the hour that began at 15:30.
TEST(YahooChart, ALastTradeIsNoBarOfItsOwn) {
  const std::string quote = R"({"open":[1,1,1],"high":[1,1,1],"low":[1,1,1],"close":[1,1,1],"volume":[5,6,0]})";
  const auto starts = [&](const std::string& stamps, const std::string& meta) {
    std::string body = chart(stamps, quote, "");
    body.replace(body.find(",\"adjclose\""), std::string_view(R"(,"adjclose":[{"adjclose":[]}])").size(), "");
    body.replace(body.find(R"("gmtoffset")"), 0, meta);
    const Parsed parsed = must(source_yahoo_chart().parse(answer(200, body, "A", "60m")));
    std::vector<std::string> out;
    for (std::size_t row = 0; row < table(parsed, "bars").rows(); ++row) {
      out.push_back(cell(table(parsed, "bars"), "start", row).substr(11));
    }
    return out;
  };
  const std::string periods = R"("tradingPeriods":[[{"start":1578061800,"end":1578085200}]],)";
  const std::vector<std::string> hours = {"14:30:00Z", "15:30:00Z"};
  EXPECT_EQ(starts("1578061800,1578065400,1578067507", periods), hours);
  EXPECT_EQ(starts("1578061800,1578065400,1578067507", ""), hours) << "nor where no session is told";
  EXPECT_EQ(starts("1578061800,1578065400,1578067500", ""), hours) << "nor on a whole minute";
  EXPECT_EQ(starts("1578061800,1578065400,1578069000", periods).size(), 3U) << "a bar stays";
}

// Days of a market without calendar, told without its hours: 00:00 UTC, and the last trade of the day that is on.
TEST(YahooChart, ALastTradeIsNoDayOfItsOwnWhereNoHoursAreTold) {
  const std::string quote = R"({"open":[1,1,1],"high":[1,1,1],"low":[1,1,1],"close":[1,1,1],"volume":[5,6,7]})";
  const auto sessions = [&](const std::string& stamps) {
    std::string body = chart(stamps, quote, "1,1,1");
    body.replace(body.find("NYQ"), 3, "CCC");
    body.replace(body.find("-18000"), 6, "0");
    return table(must(source_yahoo_chart().parse(answer(200, body))), "bars").rows();
  };
  EXPECT_EQ(sessions("1577923200,1578009600,1578096000"), 3U);
  EXPECT_EQ(sessions("1577923200,1578009600,1578140591"), 2U);
  EXPECT_EQ(sessions("1577923200,1578009600,1578099600"), 3U) << "an hour off is another time of the year";
}

TEST(YahooChart, TheSameAnswerLaterNamesNobodyAnew) {
  const std::string quote = R"({"open":[1],"high":[1],"low":[1],"close":[1],"volume":[5]})";
  Response first = answer(200, chart("1577975400", quote, "1"));
  Response later = answer(200, chart("1577975400", quote, "1"));
  later.received_at.nanos += kNanosPerDay;
  const Parsed a = must(source_yahoo_chart().parse(first));
  const Parsed b = must(source_yahoo_chart().parse(later));
  for (const char* name : {"instruments", "symbols"}) {
    for (const Column& column : table(a, name).columns()) {
      if (column.name() != "known_time") {
        EXPECT_TRUE(column.same(0, table(b, name).column(column.name()), 0)) << name << " " << column.name();
      }
    }
  }
}

// One dividend of 2020-01-03, fetched since 2020, then refreshed twice.
TEST(YahooChart, AnEventIsFollowedOnceAndNoFurtherThanWasAsked) {
  const std::string quote = R"({"open":[1,1],"high":[1,1],"low":[1,1],"close":[1,1],"volume":[5,6]})";
  const std::string dividend = R"(,"events":{"dividends":{"x":{"date":1578061800,"amount":0.01}}})";
  Response first = answer(200, chart("1577975400,1578061800", quote, "1,1"));
  first.asked.about.set("from", "2020-01-02");
  Response refresh = answer(200, chart("1577975400,1578061800", quote, "1,1", dividend));
  refresh.cursor = must(source_yahoo_chart().parse(first)).next;
  refresh.asked.about.set("refresh", true);
  refresh.asked.about.set("from", "2020-01-03");
  const Parsed found = must(source_yahoo_chart().parse(refresh));
  ASSERT_EQ(found.follow.size(), 1U);
  EXPECT_THAT(found.follow[0].http.url, HasSubstr("period1=1577923200&")) << "2020-01-02: what was ever asked";
  refresh.cursor = found.next;
  EXPECT_TRUE(must(source_yahoo_chart().parse(refresh)).follow.empty());
}

TEST(YahooChart, ADividendOnTheDayOfASplitIsPerShareBeforeIt) {
  const std::string quote = R"({"open":[1,1,1],"high":[1,1,1],"low":[1,1,1],"close":[1,1,1],"volume":[8,4,5]})";
  const Parsed parsed = must(source_yahoo_chart().parse(answer(
      200,
      chart(
          "1577975400,1578061800,1578321000", quote, "0.99,1,1",
          R"(,"events":{"dividends":{"1":{"amount":0.01,"date":1578061800}},"splits":{"1":{"date":1578061800,"numerator":4,"denominator":1}}})"))));
  const Batch& actions = table(parsed, "actions");
  EXPECT_EQ(cell(actions, "amount", 1), "0.04");
  EXPECT_EQ(cell(table(parsed, "bars"), "close", 0), "4");
  EXPECT_EQ(cell(table(parsed, "bars"), "volume", 0), "2");
  EXPECT_EQ(cell(table(parsed, "bars"), "close", 1), "1");
}

TEST(YahooChart, MendedCellsAreFlaggedAndListed) {
  std::string stamps, prices, volumes;
  for (int i = 0; i < 30; ++i) {
    const char* comma = i > 0 ? "," : "";
    stamps += comma + std::to_string(1577975400 + i * 86400);
    prices += comma + std::string(i == 12 ? "2000" : i % 2 == 0 ? "20" : "20.2");
    volumes += comma + std::string("7");
  }
  const std::string quote =
      fmt::format(R"({{"open":[{0}],"high":[{0}],"low":[{0}],"close":[{0}],"volume":[{1}]}})", prices, volumes);
  std::string body = chart(stamps, quote, prices);
  body.replace(body.find("NYQ"), 3, "CCC");  // No calendar: every day is a session.
  const Parsed parsed = must(source_yahoo_chart().parse(answer(200, body)));
  const Batch& repairs = table(parsed, "repairs");
  EXPECT_EQ(repairs.rows(), 5U);
  EXPECT_EQ(cell(repairs, "rule", 0), "unit");
  EXPECT_EQ(cell(repairs, "was", 0), "2000");
  EXPECT_EQ(cell(repairs, "mended", 0), "20");
  EXPECT_EQ(cell(table(parsed, "bars"), "close", 12), "20");
  EXPECT_EQ(table(parsed, "bars").column("flags").uint64s()[12], 512U);
  EXPECT_EQ(table(parsed, "bars").column("flags").uint64s()[11], 0U);
}

TEST(YahooChart, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("yahoo/http");
  const Response good = recorded("http/chart-AAPL-2020-08-31-to-2020-11-07.json", asked("AAPL"));
  EXPECT_GT(refused_bad_bodies(good, 7, 400, source_yahoo_chart().parse), 100);
}

}  // namespace
}  // namespace lode::source::yahoo
