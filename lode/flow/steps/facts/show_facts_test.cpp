// Facts, filings and the register as recorded, collected into a lake and shown as of chosen days.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/facts/show_facts.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/facts/company.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/filing.h"
#include "lode/io/source/edgar/recorded.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::number_of;

constexpr const char* kAppleFacts = "edgar/companyfacts/CIK0000320193.json.gz";
constexpr const char* kAppleFilings = "edgar/submissions/CIK0000320193.20260305.json";

class Facts : public testing::Verbs {
 protected:
  // One answer of a source, parsed and committed as a collector's would be.
  void collect(const char* source, const std::string& name, const std::string& body) {
    const source::Source& from = *must(find_source(source));
    source::FetchRequest asked = source::edgar::with_contact();
    if (!name.empty()) {
      asked.names = {name};
    }
    const source::Plan plan = must(from.plan(asked, {}, parts.clock.now()));
    source::Response response = source::edgar::answer(plan.requests.at(0), body);
    response.received_at = parts.clock.now();
    source::Parsed parsed = must(from.parse(response));
    ASSERT_FALSE(parsed.tables.empty()) << source << ": " << parsed.verdict.reason;
    const auto lake = must(open_lake(world, Wanted::kCreate));
    lake::Writer writer = must(lake->writer());
    for (source::TableRows& rows : parsed.tables) {
      must(writer.append(rows.table, std::move(rows.rows), response.received_at));
    }
    must(writer.commit(fmt::format("{} {}", source, ++commits_), "data fetch", Value()));
  }
  void collect_apple() { collect("edgar-facts", "320193", read_test_data(kAppleFacts)); }

  std::vector<Value> show(const std::string& options) {
    const Result<Outcome> out = call("data", "show", R"j({"table": "facts", "limit": 0, )j" + options + "}");
    EXPECT_TRUE(out || number_of(out) == E::E2101) << render(out.error());
    return out ? out->data.find("rows")->as_array() : std::vector<Value>();
  }
  // The value of the one row that ends on `end`; NaN when there is none.
  double value_at(const std::string& options, const std::string& end) {
    double found = std::numeric_limits<double>::quiet_NaN();
    for (const Value& row : show(options)) {
      if (row.find("period_end")->as_text() == end) {
        found = row.find("value")->as_double();
      }
    }
    return found;
  }
  std::map<std::string, PublicTime, std::less<>> times(const std::vector<std::string>& accessions) {
    const auto lake = must(open_lake(world, Wanted::kRead));
    return must(public_times(must(lake->snapshot()), accessions));
  }

 private:
  int commits_ = 0;
};

// What a reader of the raw file would say: of the records of a tag and period filed before `day` the last one.
using Told = std::map<std::pair<std::string, std::string>, std::pair<std::pair<std::string, std::string>, double>>;
Told told_before(const Value& file, const std::string& tag, const std::string& unit, const std::string& day) {
  Told out;
  const Value* records = file.at_path("facts.us-gaap." + tag + ".units." + unit);
  if (records == nullptr) {
    return out;
  }
  for (const Value& record : records->as_array()) {
    const std::pair version(record.find("filed")->as_text(), record.find("accn")->as_text());
    if (version.first >= day) {
      continue;
    }
    const Value* start = record.find("start");
    auto& best = out[{start == nullptr ? "" : start->as_text(), record.find("end")->as_text()}];
    if (best.first < version) {
      best = {version, record.find("val")->as_double()};
    }
  }
  return out;
}

TEST_F(Facts, EveryMetricOfChosenDaysIsWhatTheRawFileSays) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  collect_apple();
  const Value file = must(parse_json(read_test_data(kAppleFacts)));
  std::size_t compared = 0;
  for (const char* day : {"2009-12-31", "2010-02-01", "2013-06-30", "2019-03-01", "2024-12-31"}) {
    for (const char* metric : {"revenue", "net_income", "operating_cash_flow", "assets", "equity", "inventory"}) {
      for (const Value& row : show(fmt::format(R"j("cik": "320193", "metric": ["{}"], "as-of": "{}")j", metric, day))) {
        if (row.find("derived")->as_bool()) {
          continue;
        }
        const std::string tag = row.find("tag")->as_text().substr(std::string_view("us-gaap:").size());
        const Told told = told_before(file, tag, row.find("unit")->as_text(), day);
        const std::string start = row.find("period_start")->is_null() ? "" : row.find("period_start")->as_text();
        const auto found = told.find({start, row.find("period_end")->as_text()});
        ASSERT_NE(found, told.end()) << day << " " << metric << " " << to_json(row);
        EXPECT_EQ(found->second.second, row.find("value")->as_double()) << day << " " << to_json(row);
        EXPECT_EQ(found->second.first.second, row.find("accession")->as_text()) << day << " " << to_json(row);
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 400U);
}

TEST_F(Facts, AppleOnTheFirstOfMarch2019) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  collect_apple();
  const std::string then = R"j("cik": "320193", "as-of": "2019-03-01", "metric": )j";
  // Form 10-K of fiscal 2018, and form 10-Q of its first quarter of 2019: the statements of operations.
  EXPECT_EQ(value_at(then + R"j(["revenue"], "duration": "year")j", "2018-09-29"), 265'595e6);
  EXPECT_EQ(value_at(then + R"j(["revenue"], "duration": "quarter")j", "2018-12-29"), 84'310e6);
  EXPECT_EQ(value_at(then + R"j(["net_income"], "duration": "quarter")j", "2018-12-29"), 19'965e6);
  EXPECT_EQ(value_at(then + R"j(["net_income"], "duration": "nine_months")j", "2018-06-30"), 45'406e6);
  EXPECT_EQ(value_at(then + R"j(["assets"])j", "2018-12-29"), 373'719e6);
  EXPECT_TRUE(std::isnan(value_at(then + R"j(["assets"])j", "2019-03-30"))) << "filed in May";
  const Outcome out = good("data", "show", R"j({"table": "facts", "cik": "0000320193", "as-of": "2019-03-01"})j");
  EXPECT_THAT(out.text, AllOf(HasSubstr("(CIK 0000320193), as known 2019-03-01\n"), HasSubstr("revenue")));
  EXPECT_EQ(out.data.at_path("cik")->as_text(), "0000320193");
}

TEST_F(Facts, ARestatementIsSeenFromItsFilingOn) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  collect_apple();
  const auto assets = [&](const char* as_of) {
    return value_at(fmt::format(R"j("cik": "320193", "metric": ["assets"], "as-of": "{}")j", as_of), "2008-09-27");
  };
  EXPECT_TRUE(std::isnan(assets("2009-07-21")));
  EXPECT_EQ(assets("2009-12-31"), 39'572e6);
  EXPECT_EQ(assets("2010-01-24"), 39'572e6);
  EXPECT_EQ(assets("2010-02-01"), 36'171e6) << "form 10-K/A of 2010-01-25";
  std::vector<std::string> history;
  for (const Value& row : show(R"j("cik": "320193", "metric": ["assets"], "versions": true, "to": "2008-09-27")j")) {
    history.push_back(fmt::format("{} {} {}", row.find("filed_on")->as_text(), row.find("value")->as_double() / 1e6,
                                  row.find("restated")->as_bool()));
  }
  EXPECT_THAT(history, ElementsAre("2009-07-22 39572 false", "2009-10-27 39572 false", "2010-01-25 36171 true",
                                   "2010-10-27 36171 false"));
}

TEST_F(Facts, TheFourthQuarterOfCashIsDerived) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  collect_apple();
  const std::string quarters =
      R"j("cik": "320193", "metric": ["operating_cash_flow"], "duration": "quarter", "as-of": )j";
  EXPECT_TRUE(std::isnan(value_at(quarters + R"j("2018-11-04")j", "2018-09-29")));
  EXPECT_EQ(value_at(quarters + R"j("2018-11-06")j", "2018-09-29"), 77'434e6 - 57'911e6);
  for (const Value& row : show(quarters + R"j("2018-11-06")j")) {
    if (row.find("period_end")->as_text() == "2018-09-29") {
      EXPECT_TRUE(row.find("derived")->as_bool());
      EXPECT_EQ(row.find("accession")->as_text(), "0000320193-18-000145");
      EXPECT_EQ(row.find("less")->as_text(), "0000320193-18-000100");
      EXPECT_EQ(row.find("remark")->as_text(), "derived");
    }
  }
}

TEST_F(Facts, ARestatedYearIsNotMixedWithNineMonthsAsFirstTold) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  collect_apple();
  // Fiscal 2009: 5,704 first, 8,235 in the 10-K/A of 2010-01-25, while the nine months stood at 4,039 until July 2010.
  const std::string asked = R"j("cik": "320193", "metric": ["net_income"], "as-of": "2010-03-01", "duration": )j";
  EXPECT_EQ(value_at(asked + R"j("year")j", "2009-09-26"), 8'235e6);
  EXPECT_EQ(value_at(asked + R"j("nine_months")j", "2009-06-27"), 4'039e6);
  EXPECT_EQ(value_at(asked + R"j("quarter")j", "2009-09-26"), 5'704e6 - 4'039e6);
}

TEST_F(Facts, FactsOfAKnownFilingCountFromItsAcceptance) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  collect_apple();
  const auto half = [&](const char* as_of) {
    return value_at(
        fmt::format(R"j("cik": "320193", "metric": ["revenue"], "duration": "half", "as-of": "{}")j", as_of),
        "2024-03-30");
  };
  // 10-Q 0000320193-24-000069: filing date 2024-05-03, accepted the evening before at 18:04:25 in New York.
  EXPECT_TRUE(std::isnan(half("2024-05-03T20:00:00Z"))) << "the day is not over in New York";
  collect("edgar-submissions", "320193", read_test_data(kAppleFilings));
  EXPECT_TRUE(std::isnan(half("2024-05-02T22:04:24Z")));
  EXPECT_EQ(half("2024-05-02T22:04:25Z"), 210'328e6);
  for (const Value& row : show(R"j("cik": "320193", "metric": ["revenue"], "duration": "half")j")) {
    if (row.find("accession")->as_text() == "0000320193-24-000069") {
      EXPECT_EQ(row.find("known_time")->as_text(), "2024-05-02T22:04:25Z");
      EXPECT_THAT(row.find("known_by")->as_text(), HasSubstr("json"));
    }
  }
  EXPECT_THAT(good("data", "show", R"j({"table": "facts", "cik": "320193"})j").text, HasSubstr("Apple Inc. (CIK"));
}

TEST_F(Facts, ThreePlacesTellOneAcceptance) {
  LODE_NEEDS_DATA("edgar/submissions");
  // Apple's file says 18:30:57Z, the insider's 22:30:57Z, the header 18:30:57: half past six in New York.
  const char* const form = "0000320193-22-000061";
  const Time evening = must(parse_as_of("2022-05-06T22:30:57Z"));
  collect("edgar-submissions", "320193", read_test_data(kAppleFilings));
  EXPECT_EQ(times({form}).at(form).at, evening);
  parts.clock.advance(3600 * kNanosPerSecond);
  collect("edgar-submissions", "1462356", read_test_data("edgar/submissions/CIK0001462356.20260619.json"));
  EXPECT_EQ(times({form}).at(form).at, evening);
  parts.clock.advance(3600 * kNanosPerSecond);
  collect("edgar-documents", std::string("320193/") + form, read_test_data(fmt::format("edgar/filings/{}.txt", form)));
  EXPECT_EQ(times({form}).at(form).at, evening);
  EXPECT_EQ(times({form}).at(form).by, "sgml");
  parts.clock.advance(3600 * kNanosPerSecond);
  collect("edgar-submissions", "320193", read_test_data(kAppleFilings));
  EXPECT_EQ(times({form}).at(form).by, "sgml") << "a list fetched later does not unsettle the header";
}

TEST_F(Facts, FlippedClocksTellOneTime) {
  LODE_NEEDS_DATA("edgar/submissions");
  collect("edgar-submissions", "1677077", read_test_data("edgar/submissions/CIK0001677077.20260310.json"));
  const auto list = must(open_lake(world, Wanted::kRead));
  const Batch rows = must(must(list->snapshot()).read("filings", {.columns = {"accession", "form"}}));
  std::vector<std::string> names;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    // Letters of the staff are public when they are first seen, whatever the clock of their acceptance.
    if (!source::edgar::is_letter(rows.column("form").texts()[row])) {
      names.emplace_back(rows.column("accession").texts()[row]);
    }
  }
  ASSERT_GT(names.size(), 300U);
  const auto before = times(names);
  parts.clock.advance(3600 * kNanosPerSecond);
  collect("edgar-submissions", "1677077", read_test_data("edgar/submissions/CIK0001677077.20260620.json"));
  std::size_t moved = 0;
  for (const auto& [name, time] : times(names)) {
    moved += time.at == before.at(name).at ? 0 : 1;
  }
  EXPECT_EQ(moved, 0U) << "read on its own clock each file says the same";
}

TEST_F(Facts, AFilingIsItsIssuersAndNotItsAgents) {
  LODE_NEEDS_DATA("edgar/filings");
  // An agent's accession (1104659), filed by an investor about another company.
  collect("edgar-documents", "1376139/0001104659-25-002604", read_test_data("edgar/filings/0001104659-25-002604.txt"));
  collect("edgar-documents", "320193/0000320193-22-000061", read_test_data("edgar/filings/0000320193-22-000061.txt"));
  const auto of = [&](const char* cik) {
    const Outcome out = good("data", "show", fmt::format(R"j({{"table": "filings", "cik": "{}"}})j", cik));
    return out.data.at_path("rows.0.accession")->as_text();
  };
  EXPECT_EQ(of("1376139"), "0001104659-25-002604") << "its subject";
  EXPECT_EQ(of("320193"), "0000320193-22-000061") << "the issuer, and not the person who reports";
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "filings", "cik": "1104659"})j")), E::E2101);
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "filings", "cik": "1462356"})j")), E::E2101);
}

TEST_F(Facts, AYearlyTableMadeByOthersAgrees) {
  LODE_NEEDS_DATA("fundamentals-nyse");
  LODE_NEEDS_DATA("edgar/companyfacts");
  collect_apple();
  const std::string table = read_test_data("fundamentals-nyse/fundamentals.csv.gz");
  const std::vector<std::string_view> lines = split(table, '\n');
  std::string header(trim(lines.at(0)));  // One name is quoted and has a comma.
  for (std::size_t at = header.find('"'); at != std::string::npos; at = header.find('"')) {
    header.replace(at, header.find('"', at + 1) - at + 1, "quoted");
  }
  const std::vector<std::string_view> names = split(header, ',');
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  };
  std::size_t compared = 0;
  for (const std::string_view line : lines) {
    const std::vector<std::string_view> cells = split(trim(line), ',');
    if (cells.size() < names.size() || cells[column("TickerSymbol")] != "AAPL") {
      continue;
    }
    const std::string end(cells[column("PeriodEnding")]);
    for (const auto& [metric, name] : {std::pair("net_income", "NetIncome"),
                                       {"operating_income", "OperatingIncome"},
                                       {"operating_cash_flow", "NetCashFlow-Operating"}}) {
      double value = 0;
      ASSERT_TRUE(parse_double(cells[column(name)], value));
      const std::string asked =
          fmt::format(R"j("cik": "320193", "metric": ["{}"], "duration": "year", "as-of": "2017-03-01")j", metric);
      EXPECT_EQ(value_at(asked, end), value) << end << " " << metric;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 12U);
}

TEST_F(Facts, ASymbolIsFoundThroughTheRegister) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  collect_apple();
  collect("edgar-symbols", "", read_test_data("edgar/company_tickers.json.gz"));
  import("bars", "date,symbol,open,high,low,close,volume\n2018-12-03,AAPL,1,1,1,1,1\n", "XNAS");
  const Outcome out =
      good("data", "show", R"j({"table": "facts", "symbol": ["aapl"], "metric": ["assets"], "as-of": "2019-03-01"})j");
  EXPECT_EQ(out.data.at_path("cik")->as_text(), "0000320193");
  EXPECT_THAT(out.warnings, ::testing::Contains(HasSubstr("assumed for the time before")));
  const Outcome map = good("data", "show", R"j({"table": "map", "symbol": ["AAPL"]})j");
  EXPECT_THAT(map.text, AllOf(HasSubstr("AAPL"), HasSubstr("0000320193"), HasSubstr("XNAS")));
  EXPECT_THAT(mistake("data", "show", R"j({"table": "facts", "symbol": ["NOSUCH"]})j"), HasSubstr("error[E2104]"));
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "map", "symbol": ["NOSUCH"]})j")), E::E2101);
}

TEST_F(Facts, FilingsOfATickerAreThoseOfThePaperThatADirectoryNames) {
  LODE_NEEDS_DATA("edgar/filings");
  collect("edgar-documents", "1376139/0001104659-25-002604", read_test_data("edgar/filings/0001104659-25-002604.txt"));
  collect("edgar-documents", "320193/0000320193-22-000061", read_test_data("edgar/filings/0000320193-22-000061.txt"));
  collect("edgar-symbols", "", read_test_data("edgar/company_tickers.json.gz"));
  const char* const asked = R"j({"table": "filings", "symbol": ["aapl"], "as-of": "2023-03-01", "limit": 3})j";
  const Outcome register_alone = good("data", "show", asked);
  EXPECT_THAT(register_alone.text, HasSubstr("0000320193")) << "the register names the company";
  EXPECT_TRUE(register_alone.data.find("rows")->as_array()[0].find("instrument_id")->is_null());

  collect("nasdaq-directory", "", read_test_data("symbol-directory/nasdaqlisted-20250721.txt.gz"));
  const Outcome out = good("data", "show", asked);
  const auto& rows = out.data.find("rows")->as_array();
  ASSERT_EQ(rows.size(), 1U) << "the other filing is another company's";
  EXPECT_EQ(rows[0].find("accession")->as_text(), "0000320193-22-000061");
  EXPECT_EQ(rows[0].find("instrument_id")->as_text(), to_string(instrument_id("XNAS", "AAPL")));
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "filings", "symbol": ["AAPL"], "as-of": "2022-05-05"})j")),
            E::E2101)
      << "the day before it was public";
  EXPECT_THAT(good("data", "show", R"j({"table": "map", "symbol": ["AAPL"]})j").text,
              AllOf(HasSubstr("nasdaqlisted"), HasSubstr("2025-07-21"), HasSubstr("0000320193")));
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "filings", "symbol": ["NOSUCH"]})j")), E::E2104);
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "filings", "symbol": ["MSFT"]})j")), E::E2101)
      << "a company without filings here";
}

TEST_F(Facts, TheMapTellsRenamesDelistingsAndFormerNames) {
  LODE_NEEDS_DATA("edgar/submissions");
  collect("edgar-submissions", "320193", read_test_data(kAppleFilings));
  import("instruments", "symbol,cik,name,delisted_on\nAAPL,0000320193,Apple Inc.,\nTWX,,Time Warner,2018-06-14\n",
         "XNYS");
  const Outcome apple = good("data", "show", R"j({"table": "map", "cik": "320193"})j");
  EXPECT_THAT(apple.text, AllOf(HasSubstr("APPLE COMPUTER INC"), HasSubstr("renamed Apple Inc."), HasSubstr("AAPL"),
                                Not(HasSubstr("TWX"))));
  const Outcome then = good("data", "show", R"j({"table": "map", "cik": "320193", "as-of": "2005-06-01"})j");
  EXPECT_THAT(then.text, AllOf(HasSubstr("APPLE COMPUTER INC"), Not(HasSubstr("APPLE INC "))));
  EXPECT_EQ(number_of(call("data", "show", R"j({"table": "map", "from": "2020-01-01"})j")), E::E4);
}

TEST_F(Facts, MistakesSayWhatToDo) {
  import("bars", testing::kBars);
  EXPECT_EQ(mistake("data", "show", R"j({"table": "bars", "metric": ["revenue"]})j"),
            "error[E0004]: bars has nothing that --metric could mean: it chooses among facts\nhelp: leave it out");
  EXPECT_THAT(mistake("data", "show", R"j({"table": "bars", "cik": "320193"})j"), HasSubstr("error[E0004]"));
  EXPECT_THAT(mistake("data", "show", R"j({"table": "facts", "cik": "Apple"})j"), HasSubstr("one to ten digits"));
  EXPECT_THAT(mistake("data", "show", R"j({"table": "facts", "cik": "320193"})j"),
              HasSubstr("error[E2101]: no facts of company 0000320193"));
  EXPECT_THAT(mistake("data", "show", R"j({"table": "facts", "metric": ["revenue"]})j"), HasSubstr("which company"));
}

// A symbol that two companies had, one after the other, is the one of the day.
TEST_F(Facts, BarsOfASymbolAreTheInstrumentsOfTheDay) {
  import("bars",
         "date,symbol,open,high,low,close,volume\n2015-06-01,META,1,1,1,1,1\n2015-06-02,META,1,1,1,1,1\n"
         "2022-06-09,META,180,180,180,180,1\n2022-06-10,META,181,181,181,181,1\n2015-06-01,OLD,1,1,1,1,1\n",
         "XNAS");
  const Batch ids = must(must(must(open_lake(world, Wanted::kRead))->snapshot()).read("instruments", {}));
  const auto sessions = [&](const std::string& more) {
    return good("data", "show", R"j({"table": "bars", "symbol": ["META"])j" + more + "}").data.find("rows")->as_array();
  };
  const std::size_t all = sessions("").size();
  EXPECT_EQ(all, 4U);
  EXPECT_EQ(sessions(R"j(, "as-of": "2015-06-03")j").size(), 2U);
}

TEST_F(Facts, VersionsShowWhatACorrectionReplaced) {
  import("bars", testing::kBars);
  parts.clock.advance(3600 * kNanosPerSecond);
  import("bars", testing::kMoreBars);
  const Outcome out = good("data", "show",
                           R"j({"table": "bars", "symbol": ["AAA"], "from": "2024-01-03", "to": "2024-01-03",
                               "versions": true})j");
  ASSERT_EQ(out.data.find("rows")->as_array().size(), 2U);
  EXPECT_EQ(out.data.at_path("rows.0.close")->as_double(), 10.5);
  EXPECT_EQ(out.data.at_path("rows.1.close")->as_double(), 11.0);
}

}  // namespace
}  // namespace lode::flow
