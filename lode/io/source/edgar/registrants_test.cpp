// The register of symbols and its dated map.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/registrants.h"

#include <gtest/gtest.h>

#include <set>

#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

TEST(Registrants, ReadsTheRecordedRegister) {
  LODE_NEEDS_DATA("edgar/company_tickers.json.gz");
  const Register read = must(parse_register(read_test_data("edgar/company_tickers.json.gz")));
  EXPECT_EQ(read.records, 9610);
  EXPECT_TRUE(read.rejected.empty());
  std::set<std::string> of_alphabet;
  for (const Registrant& one : read.rows) {
    if (one.cik == "0001652044") {
      of_alphabet.insert(one.symbol);
    }
  }
  EXPECT_TRUE(of_alphabet.contains("GOOGL"));
  EXPECT_TRUE(of_alphabet.contains("GOOG"));  // Several symbols a company.
}

TEST(Registrants, ReadsAllFourForms) {
  const Registrant apple{"0000320193", "AAPL", "Apple Inc.", ""};
  EXPECT_EQ(must(parse_register(R"({"0":{"cik_str":320193,"ticker":"AAPL","title":"Apple Inc."}})")).rows.at(0), apple);
  const auto fields = must(parse_register(
      R"({"fields":["cik","name","ticker","exchange"],"data":[[320193,"Apple Inc.","AAPL","Nasdaq"],[1,"B","b",null]]})"));
  EXPECT_EQ(fields.rows.at(1).exchange, "Nasdaq");
  EXPECT_EQ(fields.rows.at(0).symbol, "B");
  const auto funds =
      must(parse_register(R"({"fields":["cik","seriesId","classId","symbol"],"data":[[2110,"S1","C1","LACAX"]]})"));
  EXPECT_EQ(funds.rows.at(0).symbol, "LACAX");
  const auto lines = must(parse_register("aapl\t320193\nmsft\t789019\n"));
  EXPECT_EQ(lines.rows.size(), 2U);
  EXPECT_EQ(lines.rows.at(0).cik, "0000320193");
}

TEST(Registrants, DatesSymbolsBySnapshots) {
  const Date monday = Date::from_civil(2026, 3, 2);
  const Registrant fb{"0001326801", "FB", "Meta", ""};
  const Registrant meta{"0001326801", "META", "Meta", ""};
  const auto first = changes({}, {fb}, monday, monday);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0], (DatedSymbol{fb, monday, {}}));
  EXPECT_TRUE(changes(first, {fb}, monday, monday + 1).empty());
  const auto renamed = changes(first, {meta}, monday + 1, monday + 2);
  ASSERT_EQ(renamed.size(), 2U);
  EXPECT_EQ(renamed[0], (DatedSymbol{meta, monday + 2, {}}));
  EXPECT_EQ(renamed[1], (DatedSymbol{fb, monday, monday + 1}));
  const auto back = changes(renamed, {meta, fb}, monday + 2, monday + 3);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0], (DatedSymbol{fb, monday + 3, {}}));  // Begins anew.
}

TEST(Registrants, RefusesWhatIsNoRegister) {
  for (const char* body :
       {"", "{}x                ", "<html><body>Request Rejected</body></html>", "[1,2,3,4,5,6]",
        "nothing of a register at all\nand no tabs\n", R"({"fields":["name"],"data":[["Apple"]]})"}) {
    EXPECT_FALSE(parse_register(body)) << body;
  }
}

}  // namespace
}  // namespace lode::source::edgar
