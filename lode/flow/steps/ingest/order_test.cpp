// Many imports of one market: in any order, side by side, for two exchanges. The lake says the same of who is who, and
// an import that knows nothing new of an instrument writes nothing about it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "lode/base/test_rounds.h"
#include "lode/flow/steps/ingest/check.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/flow/steps/ingest/text.h"
#include "lode/flow/steps/store/files.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::string year_of(int year) {
  return std::string(kBarsHeader) + fmt::format("{0}-03-01,AAA,10,11,9,10,100\n{0}-03-02,AAA,10,11,9,10.1,100\n", year);
}

const std::vector<std::string> kNamed = {"naming", "symbol", "valid_from", "valid_to"};

TEST(ImportOrder, YearlyFilesInAnyOrderSayOnceWhoAnInstrumentIs) {
  // Six orders of three files under the sanitizers, all 24 of four otherwise.
  std::vector<int> years = {2016, 2017, 2018, 2022};
  years.erase(years.begin(), years.begin() + (kSanitized ? 1 : 0));
  do {
    IngestWorld world;
    for (const int year : years) {
      must(world.run({world.write(fmt::format("{}.csv", year), year_of(year))}));
    }
    EXPECT_THAT(world.rows("symbols", kNamed), ElementsAre("XNYS AAA 1900-01-01 "));
    EXPECT_THAT(world.rows("instruments", {"symbol", "known_time"}), ElementsAre("AAA 1900-01-01T00:00:00Z"));
    EXPECT_THAT(world.rows("bars", {"session"}), SizeIs(2 * years.size()));
    const auto lake =
        must(lake::Lake::open(world.lake_folder(), lake::Access::kRead, world.test.clock, world.test.pool));
    for (const lake::CommitRows& rows : must(lake->commit_rows())) {
      EXPECT_EQ(rows.table == "bars" || rows.commit == 1, true)
          << rows.table << " of commit " << rows.commit << " says nothing new";
    }
    // A reader of the first days, long before any file came, sees the name too.
    EXPECT_THAT(
        must(must(lake->snapshot()).read("symbols", {.as_of = end_of_day(Date::from_civil(2016, 3, 2))})).rows(), 1U);
  } while (std::ranges::next_permutation(years).found);
}

TEST(ImportOrder, ImportsSideBySideAgreeOnWhoIsWho) {
  IngestWorld world;
  must(world.run({world.write("first.csv", std::string(kBarsHeader) + "2015-03-02,ZZZ,1,1,1,1,1\n")}));
  std::vector<std::string> paths;
  for (const int year : {2016, 2017, 2018, 2022}) {
    paths.push_back(world.write(fmt::format("{}.csv", year), year_of(year)));
  }
  std::vector<std::thread> threads;
  for (const std::string& path : paths) {
    threads.emplace_back([&world, path] {
      TestWorld own;
      World inner = own.world();
      inner.lake = world.lake_folder();
      IngestRequest request;
      request.paths = {path};
      request.table = "bars";
      request.mic = "XNYS";
      must(ingest(inner, request));
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(world.rows("symbols", kNamed, "symbol = 'AAA'"), ElementsAre("XNYS AAA 1900-01-01 "));
  EXPECT_THAT(world.rows("instruments", {"symbol"}), UnorderedElementsAre("AAA", "ZZZ"));
  EXPECT_THAT(world.rows("bars", {"session"}, "close >= 10"), SizeIs(8));
}

TEST(ImportOrder, OneRuleDecidesInOneCommandAndInTwo) {
  const std::string old_days = std::string(kBarsHeader) + "2023-01-03,AAA,10,11,9,10,100\n";
  const std::string new_days = std::string(kBarsHeader) + "2023-12-04,AAA,100,101,99,100,100\n";
  std::string others(kBarsHeader);
  const Calendar* calendar = must(find_calendar("XNYS"));
  for (Date day = Date::from_civil(2023, 1, 3); day <= Date::from_civil(2023, 12, 4); day = day + 1) {
    others += calendar->is_session(day) ? to_string(day) + ",BBB,10,11,9,10,100\n" : "";
  }
  for (const bool has_market : {false, true}) {
    IngestWorld one;
    std::vector<std::string> paths = {one.write("old.csv", old_days), one.write("new.csv", new_days)};
    if (has_market) {
      paths.push_back(one.write("others.csv", others));
    }
    const IngestReport together = must(one.run(paths));
    IngestWorld two;
    if (has_market) {
      must(two.run({two.write("others.csv", others)}));
    }
    must(two.run({two.write("old.csv", old_days)}));
    const IngestReport later = must(two.run({two.write("new.csv", new_days)}));
    const std::vector<std::string> columns = {"instrument_id", "session", "close"};
    EXPECT_THAT(one.rows("bars", columns), ::testing::ContainerEq(two.rows("bars", columns)));
    EXPECT_THAT(one.rows("instruments", {"symbol"}, "symbol = 'AAA'"), SizeIs(has_market ? 2 : 1));
    for (const IngestReport& report : {together, later}) {
      EXPECT_EQ(report.unclear, has_market ? 0 : 1);
      EXPECT_EQ(ingest_text(report, 0.5, 0.3).find("1 symbol away for over 20 sessions") != std::string::npos,
                !has_market);
      EXPECT_EQ(ingest_from_json(ingest_json(report)).unclear, report.unclear);
    }
  }
}

TEST(ImportOrder, WhatCameBeforeStaysWithTheHolderAndIsSaid) {
  IngestWorld world;
  must(world.run({world.write("new.csv", std::string(kBarsHeader) + "2023-12-04,AAA,100,101,99,100,100\n")}));
  const IngestReport report =
      must(world.run({world.write("old.csv", std::string(kBarsHeader) + "2023-01-03,AAA,10,11,9,10,100\n")}));
  EXPECT_EQ(report.unclear, 1);
  EXPECT_THAT(world.rows("instruments", {"symbol"}), SizeIs(1));
}

TEST(ImportOrder, QuarantineTellsTheExchangesApart) {
  IngestWorld world;
  const std::string path = world.write("a.csv", std::string(kBarsHeader) +
                                                    "2024-01-26,AAA,10,11,9,10,1\n"  // Australia Day.
                                                    "2024-01-15,AAA,10,11,9,10,1\n"  // Martin Luther King Jr. Day.
                                                    "2024-01-29,AAA,10,9,11,10,1\n"  // Wrong everywhere.
                                                    "2024-01-30,AAA,10,11,9,10,1\n");
  EXPECT_EQ(must(world.run({path}, "bars", "XNYS")).set_aside, 2);
  std::string sydney = must(read_file(path));
  sydney.replace(sydney.find("30,AAA,10"), 9, "30,AAA,11");  // The same bar would be the same company.
  sydney.replace(sydney.rfind(",10,1"), 5, ",11,1");
  EXPECT_EQ(must(world.run({world.write("b.csv", sydney)}, "bars", "XASX")).set_aside, 2);
  EXPECT_THAT(world.rows("quarantine", {"mic", "rule", "raw_line"}),
              UnorderedElementsAre("XNYS E2011 3", "XNYS E2007 4", "XASX E2011 2", "XASX E2007 4"));
  const auto lake = must(lake::Lake::open(world.lake_folder(), lake::Access::kRead, world.test.clock, world.test.pool));
  const CheckReport report = must(check_bars(*lake, {}));
  EXPECT_EQ(report.set_aside, 4);
  EXPECT_THAT(report.rejected, SizeIs(4));
  EXPECT_THAT(check_text(report), HasSubstr("(XASX)"));
  EXPECT_EQ(check_json(report).at_path("reasons.0.mic")->as_text(), "XASX");
}

TEST(ImportOrder, AGivenKindCorrectsWhatTheLakeThought) {
  IngestWorld world;
  const std::string path = world.write("etf.csv", std::string(kBarsHeader) + "2024-01-02,SPY,10,11,9,10,100.5\n");
  EXPECT_EQ(must(world.run({path})).flagged, 1) << "a fraction of a share of a company";
  EXPECT_THAT(world.rows("instruments", {"kind"}), ElementsAre("equity"));
  IngestRequest request;
  request.paths = {path};
  request.table = "bars";
  request.mic = "XNYS";
  request.kind = "etf";
  const IngestReport again = must(world.run(request));
  EXPECT_EQ(again.dropped, 1);
  EXPECT_THAT(world.rows("instruments", {"symbol", "kind", "mic"}), ElementsAre("SPY etf XNYS"));
  must(world.run({world.write("more.csv", std::string(kBarsHeader) + "2024-01-03,SPY,10,11,9,10,100.5\n")}));
  EXPECT_THAT(world.rows("instruments", {"kind"}), ElementsAre("etf")) << "what nobody says changes nothing";
}

TEST(ImportOrder, ThinDaysAreSaid) {
  IngestWorld world;
  std::string text(kBarsHeader);
  for (const char* day : {"2024-01-02", "2024-01-03"}) {
    text += fmt::format("{},S00,10,11,9,10,1\n", day);
  }
  for (const char* day : {"2024-01-04", "2024-01-05", "2024-01-08"}) {
    for (int symbol = 0; symbol < 20; ++symbol) {
      text += fmt::format("{},S{:02},10,11,9,10,1\n", day, symbol);
    }
  }
  EXPECT_THAT(
      must(world.run({world.write("a.csv", text)})).notes,
      ::testing::Contains("2 of 5 sessions have under 20 names; those with more lie in 2024-01-04 .. 2024-01-08 "
                          "(--from, --to)"));
  EXPECT_THAT(must(world.run({world.write("small.csv", year_of(2016))})).notes,
              ::testing::Not(::testing::Contains(HasSubstr("under 20 names"))))
      << "who brings one name knows it";
}

}  // namespace
}  // namespace lode::flow
