// Actions, groups, universes and instruments: judged row by row, given to the holder of the symbol, known when they
// could be.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/io/lake/panels.h"
#include "lode/market/instrument.h"

namespace lode::flow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::string id(std::string_view symbol) { return to_string(instrument_id("XNYS", symbol)); }

TEST(IngestActions, AreKnownOnTheirExDateAtTheLatest) {
  IngestWorld world;
  const std::string text =
      "ex_date,symbol,kind,ratio,amount,currency,declared_on\n"
      "2024-06-10,AAA,split,10:1,,,\n"
      "2024-06-11,AAA,dividend,,0.25,usd,2024-05-22\n"
      "2024-06-12,AAA,dividend,,0.3,USD,2024-07-01\n";
  const IngestReport report = must(world.run({world.write("actions.csv", text)}, "actions"));
  EXPECT_EQ(report.kept, 3);
  EXPECT_THAT(report.notes, ElementsAre("1 symbol has no bars in this lake yet, first AAA"));
  // The open of XNYS in summer is 13:30 UTC; a declaration counts from the end of its day.
  EXPECT_THAT(world.rows("actions", {"instrument_id", "ex_date", "kind", "ratio", "amount", "currency", "known_time",
                                     "known_assumed"}),
              ElementsAre(id("AAA") + " 2024-06-10 split 10   2024-06-10T13:30:00Z true",
                          id("AAA") + " 2024-06-11 dividend  0.25 USD 2024-05-22T23:59:59.999999999Z false",
                          id("AAA") + " 2024-06-12 dividend  0.3 USD 2024-06-12T13:30:00Z false"));
}

TEST(IngestActions, ThatCannotBeAreSetAside) {
  IngestWorld world;
  const std::string text =
      "ex_date,symbol,kind,ratio,amount\n2024-06-10,AAA,split,0,\n2024-06-10,AAA,split,,\n2024-06-10,AAA,dividend,,-1\n"
      "2024-06-10,AAA,jump,,1\n2024-06-31,AAA,split,2,\n2024-06-10,,split,2,\n2024-06-10,AAA,split,two,\n"
      "2024-06-10,AAA,delisting,,-2\n2024-06-10,AAA,special,,1\n2024-06-10,AAA,special,,1\n2024-06-10,BBB,special,,1\n"
      "2024-06-10,BBB,special,,2\n";
  const IngestReport report = must(world.run({world.write("actions.csv", text)}, "actions"));
  EXPECT_EQ(report.read, 12);
  EXPECT_EQ(report.kept, 1);
  EXPECT_EQ(report.dropped, 1);
  EXPECT_EQ(report.set_aside, 10);
  EXPECT_THAT(
      world.rows("quarantine", {"raw_line", "rule", "reason"}),
      UnorderedElementsAre("2 E2018 split with ratio 0, expected a ratio above 0",
                           "3 E2018 split with ratio missing, expected a ratio above 0",
                           "4 E2018 dividend with amount -1, expected an amount above 0",
                           "5 E2018 kind 'jump' is no action, expected split, dividend, special, spin_off, rights, "
                           "rename, merger or delisting",
                           "6 E2005 ex_date '2024-06-31' is a day that does not exist", "7 E2010 the symbol is empty",
                           "8 E2004 ratio is 'two', expected a number",
                           "9 E2018 delisting with amount -2, expected a return of -1 or more, or nothing",
                           "12 E2012 the same key stands several times with different values",
                           "13 E2012 the same key stands several times with different values"));
}

TEST(IngestActions, OfADelistingAreAlsoFactsOfTheInstrument) {
  IngestWorld world;
  must(world.run({world.write("a.csv", std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n")}));
  must(world.run({world.write("d.csv", "date,symbol,kind,amount\n2024-01-03,AAA,delisting,-0.3\n")}, "actions"));
  EXPECT_THAT(world.rows("instruments", {"symbol", "currency", "delisted_on", "delisting_return"}),
              ElementsAre("AAA USD 2024-01-03 -0.3"));
}

// The delisting of the lake's only instrument as a reader of a day sees it: "row return", or "listed".
std::string delisting_seen(IngestWorld& world, Date as_of) {
  const auto lake = must(lake::Lake::open(world.lake_folder(), lake::Access::kRead, world.test.clock, world.test.pool));
  lake::PanelRequest request;
  request.fields = {"close"};
  request.to = Date::from_civil(2024, 1, 8);
  request.as_of = end_of_day(as_of);
  const lake::PanelSet set = must(lake::load_panels(must(lake->snapshot()), request, world.test.pool));
  EXPECT_EQ(set.delisted_row.size(), 1U);
  return set.delisted_row[0] < 0 ? "listed"
                                 : std::to_string(set.delisted_row[0]) + " " + shortest(set.delisting_return[0]);
}

// Bars of two days come long before the day of the test world, and the delisting is told on that day.
void expect_known_in_its_time(const std::string& table, const std::string& text) {
  IngestWorld world;
  const std::string bars = std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n2024-01-03,AAA,1,1,1,1,1\n";
  must(world.run({world.write("a.csv", bars)}));
  EXPECT_EQ(must(world.run({world.write("told.csv", text)}, table)).kept, 1);
  EXPECT_EQ(delisting_seen(world, Date::from_civil(2024, 1, 3)), "1 -0.3");
  EXPECT_EQ(delisting_seen(world, Date::from_civil(2024, 1, 4)), "1 -0.3") << "long before the file came";
  EXPECT_EQ(delisting_seen(world, Date::from_civil(2024, 1, 2)), "listed");
}

TEST(IngestActions, OfADelistingAreKnownWhenItHappened) {
  expect_known_in_its_time("actions", "date,symbol,kind,amount\n2024-01-03,AAA,delisting,-0.3\n");
}

TEST(IngestInstruments, ADelistingIsKnownWhenItHappened) {
  expect_known_in_its_time("instruments", "symbol,delisted_on,delisting_return\nAAA,2024-01-03,-0.3\n");
}

TEST(IngestInstruments, ADelistingThatContradictsWhatWasToldIsKnownWhenItCame) {
  IngestWorld world;
  must(world.run({world.write("a.csv", std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n")}));
  must(world.run({world.write("b.csv", "symbol,delisted_on,delisting_return\nAAA,2024-01-02,-0.3\n")}, "instruments"));
  must(world.run({world.write("c.csv", "symbol,delisted_on,delisting_return\nAAA,2024-01-02,-0.9\n")}, "instruments"));
  EXPECT_EQ(delisting_seen(world, Date::from_civil(2024, 1, 3)), "0 -0.3");
  EXPECT_EQ(delisting_seen(world, utc_date(world.test.clock.now())), "0 -0.9");
}

TEST(IngestRecords, FindTheExchangeInTheLake) {
  IngestWorld world;
  const std::string bars = std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n";
  must(world.run({world.write("a.csv", bars)}));
  const std::string others = std::string(kBarsHeader) + "2024-01-02,AAA,2,2,2,2,1\n2024-01-02,BBB,1,1,1,1,1\n";
  must(world.run({world.write("b.csv", others)}, "bars", "XNAS"));
  const IngestReport report =
      must(world.run({world.write("g.csv", "symbol,sector\nAAA,Tech\nBBB,Energy\nCCC,Energy\n")}, "groups", ""));
  EXPECT_EQ(report.kept, 2);
  EXPECT_THAT(world.rows("quarantine", {"rule", "reason"}),
              ElementsAre("E2104 AAA is held on XNAS and XNYS: --mic says which"));
  EXPECT_THAT(world.rows("groups", {"instrument_id", "scheme", "sector", "valid_from"}),
              UnorderedElementsAre(to_string(instrument_id("XNAS", "BBB")) + " user:g Energy 1900-01-01",
                                   to_string(instrument_id("XXXX", "CCC")) + " user:g Energy 1900-01-01"));
  EXPECT_THAT(report.notes, testing::Contains("no dates: taken to hold always, which looks ahead"));
}

TEST(IngestUniverse, KeepsDatedMembership) {
  IngestWorld world;
  const IngestReport report = must(world.run(
      {world.write(
          "sp500.csv",
          "ticker,start_date,end_date\nAAA,2000-06-05,\nBBB,1999-12-08,2017-06-19\nCCC,2001-01-01,2000-01-01\n")},
      "universe"));
  EXPECT_EQ(report.set_aside, 1);
  EXPECT_THAT(
      world.rows("universe", {"name", "instrument_id", "valid_from", "valid_to"}),
      UnorderedElementsAre("sp500 " + id("AAA") + " 2000-06-05 ", "sp500 " + id("BBB") + " 1999-12-08 2017-06-19"));
  EXPECT_THAT(world.rows("quarantine", {"reason"}), ElementsAre("valid_to 2000-01-01 is before valid_from 2001-01-01"));
}

TEST(IngestUniverse, OfTodaysListSaysSo) {
  IngestWorld world;
  must(world.run({world.write("list.csv", "symbol,name\nAAA,mine\nBBB,\n")}, "universe"));
  EXPECT_THAT(world.rows("universe", {"name"}), UnorderedElementsAre("today:mine", "today:list"));
}

TEST(IngestInstruments, AddWhatIsKnownAndKeepTheRest) {
  IngestWorld world;
  must(world.run({world.write("a.csv", std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n")}));
  const IngestReport report = must(world.run(
      {world.write(
          "i.csv",
          "symbol,name,listed_on,isin\nAAA,Alpha Inc,2001-05-04,US0000000001\nBBB,Beta,2031-02-30,\nCCC,Gamma,,\n")},
      "instruments"));
  EXPECT_EQ(report.kept, 2);
  EXPECT_EQ(report.corrected, 1);
  EXPECT_EQ(report.set_aside, 1);
  EXPECT_THAT(world.rows("instruments", {"symbol", "mic", "currency", "name", "listed_on", "isin"}),
              UnorderedElementsAre("AAA XNYS USD Alpha Inc 2001-05-04 US0000000001", "CCC XNYS  Gamma  "));
  // Bars that come later belong to the instrument named before.
  must(world.run({world.write("c.csv", std::string(kBarsHeader) + "2024-01-02,CCC,1,1,1,1,1\n")}));
  EXPECT_THAT(world.rows("instruments", {"symbol", "name"}, "symbol = 'CCC'"), ElementsAre("CCC Gamma"));
  EXPECT_THAT(world.rows("bars", {"close"}, "instrument_id = " + std::to_string(instrument_id("XNYS", "CCC").value)),
              ElementsAre("1"));
}

TEST(IngestActions, BeforeAnyBarHaveTheirNameAllTheSame) {
  IngestWorld world;
  must(world.run({world.write("s.csv", "date,symbol,kind,ratio\n2024-01-04,AAA,split,2\n2024-01-05,AAA,split,3\n")},
                 "actions", ""));
  EXPECT_THAT(world.rows("symbols", {"symbol", "naming", "valid_from"}), ElementsAre("AAA XXXX 1900-01-01"));
  must(world.run({world.write("a.csv", std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n")}, "bars", ""));
  EXPECT_THAT(world.rows("instruments", {"symbol", "mic"}), ElementsAre("AAA XXXX"));
  EXPECT_EQ(world.rows("symbols", {"symbol"}).size(), 1U);
  EXPECT_EQ(world.rows("actions", {"instrument_id"}).front(), world.rows("bars", {"instrument_id"}).front());
}

TEST(IngestActions, FollowTheInstrumentThatStandsBeforeANameAlone) {
  IngestWorld world;
  must(world.run({world.write("s.csv", "date,symbol,kind,ratio\n2024-01-04,AAA,split,2\n")}, "actions", ""));
  must(world.run({world.write("a.csv", std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n")}, "bars", "XNYS"));
  must(world.run({world.write("t.csv", "date,symbol,kind,ratio\n2024-01-05,AAA,split,3\n")}, "actions", ""));
  EXPECT_THAT(world.rows("actions", {"instrument_id"}, "ratio = 3"), world.rows("bars", {"instrument_id"}));
}

TEST(IngestUniverse, ASpanThatEndsBeforeItBeginsIsNoBadDate) {
  IngestWorld world;
  must(world.run({world.write("a.csv", std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n")}));
  must(world.run({world.write("u.csv", "name,symbol,valid_from,valid_to\nbig,AAA,2024-02-01,2024-01-02\n")},
                 "universe"));
  EXPECT_THAT(world.rows("quarantine", {"rule", "reason"}),
              ElementsAre("E2024 valid_to 2024-01-02 is before valid_from 2024-02-01"));
}

}  // namespace
}  // namespace lode::flow
