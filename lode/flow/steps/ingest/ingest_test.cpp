// Imports of bars: what is kept, what is set aside, what the lake then says.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/ingest.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/flow/steps/ingest/text.h"
#include "lode/market/calendar.h"
#include "lode/market/instrument.h"
#include "lode/market/quality.h"

namespace lode::flow {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

std::string bars(std::string_view rows) { return std::string(kBarsHeader) + std::string(rows); }

// One bar at a price: open, high, low and close alike.
std::string bar(std::string_view date, std::string_view symbol, double price, double volume = 100) {
  return fmt::format("{},{},{},{},{},{},{}\n", date, symbol, price, price, price, price, volume);
}

void expect_accounted(const IngestReport& report) {
  EXPECT_EQ(report.kept + report.dropped + report.set_aside, report.read);
  std::int64_t reasons = 0;
  for (const IngestReason& reason : report.reasons) {
    reasons += reason.rows;
  }
  EXPECT_EQ(reasons, report.set_aside);
  std::int64_t rows = 0;
  for (const IngestFile& file : report.files) {
    EXPECT_EQ(file.kept + file.dropped + file.set_aside, file.rows);
    rows += file.rows;
  }
  EXPECT_EQ(rows, report.read);
}

TEST(Ingest, StoresBarsWithTheirProvenance) {
  IngestWorld world;
  const std::string text = bars("2024-01-02,aaa,10,11,9,10.5,100\n2024-07-03,AAA,10,11,9,10.25,200\n");
  const IngestReport report = must(world.run({world.write("a.csv", text)}));
  expect_accounted(report);
  EXPECT_EQ(report.kept, 2);
  EXPECT_EQ(report.symbols, 1);
  EXPECT_EQ(report.new_instruments, 1);
  const std::string id = to_string(instrument_id("XNYS", "AAA"));
  // Closes of XNYS: 16:00 in winter is 21:00 UTC; 13:00 on the eve of Independence Day is 17:00 UTC.
  EXPECT_THAT(world.rows("bars", {"instrument_id", "session", "open", "high", "low", "close", "volume", "event_time",
                                  "known_time", "known_assumed", "source", "raw_line"}),
              ElementsAre(id + " 2024-01-02 10 11 9 10.5 100 2024-01-02T21:00:00Z 2024-01-02T21:00:00Z true file 2",
                          id + " 2024-07-03 10 11 9 10.25 200 2024-07-03T17:00:00Z 2024-07-03T17:00:00Z true file 3"));
  EXPECT_EQ(world.read("bars").column("raw_hash").texts()[0], sha256_hex(text));
  EXPECT_EQ(world.read("bars").column("start").cell(0), "2024-01-02T14:30:00Z");
  EXPECT_THAT(world.rows("instruments", {"instrument_id", "mic", "symbol", "kind", "currency", "adjusted_by_source"}),
              ElementsAre(id + " XNYS AAA equity USD false"));
  EXPECT_THAT(world.rows("symbols", {"instrument_id", "naming", "symbol", "valid_from", "valid_to"}),
              ElementsAre(id + " XNYS AAA 1900-01-01 "));
}

TEST(Ingest, JudgesEveryRowAndKeepsTheGoodOnes) {
  IngestWorld world;
  const std::string path = world.write("bad.csv", bars("2024-01-02,AAA,10,11,9,10.5,100\n"
                                                       "2024-01-03,AAA,10,11,9,abc,100\n"
                                                       "2024-02-30,AAA,10,11,9,10,100\n"
                                                       "2024-01-04,AAA,10,11,9,0,100\n"
                                                       "2024-01-05,AAA,10.2,10.1,10.4,10.2,100\n"
                                                       "2024-01-08,AAA,10,11,9,10,-5\n"
                                                       "2024-01-09,AAA,10,11\n"
                                                       "2024-01-10,A A,10,11,9,10,100\n"
                                                       "2024-01-15,AAA,10,11,9,10,100\n"
                                                       "1899-01-16,AAA,10,11,9,10,100\n"
                                                       "2027-01-15,AAA,10,11,9,10,100\n"
                                                       "2024-01-16,AAA,10,11,9,10,100\n"));
  const IngestReport report = must(world.run({path}));
  expect_accounted(report);
  EXPECT_EQ(report.kept, 2);
  EXPECT_EQ(report.set_aside, 10);
  EXPECT_THAT(world.rows("quarantine", {"raw_line", "rule", "reason", "symbol"}),
              UnorderedElementsAre("3 E2004 close is 'abc', expected a number AAA",
                                   "4 E2005 '2024-02-30' is a day that does not exist AAA",
                                   "5 E2006 c 0 is not above 0 AAA", "6 E2007 h 10.1 l 10.4 AAA",
                                   "7 E2008 volume -5 is negative AAA", "8 E2009 4 columns, the header has 7 ",
                                   "9 E2010 'A A' is not a symbol: expected at most 24 of A-Z 0-9 . - _ ^ = / & + $ # ",
                                   "10 E2011 2024-01-15 is not a session of XNYS: Martin Luther King Jr. Day AAA",
                                   "11 E2013 date 1899-01-16 is outside 1900-01-01 to 2026-01-05 AAA",
                                   "12 E2013 date 2027-01-15 is outside 1900-01-01 to 2026-01-05 AAA"));
  EXPECT_THAT(world.rows("quarantine", {"text"}, "raw_line = 8"), ElementsAre("2024-01-09,AAA,10,11"));
  EXPECT_EQ(world.rows("quarantine", {"path", "table_name"}, "raw_line = 8").front(), path + " bars");
}

TEST(Ingest, DropsEqualRowsAndSetsDifferingOnesAside) {
  IngestWorld world;
  world.write("a.csv", bars(bar("2024-01-02", "AAA", 10) + bar("2024-01-02", "AAA", 10) + bar("2024-01-03", "AAA", 11) +
                            bar("2024-01-04", "AAA", 12)));
  world.write("b.csv",
              bars(bar("2024-01-04", "AAA", 12) + bar("2024-01-03", "AAA", 11.5) + bar("2024-01-05", "AAA", 12)));
  const IngestReport report = must(world.run({world.data()}));
  expect_accounted(report);
  EXPECT_EQ(report.dropped, 2);
  EXPECT_EQ(report.set_aside, 2);
  EXPECT_THAT(world.rows("bars", {"session", "close"}), ElementsAre("2024-01-02 10", "2024-01-04 12", "2024-01-05 12"));
  EXPECT_THAT(
      world.rows("quarantine", {"rule", "raw_line", "reason", "text"}),
      UnorderedElementsAre(
          "E2012 4 AAA on 2024-01-03 stands 2 times with different values 2024-01-03,AAA,11,11,11,11,100",
          "E2012 3 AAA on 2024-01-03 stands 2 times with different values 2024-01-03,AAA,11.5,11.5,11.5,11.5,100"));
  EXPECT_EQ(report.reasons.front().text, "all set aside");
}

TEST(Ingest, DoesNothingTheSecondTime) {
  IngestWorld world;
  const std::string path = world.write("a.csv", bars(bar("2024-01-02", "AAA", 10) + bar("2024-01-03", "AAA", -1)));
  const IngestReport first = must(world.run({path}));
  const IngestReport second = must(world.run({path}));
  EXPECT_FALSE(first.repeated);
  EXPECT_TRUE(second.repeated);
  EXPECT_EQ(second.commit, first.commit);
  EXPECT_EQ(second.kept, 1);
  EXPECT_EQ(second.set_aside, 1);
  EXPECT_EQ(ingest_json(first), ingest_json(second));
  const auto lake = must(lake::Lake::open(world.lake_folder(), lake::Access::kRead, world.test.clock, world.test.pool));
  EXPECT_EQ(must(lake->commits()).size(), 1U);
}

TEST(Ingest, IsAnotherUnderOtherLimits) {
  const std::vector<std::pair<std::string, std::string>> limits = {{"quality.move_limit", "0.9"},
                                                                   {"quality.spike_limit", "0.8"},
                                                                   {"quality.volume_z_limit", "99"},
                                                                   {"quality.gap_days", "99"}};
  for (const auto& [key, value] : limits) {
    IngestWorld world;
    const std::string path = world.write("a.csv", bars(bar("2024-01-02", "AAA", 10)));
    must(world.run({path}));
    must(world.test.config.merge_flag(key, value, "--set"));
    EXPECT_FALSE(must(world.run({path})).repeated) << key;
  }
}

TEST(Ingest, DropsWhatTheLakeHolds) {
  IngestWorld world;
  must(world.run({world.write("a.csv", bars(bar("2024-01-02", "AAA", 10)))}));
  const IngestReport report =
      must(world.run({world.write("b.csv", bars(bar("2024-01-02", "AAA", 10) + bar("2024-01-03", "AAA", 10)))}));
  expect_accounted(report);
  EXPECT_EQ(report.kept, 1);
  EXPECT_EQ(report.dropped, 1);
  EXPECT_EQ(report.new_instruments, 0);
  EXPECT_EQ(world.rows("bars", {"session"}).size(), 2U);
}

TEST(Ingest, KeepsACorrectionAsANewVersionKnownNow) {
  IngestWorld world;
  must(world.run({world.write("a.csv", bars(bar("2024-01-02", "AAA", 10)))}));
  world.test.clock.advance(kNanosPerDay);
  const IngestReport report = must(world.run({world.write("b.csv", bars(bar("2024-01-02", "AAA", 10.5)))}));
  EXPECT_EQ(report.corrected, 1);
  EXPECT_THAT(world.rows("bars", {"close", "known_time"}), ElementsAre("10.5 2026-01-06T12:00:00Z"));
  lake::Query before;
  before.as_of = end_of_day(Date::from_civil(2026, 1, 5));
  EXPECT_EQ(world.read("bars", before).column("close").cell(0), "10");
}

TEST(Ingest, FlagsWithoutRejecting) {
  IngestWorld world;
  const IngestReport report = must(
      world.run({world.write("a.csv", bars(bar("2024-01-02", "AAA", 10) + bar("2024-01-03", "AAA", 16) +
                                           bar("2024-01-05", "AAA", 16, 100.5) + bar("2024-01-04", "AAA", 16, 0)))}));
  EXPECT_EQ(report.kept, 4);
  EXPECT_THAT(report.flags, ElementsAre(Pair("move", 1), Pair("zero_volume", 1), Pair("fractional_volume", 1),
                                        Pair("out_of_order", 1), Pair("price_locked", 1)));
  std::vector<std::string> found;
  const Batch stored = world.read("bars");
  for (const std::uint64_t flags : stored.column("flags").uint64s()) {
    found.push_back(flag_names(flags));
  }
  EXPECT_THAT(found, ElementsAre("", "move,price_locked", "zero_volume,out_of_order", "fractional_volume"));
}

TEST(Ingest, TakesAFileWrittenNewestFirst) {
  IngestWorld world;
  const IngestReport report = must(world.run({world.write(
      "a.csv", bars(bar("2024-01-05", "AAA", 10) + bar("2024-01-04", "AAA", 10) + bar("2024-01-03", "AAA", 10)))}));
  EXPECT_EQ(report.kept, 3);
  EXPECT_TRUE(report.flags.empty());
  EXPECT_THAT(world.rows("bars", {"session", "raw_line"}), ElementsAre("2024-01-03 4", "2024-01-04 3", "2024-01-05 2"));
}

TEST(Ingest, LetsAKnownSplitExplainAMove) {
  IngestWorld world;
  must(world.run({world.write("actions.csv", "ex_date,symbol,kind,ratio\n2024-01-03,AAA,split,2\n")}, "actions"));
  const IngestReport report =
      must(world.run({world.write("a.csv", bars(bar("2024-01-02", "AAA", 10) + bar("2024-01-03", "AAA", 4.9)))}));
  EXPECT_TRUE(report.flags.empty());
}

TEST(Ingest, LooksBackOnStoredBarsForFlags) {
  IngestWorld world;
  must(world.run({world.write("a.csv", bars(bar("2024-01-02", "AAA", 10)))}));
  const IngestReport report = must(world.run({world.write("b.csv", bars("2024-01-03,AAA,16,17,15,16,100\n"))}));
  EXPECT_THAT(report.flags, ElementsAre(Pair("move", 1)));
}

TEST(Ingest, ChecksNoSessionsWithoutAnExchange) {
  IngestWorld world;
  const IngestReport report = must(world.run({world.write("a.csv", bars(bar("2024-01-06", "AAA", 10)))}, "bars", ""));
  EXPECT_EQ(report.kept, 1);
  EXPECT_THAT(report.notes,
              ElementsAre("no calendar: sessions not checked", "no actions imported: prices are used as delivered"));
  EXPECT_THAT(world.rows("bars", {"instrument_id", "event_time"}),
              ElementsAre(to_string(instrument_id("XXXX", "AAA")) + " 2024-01-06T23:59:59.999999999Z"));
}

TEST(Ingest, GivesAReusedSymbolToAnotherInstrument) {
  IngestWorld world;
  // 2024-01-02 to 2024-03-01 are 41 sessions, on which another one trades; the price breaks.
  std::string text = bars(bar("2024-01-02", "AAA", 10) + bar("2024-03-01", "AAA", 40) + bar("2024-03-04", "AAA", 40));
  const Calendar* calendar = must(find_calendar("XNYS"));
  for (Date day = Date::from_civil(2024, 1, 2); day <= Date::from_civil(2024, 3, 1); day = day + 1) {
    text += calendar->is_session(day) ? bar(to_string(day), "BBB", 10) : "";
  }
  const IngestReport report = must(world.run({world.write("a.csv", text)}));
  EXPECT_EQ(report.new_instruments, 3);
  EXPECT_EQ(report.symbols, 2);
  const std::string told =
      "1 symbol came back after over 20 sessions at another price, taken as another instrument, first AAA from "
      "2024-03-01";
  EXPECT_THAT(report.notes, Contains(told));
  const IngestReport more = must(world.run({world.write("b.csv", bars(bar("2024-03-05", "AAA", 41)))}));
  EXPECT_THAT(more.notes, Not(Contains(told))) << "told once, when it happens";
  EXPECT_THAT(world.rows("symbols", {"instrument_id", "symbol", "valid_from", "valid_to"}, "symbol = 'AAA'"),
              UnorderedElementsAre(to_string(instrument_id("XNYS", "AAA", 0)) + " AAA 1900-01-01 2024-01-02",
                                   to_string(instrument_id("XNYS", "AAA", 1)) + " AAA 2024-03-01 "));
}

TEST(Ingest, KeepsOneInstrumentOverHolesBetweenImportsInAnyOrder) {
  const std::vector<std::string> files = {bars(bar("2022-06-01", "AAA", 10)), bars(bar("2023-06-01", "AAA", 40)),
                                          bars(bar("2024-06-03", "AAA", 15))};
  for (const std::vector<std::size_t>& order : {std::vector<std::size_t>{0, 1, 2}, {0, 2, 1}, {2, 0, 1}, {1, 2, 0}}) {
    IngestWorld world;
    for (const std::size_t file : order) {
      must(world.run({world.write("f" + std::to_string(file) + ".csv", files[file])}));
    }
    EXPECT_THAT(world.rows("instruments", {"instrument_id"}), ElementsAre(to_string(instrument_id("XNYS", "AAA", 0))));
  }
}

TEST(Ingest, ListsWhatDoesNotFit) {
  IngestWorld world;
  world.write("a.csv", bars(bar("2024-01-02", "AAA", 10)));
  world.write("copy.csv", bars(bar("2024-01-02", "AAA", 10)));
  world.write("symbols.csv", "symbol,sector\nAAA,Tech\n");
  world.write("sail.us.txt", "");
  world.write("header.csv", kBarsHeader);
  world.write("notes.txt", "nothing here\n");
  const IngestReport report = must(world.run({world.data()}));
  EXPECT_EQ(report.kept, 1);
  EXPECT_THAT(report.skipped,
              UnorderedElementsAre(Pair(world.data() + "/copy.csv", "the same bytes as " + world.data() + "/a.csv"),
                                   Pair(world.data() + "/symbols.csv", "has no column for 'date'"),
                                   Pair(world.data() + "/sail.us.txt", "no rows"),
                                   Pair(world.data() + "/header.csv", "no rows"),
                                   Pair(world.data() + "/notes.txt", "not a table")));
}

TEST(Ingest, ReadsParquetAsItReadsText) {
  IngestWorld world;
  const std::string text = bars(bar("2024-01-02", "AAA", 10) + bar("2024-01-03", "BBB", 11));
  must(world.run({world.write("a.csv", text)}));
  Column date("Date", ColumnType::kDate);
  date.push(Date::from_civil(2024, 1, 2));
  date.push(Date::from_civil(2024, 1, 3));
  TextData symbols;
  symbols.push("AAA");
  symbols.push("BBB");
  const std::string path = world.data() + "/a.parquet";
  const std::vector<double> prices = {10, 11};
  must(lake::write_parquet(path, Batch({date, Column::text("Ticker", symbols), Column::float64("open", prices),
                                        Column::float64("high", prices), Column::float64("low", prices),
                                        Column::float64("close", prices), Column::int64("volume", {100, 100})})));
  const IngestReport report = must(world.run({path}));
  EXPECT_EQ(report.dropped, 2);
  EXPECT_EQ(report.kept, 0);
}

TEST(Ingest, ReadsImportTomlBesideTheFiles) {
  IngestWorld world;
  world.write("import.toml", "mic = \"XNYS\"\nkind = \"etf\"\nadjusted = true\n[map]\nclose = \"Last\"\n");
  world.write("spy.csv", "Date,Last\n2024-01-02,470.5\n");
  const IngestReport report = must(world.run({world.data()}, "", ""));
  EXPECT_EQ(report.mic, "XNYS");
  EXPECT_THAT(world.rows("instruments", {"symbol", "kind", "adjusted_by_source"}), ElementsAre("SPY etf true"));
  EXPECT_EQ(report.notes.back(), "prices adjusted by their source: the instruments are marked so");
}

TEST(Ingest, MarksWhatIsSynthetic) {
  IngestWorld world;
  IngestRequest request;
  request.paths = {world.write("a.csv", bars(bar("2024-01-02", "AAA", 10)))};
  request.mic = "XNYS";
  request.synthetic = true;
  must(world.run(request));
  EXPECT_THAT(world.rows("bars", {"source"}), ElementsAre("synthetic"));
  const auto lake = must(lake::Lake::open(world.lake_folder(), lake::Access::kRead, world.test.clock, world.test.pool));
  EXPECT_TRUE(must(lake->commits()).front().note.find("synthetic")->as_bool());
}

TEST(Ingest, ABenchmarkWithoutOpensIsSaid) {
  IngestWorld world;
  const auto notes = [&](std::string_view text) {
    return must(world.run({world.write("b.csv", text)}, "benchmark")).notes;
  };
  const auto said = ::testing::Contains(::testing::HasSubstr("b.csv has no column open: beside returns from open"));
  EXPECT_THAT(notes("date,symbol,close\n2024-01-02,SPX,10\n"), said);
  EXPECT_THAT(notes("date,symbol,open,close\n2024-01-03,SPX,10,10\n"), ::testing::Not(said));
  EXPECT_THAT(must(world.run({world.write("a.csv", "date,symbol,close\n2024-01-02,AAA,10\n")})).notes,
              ::testing::Not(::testing::Contains(::testing::HasSubstr("no column open"))));
}

TEST(Ingest, KeepsABenchmarkAsBarsOfAnIndex) {
  IngestWorld world;
  const IngestReport report =
      must(world.run({world.write("b.csv", "date,symbol,open,close\n2024-01-02,^GSPC,4745.2,4742.83\n")}, "benchmark"));
  EXPECT_EQ(report.kept, 1);
  EXPECT_THAT(world.rows("instruments", {"symbol", "kind"}), ElementsAre("^GSPC index"));
  EXPECT_THAT(world.rows("bars", {"open", "high", "close"}), ElementsAre("4745.2  4742.83"));
}

TEST(Ingest, RefusesBadFilesAndLeavesTheLakeAlone) {
  IngestWorld world;
  const std::string good = world.write("good.csv", bars(bar("2024-01-02", "AAA", 10)));
  EXPECT_EQ(world.failure({world.data() + "/none.csv"}), 8);
  EXPECT_EQ(world.failure({world.write("e/empty.csv", "")}), 2014);
  EXPECT_EQ(world.failure({world.write("h/header.csv", kBarsHeader)}), 2014);
  EXPECT_EQ(world.failure({world.write("m/m.csv", "date,symbol,clsoe\n2024-01-02,AAA,1\n")}), 2001);
  EXPECT_EQ(world.failure({world.data() + "/m"}), 2001);  // Nothing in the folder fits.
  EXPECT_EQ(world.failure({world.write("d.csv", "date,symbol,close,Close\n2024-01-02,AAA,1,1\n")}), 2002);
  EXPECT_EQ(world.failure({world.write("l.csv", "date,symbol,close\n2024-01-02,\xe9,1\n")}), 2003);
  EXPECT_EQ(world.failure({world.write("s.csv", "date symbol close\n2024-01-02 AAA 1\n")}), 2003);
  EXPECT_EQ(world.failure({world.write("p.parquet", "PAR1 and then nothing")}), 2015);
  EXPECT_EQ(world.failure({world.write("q.parquet", "")}), 2015);
  EXPECT_EQ(world.failure({world.write("g.csv.gz", "\x1f\x8b broken")}), 2021);
  EXPECT_EQ(world.failure({good}, "bars", "NYSE"), 2019);
  EXPECT_EQ(world.failure({good}, "brs"), 2016);
  EXPECT_FALSE(std::filesystem::exists(world.lake_folder()));  // No lake is made for nothing.
  must(world.run({good}));
  EXPECT_EQ(world.failure({world.data() + "/p.parquet"}), 2015);
  EXPECT_EQ(world.rows("bars", {"close"}).size(), 1U);
}

TEST(Ingest, StopsCleanlyWhenAsked) {
  IngestWorld world;
  const std::string path = world.write("a.csv", bars(bar("2024-01-02", "AAA", 10)));
  for (const std::string_view phase : {"reading", "archiving", "storing", "committing"}) {
    world.progress = [&](std::string_view now, std::int64_t, std::int64_t) { return now != phase; };
    EXPECT_EQ(world.failure({path}), 10) << phase;
  }
  world.progress = {};
  EXPECT_EQ(must(world.run({path})).kept, 1);
}

TEST(Ingest, CopiesRawBytesUnlessToldToReferToThem) {
  for (const std::string raw : {"", "auto", "copy", "reference"}) {
    IngestWorld world;
    const std::string text = bars(bar("2024-01-02", "AAA", 10));
    IngestRequest request;
    request.paths = {world.write("a.csv", text)};
    request.mic = "XNYS";
    request.raw = raw;
    const IngestReport report = must(world.run(request));
    const bool is_copied = raw != "reference";
    EXPECT_EQ(report.files.front().is_copied, is_copied) << raw;
    EXPECT_THAT(ingest_text(report, 0.5, 0.3), HasSubstr(is_copied ? "  raw       1 file copied into the lake\n"
                                                                   : "  raw       1 file only referenced: keep it"));
    EXPECT_EQ(ingest_json(must(world.run(request))), ingest_json(report));
    std::filesystem::remove(request.paths.front());  // What moving it away does.
    const auto lake =
        must(lake::Lake::open(world.lake_folder(), lake::Access::kRead, world.test.clock, world.test.pool));
    EXPECT_EQ(must(lake->verify()).damaged.empty(), is_copied);
    const auto bytes = lake::make_archive(*lake, world.test.clock)->get(report.files.front().sha256);
    EXPECT_EQ(bytes.has_value(), is_copied);
    EXPECT_EQ(bytes.value_or(text), text);
  }
}

TEST(Ingest, NamesTheColumnsItDoesNotStore) {
  IngestWorld world;
  const std::string a = world.write("a.csv", "date,symbol,close,Openint,my factor\n2024-01-02,AAA,10,0,1\n");
  const std::string b = world.write("b.csv", "date,symbol,close,Openint\n2024-01-03,AAA,10,0\n");
  EXPECT_THAT(must(world.run({a, b})).notes,
              testing::Contains("columns that bars does not have, not stored: Openint, my factor"));
  EXPECT_THAT(must(world.run({world.write("c.csv", bars(bar("2024-01-04", "AAA", 10)))})).notes,
              testing::Not(testing::Contains(HasSubstr("not stored"))));
  const std::string many = world.write("d.csv", "date,symbol,close,k,a,b,p,d,e,f,g\n2024-01-05,AAA,1,,,,,,,,\n");
  EXPECT_THAT(must(world.run({many})).notes,
              testing::Contains("columns that bars does not have, not stored: a, b, d, e, f, g and 2 more"));
}

TEST(Ingest, OnlyRefersToLargeFiles) {
  IngestPlan plan;
  EXPECT_TRUE(plan.copies(64 << 20));
  EXPECT_FALSE(plan.copies((64 << 20) + 1));
  plan.raw = RawKeeping::kCopy;
  EXPECT_TRUE(plan.copies(std::int64_t{1} << 40));
  plan.raw = RawKeeping::kReference;
  EXPECT_FALSE(plan.copies(1));
}

TEST(SetAsideFinding, CountsAgainstWhatIsAllowed) {
  IngestReport report;
  report.read = 1'261'004;
  report.set_aside = 133;
  const std::optional<Error> finding = set_aside_finding(report, 0.0);
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(render(*finding),
            "error[E3001]: 133 of 1,261,004 rows set aside (0.011 %), the rest is stored\n"
            "help: lode data show quarantine, or accept them with --allow-rejects 0.02%");
  EXPECT_FALSE(set_aside_finding(report, must(parse_share("0.02%"))).has_value());
  EXPECT_TRUE(set_aside_finding(report, must(parse_share("0.0001"))).has_value());
  EXPECT_EQ(must(parse_share("2 %")), 0.02);
  for (const char* bad : {"", "%", "two", "-1%", "1.5", "101%"}) {
    EXPECT_FALSE(parse_share(bad).has_value()) << bad;
  }
}

TEST(Ingest, StopsBeforeItTakesMoreMemoryThanAllowed) {
  IngestWorld world;
  std::string rows;
  for (int i = 0; i < 1300; ++i) {
    rows += fmt::format("2024-01-02,A{},10,11,9,10,1\n", i);
  }
  const std::string path = world.write("a.csv", std::string(kBarsHeader) + rows);
  must(world.test.config.merge_flag("import.memory_mb", "1", "--set"));
  const Result<IngestReport> report = world.run({path});
  ASSERT_FALSE(report);
  EXPECT_EQ(render(report.error()),
            "error[E2023]: " + path +
                " needs more memory than the 1 MB allowed, enough for 1,250 rows\n"
                "help: import it in pieces, oldest first, or raise import.memory_mb in lode.toml");
  EXPECT_FALSE(std::filesystem::exists(world.lake_folder())) << "nothing was stored";
  must(world.test.config.merge_flag("import.memory_mb", "2", "--set"));
  EXPECT_EQ(must(world.run({path})).kept, 1300);
  std::string more(rows);
  for (std::size_t at = more.find("01-02"); at != std::string::npos; at = more.find("01-02", at)) {
    more.replace(at, 5, "01-03");
  }
  const Result<IngestReport> both = world.run({path, world.write("b.csv", std::string(kBarsHeader) + more)});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().message(), "2 of 2 files, " + path + " to " + world.data() +
                                        "/b.csv, need more memory than the 2 MB allowed, enough for 2,500 rows");
}

TEST(Ingest, AFileLargerThanTheMemoryIsNotRead) {
  IngestWorld world;
  must(world.test.config.merge_flag("import.memory_mb", "300", "--set"));
  for (const char* name : {"a.csv", "a.csv.gz", "a.parquet"}) {
    const std::string path = world.write(name, "");
    std::filesystem::resize_file(path, std::uintmax_t{1} << 36);  // Holes, 64 GiB of them.
    EXPECT_EQ(world.failure({path}), 2023) << name;
  }
  const std::string text = world.write("b.csv", std::string(kBarsHeader) + "2024-01-02,AAA,10,11,9,10,1\n");
  EXPECT_EQ(must(world.run({text})).kept, 1);
}

TEST(Ingest, TheRowsOfAParquetFileAreCountedBeforeTheyAreRead) {
  IngestWorld world;
  constexpr std::size_t kRows = 50'000;
  const Column days = Column::date("date", std::vector<std::int32_t>(kRows, Date::from_civil(2024, 1, 2).days));
  TextData names;
  for (std::size_t row = 0; row < kRows; ++row) {
    names.push("AAA");
  }
  const Batch batch({days, Column::text("symbol", names), Column::float64("close", std::vector<double>(kRows, 10.0))});
  const std::string path = world.write("a.parquet", "");
  must(lake::write_parquet(path, batch));
  ASSERT_LT(std::filesystem::file_size(path), 1'000'000U) << "its size says nothing";
  must(world.test.config.merge_flag("import.memory_mb", "10", "--set"));
  EXPECT_EQ(world.failure({path}), 2023);
}

}  // namespace
}  // namespace lode::flow
