// lode data import as it is typed: its text, its finding, its data.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/market/calendar.h"

namespace lode {

const Flow& flow_data_import();
const Flow& flow_data_check();

namespace {

using flow::IngestWorld;
using flow::kBarsHeader;
using testing::HasSubstr;

Result<Outcome> run(IngestWorld& world, const Flow& flow, Value raw) {
  World inner = world.test.world();
  LODE_TRY(const Request request, complete_request(flow.spec, raw, inner.config));
  return flow.run(inner, request);
}

Value request(const std::vector<std::string>& paths) {
  Value raw = Value::object();
  Value list = Value::array();
  for (const std::string& path : paths) {
    list.push(path);
  }
  raw.set("path", std::move(list));
  return raw;
}

// Lines of text with the folder of the test left out.
std::string tidied(std::string text, const std::string& folder) {
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
    text.erase(at, folder.size() + 1);
  }
  return text;
}

std::string year_of_bars(int year, std::string_view symbol) {
  std::string out;
  const Calendar* calendar = must(find_calendar("XNYS"));
  for (const Date day : calendar->sessions(Date::from_civil(year, 1, 1), Date::from_civil(year, 12, 31))) {
    out += fmt::format("{},{},10,11,9,10.5,1000\n", to_string(day), symbol);
  }
  return out;
}

TEST(DataImport, PrintsTheSummary) {
  IngestWorld world;
  must(world.run({world.write("actions.csv", "ex_date,symbol,kind,ratio\n2014-06-09,AAA,split,7\n")}, "actions"));
  const std::string header(kBarsHeader);
  world.write("bars/2015.csv", header + year_of_bars(2015, "AAA") + "2015-01-19,AAA,10,11,9,10,1\n");
  world.write("bars/2019.csv",
              header + year_of_bars(2019, "AAA") + "2019-07-01,BBB,10,11,9,abc,1\n2019-07-02,BBB,10,11,9,x,1\n");
  world.write("bars/2021.csv", header + year_of_bars(2021, "AAA") + "2021-07-01,BBB,10,10.1,10.4,10,1\n");
  world.write("bars/2024.csv", header + year_of_bars(2024, "AAA") + "2024-12-31,AAA,10,11,9,10.5,1000\n" +
                                   "2024-12-30,BBB,10,11,9,10,1\n2024-12-30,BBB,10,11,9,10.5,1\n" +
                                   "2024-12-31,CCC,10,11,9,10,1\n");
  Value raw = request({world.data() + "/bars"});
  raw.set("table", "bars");
  raw.set("mic", "XNYS");
  const Outcome outcome = must(run(world, flow_data_import(), raw));
  EXPECT_EQ(tidied(outcome.text, world.data()),
            "Read 4 files, 1,016 rows in 0.0 s\n"
            "\n"
            "  kept          1,009   2 symbols, 2015-01-02 .. 2024-12-31, daily, XNYS\n"
            "  dropped           1   duplicates with equal values\n"
            "  set aside         6   in the table quarantine, one reason each\n"
            "  repaired          0   Lode repairs nothing unless told: --repair\n"
            "\n"
            "  reason                                    rows  first seen\n"
            "  E2004 close is not a number                  2  bars/2019.csv:254  \"abc\"\n"
            "  E2007 high below low                         1  bars/2021.csv:254  h 10.1 l 10.4\n"
            "  E2011 not a session of XNYS (holiday)        1  bars/2015.csv:254  2015-01-19\n"
            "  E2012 duplicate day, values differ           2  bars/2024.csv:255  all set aside\n"
            "\n"
            "  flagged   3 gaps: lode data check\n"
            "            daily bars have no time zone: taken as XNYS sessions\n"
            "  raw       4 files copied into the lake\n");
  ASSERT_TRUE(outcome.finding.has_value());
  EXPECT_EQ(render(*outcome.finding),
            "error[E3001]: 6 of 1,016 rows set aside (0.59 %), the rest is stored\n"
            "help: lode data show quarantine, or accept them with --allow-rejects 0.6%");
  EXPECT_EQ(exit_code(outcome.finding->number()), 3);
  EXPECT_EQ(outcome.data.at_path("set_aside")->as_int(), 6);
  EXPECT_EQ(outcome.data.at_path("reasons.E2007.first.line")->as_int(), 254);
  EXPECT_EQ(outcome.data.at_path("files.0.rows")->as_int(), 253);
}

TEST(DataImport, AcceptsTheShareItIsTold) {
  IngestWorld world;
  Value raw = request(
      {world.write("a.csv", std::string(kBarsHeader) + "2024-01-02,AAA,1,1,1,1,1\n2024-01-03,AAA,1,1,1,0,1\n")});
  raw.set("allow-rejects", "50%");
  const Outcome outcome = must(run(world, flow_data_import(), raw));
  EXPECT_FALSE(outcome.finding.has_value());
  EXPECT_THAT(outcome.text, HasSubstr("no calendar: sessions not checked\n"));
  const Outcome again = must(run(world, flow_data_import(), request({world.data() + "/a.csv"})));
  EXPECT_THAT(again.text, HasSubstr("Nothing to do: this file was imported before, as commit 1."));
  EXPECT_TRUE(again.finding.has_value());  // The same command says the same.
}

TEST(DataImport, SaysWhichColumnIsMissing) {
  IngestWorld world;
  const std::string path = world.write("bars.csv", "Date,Ticker,Open,High,Low,Last,Vol\n2024-01-02,AAA,1,1,1,1,1\n");
  const Result<Outcome> outcome = run(world, flow_data_import(), request({path}));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(tidied(render(outcome.error()), world.data()),
            "error[E2001]: bars.csv has no column for 'close'\n"
            "  1 | Date,Ticker,Open,High,Low,Last,Vol\n"
            "    |                           ^^^^ closest\n"
            "help: lode data import bars.csv --table bars --map close=Last,volume=Vol,symbol=Ticker\n"
            "      found: Date, Ticker, Open, High, Low, Last, Vol    needed: date, symbol, close");
  Value mapped = request({path});
  mapped.set("map", Value::array()).push("close=Last,volume=Vol,symbol=Ticker");
  EXPECT_EQ(must(run(world, flow_data_import(), mapped)).data.at_path("kept")->as_int(), 1);
  Value wrong = request({path});
  wrong.set("map", Value::array()).push("close");
  EXPECT_EQ(run(world, flow_data_import(), wrong).error().number(), E::E4);
}

TEST(DataCheck, TellsWhatIsWrong) {
  IngestWorld world;
  std::string text = std::string(kBarsHeader) + year_of_bars(2015, "AAA") + year_of_bars(2015, "BBB");
  const std::size_t gone = text.find("2015-03-02,BBB");
  text.erase(gone, text.find("2015-03-16,BBB") - gone);  // Ten sessions.
  text += "2016-01-04,AAA,20,21,19,20,1000\n2016-01-05,AAA,20,21,19,-1,1000\n";
  Value raw = request({world.write("a.csv", text)});
  raw.set("mic", "XNYS");
  must(run(world, flow_data_import(), raw));
  const Outcome outcome = must(run(world, flow_data_check(), Value::object()));
  EXPECT_THAT(outcome.text, HasSubstr("Checked 495 bars of 2 instruments, 2015-01-02 .. 2016-01-04\n"));
  EXPECT_THAT(outcome.text, HasSubstr("AAA 2016-01-04 10.5 -> 20 (+90.5 %)"));
  EXPECT_THAT(outcome.text, HasSubstr("BBB                          10  252       10  2015-03-02\n"));
  EXPECT_THAT(tidied(outcome.text, world.data()), HasSubstr("a.csv:497  c -1 is not above 0"));
  // 252 sessions of BBB, 253 of AAA, ten missing: 495 of 505.
  EXPECT_DOUBLE_EQ(outcome.data.at_path("measures.completeness.value")->as_double(), 495.0 / 505.0);
  ASSERT_TRUE(outcome.finding.has_value());
  EXPECT_EQ(outcome.finding->number(), E::E3002);
  EXPECT_THAT(outcome.finding->message(),
              HasSubstr("completeness 98.02 %, wanted > 99 %; set aside 0.20 %, wanted < 0.1 %"));
  Value one = Value::object();
  one.set("symbol", "bbb");
  EXPECT_EQ(must(run(world, flow_data_check(), one)).data.at_path("bars")->as_int(), 242);
  one.set("symbol", "BBBB");
  EXPECT_EQ(run(world, flow_data_check(), one).error().number(), E::E2104);
}

TEST(DataCheck, IsContentWithGoodData) {
  IngestWorld world;
  Value raw = request({world.write("a.csv", std::string(kBarsHeader) + year_of_bars(2015, "AAA"))});
  raw.set("mic", "XNYS");
  must(run(world, flow_data_import(), raw));
  EXPECT_FALSE(must(run(world, flow_data_check(), Value::object())).finding.has_value());
}

TEST(DataCheck, WantsALakeWithBars) {
  IngestWorld world;
  EXPECT_EQ(run(world, flow_data_check(), Value::object()).error().number(), E::E8001);
  must(world.run({world.write("g.csv", "symbol,sector\nAAA,Tech\n")}, "groups"));
  EXPECT_EQ(run(world, flow_data_check(), Value::object()).error().number(), E::E2101);
}

}  // namespace
}  // namespace lode
