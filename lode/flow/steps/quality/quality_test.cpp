// The quality report against counting by hand: markets whose gaps, faults and corrections are known because the test
// put them there.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/quality/quality.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "lode/base/error.h"
#include "lode/base/random.h"
#include "lode/flow/steps/collect/testing.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/flow/steps/quality/arrivals.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

using report::QualityReport;
using report::QualityStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Date day(int year, int month, int date) { return Date::from_civil(year, month, date); }

std::string line(Date session, std::string_view symbol, double close, double volume = 1000) {
  return fmt::format("{},{},{},{},{},{},{}\n", to_string(session), symbol, close, close * 1.1, close * 0.9, close,
                     volume);
}

// Days of New York up to Friday, 2 January 2026; the clock stands at Monday noon, before its session.
class Quality : public ::testing::Test {
 protected:
  static std::vector<Date> sessions(Date from = day(2025, 10, 1), Date to = day(2026, 1, 2)) {
    return must(find_calendar("XNYS"))->sessions(from, to);
  }
  void import(const std::string& text, const std::string& mic = "XNYS", const std::string& table = "bars") {
    must(world_.run({world_.write(fmt::format("{}{}.csv", table, ++files_), text)}, table, mic));
  }
  void import_bars(const std::string& lines, const std::string& mic = "XNYS") {
    import(std::string(kBarsHeader) + lines, mic);
  }
  std::unique_ptr<lake::Lake> lake(lake::Access access = lake::Access::kRead) {
    return must(lake::Lake::open(world_.lake_folder(), access, world_.test.clock, world_.test.pool));
  }
  QualityReport report(Date from, Date to, const std::string& universe = "") {
    QualityRequest request;
    request.from = from;
    request.to = to;
    request.universe = universe;
    request.now = world_.test.clock.now();
    return must(quality_report(*lake(), request));
  }
  QualityReport report(Date on) { return report(on, on); }
  // Rows that the command of a measure lists.
  std::int64_t rows_of(const report::QualityMeasure& measure) {
    constexpr std::string_view kBefore = "lode data sql \"";
    EXPECT_THAT(measure.rows, ::testing::StartsWith(std::string(kBefore))) << measure.name;
    const std::string query = measure.rows.substr(kBefore.size(), measure.rows.size() - kBefore.size() - 1);
    return static_cast<std::int64_t>(must(must(lake()->snapshot()).sql(query)).rows());
  }
  static const report::QualityMeasure& measure(const QualityReport& report, std::string_view name) {
    const auto found = std::ranges::find(report.measures, name, &report::QualityMeasure::name);
    EXPECT_NE(found, report.measures.end()) << name;
    return *found;
  }
  static std::vector<std::string> missing(const QualityReport& report) {
    std::vector<std::string> out;
    for (const report::QualityMissing& one : report.missing) {
      out.push_back(fmt::format("{} {}", one.symbol, to_string(one.session)));
    }
    return out;
  }

  IngestWorld world_;
  int files_ = 0;
};

TEST_F(Quality, DueAndThereAgreeWithCountingSessionBySession) {
  const std::vector<Date> days = sessions();
  Random random(3, 1);
  std::map<std::string, std::set<Date>> have;
  std::string text;
  for (int name = 0; name < 14; ++name) {
    const std::string symbol = fmt::format("S{:02}", name);
    const std::size_t last = name < 9 ? days.size() : days.size() - random.next_below(40);
    bool is_gone = false;
    for (std::size_t i = name == 13 ? days.size() - 3 : 0; i < last; ++i) {
      is_gone = random.next_uniform() < (is_gone ? 0.6 : 0.08);
      if (!is_gone) {
        have[symbol].insert(days[i]);
        text += line(days[i], symbol, 50.0 + name);
      }
    }
  }
  import_bars(text);
  const Date from = day(2025, 12, 27), to = day(2026, 1, 2);
  const QualityReport found = report(from, to);
  std::vector<std::string> wanted;
  std::int64_t due = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    for (const auto& [symbol, dates] : have) {
      bool lately = dates.contains(days[i]);
      for (std::size_t back = 1; back <= 20 && back <= i; ++back) {
        lately = lately || dates.contains(days[i - back]);
      }
      if (days[i] >= from && lately) {
        ++due;
        if (!dates.contains(days[i])) {
          wanted.push_back(fmt::format("{} {}", symbol, to_string(days[i])));
        }
      }
    }
  }
  EXPECT_EQ(missing(found), wanted);
  EXPECT_FALSE(wanted.empty());
  EXPECT_EQ(found.expected, due);
  EXPECT_EQ(found.present, due - std::ssize(wanted));
  EXPECT_EQ(rows_of(measure(found, "completeness")), found.present);
  EXPECT_DOUBLE_EQ(*measure(found, "completeness").value,
                   static_cast<double>(found.present) / static_cast<double>(due));
  ASSERT_THAT(found.exchanges, SizeIs(1));
  EXPECT_EQ(found.exchanges[0].sessions, 4) << "29, 30, 31 December and 2 January";
  std::int64_t of_trend = 0;
  for (const report::QualityDay& one : found.trend) {
    of_trend += one.session >= from ? one.present : 0;
  }
  EXPECT_EQ(of_trend, found.present);
  EXPECT_EQ(found.trend.front().session, day(2025, 12, 22)) << "two weeks: the Saturday and Sunday before hold none";
}

TEST_F(Quality, SetAsideRowsAreCountedOnTheirDayAndListed) {
  const std::vector<Date> days = sessions(day(2025, 12, 29));
  std::string text;
  for (const Date session : days) {
    text += line(session, "AAA", 10);
  }
  text += "2025-12-30,BBB,10,9,11,10,100\n2025-12-30,CCC,10,9,11,10,100\n2025-12-31,BBB,10,11,9,-1,100\n";
  import_bars(text);
  const QualityReport found = report(day(2025, 12, 30));
  EXPECT_EQ(found.status, QualityStatus::kUnhealthy);
  EXPECT_THAT(found.reasons, ElementsAre("2 rows set aside"));
  EXPECT_EQ(found.set_aside, 2);
  ASSERT_THAT(found.set_aside_by, SizeIs(1));
  EXPECT_EQ(found.set_aside_by[0].rule, "E2007");
  EXPECT_EQ(found.set_aside_by[0].rows, 2);
  EXPECT_EQ(found.set_aside_by[0].line, 6);
  EXPECT_EQ(found.set_aside_by[0].symbol, "BBB");
  EXPECT_EQ(rows_of(measure(found, "errors")), 2);
  EXPECT_FALSE(measure(found, "errors").is_good);
  EXPECT_DOUBLE_EQ(*measure(found, "errors").value, 2.0 / 3.0);
  ASSERT_TRUE(quality_finding(found));
  EXPECT_EQ(quality_finding(found)->number(), E::E3002);
  const QualityReport week = report(day(2025, 12, 27), day(2026, 1, 2));
  EXPECT_EQ(week.set_aside, 3);
  EXPECT_EQ(rows_of(measure(week, "errors")), 3);
  std::map<Date, std::int64_t> by_day;
  for (const report::QualityDay& one : week.trend) {
    by_day[one.session] = one.set_aside;
  }
  EXPECT_EQ(by_day[day(2025, 12, 30)], 2);
  EXPECT_EQ(by_day[day(2025, 12, 31)], 1);
}

TEST_F(Quality, AWeekendIsNoFaultAndASilentDayIs) {
  import_bars(line(day(2025, 12, 31), "AAA", 10));
  const QualityReport weekend = report(day(2025, 12, 27));
  EXPECT_EQ(weekend.status, QualityStatus::kNoSession);
  EXPECT_FALSE(quality_finding(weekend));
  EXPECT_FALSE(measure(weekend, "completeness").value);
  EXPECT_EQ(report(day(2026, 1, 1)).status, QualityStatus::kNoSession) << "New Year's Day";
  const QualityReport silent = report(day(2026, 1, 2));
  EXPECT_EQ(silent.status, QualityStatus::kUnhealthy);
  EXPECT_THAT(silent.reasons, ElementsAre("1 of 1 bars due are missing"));
  EXPECT_EQ(report(day(2026, 1, 5)).status, QualityStatus::kNoSession) << "its session has not begun";
  world_.test.clock.advance(60 * kNanosPerDay);
  const QualityReport dead = report(day(2026, 3, 4));
  EXPECT_EQ(dead.status, QualityStatus::kNoData);
  EXPECT_THAT(dead.reasons, ElementsAre("no daily bar of 2026-03-04; the lake's newest is of 2025-12-31"));
  EXPECT_EQ(quality_finding(dead)->number(), E::E3002);
}

TEST_F(Quality, ALakeWithoutBarsHasNoData) {
  import("symbol,kind,listed_on\nAAA,equity,2020-01-02\n", "XNYS", "instruments");
  const QualityReport found = report(day(2026, 1, 2));
  EXPECT_EQ(found.status, QualityStatus::kNoData);
  EXPECT_THAT(found.reasons, ElementsAre("the lake holds no daily bars"));
  EXPECT_EQ(found.total_symbols, 0);
  EXPECT_THAT(quality_text(found), HasSubstr("2026-01-02  no data: the lake holds no daily bars"));
  EXPECT_TRUE(quality_json(found).find("data_completeness")->is_null());
  const Value json = quality_json(found);
  for (const Value& one : json.find("kpis")->as_array()) {
    EXPECT_EQ(one.find("good")->is_null(), one.find("value")->is_null()) << one.find("name")->as_text();
  }
}

TEST_F(Quality, ASplitThatCameLaterExplainsTheMove) {
  std::string text;
  for (const Date session : sessions(day(2025, 12, 1))) {
    text += line(session, "AAA", session < day(2025, 12, 30) ? 100 : 25, session < day(2025, 12, 30) ? 1000 : 4000);
    text += line(session, "BBB", 100);
  }
  import_bars(text);
  const QualityReport before = report(day(2025, 12, 30));
  ASSERT_THAT(before.odd, SizeIs(1));
  EXPECT_EQ(before.odd[0].symbol, "AAA");
  EXPECT_EQ(before.odd[0].before, 100.0);
  EXPECT_EQ(before.odd[0].close, 25.0);
  EXPECT_TRUE(before.odd[0].is_spike);
  EXPECT_EQ(rows_of(measure(before, "anomalies")), 1);
  import("symbol,ex_date,kind,ratio\nAAA,2025-12-30,split,4\n", "XNYS", "actions");
  const QualityReport after = report(day(2025, 12, 30));
  EXPECT_THAT(after.odd, IsEmpty());
  EXPECT_TRUE(measure(after, "anomalies").is_good);
  ASSERT_THAT(after.actions, SizeIs(1));
  EXPECT_EQ(after.actions[0].amount, "ratio 4");
  EXPECT_THAT(after.changes, IsEmpty());
}

TEST_F(Quality, ADayOnWhichNearlyEverythingMovesIsTheSourcesDoing) {
  std::string text;
  for (const Date session : sessions(day(2025, 12, 1))) {
    for (int name = 0; name < 6; ++name) {
      const bool is_off = session == day(2025, 12, 30) && name > 0;
      text += line(session, fmt::format("S{}", name), is_off ? 1000 : 10 + name);
    }
  }
  import_bars(text);
  EXPECT_THAT(report(day(2025, 12, 30)).suspicious, ElementsAre(day(2025, 12, 30)));
  EXPECT_THAT(report(day(2025, 12, 29)).suspicious, IsEmpty());
}

TEST_F(Quality, AUniverseWaitsForItsMembersHoweverLongTheyAreSilent) {
  std::string text;
  for (const Date session : sessions()) {
    text += line(session, "AAA", 10) + line(session, "OUT", 10);
    text += session < day(2025, 10, 20) ? line(session, "OLD", 10) + line(session, "DEAD", 10) : "";
  }
  import_bars(text);
  import("symbol,kind,delisted_on\nDEAD,equity,2025-10-17\n", "XNYS", "instruments");
  import(
      "name,symbol,from,to\nmine,AAA,2020-01-02,\nmine,OLD,2020-01-02,\nmine,DEAD,2020-01-02,\n"
      "mine,NEVER,2020-01-02,\nmine,OUT,2020-01-02,2025-12-30\n",
      "XNYS", "universe");
  EXPECT_THAT(missing(report(day(2026, 1, 2))), IsEmpty()) << "silent for long: nobody waits";
  const QualityReport found = report(day(2025, 12, 31), day(2026, 1, 2), "mine");
  EXPECT_THAT(missing(found), ElementsAre("NEVER 2025-12-31", "OLD 2025-12-31", "NEVER 2026-01-02", "OLD 2026-01-02"));
  EXPECT_EQ(found.missing[0].last, std::nullopt);
  EXPECT_EQ(found.missing[1].last, std::nullopt) << "its last bar lies before the days that are read";
  EXPECT_EQ(found.total_symbols, 3);
  EXPECT_EQ(found.symbols_with_data, 1);
  EXPECT_EQ(found.bars, 2) << "OUT left on the 30th";
  EXPECT_EQ(rows_of(measure(found, "completeness")), 2);
  ASSERT_THAT(found.changes, SizeIs(1));
  EXPECT_EQ(found.changes[0].kind, "removed");
  QualityRequest request;
  request.universe = "mien";
  EXPECT_EQ(quality_report(*lake(), request).error().number(), E::E2103);
}

TEST_F(Quality, WithoutACalendarASessionIsADayOnWhichHalfOfTheLivingTrade) {
  std::string text;
  for (int date = 10; date <= 20; ++date) {
    for (const char* symbol : {"BTC", "ETH", "SOL"}) {
      const bool is_there = date != 16 ? true : symbol == std::string("BTC");
      if (is_there && !(date == 18 && symbol == std::string("ETH"))) {
        text += line(day(2025, 12, date), symbol, 10);
      }
    }
  }
  import_bars(text, "XXXX");
  EXPECT_THAT(missing(report(day(2025, 12, 18))), ElementsAre("ETH 2025-12-18"));
  for (const report::QualityDay& one : report(day(2025, 12, 18)).trend) {
    EXPECT_EQ(one.expected, one.session == day(2025, 12, 16) ? 0 : 3) << "one of three: no session";
  }
  EXPECT_THAT(missing(report(day(2025, 12, 16))), ElementsAre("ETH 2025-12-16", "SOL 2025-12-16"))
      << "on that day itself nobody knew that they would be back";
  EXPECT_EQ(report(day(2025, 12, 14)).expected, 3) << "a Sunday";
  EXPECT_THAT(report(day(2025, 12, 18)).notes, ::testing::Contains(HasSubstr("XXXX has no calendar")));
}

TEST_F(Quality, WhatChangedAfterItWasStoredIsToldWithBothValues) {
  std::string text;
  for (const Date session : sessions(day(2025, 12, 22))) {
    text += line(session, "AAA", 10);
  }
  import_bars(text);
  import_bars("2025-12-30,AAA,11,12,9,11,1000\n");
  const QualityReport found = report(day(2025, 12, 30));
  ASSERT_THAT(found.restated, SizeIs(1));
  EXPECT_THAT(found.restated[0].changes, ElementsAre("open 10 -> 11", "high 11 -> 12", "close 10 -> 11"));
  EXPECT_FALSE(found.restated[0].was_provisional);
  EXPECT_EQ(found.restated[0].known, world_.test.clock.now());
  EXPECT_EQ(found.became_final, 0);
  EXPECT_THAT(report(day(2025, 12, 29)).restated, IsEmpty());
  for (const report::QualityDay& one : found.trend) {
    EXPECT_EQ(one.corrected, one.session == day(2025, 12, 30) ? 1 : 0);
  }
}

TEST_F(Quality, ABarOfAnImportBeforeTheCloseIsProvisionalUntilALaterOne) {
  import_bars(line(day(2026, 1, 2), "AAA", 10));
  const Time noon = world_.test.clock.now();
  world_.test.clock.advance(5 * 3600 * kNanosPerSecond);  // 17:00 UTC: New York trades.
  import_bars(line(day(2026, 1, 5), "AAA", 10.5));
  EXPECT_THAT(world_.rows("bars", {"session", "close", "provisional", "known_time"}),
              ElementsAre("2026-01-02 10 false 2026-01-02T21:00:00Z", "2026-01-05 10.5 true 2026-01-05T17:00:00Z"));
  const QualityReport open = report(day(2026, 1, 5));
  ASSERT_THAT(open.provisional, SizeIs(1));
  EXPECT_FALSE(open.provisional[0].is_overdue);
  EXPECT_EQ(open.provisional[0].known, Time{noon.nanos + 5 * 3600 * kNanosPerSecond});
  EXPECT_EQ(open.expected, 0) << "the session is still on";
  world_.test.clock.advance(2 * kNanosPerDay);
  EXPECT_TRUE(report(day(2026, 1, 5)).provisional.at(0).is_overdue);
  import_bars(line(day(2026, 1, 5), "AAA", 11));
  const QualityReport closed = report(day(2026, 1, 5));
  EXPECT_THAT(closed.provisional, IsEmpty());
  EXPECT_EQ(closed.became_final, 1);
  ASSERT_THAT(closed.restated, SizeIs(1));
  EXPECT_TRUE(closed.restated[0].was_provisional);
  EXPECT_EQ(closed.expected, 1);
  for (const report::QualityDay& one : closed.trend) {
    EXPECT_EQ(one.corrected, 0) << "to become final is no correction";
  }
}

// The chart of a session that is on carries the time of its last trade; a day later the same row carries its open.
TEST(QualityOfAFetch, ALiveRowOfAChartIsReplacedByTheFinalOne) {
  CollectWorld world;
  const std::string open_stamp = fmt::format("{}", std::int64_t{19'727} * 86'400 + 52'200);
  std::string live = chart_body("AAA", 4);
  live.replace(live.find(open_stamp), open_stamp.size(), fmt::format("{}", std::int64_t{19'727} * 86'400 + 64'800));
  source::FetchRequest wanted = named({"AAA"});
  wanted.from = day(2024, 1, 1);
  world.record(world.planned("yahoo", wanted).at(0), live, 200, "application/json", "2024-01-05T18:00:00Z");
  must(world.fetch("yahoo", wanted));
  EXPECT_THAT(world.cells("bars", {"session", "start", "provisional"}),
              ::testing::Contains("2024-01-05 2024-01-05T14:30:00Z true"));
  const auto report_at = [&](const char* now) {
    QualityRequest request;
    request.from = request.to = day(2024, 1, 5);
    request.now = must(parse_as_of(now));
    return must(quality_report(*world.lake(), request));
  };
  const QualityReport on = report_at("2024-01-05T18:05:00Z");
  EXPECT_THAT(on.provisional, SizeIs(1));
  EXPECT_EQ(on.stored_twice, 0);
  world.test.clock.advance(kNanosPerDay);
  std::filesystem::remove_all(world.recordings);  // Yahoo's address is the same every day.
  world.record(world.planned("yahoo", wanted).at(0), chart_body("AAA", 4), 200, "application/json",
               "2024-01-06T12:00:00Z");
  EXPECT_THAT(must(world.fetch("yahoo", wanted, true)).unserved, IsEmpty());
  const QualityReport after = report_at("2024-01-06T12:05:00Z");
  EXPECT_EQ(after.bars, 1) << "the live row and the final one are one bar";
  EXPECT_EQ(after.stored_twice, 0);
  EXPECT_THAT(after.provisional, IsEmpty());
  EXPECT_EQ(after.became_final, 1);
  EXPECT_EQ(after.status, QualityStatus::kHealthy);
  ASSERT_THAT(after.sources, SizeIs(1));
  EXPECT_EQ(after.sources[0].name, "yahoo");
  EXPECT_NEAR(*after.sources[0].lag_median, 15.0, 1e-9) << "from 21:00 to noon";
  EXPECT_NEAR(*std::ranges::find(after.measures, "freshness", &report::QualityMeasure::name)->value, 15.0, 1e-9);
}

TEST_F(Quality, WhatCameWithTheFirstLoadOfAnInstrumentIsNotStale) {
  import_bars(line(day(2015, 1, 2), "AAA", 10) + line(day(2025, 12, 31), "AAA", 10) + line(day(2026, 1, 2), "AAA", 10));
  const QualityReport found = report(day(2026, 1, 2));
  EXPECT_FALSE(measure(found, "freshness").value) << "ten years of history are not ten years late";
  EXPECT_THAT(measure(found, "freshness").reason, HasSubstr("first load"));
  EXPECT_EQ(found.status, QualityStatus::kHealthy);
  EXPECT_FALSE(report(day(2015, 1, 2)).sources.at(0).lag_most);
  // From then on it is waited for, and from then on alone.
  world_.test.clock.advance(30 * 3600 * kNanosPerSecond);
  import_bars(line(day(2026, 1, 5), "AAA", 10));
  EXPECT_NEAR(*measure(report(day(2026, 1, 5)), "freshness").value, 21.0, 1e-9) << "Monday 21:00 UTC to Tuesday 18:00";
}

TEST_F(Quality, FilesAreASourceAndLateOnesAreNotFresh) {
  world_.test.clock.advance(-6 * kNanosPerDay);
  import_bars(line(day(2025, 12, 29), "AAA", 10));
  world_.test.clock.advance(6 * kNanosPerDay);
  import_bars(line(day(2025, 12, 31), "AAA", 10) + line(day(2026, 1, 2), "AAA", 10));
  const QualityReport found = report(day(2026, 1, 2));
  EXPECT_NEAR(*measure(found, "freshness").value, 63.0, 1e-9) << "Friday 21:00 UTC to Monday noon";
  EXPECT_FALSE(measure(found, "freshness").is_good);
  EXPECT_EQ(found.status, QualityStatus::kHealthy) << "late is not wrong";
  ASSERT_THAT(found.sources, SizeIs(1));
  EXPECT_EQ(found.sources[0].name, "file");
  EXPECT_EQ(found.sources[0].commits, 0) << "the commit is of Monday";
  const QualityReport monday = report(day(2026, 1, 5));
  ASSERT_THAT(monday.sources, SizeIs(1));
  EXPECT_EQ(monday.sources[0].commits, 1);
  EXPECT_EQ(monday.sources[0].kept, 2);
  import_bars(line(day(2025, 12, 31), "AAA", 10) + line(day(2026, 1, 2), "AAA", 12));
  const QualityReport again = report(day(2026, 1, 5));
  EXPECT_EQ(again.sources[0].corrected, 1);
  EXPECT_EQ(again.copies_dropped, 1);
}

TEST_F(Quality, ABarStoredTwiceIsFoundByInstrumentAndSession) {
  import_bars(line(day(2025, 12, 31), "AAA", 10) + line(day(2026, 1, 2), "AAA", 10));
  {
    const auto store = lake(lake::Access::kWrite);
    Batch rows =
        must(must(store->snapshot()).read("bars", {.columns = {}, .instruments = {}, .from = day(2026, 1, 2)}));
    rows.column("start") = Column::time("start", {rows.column("start").times()[0] + kNanosPerSecond});
    auto writer = must(store->writer());
    must(writer.append("bars", rows, world_.test.clock.now()));
    must(writer.commit("twice", "test", Value::object()));
  }
  const QualityReport found = report(day(2026, 1, 2));
  EXPECT_EQ(found.stored_twice, 1);
  EXPECT_EQ(found.status, QualityStatus::kUnhealthy);
  EXPECT_THAT(found.reasons, ElementsAre("1 bar stored twice"));
  EXPECT_EQ(rows_of(measure(found, "duplicates")), 1);
}

TEST_F(Quality, TheLastDayDueIsOverSomewhere) {
  import_bars(line(day(2025, 12, 31), "AAA", 10));
  const auto due = [&](const char* now) {
    return to_string(must(last_due_day(must(lake()->snapshot()), must(parse_as_of(now)))));
  };
  EXPECT_EQ(due("2026-01-05T12:00:00Z"), "2026-01-02");
  EXPECT_EQ(due("2026-01-05T21:29:00Z"), "2026-01-02") << "the close, and half an hour";
  EXPECT_EQ(due("2026-01-05T21:30:00Z"), "2026-01-05");
  EXPECT_EQ(due("2025-12-26T00:00:00Z"), "2025-12-24");
  import_bars(line(day(2025, 12, 31), "CBA", 10), "XASX");
  EXPECT_EQ(due("2026-01-05T12:00:00Z"), "2026-01-05") << "Sydney's Monday is over";
}

TEST_F(Quality, WithoutACalendarTheLastDayDueIsTheNewestBars) {
  import_bars(line(day(2025, 12, 20), "BTC", 10), "XXXX");
  EXPECT_EQ(must(last_due_day(must(lake()->snapshot()), world_.test.clock.now())), day(2025, 12, 20));
}

TEST(QualityRank, IsTheSmallestValueThatSoManyDoNotExceed) {
  EXPECT_EQ(nearest_rank({7.0}, 0.95), 7.0);
  std::vector<double> values;
  for (int i = 1; i <= 20; ++i) {
    values.push_back(i);
  }
  EXPECT_EQ(nearest_rank(values, 0.95), 19.0);
  EXPECT_EQ(nearest_rank(values, 0.5), 10.0);
  EXPECT_EQ(nearest_rank(values, 1.0), 20.0);
}

TEST_F(Quality, TheTextTellsTheFirstRowsAndHowManyMore) {
  std::string text;
  for (int name = 0; name < 9; ++name) {
    text += line(day(2025, 12, 31), fmt::format("S{}", name), 10);
  }
  import_bars(text + line(day(2026, 1, 2), "S0", 10));
  const std::string told = quality_text(report(day(2026, 1, 2)));
  EXPECT_THAT(told, HasSubstr("2026-01-02  not healthy: 8 of 9 bars due are missing\n1 of 9 symbols with data\n"));
  EXPECT_THAT(told, HasSubstr("completeness  11.11 %   > 99 %  off  1 of 9 bars expected"));
  EXPECT_THAT(told, HasSubstr("Missing: 8\n  S1 2026-01-02  last bar 2025-12-31\n"));
  EXPECT_THAT(told, HasSubstr("  and 3 more\n"));
}

}  // namespace
}  // namespace lode::flow
