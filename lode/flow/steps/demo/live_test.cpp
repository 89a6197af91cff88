// The live demo over recordings made here: everything served, EDGAR out of reach, nobody there, and what it refuses.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/live.h"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>

#include "lode/base/random.h"
#include "lode/flow/steps/collect/testing.h"
#include "lode/flow/steps/demo/large_us.h"
#include "lode/flow/steps/demo/live_sources.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/flow/steps/store/files.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kSessions = 400;

// A random walk of the last sessions before the test's clock, as Yahoo writes a chart.
std::string walk_body(const LargeName& name) {
  const Calendar* calendar = must(find_calendar("XNYS"));
  std::vector<Date> days = calendar->sessions(Date::from_civil(2023, 1, 3), Date::from_civil(2026, 1, 2));
  days.erase(days.begin(), days.end() - kSessions);
  std::string stamps, opens, highs, lows, closes, volumes;
  Random random(5, static_cast<std::uint64_t>(name.number));
  double close = 100.0;
  for (const Date day : days) {
    const double open = close * (1.0 + 0.004 * random.next_normal());
    close = open * (1.0 + 0.015 * random.next_normal());
    const char* comma = stamps.empty() ? "" : ",";
    stamps += fmt::format("{}{}", comma, std::int64_t{day.days} * 86'400 + 52'200);
    opens += fmt::format("{}{:.2f}", comma, open);
    highs += fmt::format("{}{:.2f}", comma, std::max(open, close) + 0.5);
    lows += fmt::format("{}{:.2f}", comma, std::min(open, close) - 0.5);
    closes += fmt::format("{}{:.2f}", comma, close);
    volumes += fmt::format("{}{}", comma, 1'000'000 + random.next_below(90'000));
  }
  return fmt::format(
      R"({{"chart":{{"result":[{{"meta":{{"currency":"USD","symbol":"{0}","exchangeName":"NYQ","instrumentType":"EQUITY",)"
      R"("firstTradeDate":345479400,"gmtoffset":-18000,"timezone":"EST","exchangeTimezoneName":"America/New_York",)"
      R"("dataGranularity":"1d","range":""}},"timestamp":[{1}],"indicators":{{"quote":[{{"open":[{2}],"high":[{3}],)"
      R"("low":[{4}],"close":[{5}],"volume":[{6}]}}],"adjclose":[{{"adjclose":[{5}]}}]}}}}],"error":null}}}})",
      name.symbol, stamps, opens, highs, lows, closes, volumes);
}

// Twelve quarters to 2025-09-30, net income and assets of the company's own size.
std::string facts_body(const LargeName& name) {
  std::string income, assets;
  Date start = Date::from_civil(2022, 10, 1);
  for (int quarter = 0; quarter < 12; ++quarter) {
    const int month = start.month() + 3;
    const Date next = Date::from_civil(start.year() + (month > 12 ? 1 : 0), month > 12 ? month - 12 : month, 1);
    const std::string filing =
        fmt::format(R"("accn":"{:010}-{:02}-{:06}","fy":{},"fp":"Q1","form":"10-Q","filed":"{}")", name.number,
                    next.year() % 100, quarter + 1, next.year(), to_string(next + 29));
    const char* comma = quarter == 0 ? "" : ",";
    income += fmt::format(R"({}{{"start":"{}","end":"{}","val":{},{}}})", comma, to_string(start), to_string(next - 1),
                          (1 + name.number % 97) * 1'000'000, filing);
    assets += fmt::format(R"({}{{"end":"{}","val":{},{}}})", comma, to_string(next - 1),
                          1'000'000'000 + name.number % 89 * 10'000'000, filing);
    start = next;
  }
  return fmt::format(
      R"({{"cik":{},"entityName":"{}","facts":{{"us-gaap":{{"NetIncomeLoss":{{"label":"n","description":"d",)"
      R"("units":{{"USD":[{}]}}}},"Assets":{{"label":"a","description":"d","units":{{"USD":[{}]}}}}}}}}}})",
      name.number, name.name, income, assets);
}

std::string submissions_body(const LargeName& name) {
  return fmt::format(
      R"({{"cik":"{:010}","entityType":"operating","sic":"1","name":"{}","formerNames":[],"filings":{{"recent":{{)"
      R"("accessionNumber":["{:010}-25-000012"],"filingDate":["2025-10-30"],"reportDate":["2025-09-30"],)"
      R"("acceptanceDateTime":["2025-10-30T20:30:00.000Z"],"form":["10-Q"],"items":[""],"size":[9],)"
      R"("primaryDocument":["a.htm"]}},"files":[]}}}})",
      name.number, name.name, name.number);
}

std::string register_body() {
  std::string rows;
  for (const LargeName& name : large_us()) {
    rows += fmt::format(R"({}[{},"{}","{}","NYSE"])", rows.empty() ? "" : ",", name.number, name.name, name.symbol);
  }
  return R"({"fields":["cik","name","ticker","exchange"],"data":[)" + rows + "]}";
}

class LiveDemo : public ::testing::Test {
 protected:
  LiveDemo() {
    World one = world.world();
    sources = must(live_sources(one, Date::from_civil(2021, 1, 5)));
  }

  void record(std::size_t source, const std::function<std::string(const LargeName&)>& body) {
    const std::vector<std::string> urls =
        world.planned(std::string(sources[source].source->spec.name), sources[source].request);
    for (std::size_t i = 0; i < urls.size(); ++i) {
      world.record(urls[i], body(large_us()[i]), 200, "application/json", "2026-01-05T12:00:00Z");
    }
  }
  void record_prices() { record(0, walk_body); }
  void record_edgar() {
    record(1, [](const LargeName&) { return register_body(); });
    record(2, submissions_body);
    record(3, facts_body);
  }
  Result<Outcome> run() {
    World one = world.world();
    return demo_live(one);
  }

  CollectWorld world;
  std::vector<LiveSource> sources;
};

TEST(LargeUs, IsThirtyNamesBySymbolWithTheirNumbers) {
  ASSERT_EQ(large_us().size(), 30U);
  for (std::size_t i = 1; i < large_us().size(); ++i) {
    EXPECT_LT(large_us()[i - 1].symbol, large_us()[i].symbol);
  }
  EXPECT_EQ(large_us()[0].cik(), "0000320193");
}

TEST(LargeUs, AreCalledSoInTheRecordedRegister) {
  LODE_NEEDS_DATA("edgar/company_tickers.json.gz");
  const std::string known = read_test_data("edgar/company_tickers.json.gz");
  for (const LargeName& name : large_us()) {
    EXPECT_THAT(known, HasSubstr(fmt::format(R"("cik_str":{},"ticker":"{}")", name.number, name.symbol)));
  }
}

TEST_F(LiveDemo, GoesFromSourcesToTheReport) {
  record_prices();
  record_edgar();
  const Result<Outcome> outcome = run();
  ASSERT_TRUE(outcome) << render(outcome.error());
  EXPECT_FALSE(outcome->finding) << render(*outcome->finding);
  EXPECT_THAT(outcome->text, HasSubstr("Live market  30 of 30 large US names"));
  EXPECT_THAT(outcome->text, HasSubstr("yahoo                30 of 30   12,000 bars, 30 instruments"));
  EXPECT_THAT(outcome->text, HasSubstr("edgar-facts          30 of 30   720 facts"));
  for (const char* name : {"\n  reversal  ", "\n  momentum  ", "\n  profitability     "}) {
    EXPECT_THAT(outcome->text, HasSubstr(name));
  }
  EXPECT_THAT(outcome->text, HasSubstr("3 trials, counted."));
  std::vector<std::string> asked = world.http.asked;
  std::ranges::sort(asked);
  EXPECT_EQ(std::ranges::adjacent_find(asked), asked.end()) << "nothing is asked twice";
  const std::string report = outcome->data.find("report")->as_text();
  EXPECT_GT(std::filesystem::file_size(report), 100'000U);
  EXPECT_EQ(outcome->data.find("factors")->as_array().size(), 3U);
  EXPECT_TRUE(outcome->data.find("factors")->as_array()[2].find("rank_ic")->is_number()) << "the facts were judged";
  EXPECT_EQ(world.rows("bars"), 30 * kSessions);
  EXPECT_EQ(world.rows("filings"), 30);

  // Yahoo's values stand beside the facts of the same company: AAPL is 320193.
  std::ifstream values(world.lake_folder() + "/demo/profitability.csv");
  std::string line;
  int lines = 0;
  const double apple = 4.0 * (1 + 320'193 % 97) * 1e6 / (1e9 + 320'193 % 89 * 1e7);
  for (; std::getline(values, line); ++lines) {
    if (line.find(",AAPL,") != std::string::npos) {
      EXPECT_DOUBLE_EQ(std::stod(line.substr(line.rfind(',') + 1)), apple) << line;
    }
  }
  EXPECT_EQ(lines, 1 + 30 * kSessions) << "statements are known from 2023-10-30 on, a name and session each";
}

TEST_F(LiveDemo, WithoutANetworkNamesEveryHostAndMakesNothing) {
  const Result<Outcome> outcome = run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().number(), E::E6001);
  EXPECT_EQ(exit_code(outcome.error().number()), 69);
  for (const char* host : {"query2.finance.yahoo.com", "www.sec.gov", "data.sec.gov"}) {
    EXPECT_THAT(outcome.error().message(), HasSubstr(host));
    EXPECT_THAT(outcome.error().where(), HasSubstr(std::string(host) + ": "));
  }
  EXPECT_THAT(outcome.error().message(), HasSubstr("nothing was stored"));
  EXPECT_FALSE(std::filesystem::exists(world.lake_folder()));
  EXPECT_EQ(world.test.http.asked().size(), 3U) << "each host once";
}

TEST_F(LiveDemo, WithoutEdgarTheReportIsOfPricesAndSaysSo) {
  record_prices();
  const Result<Outcome> outcome = run();
  ASSERT_TRUE(outcome) << render(outcome.error());
  ASSERT_TRUE(outcome->finding);
  EXPECT_THAT(outcome->finding->message(), HasSubstr("www.sec.gov, data.sec.gov cannot be reached"));
  EXPECT_EQ(outcome->finding->number(), E::E6106) << "recordings stand in the network's place here";
  EXPECT_EQ(outcome->data.find("factors")->as_array().size(), 2U);
  EXPECT_EQ(outcome->data.find("unreached")->as_array().size(), 2U);
  EXPECT_EQ(outcome->text.find("edgar"), std::string::npos);
}

TEST_F(LiveDemo, WithoutPricesNothingIsStored) {
  record_edgar();
  const Result<Outcome> outcome = run();
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message(), HasSubstr("query2.finance.yahoo.com cannot be reached: nothing was stored"));
  EXPECT_FALSE(std::filesystem::exists(world.lake_folder()));
}

TEST_F(LiveDemo, ANameThatIsNotServedIsToldAndTheOthersJudged) {
  record_prices();
  record_edgar();
  const std::vector<std::string> urls = world.planned("yahoo", sources[0].request);
  std::filesystem::remove_all(world.recordings);
  for (std::size_t i = 0; i < urls.size(); ++i) {
    const bool is_gone = i == 7;
    world.record(urls[i],
                 is_gone ? R"({"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}})"
                         : walk_body(large_us()[i]),
                 is_gone ? 404 : 200, "application/json", "2026-01-05T12:00:00Z");
  }
  record_edgar();
  const Result<Outcome> outcome = run();
  ASSERT_TRUE(outcome) << render(outcome.error());
  EXPECT_THAT(outcome->text, HasSubstr("Live market  29 of 30 large US names"));
  EXPECT_THAT(outcome->text, HasSubstr("    E6209  COST"));
  ASSERT_TRUE(outcome->finding);
  EXPECT_EQ(outcome->finding->number(), E::E6209);
}

TEST_F(LiveDemo, WithoutAContactNobodyIsAsked) {
  must(world.test.config.merge_flag("edgar.contact", "", "test"));
  const Result<Outcome> outcome = run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().number(), E::E6201);
  EXPECT_TRUE(world.test.http.asked().empty());
  EXPECT_FALSE(std::filesystem::exists(world.lake_folder()));
}

TEST_F(LiveDemo, AStopLeavesTheRestToTheSameCommand) {
  record_prices();
  record_edgar();
  int calls = 0;
  world.progress = [&](std::string_view phase, std::int64_t, std::int64_t) {
    return !phase.starts_with("fetching yahoo") || ++calls < 10;
  };
  const Result<Outcome> stopped = run();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().number(), E::E10);
  EXPECT_GT(world.rows("bars"), 0);
  world.progress = {};
  const Result<Outcome> whole = run();
  ASSERT_TRUE(whole) << render(whole.error());
  EXPECT_THAT(whole->text, HasSubstr("Live market  30 of 30"));
}

TEST_F(LiveDemo, OtherDataAreNotMixedWithIt) {
  record_prices();
  const std::string path = world.test.folder + "/bars.csv";
  must(write_file(path, "date,symbol,close\n2024-01-02,AAA,10\n"));
  World one = world.world();
  IngestRequest request;
  request.paths = {path};
  request.mic = "XNYS";
  must(ingest(one, request));
  const Result<Outcome> outcome = run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().number(), E::E11);
  EXPECT_THAT(outcome.error().hint(), HasSubstr("lode demo --live --lake live"));
}

TEST_F(LiveDemo, OptionsOfTheSyntheticMarketAreRefused) {
  World one = world.world();
  const auto outcome = run_flow(one, *find_flow("", "demo"), must(parse_json(R"({"live": true, "seed": 8})")));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().number(), E::E7);
}

TEST_F(LiveDemo, TheSyntheticOneStaysOutOfItsLake) {
  record_prices();
  ASSERT_TRUE(run());
  World one = world.world();
  const auto outcome =
      run_flow(one, *find_flow("", "demo"), must(parse_json(R"({"instruments": 60, "sessions": 300})")));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().number(), E::E11);
}

}  // namespace
}  // namespace lode::flow
