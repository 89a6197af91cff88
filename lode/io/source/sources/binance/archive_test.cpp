// Binance's archive. Nothing of it is recorded: lists, checksums and zips are written by their documented form.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/parts/stored_zip.h"

namespace lode {
const source::Source& source_binance_archive();
}  // namespace lode

namespace lode::source {
namespace {

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

TEST(BinanceArchive, MonthsThenTheDaysOfTheMonthThatIsNotWhole) {
  const std::vector<std::string> keys = {kMonths + "2025-04.zip", kMonths + "2025-04.zip.CHECKSUM",
                                         kMonths + "2025-05.zip", kMonths + "2025-05.zip.CHECKSUM"};
  const Parsed all = must(source().parse(reply(first_request(), list_of(keys))));
  ASSERT_EQ(all.follow.size(), 3U);
  EXPECT_EQ(all.follow[0].http.url, "https://data.binance.vision/" + kMonths + "2025-04.zip.CHECKSUM");
  EXPECT_THAT(all.follow[2].http.url, HasSubstr("prefix=data%2Fspot%2Fdaily%2Fklines%2FBTCUSDT%2F1d%2F"));
  EXPECT_THAT(all.follow[2].http.url, EndsWith("BTCUSDT-1d-2025-05-31.zip.CHECKSUM"));
  Cursor known;
  known.state.set("BTCUSDT 1d", "2017-08-17..2025-04-30");
  const Parsed later = must(source().parse(reply(first_request(), list_of(keys), known)));
  ASSERT_EQ(later.follow.size(), 2U);
  EXPECT_THAT(later.follow[0].http.url, EndsWith("2025-05.zip.CHECKSUM"));
  const Parsed none = must(source().parse(reply(first_request(), list_of({}))));
  EXPECT_EQ(none.verdict.kind, ResponseClass::kEmpty);
}

TEST(BinanceArchive, TheChecksumComesFirstAndMustFit) {
  Request sum = must(source().parse(reply(first_request(), list_of({kMonths + "2024-05.zip"})))).follow[0];
  const std::string zip = stored_zip("BTCUSDT-1d-2024-05.csv", row("2024-05-01", "2", false));
  const Parsed told = must(source().parse(reply(sum, sha256_hex(zip) + "  BTCUSDT-1d-2024-05.zip\n")));
  ASSERT_EQ(told.follow.size(), 1U);
  EXPECT_EQ(told.follow[0].http.url, "https://data.binance.vision/" + kMonths + "2024-05.zip");
  EXPECT_EQ(must(source().parse(reply(told.follow[0], zip))).tables[0].rows.rows(), 1U);
  const std::string other = stored_zip("BTCUSDT-1d-2024-05.csv", row("2024-05-01", "3", false));
  const auto refused = source().parse(reply(told.follow[0], other));
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message(), HasSubstr("SHA-256"));
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
  // The next file goes on where this one ended; an older one is told apart or set aside.
  const Parsed later = must(source().parse(zip_of(row("2022-05-22", "3", false), parsed.next)));
  EXPECT_EQ(cell(later, "instrument_id"), cell(parsed, "instrument_id", 2));
  const Parsed older = must(source().parse(zip_of(row("2022-05-07", "2", false), parsed.next)));
  EXPECT_EQ(cell(older, "instrument_id"), cell(parsed, "instrument_id", 0));
  const Parsed before = must(source().parse(zip_of(row("2021-05-07", "2", false), parsed.next)));
  EXPECT_EQ(before.rejected.size(), 1U);
  EXPECT_EQ(before.verdict.kind, ResponseClass::kEmpty);
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
