// What a fetch is asked for: names from the command line and from files.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/named.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/base/text.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;

class FetchNames : public ::testing::Test {
 protected:
  std::string file(std::string_view text) {
    const std::string path = test_.folder + "/names.csv";
    must(write_file(path, text));
    return "@" + path;
  }
  static Result<source::FetchRequest> asked(const std::string& json) {
    return fetch_request(Request(must(parse_json(json))), must(find_source("yahoo"))->spec);
  }
  static std::vector<std::string> names(const std::string& symbols, const std::string& more = "") {
    return must(asked(fmt::format(R"j({{"symbols": ["{}"]{}}})j", symbols, more))).names;
  }
  TestWorld test_;
};

TEST_F(FetchNames, AreWordsOrTheLinesOfAFile) {
  EXPECT_THAT(names("aapl, MSFT,,AAPL"), ElementsAre("AAPL", "MSFT"));
  EXPECT_THAT(names(file("aapl # one\n\nBRK-B\nmsft,ibm\n")), ElementsAre("AAPL", "BRK-B", "MSFT", "IBM"));
  EXPECT_THAT(must(asked(fmt::format(R"j({{"symbols": ["X", "{}"]}})j", file("Y\n")))).names, ElementsAre("X", "Y"));
}

TEST_F(FetchNames, OfMembershipThroughTimeAreThoseOfTheDaysAskedFor) {
  const std::string list = file("ticker,start_date,end_date\nOLD,2000-01-03,2009-12-31\nNOW,2010-01-04,\n");
  EXPECT_THAT(names(list), ElementsAre("NOW")) << "no days: members still";
  EXPECT_THAT(names(list, R"j(, "from": "2009-06-01")j"), ElementsAre("OLD", "NOW"));
  EXPECT_THAT(names(list, R"j(, "from": "2001-01-01", "to": "2002-01-01")j"), ElementsAre("OLD"));
  EXPECT_EQ(asked(fmt::format(R"j({{"symbols": ["{}"], "to": "1999-01-01"}})j", list)).error().number(), E::E2014);
}

// What the pages show is what is asked: no example is turned into names that the source does not know.
TEST_F(FetchNames, OfEveryExampleStandInTheAddressAsTheyAreWritten) {
  int checked = 0;
  for (const source::Source* one : source_catalog()) {
    const std::string example(one->spec.example);
    const bool is_symbols = example.find(" --symbols ") != std::string::npos;
    const std::size_t at = example.find(is_symbols ? " --symbols " : " --names ");
    if (at == std::string::npos || example.starts_with("lode data watch")) {
      continue;
    }
    std::string word = example.substr(at + (is_symbols ? 11 : 9));
    word = word.starts_with('\'') ? word.substr(1, word.find('\'', 1) - 1) : word.substr(0, word.find(' '));
    Value json = Value::object();
    json.set(is_symbols ? "symbols" : "names", Value(Value::Array{word}));
    const source::FetchRequest request = must(fetch_request(Request(json), one->spec));
    const bool is_lean = one->spec.name.starts_with("lean");  // It writes its tickers small, whatever is asked.
    for (const std::string& name : request.names) {
      EXPECT_NE(is_lean ? lower(word).find(lower(name)) : word.find(name), std::string::npos)
          << one->spec.name << " asks " << name << " for " << word;
    }
    ++checked;
  }
  EXPECT_GT(checked, 12);
  const auto asked_of = [](const char* source, const char* name) {
    return must(fetch_request(Request(must(parse_json(fmt::format(R"j({{"symbols": ["{}"]}})j", name)))),
                              must(find_source(source))->spec))
        .names.at(0);
  };
  EXPECT_EQ(asked_of("french", "F-F_Research_Data_Factors_daily"), "F-F_Research_Data_Factors_daily");
  EXPECT_EQ(asked_of("gdelt", "Apple inc sourcelang:english"), "Apple inc sourcelang:english");
  EXPECT_EQ(asked_of("fred", "dgs10"), "DGS10");
  EXPECT_EQ(asked_of("rss", "aapl"), "AAPL");
}

TEST_F(FetchNames, AFileThatCannotBeReadIsAnErrorWithItsLine) {
  const auto bad = asked(fmt::format(R"j({{"symbols": ["{}"]}})j", file("symbol,from\nAAPL,yesterday\n")));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().number(), E::E2005);
  EXPECT_THAT(bad.error().message(), ::testing::HasSubstr("names.csv:2: from is 'yesterday'"));
  EXPECT_EQ(asked(R"j({"symbols": ["@/nowhere/names.csv"]})j").error().number(), E::E8);
  EXPECT_EQ(asked(R"j({"symbols": ["A"], "names": ["B"]})j").error().number(), E::E4);
}

TEST_F(FetchNames, AnOptionTheSourceDoesNotKnowIsAMistakeOfTheCommand) {
  const auto mistake = [](const std::string& source, const std::string& json) {
    const auto out = fetch_request(Request(must(parse_json(json))), must(find_source(source))->spec);
    return out ? std::string("none") : out.error().message();
  };
  EXPECT_EQ(mistake("yahoo", R"j({"symbols": ["A"], "interval": ["60m"]})j"), "none");
  EXPECT_THAT(mistake("yahoo", R"j({"ciks": ["320193"]})j"), ::testing::HasSubstr("yahoo takes no --ciks"));
  EXPECT_THAT(mistake("yahoo", R"j({"symbols": ["A"], "forms": ["8-K"]})j"), ::testing::HasSubstr("no --forms"));
  EXPECT_THAT(mistake("edgar-feed", R"j({"symbols": ["A"]})j"), ::testing::HasSubstr("takes no --symbols"));
  EXPECT_EQ(mistake("edgar-submissions", R"j({"ciks": ["320193"], "forms": ["4"]})j"), "none");
  EXPECT_THAT(mistake("yahoo", R"j({"symbols": ["A"], "from": "2024-02-01", "to": "2024-01-01"})j"),
              ::testing::HasSubstr("is after --to"));
  EXPECT_EQ(exit_code(E::E6208), 2) << "what a source cannot be asked is the command's mistake too";
}

TEST_F(FetchNames, AVenueIsWatchedByItsStreamAndFetchedByItsFiles) {
  EXPECT_EQ(must(named_source("binance", true))->spec.name, "binance-stream");
  EXPECT_EQ(must(named_source("binance", false))->spec.name, "binance-archive");
  EXPECT_EQ(must(named_source("yahoo", false))->spec.name, "yahoo");
  EXPECT_EQ(must(named_source("yahoo-chart", true))->spec.name, "yahoo");
  EXPECT_EQ(must(named_source("kraken", true))->spec.name, "kraken-stream");
  EXPECT_THAT(named_source("kraken", false).error().hint(), ::testing::HasSubstr("lode data watch kraken"));
  EXPECT_THAT(named_source("coinbase-stream", false).error().message(), ::testing::HasSubstr("is a stream"));
}

}  // namespace
}  // namespace lode::flow
