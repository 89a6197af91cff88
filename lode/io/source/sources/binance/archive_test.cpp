// Binance's archive. Nothing of it is recorded: lists, checksums and zips are written by their documented form.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/parts/stored_zip.h"

namespace lode {
const source::Source& source_binance_archive();
}  // namespace lode

namespace lode::source {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

const Source& source() { return source_binance_archive(); }

Response reply(Request asked, std::string body, Cursor cursor = {}) {
  Response out{.asked = std::move(asked), .status = 200, .body = std::move(body)};
  out.received_at = must(parse_as_of("2025-06-10T00:00:00Z"));
  out.cursor = std::move(cursor);
  return out;
}
Request first_request(FetchRequest request = {.names = {"BTCUSDT"}}) {
  return must(source().plan(request, {}, {})).requests.at(0);
}
std::string list_of(const std::vector<std::string>& keys, std::string_view next = "") {
  std::string out = "<?xml version=\"1.0\"?><ListBucketResult><Name>data.binance.vision</Name><Prefix>data/</Prefix>";
  out += fmt::format("<IsTruncated>{}</IsTruncated>", next.empty() ? "false" : "true");
  out += next.empty() ? "" : fmt::format("<NextMarker>{}</NextMarker>", next);
  for (const std::string& key : keys) {
    out += key.ends_with('/') ? fmt::format("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", key)
                              : fmt::format("<Contents><Key>{}</Key><Size>1</Size></Contents>", key);
  }
  return out + "</ListBucketResult>";
}
const std::string kMonths = "data/spot/monthly/klines/BTCUSDT/1d/BTCUSDT-1d-";

// A row of a day, stamps in milliseconds or microseconds.
std::string row(std::string_view day, std::string_view close, bool micros) {
  const std::int64_t start = start_of_day(must(parse_date(day))).nanos / (micros ? 1000 : 1'000'000);
  const std::int64_t length = kNanosPerDay / (micros ? 1000 : 1'000'000);
  return fmt::format("{},1.0,3.5,0.5,{},0.05655554,{},99.5,617,1,2,0\n", start, close, start + length - 1);
}
// The answer with a zip of those rows, as asked behind its checksum.
Response zip_of(const std::string& rows, Cursor cursor = {}) {
  const std::string body = stored_zip("BTCUSDT-1d-2024-05.csv", rows);
  Request asked = first_request();
  asked.part = "bars";
  asked.contract = nullptr;
  asked.about.set("sha256", sha256_hex(body));
  return reply(std::move(asked), body, std::move(cursor));
}
std::string cell(const Parsed& parsed, std::string_view column, std::size_t at = 0, std::size_t table = 0) {
  return parsed.tables.at(table).rows.column(column).cell(at);
}

TEST(BinanceArchive, AllPairsAreFoundByTheirFolders) {
  const Request asked = first_request({});
  EXPECT_THAT(asked.http.url, EndsWith("data.binance.vision?delimiter=%2F&prefix=data%2Fspot%2Fmonthly%2Fklines%2F"));
  const Parsed parsed = must(source().parse(
      reply(asked, list_of({"data/spot/monthly/klines/1INCHBTC/", "data/spot/monthly/klines/BCCUSDT/"}, "m/x"))));
  ASSERT_EQ(parsed.follow.size(), 3U);
  EXPECT_THAT(parsed.follow[1].http.url, EndsWith("klines%2FBCCUSDT%2F1d%2F"));
  EXPECT_EQ(parsed.follow[1].part, "months");
  EXPECT_THAT(parsed.follow[2].http.url, EndsWith("klines%2F&marker=m%2Fx"));
  EXPECT_EQ(parsed.follow[2].part, "pairs");
}

const std::string kDays = "data/spot/daily/klines/BTCUSDT/1d/BTCUSDT-1d-";

// What follows the lists of months and days.
Parsed listed(const std::vector<std::string>& months, const std::vector<std::string>& days, Cursor known = {},
              FetchRequest request = {.names = {"BTCUSDT"}}) {
  const Parsed first = must(source().parse(reply(first_request(std::move(request)), list_of(months), known)));
  return must(source().parse(reply(first.follow.at(0), list_of(days), known)));
}
// The checksums of the chain one after the other, each file without bars.
std::vector<std::string> chain_of(const Parsed& begin) {
  std::vector<std::string> out;
  Parsed at = begin;
  while (!at.follow.empty()) {
    const std::string& url = at.follow[0].http.url;
    out.push_back(url.substr(url.rfind("1d-") + 3));
    const std::string zip = stored_zip("x.csv", "");
    const std::string file = url.substr(url.rfind('/') + 1, url.size() - url.rfind('/') - 10);
    at = must(source().parse(reply(at.follow[0], sha256_hex(zip) + "  " + file)));
    at = must(source().parse(reply(at.follow.at(0), zip)));
  }
  return out;
}
Cursor known_as(std::string_view spells) {
  Cursor out;
  out.state.set("BTCUSDT 1d", spells);
  return out;
}

TEST(BinanceArchive, MonthsThenTheDaysOfTheMonthThatIsNotWhole) {
  const std::vector<std::string> keys = {kMonths + "2025-04.zip", kMonths + "2025-04.zip.CHECKSUM",
                                         kMonths + "2025-05.zip", kMonths + "2025-05.zip.CHECKSUM"};
  const Parsed months = must(source().parse(reply(first_request(), list_of(keys))));
  ASSERT_EQ(months.follow.size(), 1U);
  EXPECT_THAT(months.follow[0].http.url, HasSubstr("prefix=data%2Fspot%2Fdaily%2Fklines%2FBTCUSDT%2F1d%2F"));
  EXPECT_THAT(months.follow[0].http.url, EndsWith("BTCUSDT-1d-2025-05-31.zip.CHECKSUM"));
  const Parsed all = listed(keys, {kDays + "2025-06-01.zip", kDays + "2025-06-02.zip"});
  ASSERT_EQ(all.follow.size(), 1U) << "one after the other";
  EXPECT_EQ(all.follow[0].http.url, "https://data.binance.vision/" + kMonths + "2025-04.zip.CHECKSUM");
  EXPECT_EQ(about_text(all.follow[0], "name"), "BTCUSDT 2025-04");
  EXPECT_THAT(chain_of(all), ElementsAre("2025-04.zip.CHECKSUM", "2025-05.zip.CHECKSUM", "2025-06-01.zip.CHECKSUM",
                                         "2025-06-02.zip.CHECKSUM"));
  EXPECT_THAT(chain_of(listed(keys, {}, known_as("2017-08-17..2025-04-30"))), ElementsAre("2025-05.zip.CHECKSUM"));
}

TEST(BinanceArchive, WhatLiesBeforeWhatIsKnownIsReadTowardsThePast) {
  std::vector<std::string> keys;
  for (int month = 1; month <= 5; ++month) {
    keys.push_back(fmt::format("{}2025-0{}.zip", kMonths, month));
  }
  FetchRequest request{.names = {"BTCUSDT"}, .from = Date::from_civil(2025, 1, 1)};
  EXPECT_THAT(chain_of(listed(keys, {}, known_as("2025-03-01..2025-04-30"), request)),
              ElementsAre("2025-03.zip.CHECKSUM", "2025-04.zip.CHECKSUM", "2025-05.zip.CHECKSUM",
                          "2025-02.zip.CHECKSUM", "2025-01.zip.CHECKSUM"));
  request.anew = true;
  EXPECT_EQ(chain_of(listed(keys, {}, known_as("2025-03-01..2025-04-30"), request)).front(), "2025-01.zip.CHECKSUM");
}

TEST(BinanceArchive, NothingNewIsNoFailureAndAnUnknownPairIsOne) {
  const std::vector<std::string> keys = {kMonths + "2025-04.zip"};
  EXPECT_EQ(listed(keys, {}, known_as("2017-08-17..2025-04-30")).verdict.kind, ResponseClass::kNotModified);
  const Parsed none = listed({}, {});
  EXPECT_EQ(none.verdict.kind, ResponseClass::kAbsent);
  FetchRequest early{.names = {"BTCUSDT"}, .from = {}, .to = Date::from_civil(2016, 1, 1)};
  const Parsed before = listed(keys, {}, {}, early);
  EXPECT_EQ(before.verdict.kind, ResponseClass::kEmpty);
  EXPECT_EQ(before.records, 0) << "empty, and not only without news";
}

TEST(BinanceArchive, TheChecksumComesFirstAndMustFit) {
  Request sum = listed({kMonths + "2024-05.zip", kMonths + "2024-06.zip"}, {}).follow.at(0);
  const std::string zip = stored_zip("BTCUSDT-1d-2024-05.csv", row("2024-05-01", "2", false));
  const Parsed told = must(source().parse(reply(sum, sha256_hex(zip) + "  BTCUSDT-1d-2024-05.zip\n")));
  ASSERT_EQ(told.follow.size(), 1U);
  EXPECT_EQ(told.follow[0].http.url, "https://data.binance.vision/" + kMonths + "2024-05.zip");
  EXPECT_EQ(must(source().parse(reply(told.follow[0], zip))).tables[0].rows.rows(), 1U);
  const std::string other = stored_zip("BTCUSDT-1d-2024-05.csv", row("2024-05-01", "3", false));
  const auto refused = source().parse(reply(told.follow[0], other));
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message(), HasSubstr("SHA-256"));
  EXPECT_THAT(refused.error().message(), HasSubstr("1 file of the pair behind it wait"));
  EXPECT_FALSE(source().parse(reply(sum, sha256_hex(zip) + "  ETHUSDT-1d-2024-05.zip\n")).has_value());
  EXPECT_FALSE(source().parse(reply(sum, "<html>404</html>")).has_value());
}

TEST(BinanceArchive, MillisecondsUntil2024AndMicrosecondsFrom2025AreTheSameDays) {
  const Parsed parsed = must(source().parse(zip_of(row("2024-12-31", "2", false) + row("2025-01-01", "2", true))));
  ASSERT_EQ(parsed.tables[0].rows.rows(), 2U);
  EXPECT_EQ(cell(parsed, "session", 0), "2024-12-31");
  EXPECT_EQ(cell(parsed, "session", 1), "2025-01-01");
  EXPECT_EQ(cell(parsed, "start", 1), "2025-01-01T00:00:00Z");
  EXPECT_EQ(cell(parsed, "event_time", 1), "2025-01-02T00:00:00Z");
  EXPECT_EQ(cell(parsed, "volume"), "0.05655554");
  EXPECT_EQ(cell(parsed, "amount"), "99.5");
  EXPECT_EQ(cell(parsed, "trades"), "617");
  EXPECT_EQ(parsed.next.state.find("BTCUSDT 1d")->as_text(), "2024-12-31..2025-01-01");
}

TEST(BinanceArchive, APauseOfMoreThanSevenDaysIsANewInstrument) {
  const std::string rows =
      row("2022-05-06", "2", false) + row("2022-05-13", "2", false) + row("2022-05-21", "3", false);
  const Parsed parsed = must(source().parse(zip_of(rows)));
  EXPECT_EQ(cell(parsed, "instrument_id", 0), cell(parsed, "instrument_id", 1));
  EXPECT_NE(cell(parsed, "instrument_id", 1), cell(parsed, "instrument_id", 2));
  EXPECT_EQ(parsed.next.state.find("BTCUSDT 1d")->as_text(), "2022-05-06..2022-05-13;2022-05-21..2022-05-21");
  ASSERT_EQ(parsed.tables[1].rows.rows(), 2U);
  std::vector<std::string> gone = {cell(parsed, "delisted_on", 0, 1), cell(parsed, "delisted_on", 1, 1)};
  EXPECT_THAT(gone, ::testing::UnorderedElementsAre("2022-05-13", ""));
  // The next file goes on where this one ended; an older one is of the spell it lies in or near.
  const Parsed later = must(source().parse(zip_of(row("2022-05-22", "3", false), parsed.next)));
  EXPECT_EQ(cell(later, "instrument_id"), cell(parsed, "instrument_id", 2));
  const Parsed older = must(source().parse(zip_of(row("2022-05-07", "2", false), parsed.next)));
  EXPECT_EQ(cell(older, "instrument_id"), cell(parsed, "instrument_id", 0));
  const Parsed before = must(source().parse(zip_of(row("2021-05-07", "2", false), parsed.next)));
  EXPECT_EQ(before.rejected.size(), 0U);
  EXPECT_NE(cell(before, "instrument_id"), cell(parsed, "instrument_id", 0)) << "every day between was read";
  EXPECT_NE(cell(before, "instrument_id"), cell(parsed, "instrument_id", 2));
}

TEST(BinanceArchive, APauseOverTheEndOfAFileEndsTheOneBefore) {
  const Parsed may = must(source().parse(zip_of(row("2022-05-06", "2", false))));
  const Parsed june = must(source().parse(zip_of(row("2022-06-06", "2", false), may.next)));
  const Batch& who = june.tables.at(1).rows;
  ASSERT_EQ(who.rows(), 2U);
  EXPECT_THAT((std::vector<std::string>{who.column("delisted_on").cell(0), who.column("delisted_on").cell(1)}),
              ::testing::UnorderedElementsAre("2022-05-06", ""));
}

// A session is not known because its file was read: only the days that were stored are.
TEST(BinanceArchive, DaysBehindTheSpanAskedForStayUnknown) {
  const std::string rows =
      row("2024-05-01", "2", false) + row("2024-05-02", "2", false) + row("2024-05-03", "2", false);
  Response answer = zip_of(rows);
  answer.asked.about.set("to", "2024-05-02");
  const Parsed some = must(source().parse(answer));
  EXPECT_EQ(some.tables[0].rows.rows(), 2U);
  EXPECT_EQ(some.next.state.find("BTCUSDT 1d")->as_text(), "2024-05-01..2024-05-02");
  EXPECT_THAT(chain_of(listed({kMonths + "2024-05.zip"}, {}, some.next)), ElementsAre("2024-05.zip.CHECKSUM"));
}

// A lake that an earlier version split into three: read anew it is one, and the other names hold on no day.
TEST(BinanceArchive, ReadAnewTheSpellsAreWhatTheFilesSay) {
  const Cursor harmed = known_as("2024-04-01..2024-04-30;2024-08-01..2024-08-31");
  FetchRequest request{.names = {"BTCUSDT"}};
  request.anew = true;
  const Parsed begin = listed({kMonths + "2024-05.zip"}, {}, harmed, request);
  std::string rows;
  for (int day = 1; day <= 31; ++day) {
    rows += row(fmt::format("2024-03-{:02}", day), "2", false);
  }
  Response answer = zip_of(rows, harmed);
  const std::string sum(about_text(answer.asked, "sha256"));
  answer.asked = begin.follow.at(0);
  answer.asked.part = "bars";
  answer.asked.contract = nullptr;
  answer.asked.about.set("sha256", sum);
  answer.asked.about.set("forget", "2024-03-01");
  const Parsed read = must(source().parse(answer));
  EXPECT_EQ(read.next.state.find("BTCUSDT 1d")->as_text(), "2024-03-01..2024-03-31");
  const Batch& names = read.tables.at(2).rows;
  ASSERT_EQ(names.rows(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const bool is_false = names.column("valid_from").cell(i) == "2024-08-01";
    EXPECT_EQ(names.column("valid_to").cell(i), is_false ? "2024-07-31" : "");
  }
}

TEST(BinanceArchive, RowsThatAreNoneAreSetAside) {
  const Parsed parsed =
      must(source().parse(zip_of("open_time,open,high\n" + row("2024-05-01", "0", false) +
                                 row("2024-05-02", "x", false) + "1,2\n" + row("2024-05-03", "2", false))));
  EXPECT_EQ(parsed.records, 4);
  ASSERT_EQ(parsed.rejected.size(), 3U);
  EXPECT_EQ(parsed.tables[0].rows.rows(), 1U);
}

TEST(BinanceArchive, DamageIsRefusedOrRead) {
  const Response good = zip_of(row("2024-05-01", "2", false) + row("2024-05-02", "2", false));
  EXPECT_GT(refused_bad_bodies(good, 3, 100, source().parse), 100);  // Every one: the checksum tells.
  refused_bad_bodies(reply(first_request(), list_of({kMonths + "2024-05.zip"})), 9, 300, source().parse);
}

}  // namespace
}  // namespace lode::source
