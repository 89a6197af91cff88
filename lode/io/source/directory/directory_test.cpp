// Lists of what is listed on recorded snapshots: Nasdaq Trader, the screener, the Australian exchange in its three
// forms, and its announcements.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/io/source/asx/sydney.h"
#include "lode/io/source/directory/listing.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/market/instrument.h"
#include "lode/market/test_data.h"

namespace lode {
const source::Source& source_nasdaq_directory();
const source::Source& source_nasdaq_screener();
const source::Source& source_asx_directory();
const source::Source& source_asx_announcements();
}  // namespace lode

namespace lode::source {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

Response answer(const Source& source, std::string body, const std::string& at, const Cursor& cursor = {}) {
  Response out{.asked = must(source.plan({}, {}, {})).requests[0], .status = 200, .body = std::move(body)};
  out.received_at = must(parse_as_of(at));
  out.cursor = cursor;
  return out;
}

const Batch* table(const Parsed& parsed, std::string_view name) {
  for (const TableRows& rows : parsed.tables) {
    if (rows.table == name) {
      return &rows.rows;
    }
  }
  return nullptr;
}

std::string cell(const Batch& batch, std::string_view column, std::size_t row) {
  return batch.column(column).cell(row);
}

// "added GT3".
std::vector<std::string> events(const Parsed& parsed) {
  std::vector<std::string> out;
  const Batch* batch = table(parsed, "listing_events");
  for (std::size_t i = 0; batch != nullptr && i < batch->rows(); ++i) {
    out.push_back(cell(*batch, "kind", i) + " " + cell(*batch, "symbol", i));
  }
  return out;
}

std::string nasdaq(const std::string& day) {
  return read_test_data("symbol-directory/nasdaqlisted-" + day + ".txt.gz");
}

TEST(NasdaqDirectory, FourDaysApartFiveCameAndFiveWent) {
  LODE_NEEDS_DATA("symbol-directory");
  const Source& source = source_nasdaq_directory();
  const Parsed first = must(source.parse(answer(source, nasdaq("20250717"), "2025-07-18T02:00:00Z")));
  EXPECT_EQ(first.records, 4973);
  EXPECT_TRUE(first.rejected.empty());
  EXPECT_EQ(table(first, "listings")->rows(), 4973U - 8U);  // Eight test issues.
  EXPECT_TRUE(events(first).empty());
  const Parsed second = must(source.parse(answer(source, nasdaq("20250721"), "2025-07-22T02:00:00Z", first.next)));
  EXPECT_EQ(second.records, 4973);
  EXPECT_THAT(events(second),
              ::testing::IsSupersetOf({"added KCHV", "added KCHVR", "added MJID", "missing ANSS", "missing BCLI",
                                       "missing BPMC", "missing ICAD", "missing NESRW"}));
  int added = 0;
  int missing = 0;
  for (const std::string& event : events(second)) {
    added += event.starts_with("added") || event == "renamed WTG" || event == "renamed WTGUR" ? 1 : 0;
    missing += event.starts_with("missing") ? 1 : 0;
  }
  EXPECT_EQ(added, 5);
  EXPECT_EQ(missing, 5);
}

TEST(NasdaqDirectory, TheOtherExchangesHaveTheirMics) {
  LODE_NEEDS_DATA("symbol-directory");
  const Source& source = source_nasdaq_directory();
  const std::string body = read_test_data("symbol-directory/otherlisted-20250721.txt.gz");
  Response response = answer(source, body, "2025-07-22T02:00:00Z");
  response.asked = must(source.plan({}, {}, {})).requests[1];
  const Parsed parsed = must(source.parse(response));
  const Batch& rows = *table(parsed, "listings");
  EXPECT_EQ(cell(rows, "directory", 0), "otherlisted");
  EXPECT_EQ(cell(rows, "symbol", 0), "A");
  EXPECT_EQ(cell(rows, "mic", 0), "XNYS");
  EXPECT_EQ(cell(rows, "valid_from", 0), "2025-07-21");
  EXPECT_EQ(cell(rows, "instrument_id", 0), to_string(instrument_id("XNYS", "A")));
}

TEST(NasdaqDirectory, APageACutListAndAShortOneAreRefused) {
  LODE_NEEDS_DATA("symbol-directory");
  const Source& source = source_nasdaq_directory();
  const auto refused = [&](const std::string& body, const Cursor& cursor = {}) {
    const auto parsed = source.parse(answer(source, body, "2025-07-22T02:00:00Z", cursor));
    return parsed ? std::string("read") : parsed.error().message();
  };
  EXPECT_THAT(refused(read_test_data("symbol-directory/html-instead-of-nasdaqlisted.txt")), HasSubstr("web page"));
  const std::string body = nasdaq("20250721");
  const std::size_t trailer = body.find("File Creation Time");
  EXPECT_THAT(refused(body.substr(0, trailer)), HasSubstr("File Creation Time"));
  const Parsed whole = must(source.parse(answer(source, body, "2025-07-22T02:00:00Z")));
  std::string shorter = body.substr(0, body.find('\n', body.size() * 88 / 100) + 1) + body.substr(trailer);
  EXPECT_THAT(refused(shorter, whole.next), HasSubstr("expected at least 90 %"));
  EXPECT_EQ(refused(shorter), "read");
}

// A directory of the ASX with so many companies.
std::string companies(int count) {
  std::string out = "\"ASX code\",\"Company name\",\"GICs industry group\",\"Listing date\",\"Market Cap\"\n";
  for (int i = 1; i <= count; ++i) {
    out += fmt::format("\"C{0}\",\"COMPANY {0}\",\"Banks\",\"01/02/2010\",{0}\n", i);
  }
  return out;
}

TEST(Directories, ListsOfOneDayDoNotWearTheFloorDown) {
  const Source& source = source_asx_directory();
  Cursor cursor;
  const auto read = [&](int count, const std::string& day) {
    const auto parsed = source.parse(answer(source, companies(count), day + "T00:00:00Z", cursor));
    cursor = parsed ? parsed->next : cursor;
    return parsed ? std::string("read") : parsed.error().message();
  };
  EXPECT_EQ(read(1000, "2025-03-17"), "read");
  EXPECT_EQ(read(920, "2025-03-17"), "read");
  EXPECT_THAT(read(880, "2025-03-17"), HasSubstr("880 rows where the last good one had 1,000"));
  EXPECT_THAT(read(899, "2025-03-18"), HasSubstr("had 1,000")) << "the longest of the day before";
  EXPECT_EQ(read(950, "2025-03-18"), "read");
  EXPECT_THAT(read(870, "2025-03-18"), HasSubstr("had 1,000")) << "the first of the day is no floor of its own";
  EXPECT_EQ(read(1100, "2025-03-18"), "read");
  EXPECT_THAT(read(980, "2025-03-18"), HasSubstr("had 1,100")) << "the longest of the day itself";
  EXPECT_EQ(read(1000, "2025-03-19"), "read");
  EXPECT_EQ(read(990, "2025-03-20"), "read");
  EXPECT_EQ(read(905, "2025-03-20"), "read") << "1,100 are two days ago";
}

TEST(NasdaqScreener, TextsBecomeNumbersAndEmptyOnesNone) {
  LODE_NEEDS_DATA("symbol-directory");
  const Source& source = source_nasdaq_screener();
  Response response = answer(source, read_test_data("symbol-directory/amex_full_tickers.json"), "2025-07-22T02:00:00Z");
  response.asked = must(source.plan({}, {}, {})).requests[2];
  const Parsed parsed = must(source.parse(response));
  const Batch& rows = *table(parsed, "listings");
  EXPECT_EQ(cell(rows, "directory", 0), "screener-amex");
  EXPECT_EQ(cell(rows, "symbol", 0), "ACCS");
  EXPECT_EQ(cell(rows, "market_cap", 0), "18983428");
  EXPECT_EQ(cell(rows, "sector", 0), "Consumer Discretionary");
  EXPECT_EQ(cell(rows, "mic", 0), "XASE");
  EXPECT_EQ(static_cast<std::int64_t>(rows.rows() + parsed.rejected.size()), parsed.records);
  Response all = answer(source, read_test_data("symbol-directory/nasdaq_full_tickers.json.gz"), "2025-07-22T02:00:00Z");
  EXPECT_GT(must(source.parse(all)).records, 3000);
}

std::string asx(const std::string& day) { return read_test_data("asx/directory/" + day + ".csv.gz"); }

TEST(AsxDirectory, FiveDaysTellWhoCameAndWentAndWhoOnlySkippedADay) {
  LODE_NEEDS_DATA("asx/directory");
  const Source& source = source_asx_directory();
  Cursor cursor;
  std::map<std::string, std::vector<std::string>> told;
  for (const std::string day : {"2025-03-17", "2025-03-18", "2025-03-19", "2025-03-20", "2025-03-21"}) {
    const Parsed parsed = must(source.parse(answer(source, asx(day), day + "T00:00:00Z", cursor)));
    cursor = parsed.next;
    told[day] = events(parsed);
  }
  EXPECT_TRUE(told["2025-03-17"].empty());
  EXPECT_TRUE(told["2025-03-18"].empty());
  EXPECT_THAT(told["2025-03-19"], UnorderedElementsAre("renamed DCLDA", "added DWG", "added TWRDC", "missing DCL",
                                                       "missing IXU", "missing PUAN", "missing SWP"));
  EXPECT_THAT(told["2025-03-20"], UnorderedElementsAre("back SWP", "missing ENT", "missing TWRDC"));
  EXPECT_THAT(told["2025-03-21"], UnorderedElementsAre("back ENT", "added TWR", "missing ILANA", "missing PL3N",
                                                       "missing PRL", "removed DCL", "removed IXU", "removed PUAN"));
}

TEST(AsxDirectory, ThreeFormsAreRead) {
  LODE_NEEDS_DATA("asx");
  const Source& source = source_asx_directory();
  const auto read = [&](const std::string& body) {
    return must(source.parse(answer(source, body, "2025-12-05T00:00:00Z")));
  };
  const Parsed now = read(asx("2025-03-18"));
  EXPECT_EQ(now.records, 1911);
  EXPECT_TRUE(now.rejected.empty());
  EXPECT_EQ(cell(*table(now, "listings"), "listed_on", 0), "2018-09-12");
  EXPECT_EQ(cell(*table(now, "listings"), "market_cap", 0), "5755580");
  const Parsed other = read(asx("other-column-order"));
  EXPECT_EQ(cell(*table(other, "listings"), "listed_on", 0), "2018-09-12");
  EXPECT_EQ(cell(*table(other, "listings"), "sector", 0), "Capital Goods");
  for (const std::string day : {"20180804", "20201111", "20251205"}) {
    const Parsed old = read(read_test_data("asx/legacy/ASXListedCompanies-" + day + ".csv"));
    EXPECT_GT(table(old, "listings")->rows(), 1500U) << day;
    EXPECT_LT(old.rejected.size(), 3U) << day;
  }
}

TEST(AsxDirectory, AValueThatIsMissingLeavesTheOneKnown) {
  const Source& source = source_asx_directory();
  const std::string head = "\"ASX code\",\"Company name\",\"GICs industry group\",\"Listing date\",\"Market Cap\"\n";
  const auto read = [&](const std::string& rows, const Cursor& cursor, const std::string& day) {
    return must(source.parse(answer(source, head + rows, day + "T00:00:00Z", cursor)));
  };
  const Parsed first = read("\"ABC\",\"A\",\"Banks\",\"01/02/2010\",500\n", {}, "2025-01-06");
  const Parsed empty = read("\"ABC\",\"A\",\"Banks\",\"01/02/2010\",\n", first.next, "2025-01-07");
  EXPECT_EQ(table(empty, "listings"), nullptr);
  const Parsed dashes = read("\"ABC\",\"B\",\"Banks\",\"01/02/2010\",--\n", empty.next, "2025-01-08");
  EXPECT_EQ(cell(*table(dashes, "listings"), "market_cap", 0), "500");
  EXPECT_THAT(events(dashes), ElementsAre("renamed ABC"));
  EXPECT_EQ(cell(*table(dashes, "listing_events"), "before", 0), "A");
}

TEST(AsxDirectory, FirewallAndShortListsAreRefused) {
  LODE_NEEDS_DATA("asx");
  const Source& source = source_asx_directory();
  const Parsed blocked = must(source.parse(
      answer(source, "<html><head><title>Request Rejected</title></head></html>", "2025-03-18T00:00:00Z")));
  EXPECT_EQ(blocked.verdict.kind, ResponseClass::kBlocked);
  const Parsed whole = must(source.parse(answer(source, asx("2025-03-18"), "2025-03-18T00:00:00Z")));
  const std::string body = asx("2025-03-19");
  const std::string cut = body.substr(0, body.find('\n', body.size() * 89 / 100) + 1);
  const auto short_list = source.parse(answer(source, cut, "2025-03-19T00:00:00Z", whole.next));
  ASSERT_FALSE(short_list.has_value());
  EXPECT_EQ(short_list.error().number(), E::E6206);
}

TEST(AsxAnnouncements, MinutesAreSydneysAndHeadlinesPlain) {
  LODE_NEEDS_DATA("asx/announcements");
  const Source& source = source_asx_announcements();
  const std::string body = read_test_data("asx/announcements/todayAnns_2023-08-11.csv.gz");
  const Parsed parsed = must(source.parse(answer(source, body, "2023-08-20T00:00:00Z")));
  const Batch& rows = *table(parsed, "announcements");
  EXPECT_EQ(cell(rows, "symbol", 0), "REE");
  EXPECT_EQ(cell(rows, "announced_at", 0), "2023-08-11T09:30:00Z");
  EXPECT_EQ(cell(rows, "headline", 0), "Change of Directors' Interest Notices");
  EXPECT_EQ(cell(rows, "pages", 0), "14");
  EXPECT_EQ(cell(rows, "size_text", 0), "478.2KB");
  EXPECT_EQ(cell(rows, "price_sensitive", 0), "false");
  EXPECT_EQ(cell(rows, "known_time", 0), "2023-08-11T09:30:00Z");
  EXPECT_TRUE(parsed.rejected.empty());
  const Parsed page = must(source.parse(answer(
      source,
      "<html><table><tr><th>ASX Code</th></tr><tr><td>BHP</td><td>15/12/2023<br><span>9:05 AM</span></td>"
      "<td><img src=\"x\"></td><td><a href=\"#\">Results &amp; Outlook</a> 3 pages 1.2MB</td></tr></table></html>",
      "2023-12-14T22:10:00Z")));
  const Batch& today = *table(page, "announcements");
  EXPECT_EQ(cell(today, "announced_at", 0), "2023-12-14T22:05:00Z");
  EXPECT_EQ(cell(today, "known_time", 0), "2023-12-14T22:10:00Z");
  EXPECT_EQ(cell(today, "price_sensitive", 0), "true");
  EXPECT_EQ(cell(today, "headline", 0), "Results & Outlook");
}

TEST(Sydney, ClockFollowsItsSummers) {
  const auto at = [](int year, int month, int day, int hour) {
    return to_string(asx::sydney(Date::from_civil(year, month, day), hour * 3600));
  };
  EXPECT_EQ(at(2023, 4, 1, 12), "2023-04-01T01:00:00Z");
  EXPECT_EQ(at(2023, 4, 2, 12), "2023-04-02T02:00:00Z");
  EXPECT_EQ(at(2023, 9, 30, 12), "2023-09-30T02:00:00Z");
  EXPECT_EQ(at(2023, 10, 1, 12), "2023-10-01T01:00:00Z");
  EXPECT_EQ(at(2006, 4, 1, 12), "2006-04-01T01:00:00Z");
  EXPECT_EQ(at(2007, 3, 25, 12), "2007-03-25T02:00:00Z");
  EXPECT_EQ(to_string(asx::sydney_date(must(parse_as_of("2023-12-14T13:00:00Z")))), "2023-12-15");
  EXPECT_EQ(to_string(asx::sydney_date(must(parse_as_of("2023-07-14T13:59:59Z")))), "2023-07-14");
}

TEST(Directories, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("symbol-directory");
  const std::string page = nasdaq("20250721");
  const Source& lists = source_nasdaq_directory();
  const std::string small = page.substr(0, page.find('\n', 30'000) + 1) + page.substr(page.find("File Creation"));
  EXPECT_GT(refused_bad_bodies(answer(lists, small, "2025-07-22T02:00:00Z"), 5, 100, lists.parse), 25);
  const Source& screener = source_nasdaq_screener();
  const std::string rows = read_test_data("symbol-directory/amex_full_tickers.json");
  EXPECT_GT(refused_bad_bodies(answer(screener, rows, "2025-07-22T02:00:00Z"), 5, 50, screener.parse), 50);
  const Source& exchange = source_asx_directory();
  const std::string companies = asx("2025-03-18").substr(0, 30'000);
  EXPECT_GT(refused_bad_bodies(answer(exchange, companies, "2025-07-22T02:00:00Z"), 5, 100, exchange.parse), 0);
  const Source& news = source_asx_announcements();
  const std::string day = read_test_data("asx/announcements/todayAnns_2023-08-11.csv.gz");
  EXPECT_GT(refused_bad_bodies(answer(news, day, "2025-07-22T02:00:00Z"), 5, 50, news.parse), 0);
}

}  // namespace
}  // namespace lode::source
