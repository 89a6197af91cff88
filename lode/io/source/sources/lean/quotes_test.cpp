// Bids, asks and options of LEAN's own sample folder, counted by another program.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lode/base/must.h"
#include "lode/io/source/lean/layout.h"
#include "lode/io/source/lean/sides.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/parts/stored_zip.h"
#include "lode/market/instrument.h"
#include "lode/market/test_data.h"

namespace lode {
const source::Source& source_lean_quotes();
const source::Source& source_lean_options();
}  // namespace lode

namespace lode::source {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FetchRequest request(std::string name, std::string kind, Date from = Date::from_civil(2014, 6, 6),
                     Date to = Date::from_civil(2014, 6, 8)) {
  return {.names = {std::move(name)},
          .kinds = {std::move(kind)},
          .from = from,
          .to = to,
          .settings = {{"lean.base_url", "file:///Data"}}};
}
Response reply(Request asked, std::string body = "") {
  Response out{.asked = std::move(asked), .status = 200};
  const std::string path = out.asked.http.url.substr(std::string_view("file:///Data").size());
  out.body = body.empty() ? read_test_data("lean" + path) : std::move(body);
  out.received_at = must(parse_as_of("2026-01-01T00:00:00Z"));
  return out;
}
std::vector<std::string> paths(const Plan& plan) {
  std::vector<std::string> out;
  for (const Request& one : plan.requests) {
    out.push_back(one.http.url.substr(std::string_view("file:///Data/").size()));
  }
  return out;
}
// The named cells of a row.
std::string cells(const Batch& rows, std::size_t row, const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += (out.empty() ? "" : " ") + (rows.column(name).is_null(row) ? "-" : rows.column(name).cell(row));
  }
  return out;
}
const std::vector<std::string> kBid = {"bid_open", "bid_high", "bid_low", "bid_close", "bid_size"};
const std::vector<std::string> kAsk = {"ask_open", "ask_high", "ask_low", "ask_close", "ask_size"};

TEST(LeanQuotes, AreAskedByDayOrWhole) {
  const Source& source = source_lean_quotes();
  EXPECT_THAT(paths(must(source.plan(request("SPY", "minute"), {}, {}))),
              ElementsAre("equity/usa/minute/spy/20140606_quote.zip"));
  EXPECT_THAT(paths(must(source.plan(request("coinbase/btcusd", "second"), {}, {}))),
              ElementsAre("crypto/coinbase/second/btcusd/20140606_quote.zip",
                          "crypto/coinbase/second/btcusd/20140607_quote.zip",
                          "crypto/coinbase/second/btcusd/20140608_quote.zip"));
  EXPECT_THAT(paths(must(source.plan(request("coinbase/btcusd", "daily"), {}, {}))),
              ElementsAre("crypto/coinbase/daily/btcusd_quote.zip"));
  FetchRequest endless = request("spy", "minute");
  endless.to.reset();
  EXPECT_EQ(source.plan(endless, {}, {}).error().number(), E::E6208);
  EXPECT_EQ(source.plan(request("spy", "tick"), {}, {}).error().number(), E::E6208);
  EXPECT_EQ(source.plan(request("../x", "minute"), {}, {}).error().number(), E::E6208);
}

TEST(LeanQuotes, OfAStockAreInDollarsOfNewYorksMorning) {
  LODE_NEEDS_DATA("lean/equity");
  const Date day = Date::from_civil(2013, 10, 11);
  const Plan plan = must(source_lean_quotes().plan(request("spy", "minute", day, day), {}, {}));
  const Parsed parsed = must(source_lean_quotes().parse(reply(plan.requests.at(0))));
  EXPECT_EQ(parsed.records, 896);
  EXPECT_THAT(parsed.rejected, IsEmpty());
  const Batch& rows = parsed.tables.at(0).rows;
  ASSERT_EQ(rows.rows(), 896U);
  EXPECT_EQ(cells(rows, 0, {"start", "known_time", "interval_seconds"}),
            "2013-10-11T08:00:00Z 2013-10-11T08:01:00Z 60");
  EXPECT_EQ(cells(rows, 0, kBid), "168.69 168.98 168.69 168.98 20000");
  EXPECT_EQ(cells(rows, 0, kAsk), "168.99 169 168.95 169 100");
  EXPECT_EQ(parsed.tables.at(1).rows.column("symbol").cell(0), "SPY");
}

TEST(LeanQuotes, OfACryptoPairAreAsTheyAreInUtc) {
  LODE_NEEDS_DATA("lean/crypto");
  const Date day = Date::from_civil(2018, 4, 4);
  const Plan plan = must(source_lean_quotes().plan(request("coinbase/btcusd", "minute", day, day), {}, {}));
  const Parsed parsed = must(source_lean_quotes().parse(reply(plan.requests.at(0))));
  EXPECT_EQ(parsed.records, 1437);
  EXPECT_THAT(parsed.rejected, IsEmpty());
  const Batch& rows = parsed.tables.at(0).rows;
  EXPECT_EQ(cells(rows, 1, {"start"}), "2018-04-04T00:01:00Z");
  EXPECT_EQ(cells(rows, 1, kBid), "7415 7415 7415 7415 2.5833652000000003");
  EXPECT_EQ(parsed.tables.at(1).rows.column("kind").cell(0), "crypto");
}

TEST(LeanQuotes, OfEveryRecordedDayAreReadWhole) {
  LODE_NEEDS_DATA("lean/equity");
  const std::map<std::string, std::vector<std::int64_t>> counted = {{"spy", {855, 908, 910, 902, 941, 896}},
                                                                    {"ibm", {545, 554, 594, 579, 584, 542}},
                                                                    {"aig", {482, 522, 514, 531, 520, 473}}};
  for (const auto& [ticker, records] : counted) {
    std::vector<std::int64_t> read;
    const Plan plan = must(source_lean_quotes().plan(
        request(ticker, "minute", Date::from_civil(2013, 10, 4), Date::from_civil(2013, 10, 11)), {}, {}));
    for (const Request& one : plan.requests) {
      const Parsed parsed = must(source_lean_quotes().parse(reply(one)));
      EXPECT_THAT(parsed.rejected, IsEmpty()) << one.http.url;
      read.push_back(parsed.records);
    }
    EXPECT_EQ(read, records) << ticker;
  }
}

TEST(LeanQuotes, SetAsideRowsThatAreNone) {
  const Date day = Date::from_civil(2013, 10, 11);
  const Plan plan = must(source_lean_quotes().plan(request("spy", "minute", day, day), {}, {}));
  const std::string text =
      "1000,,,,,0,10000,10000,10000,10000,5\n"   // Nobody bids.
      "2000,10000,10000,10000,10000,5\n"         // No ask.
      "86400000,1,1,1,1,1,1,1,1,1,1\n"           // Past the day.
      "3000,10000,9000,9500,9500,5,1,1,1,1,1\n"  // High below open.
      "4000,-1,1,-1,1,5,1,1,1,1,1\n"             // Below 0.
      "5000,1,1,1,,5,1,1,1,1,1\n"                // Half a side.
      "x,1,1,1,1,1,1,1,1,1,1\n";
  const Parsed parsed = must(source_lean_quotes().parse(reply(plan.requests.at(0), stored_zip("q.csv", text))));
  EXPECT_EQ(parsed.records, 7);
  EXPECT_EQ(parsed.rejected.size(), 6U);
  const Batch& rows = parsed.tables.at(0).rows;
  ASSERT_EQ(rows.rows(), 1U);
  EXPECT_EQ(cells(rows, 0, kBid), "- - - - -");
  EXPECT_EQ(cells(rows, 0, kAsk), "1 1 1 1 5");
}

TEST(LeanOptions, AreAskedThreeFilesADayOrAYear) {
  const Source& source = source_lean_options();
  EXPECT_THAT(paths(must(source.plan(request("twx", "minute"), {}, {}))),
              ElementsAre("option/usa/minute/twx/20140606_trade_american.zip",
                          "option/usa/minute/twx/20140606_quote_american.zip",
                          "option/usa/minute/twx/20140606_openinterest_american.zip"));
  const auto years = paths(must(source.plan(
      request("SPX/european", "daily", Date::from_civil(2013, 12, 1), Date::from_civil(2014, 1, 5)), {}, {})));
  ASSERT_EQ(years.size(), 6U);
  EXPECT_EQ(years[0], "option/usa/daily/spx_2013_trade_european.zip");
  EXPECT_EQ(years[5], "option/usa/daily/spx_2014_openinterest_european.zip");
  EXPECT_EQ(source.plan(request("spx/asian", "daily"), {}, {}).error().number(), E::E6208);
  FetchRequest endless = request("twx", "daily");
  endless.from.reset();
  EXPECT_EQ(source.plan(endless, {}, {}).error().number(), E::E6208);
}

Parsed options(const std::string& resolution, std::size_t which) {
  const Plan plan = must(source_lean_options().plan(request("twx", resolution), {}, {}));
  return must(source_lean_options().parse(reply(plan.requests.at(which))));
}
std::size_t contracts(const Parsed& parsed) {
  std::set<std::string> out;
  for (std::size_t row = 0; row < parsed.tables.at(0).rows.rows(); ++row) {
    out.insert(parsed.tables[0].rows.column("contract").cell(row));
  }
  return out.size();
}

TEST(LeanOptions, AreReadWhole) {
  LODE_NEEDS_DATA("lean/option");
  // Lines and files of the archives: trades, quotes, open interest.
  const std::map<std::string, std::vector<std::pair<std::int64_t, std::size_t>>> counted = {
      {"daily", {{59, 43}, {368, 184}, {368, 184}}}, {"minute", {{71, 31}, {26'527, 184}, {184, 184}}}};
  for (const auto& [resolution, files] : counted) {
    for (std::size_t which = 0; which < files.size(); ++which) {
      const Parsed parsed = options(resolution, which);
      EXPECT_THAT(parsed.rejected, IsEmpty());
      EXPECT_EQ(parsed.records, files[which].first) << resolution << which;
      EXPECT_EQ(static_cast<std::int64_t>(parsed.tables.at(0).rows.rows()), parsed.records);
      EXPECT_EQ(contracts(parsed), files[which].second) << resolution << which;
    }
  }
}

TEST(LeanOptions, TellTheirContractByTheFilesName) {
  LODE_NEEDS_DATA("lean/option");
  const Parsed trades = options("minute", 0);
  const Batch& rows = trades.tables.at(0).rows;
  EXPECT_EQ(cells(rows, 0, {"contract", "underlying", "expiry", "side", "style", "strike", "kind"}),
            "TWX140621C00060000 TWX 2014-06-21 call american 60 trade");
  EXPECT_EQ(cells(rows, 0, {"start", "known_time", "open", "high", "low", "close", "volume"}),
            "2014-06-06T14:12:00Z 2014-06-06T14:13:00Z 11.5 11.5 11.5 11.5 20");
  EXPECT_EQ(cells(rows, 0, kBid), "- - - - -");
  EXPECT_EQ(cells(rows, 0, {"open_interest"}), "-");
}

TEST(LeanOptions, TellQuotesThatOneSideLacks) {
  LODE_NEEDS_DATA("lean/option");
  const Parsed parsed = options("minute", 1);
  const Batch& rows = parsed.tables.at(0).rows;
  std::int64_t one_sided = 0;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const bool has_bid = !rows.column("bid_close").is_null(row);
    const bool has_ask = !rows.column("ask_close").is_null(row);
    one_sided += has_bid && has_ask ? 0 : 1;
    EXPECT_EQ(has_bid, !rows.column("bid_size").is_null(row));
  }
  EXPECT_EQ(one_sided, 12'709) << "lines with four cells empty";
  const Parsed daily = options("daily", 1);
  EXPECT_EQ(cells(daily.tables.at(0).rows, 0, {"contract", "session", "known_time", "interval_seconds"}),
            "TWX160115C00100000 2014-06-05 2014-06-05T20:00:00Z 0");
  EXPECT_EQ(cells(daily.tables.at(0).rows, 0, kAsk), "0.92 2.27 0.92 0.92 332");
}

TEST(LeanOptions, TellOpenInterestOfTheMorning) {
  LODE_NEEDS_DATA("lean/option");
  const Parsed parsed = options("minute", 2);
  EXPECT_EQ(cells(parsed.tables.at(0).rows, 0, {"kind", "start", "open_interest", "open", "bid_open"}),
            "open_interest 2014-06-06T10:31:00Z 21 - -");
}

TEST(LeanOptions, SetAsideFilesOfOtherNames) {
  const Plan plan = must(source_lean_options().plan(request("twx", "minute"), {}, {}));
  const auto reasons = [&](const std::string& name) {
    const Parsed parsed =
        must(source_lean_options().parse(reply(plan.requests.at(0), stored_zip(name, "1000,1,1,1,1,1\n"))));
    return parsed.rejected.empty() ? std::string("read") : parsed.rejected[0].reason;
  };
  EXPECT_EQ(reasons("20140606_twx_minute_trade_american_call_600000_20140621.csv"), "read");
  EXPECT_THAT(reasons("20140606_twx_minute_quote_american_call_600000_20140621.csv"), HasSubstr("a name that is not"));
  EXPECT_THAT(reasons("20140606_ibm_minute_trade_american_call_600000_20140621.csv"), HasSubstr("a name that is not"));
  EXPECT_THAT(reasons("20140606_twx_minute_trade_american_call_600001_20140621.csv"), HasSubstr("thousandth"));
  EXPECT_THAT(reasons("20140606_twx_minute_trade_american_both_600000_20140621.csv"), HasSubstr("a name that is not"));
  EXPECT_THAT(reasons("readme.txt"), HasSubstr("another form"));
}

TEST(LeanOptions, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("lean/option");
  const Plan plan = must(source_lean_options().plan(request("twx", "daily"), {}, {}));
  EXPECT_GT(refused_bad_bodies(reply(plan.requests.at(0)), 5, 40, source_lean_options().parse), 20);
  const Date day = Date::from_civil(2018, 4, 4);
  const Plan quotes = must(source_lean_quotes().plan(request("coinbase/btcusd", "minute", day, day), {}, {}));
  EXPECT_GT(refused_bad_bodies(reply(quotes.requests.at(0)), 6, 40, source_lean_quotes().parse), 20);
}

TEST(LeanSides, AreWholeOrMissing) {
  const auto read = [](const std::vector<std::string>& cells) {
    lean::Five out{};
    const std::string wrong = lean::read_five(cells, 0, 10'000, out);
    return wrong.empty() ? std::to_string(out.cells[3]) : wrong.substr(0, 8);
  };
  EXPECT_EQ(read({"10000", "20000", "5000", "15000", "7"}), "1.500000");
  EXPECT_EQ(read({"", "", "", "", "0"}), "nan");
  EXPECT_EQ(read({"1", "1", "1", "1"}), "expected");
  EXPECT_EQ(read({"1", "1", "1", "1", "-7"}), "expected");
  EXPECT_EQ(read({"1", "1", "2", "1", "7"}), "high and");
}

}  // namespace
}  // namespace lode::source
